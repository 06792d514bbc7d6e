// A page without a server of its own: a public client, PKCE, tokens kept in this tab alone.
import { UserManager, WebStorageStateStore } from "oidc-client-ts";

/** What differs from one provider to another: `authority` and `client_id`. */
const settings = await (await fetch("/config.json")).json();
const manager = new UserManager({
  ...settings,
  redirect_uri: `${location.origin}/callback`,
  scope: "openid fullname",
  // Claims about the person are at userinfo, which the browser asks across origins.
  loadUserInfo: true,
  userStore: new WebStorageStateStore({ store: sessionStorage }),
});

const [told, login, logout] = ["told", "login", "logout"].map((id) => document.getElementById(id));

function show(text, isSignedIn) {
  told.textContent = text;
  login.hidden = isSignedIn;
  logout.hidden = !isSignedIn;
}

/** Whoever comes back from Gosuslugi, whoever has been here before, or nobody. */
async function who() {
  if (location.pathname !== "/callback") return manager.getUser();
  const user = await manager.signinRedirectCallback();
  history.replaceState(null, "", "/");
  return user;
}

login.addEventListener("click", () => manager.signinRedirect());
logout.addEventListener("click", async () => {
  await manager.removeUser();
  show("Вы не вошли.", false);
});

try {
  const user = await who();
  if (user && !user.expired) show(user.profile.name ?? "Нужно согласие одного из родителей.", true);
  else show("Вы не вошли.", false);
} catch (error) {
  console.warn(error.message);
  history.replaceState(null, "", "/");
  show("Вход не выполнен.", false);
}
