// A site that signs people in with passport-openidconnect (npm).
'use strict';

const express = require('express');
const passport = require('passport');
const Strategy = require('passport-openidconnect');
const { home, leave, refuse, sessions } = require('./page.cjs');

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SITE } = process.env;
passport.use(new Strategy({
  issuer: ISSUER,
  authorizationURL: `${ISSUER}/oidc/authorize`,
  tokenURL: `${ISSUER}/oidc/token`,
  userInfoURL: `${ISSUER}/oidc/userinfo`,
  clientID: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  callbackURL: `${SITE}/callback`,
  scope: ['fullname'],
}, (_issuer, profile, done) => done(null, { id: profile.id })));
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, { id }));

const app = express().use(sessions(), passport.session());
app.get('/', (request, response) => home(response, request.user?.id));
app.get('/login', passport.authenticate('openidconnect'));
app.get('/refused', (_request, _response, next) => next('the strategy has refused'));
app.get('/callback', passport.authenticate('openidconnect', { successRedirect: '/', failureRedirect: '/refused' }));
app.get('/logout', leave);
app.use(refuse);
app.listen(PORT, '127.0.0.1');
