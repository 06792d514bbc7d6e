// A site whose every page asks for a sign-in with express-openid-connect (npm).
'use strict';

const express = require('express');
const { listen, shown } = require('./shown.cjs');

const app = express();
shown({ app }, [], require);
app.get('/', async (request, response) => {
  response.json({ userinfo: await request.oidc.fetchUserInfo(), claims: { sub: request.oidc.user.sub } });
});
app.use((error, _request, response, _next) => {
  response.status(502).json({ error: String(error.error ?? error.message), error_description: error.error_description });
});
listen(app);
