// A site that signs people in with openid-client (npm): PKCE, nonce, private_key_jwt; then all that it can do with its tokens.
import http from 'node:http';
import * as oidc from 'openid-client';
import { listen, url } from './shown.cjs';

// The ready settings, as a module.
const { config, parameters } = await import(process.env.SETTINGS_MODULE);
const started = {};

async function start() {
  started.verifier = oidc.randomPKCECodeVerifier();
  started.state = oidc.randomState();
  started.nonce = oidc.randomNonce();
  return oidc.buildAuthorizationUrl(config, {
    ...parameters,
    scope: `${parameters.scope} offline_access`,
    code_challenge: await oidc.calculatePKCECodeChallenge(started.verifier),
    code_challenge_method: 'S256',
    state: started.state,
    nonce: started.nonce,
    // As OpenID Connect Core §11 asks of whoever wants offline_access.
    prompt: 'consent',
  });
}

async function finish(url) {
  const tokens = await oidc.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
    expectedNonce: started.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  const before = await oidc.tokenIntrospection(config, renewed.access_token);
  await oidc.tokenRevocation(config, renewed.refresh_token);
  const after = await oidc.tokenIntrospection(config, renewed.access_token);
  const out = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token });
  return { claims, userinfo, active: [before.active, after.active], logout: out.href };
}

listen(http.createServer(async (request, response) => {
  const asked = new URL(request.url, url);
  const answer = (status, content) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  };
  try {
    if (asked.pathname === '/') {
      response.writeHead(302, { Location: (await start()).href }).end();
    } else {
      answer(200, await finish(asked));
    }
  } catch (error) {
    answer(502, { error: error.error ?? String(error), error_description: error.error_description });
  }
}));
