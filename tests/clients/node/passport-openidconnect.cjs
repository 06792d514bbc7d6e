// A site that signs people in with passport-openidconnect (npm): express, sessions and passport.
'use strict';

const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { listen, shown } = require('./shown.cjs');

const app = express();
app.use(session({ secret: 'of this run', resave: false, saveUninitialized: false }));

function verify(_issuer, uiProfile, idProfile, _context, _idToken, _accessToken, _refreshToken, _params, done) {
  done(null, { userinfo: uiProfile._json, claims: { sub: idProfile.id } });
}

passport.use(shown({ verify }, ['strategy'], require).strategy);
app.get('/', passport.authenticate('openidconnect'));
app.get('/callback', passport.authenticate('openidconnect', { session: false }), (request, response) => {
  response.json(request.user);
});
app.use((error, _request, response, _next) => {
  response.status(502).json({ error: String(error), code: error.code, data: error.oauthError?.data });
});
listen(app);
