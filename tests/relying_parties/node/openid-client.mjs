// A site that signs people in with openid-client (npm): discovery, PKCE, nonce, checked signatures.
import express from 'express';
import * as oidc from 'openid-client';
import { home, leave, refuse, sessions } from './page.cjs';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SITE } = process.env;
const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
let found;
const config = async () => (found ??= await oidc.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, { execute }));

const app = express().use(sessions());
app.get('/', (request, response) => home(response, request.session.who));
app.get('/login', async (request, response) => {
  const asked = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  request.session.asked = asked;
  response.redirect(oidc.buildAuthorizationUrl(await config(), {
    redirect_uri: `${SITE}/callback`, scope: 'openid fullname', state: asked.expectedState, nonce: asked.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(asked.pkceCodeVerifier), code_challenge_method: 'S256',
  }).href);
});
app.get('/callback', async (request, response) => {
  const { asked } = request.session;
  delete request.session.asked;
  const tokens = await oidc.authorizationCodeGrant(await config(), new URL(request.url, SITE), { ...asked, idTokenExpected: true });
  const person = await oidc.fetchUserInfo(await config(), tokens.access_token, tokens.claims().sub);
  request.session.who = person.sub;
  response.redirect('/');
});
app.get('/logout', leave);
app.use(refuse);
app.listen(PORT, '127.0.0.1');
