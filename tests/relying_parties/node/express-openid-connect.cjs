// A site that signs people in with express-openid-connect (npm), which brings /login, /callback and /logout along.
'use strict';

const express = require('express');
const { auth } = require('express-openid-connect');
const { home, refuse } = require('./page.cjs');

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SITE } = process.env;
const app = express();
app.use(auth({
  issuerBaseURL: ISSUER,
  baseURL: SITE,
  clientID: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  secret: 'of this run, and long enough for a key',
  authRequired: false,
  authorizationParams: { response_type: 'code', scope: 'openid fullname' },
}));
app.get('/', (request, response) => home(response, request.oidc.user?.sub));
app.use(refuse);
app.listen(PORT, '127.0.0.1');
