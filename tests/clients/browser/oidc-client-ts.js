// A page that signs people in with oidc-client-ts, around the ready settings (`manager`).
const show = (told) => { document.body.innerHTML = `<pre id="told">${JSON.stringify(told).replace(/</g, '&lt;')}</pre>`; };

async function main() {
  if (location.pathname === '/callback') {
    const user = await manager.signinRedirectCallback();
    show({ userinfo: user.profile, claims: { sub: user.profile.sub } });
  } else {
    await manager.signinRedirect();
  }
}

main().catch((error) => show({ error: String(error) }));
