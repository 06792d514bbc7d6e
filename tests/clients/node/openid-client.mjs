// A site that signs people in with openid-client (npm): PKCE, nonce, private_key_jwt; then all that it can do with its tokens.
import { webcrypto } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import * as oidc from 'openid-client';

async function key() {
  const pem = fs.readFileSync(process.env.KEY, 'utf8').replace(/-----[^-]+-----|\s/g, '');
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('pkcs8', Buffer.from(pem, 'base64'), algorithm, false, ['sign']);
}

const started = {};

async function start() {
  started.verifier = oidc.randomPKCECodeVerifier();
  started.state = oidc.randomState();
  started.nonce = oidc.randomNonce();
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: `${process.env.SCOPE} offline_access`,
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

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, callback);
  const answer = (status, content) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  };
  try {
    if (url.pathname === '/') {
      response.writeHead(302, { Location: (await start()).href }).end();
    } else {
      answer(200, await finish(url));
    }
  } catch (error) {
    answer(502, { error: error.error ?? String(error), error_description: error.error_description });
  }
});

let config;
let callback;
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  callback = `${url}callback`;
  config = await oidc.discovery(
    new URL(process.env.ESIA_URL),
    process.env.CLIENT_ID,
    undefined,
    oidc.PrivateKeyJwt(await key()),
    { execute: [oidc.allowInsecureRequests] },
  );
  console.log(JSON.stringify({ url }));
});
