// A site that signs people in with passport-esia (npm), in its natural home: express, sessions and passport.
'use strict';

const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { listen, shown } = require('./shown.cjs');

const { ESIA_URL } = process.env;
const app = express();
app.use(session({ secret: 'of this run', resave: false, saveUninitialized: false }));

// The strategy brings no profile: what a site knows of a person it reads from /rs with the access token.
async function verify(accessToken, _refreshToken, _profile, done) {
  try {
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url'));
    const oid = claims['urn:esia:sbj_id'];
    const get = async (path) => {
      const response = await fetch(`${ESIA_URL}/rs/prns/${oid}${path}`, {
        headers: { Authorization: `Bearer ${accessToken}` },
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    done(null, { oid, person: await get(''), contacts: await get('/ctts?embed=(elements)') });
  } catch (error) {
    done(error);
  }
}

passport.use(shown({ verify }, ['strategy'], require).strategy);
app.get('/', passport.authenticate('esia'));
app.get('/callback', (request, response, next) => {
  if (request.query.error) return response.status(403).json(request.query);
  passport.authenticate('esia', { session: false })(request, response, next);
}, (request, response) => response.json(request.user));
app.use((error, _request, response, _next) => {
  response.status(502).json({ error: String(error), data: error.oauthError?.data });
});
listen(app);
