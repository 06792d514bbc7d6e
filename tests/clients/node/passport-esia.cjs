// A site that signs people in with passport-esia (npm), in its natural home: express, sessions and passport.
'use strict';

const fs = require('node:fs');
const express = require('express');
const session = require('express-session');
const passport = require('passport');
const EsiaStrategy = require('passport-esia');

const { ESIA_URL, CLIENT_ID, SCOPE, CERTIFICATE, KEY } = process.env;
const app = express();
app.use(session({ secret: 'of this run', resave: false, saveUninitialized: false }));

// The strategy brings no profile: what a site knows of a person it reads from /rs with the access token.
async function person(accessToken, _refreshToken, _profile, done) {
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

const server = app.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const options = {
    authorizationURL: `${ESIA_URL}/aas/oauth2/ac`,
    tokenURL: `${ESIA_URL}/aas/oauth2/te`,
    clientID: CLIENT_ID,
    callbackURL: `${url}callback`,
    scope: SCOPE,
    certificate: fs.readFileSync(CERTIFICATE, 'utf8'),
    key: fs.readFileSync(KEY, 'utf8'),
  };
  passport.use(new EsiaStrategy(options, person));
  app.get('/', passport.authenticate('esia'));
  app.get('/callback', (request, response, next) => {
    if (request.query.error) return response.status(403).json(request.query);
    passport.authenticate('esia', { session: false })(request, response, next);
  }, (request, response) => response.json(request.user));
  app.use((error, _request, response, _next) => {
    response.status(502).json({ error: String(error), data: error.oauthError?.data });
  });
  console.log(JSON.stringify({ url }));
});
