// A site that signs people in with passport-esia (npm). The strategy brings no profile: who came stands in the access token.
'use strict';

const { readFileSync } = require('node:fs');
const express = require('express');
const passport = require('passport');
const EsiaStrategy = require('passport-esia');
const { home, leave, refuse, sessions } = require('./page.cjs');

const { ISSUER, CLIENT_ID, PORT, SITE, KEY, CERTIFICATE } = process.env;
async function verify(accessToken, _refreshToken, _profile, done) {
  try {
    const oid = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url'))['urn:esia:sbj_id'];
    const answer = await fetch(`${ISSUER}/rs/prns/${oid}`, { headers: { Authorization: `Bearer ${accessToken}` } });
    if (!answer.ok) throw new Error(`the person cannot be read: ${answer.status}`);
    await answer.json();
    done(null, { id: String(oid) });
  } catch (error) {
    done(error);
  }
}

passport.use(new EsiaStrategy({
  authorizationURL: `${ISSUER}/aas/oauth2/ac`,
  tokenURL: `${ISSUER}/aas/oauth2/te`,
  clientID: CLIENT_ID,
  callbackURL: `${SITE}/callback`,
  scope: 'openid fullname',
  certificate: readFileSync(CERTIFICATE, 'utf8'),
  key: readFileSync(KEY, 'utf8'),
}, verify));
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, { id }));

const app = express().use(sessions(), passport.session());
app.get('/', (request, response) => home(response, request.user?.id));
app.get('/login', passport.authenticate('esia'));
app.get('/refused', (_request, _response, next) => next('the strategy has refused'));
app.get('/callback', passport.authenticate('esia', { successRedirect: '/', failureRedirect: '/refused' }));
app.get('/logout', leave);
app.use(refuse);
app.listen(PORT, '127.0.0.1');
