//! Applications in a browser: public clients, which have no secret and need PKCE.

use super::{
    setting::{Setting, library, setting},
    values::Values,
};

/// Those for a public client.
pub(super) fn all(values: &Values) -> Vec<Setting> {
    vec![oidc_client_ts(values), react_oidc_context(values), oidc_spa(values), angular(values)]
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
    let note = "Без loadUserInfo библиотека показывает одни данные маркера id; их туда кладёт id-token-claims: true"
        .to_owned();
    setting(library("oidc-client-ts", "JavaScript, браузер", "npm: oidc-client-ts"), text, Some(note))
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
    let note = "<AuthProvider {...settings}> вокруг приложения, useAuth() внутри".to_owned();
    setting(library("react-oidc-context", "JavaScript, React", "npm: react-oidc-context"), text, Some(note))
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
    let note = "Возвращаются к корню приложения: зарегистрируйте системе его адрес, с / на конце. Данные человека \
                библиотека берёт из маркера id: зарегистрируйте id-token-claims: true"
        .to_owned();
    setting(library("oidc-spa", "JavaScript, браузер", "npm: oidc-spa"), text, Some(note))
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
