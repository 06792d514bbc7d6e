// A page that signs people in with oidc-spa, around the ready settings (`oidc`). What it shows comes from the id token alone.
const show = (told) => { document.body.innerHTML = `<pre id="told">${JSON.stringify(told).replace(/</g, '&lt;')}</pre>`; };

async function main() {
  if (!oidc.isUserLoggedIn) return oidc.login({ doesCurrentHrefRequiresAuth: true });
  const { decodedIdToken } = await oidc.getTokens();
  show({ userinfo: decodedIdToken, claims: { sub: decodedIdToken.sub } });
}

// In the frame of a silent sign-in there is no application.
if (oidc) main().catch((error) => show({ error: String(error) }));
