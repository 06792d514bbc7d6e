//! Settings for applications in a browser: public clients, which have no secret and need PKCE.

use ::esia::language::pick;

use super::{
    setting::{Setting, library, setting},
    values::Values,
};

/// Settings of all libraries for a public client.
pub(super) fn all(values: &Values) -> Vec<Setting> {
    vec![oidc_client_ts(values), react_oidc_context(values), oidc_spa(values), angular(values)]
}

fn in_a_browser() -> &'static str {
    pick("JavaScript, браузер", "JavaScript, browser")
}

fn oidc_client_ts(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let scope = values.scope();
    let text = format!(
        "import {{ UserManager }} from 'oidc-client-ts';

const manager = new UserManager({{
  authority: '{base}',
  client_id: '{mnemonic}',
  redirect_uri: '{redirect}',
  scope: '{scope}',
  loadUserInfo: true,
}});
"
    );
    let note = pick(
        "Без loadUserInfo библиотека показывает одни данные маркера id; их туда кладёт id-token-claims: true",
        "Without loadUserInfo the library shows only what is in the id token; id-token-claims: true puts the data there",
    );
    setting(library("oidc-client-ts", in_a_browser(), "npm: oidc-client-ts"), text, Some(note.to_owned()))
}

fn react_oidc_context(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let scope = values.scope();
    let text = format!(
        "import {{ AuthProvider }} from 'react-oidc-context';

const settings = {{
  authority: '{base}',
  client_id: '{mnemonic}',
  redirect_uri: '{redirect}',
  scope: '{scope}',
  loadUserInfo: true,
}};
"
    );
    let note = pick(
        "<AuthProvider {...settings}> вокруг приложения, useAuth() внутри",
        "<AuthProvider {...settings}> around the application, useAuth() inside",
    );
    setting(library("react-oidc-context", "JavaScript, React", "npm: react-oidc-context"), text, Some(note.to_owned()))
}

fn oidc_spa(values: &Values) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let scopes = values.list('\'');
    let text = format!(
        "import {{ oidcEarlyInit }} from 'oidc-spa/entrypoint';
import {{ createOidc }} from 'oidc-spa/core';

const {{ shouldLoadApp }} = oidcEarlyInit({{ BASE_URL: '/' }});
const oidc = shouldLoadApp && (await createOidc({{
  issuerUri: '{base}',
  clientId: '{mnemonic}',
  scopes: [{scopes}],
}}));
"
    );
    let note = pick(
        "Возвращаются к корню приложения: зарегистрируйте системе его адрес, с / на конце. Данные человека библиотека берёт \
         из маркера id: зарегистрируйте id-token-claims: true",
        "People come back to the root of the application: register its address for the client, with / at the end. The \
         library takes a person's data from the id token: register id-token-claims: true",
    );
    setting(library("oidc-spa", in_a_browser(), "npm: oidc-spa"), text, Some(note.to_owned()))
}

fn angular(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let scope = values.scope();
    let text = format!(
        "import {{ AuthConfig }} from 'angular-oauth2-oidc';

export const settings: AuthConfig = {{
  issuer: '{base}',
  clientId: '{mnemonic}',
  redirectUri: '{redirect}',
  responseType: 'code',
  scope: '{scope}',
  requireHttps: false,
}};
"
    );
    setting(library("angular-oauth2-oidc", "TypeScript, Angular", "npm: angular-oauth2-oidc"), text, None)
}
