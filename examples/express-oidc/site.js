// A site that signs people in at Gosuslugi through OpenID Connect: PKCE, state, nonce, checked signatures.
import express from "express";
import session from "express-session";
import * as oidc from "openid-client";

const SCOPES = ["openid", "fullname"];

/** What the stand speaks on the loopback is plain http; at the real Gosuslugi nothing of this is needed. */
const OVER_HTTP = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };

/** The site. It asks the provider for its settings when somebody first signs in. */
export function site({ issuer, clientId, clientSecret, sessionSecret }) {
  const options = issuer.startsWith("http:") ? OVER_HTTP : { execute: [oidc.enableNonRepudiationChecks] };
  let found;
  const provider = async () => (found ??= await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, options));

  const app = express();
  app.use(session({ secret: sessionSecret, resave: false, saveUninitialized: false }));

  app.get("/", async (request, response) => {
    const { tokens } = request.session;
    if (!tokens) return page(response, 200, '<p>Вы не вошли. <a href="/login">Войти через Госуслуги</a></p>');
    try {
      const person = await oidc.fetchUserInfo(await provider(), tokens.access, tokens.sub);
      return page(response, 200, `<p id="who">${escaped(person.name)}</p> <a href="/logout">Выйти</a>`);
    } catch (error) {
      // The provider decides when a session is over, not the clock of this machine.
      if (error.status !== 401) throw error;
      delete request.session.tokens;
      return page(response, 401, '<p>Сессия закончилась. <a href="/login">Войти снова</a></p>');
    }
  });

  app.get("/login", async (request, response) => {
    const asked = {
      pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
      expectedState: oidc.randomState(),
      expectedNonce: oidc.randomNonce(),
    };
    request.session.asked = asked;
    const there = oidc.buildAuthorizationUrl(await provider(), {
      redirect_uri: `${origin(request)}/callback`,
      scope: SCOPES.join(" "),
      state: asked.expectedState,
      nonce: asked.expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(asked.pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    response.redirect(there.href);
  });

  app.get("/callback", async (request, response) => {
    const { asked } = request.session;
    delete request.session.asked;
    const back = new URL(request.url, origin(request));
    const tokens = await oidc.authorizationCodeGrant(await provider(), back, { ...asked, idTokenExpected: true });
    const { sub } = tokens.claims();
    // A minor is never asked. Without a guardian's consent the token opens nothing about them.
    if (!isGranted(tokens)) {
      await askGuardians(await provider(), sub);
      return page(response, 403, "<p>Нужно согласие одного из родителей. Мы попросили о нём на Госуслугах.</p>");
    }
    request.session.tokens = { access: tokens.access_token, sub };
    return response.redirect("/");
  });

  app.get("/logout", (request, response) => request.session.destroy(() => response.redirect("/")));

  // Express tells a handler of errors by its four arguments.
  app.use((error, _request, response, _next) => {
    console.error(`refused: ${error.code ?? error.name}: ${error.message}`);
    page(response, 403, '<p>Вход не выполнен. <a href="/login">Попробовать ещё раз</a></p>');
  });
  return app;
}

/** Whether everything that was asked for may be read. */
function isGranted({ scope }) {
  return scope === undefined || SCOPES.every((wanted) => scope.split(" ").includes(wanted));
}

/** Has Gosuslugi ask the guardians of a child; asking again asks nobody anew. */
async function askGuardians(provider, sub) {
  const own = await oidc.clientCredentialsGrant(provider, { scope: "consent_request" });
  const answer = await fetch(`${provider.serverMetadata().issuer}/oidc/consent-requests`, {
    method: "POST",
    headers: { authorization: `Bearer ${own.access_token}`, "content-type": "application/json" },
    body: JSON.stringify({ sub, scope: SCOPES.join(" "), purpose: "Вход на сайт" }),
  });
  if (!answer.ok) throw new Error(`the request for a consent: ${answer.status} ${await answer.text()}`);
}

function origin(request) {
  return `${request.protocol}://${request.get("host")}`;
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function page(response, status, body) {
  response.status(status).send(`<!doctype html><html lang="ru"><head><title>Сайт</title></head><body><main>${body}</main></body></html>`);
}
