//! Settings of libraries for ЕСИА's own protocol.

use ::esia::language::{Words, pick, tr};

use super::{
    setting::{Library, Protocol, Setting, library},
    values::Values,
};

pub(super) const GOST_ENGINE: Words = Words {
    russian: "Подписывает openssl: ему нужен gost-engine (в Debian — пакет libengine-gost-openssl)",
    english: "It is openssl that signs: it needs gost-engine (the package libengine-gost-openssl of Debian)",
};

fn setting(library: Library, text: String, note: Option<String>) -> Setting {
    Setting::of(Protocol::Esia, library, text, note)
}

/// Note on where to fetch the provider's public key.
fn provider(values: &Values) -> String {
    let Values { base, provider, .. } = values;
    tr!(
        "Открытый ключ мока {provider} возьмите с {base}/public/{provider}",
        "Take the public key of the mock, {provider}, from {base}/public/{provider}"
    )
}

/// Settings of libraries that sign with RSA.
pub(super) fn rsa(values: &Values) -> Vec<Setting> {
    vec![
        esia_connector(values),
        esia_oauth2(values),
        esia_npm(values),
        passport_esia(values),
        ekapusta(values, false),
        frostik(values, "SignerPKCS7", None),
        ilimurzin(values, false),
        omniauth(values),
        aisgorod(values),
    ]
}

/// Settings of libraries that sign with ГОСТ.
pub(super) fn gost(values: &Values) -> Vec<Setting> {
    vec![
        ekapusta(values, true),
        frostik(values, "CliSignerPKCS7", Some(GOST_ENGINE)),
        ilimurzin(values, true),
        aisgorod(values),
        esia_auth_code(values),
    ]
}

fn esia_connector(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, key, certificate, .. } = values;
    let (scope, public) = (values.scope(), values.provider);
    let text = format!(
        r#"from esia_connector.client import EsiaAuth, EsiaSettings

settings = EsiaSettings(
    esia_client_id="{mnemonic}",
    redirect_uri="{redirect}",
    certificate_file="{certificate}",
    private_key_file="{key}",
    esia_service_url="{base}",
    esia_scope="{scope}",
    esia_token_check_key="{public}",
)
auth = EsiaAuth(settings)
"#
    );
    setting(library("esia-connector", "Python", "PyPI: esia-connector"), text, Some(provider(values)))
}

fn esia_oauth2(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, key, certificate, provider: public, .. } = values;
    let scope = values.scope();
    let text = format!(
        "[esia]
SERVICE_URL: {base}
CLIENT_ID: {mnemonic}
CERT_FILE: {certificate}
PRIV_KEY_FILE: {key}
JWT_CHECK_KEY: {public}
REDIRECT_URI: {redirect}
SCOPE: {scope}
CRYPTO_BACKEND: openssl
"
    );
    let note = tr!(
        "Файл esia.ini; пути в нём — от него самого, а назвать его библиотеке надо полным путём: с одним именем она ищет \
         ключ в корне диска. Нужен PyJWT 1.x. {}",
        "The file esia.ini; paths in it start from itself, and the library must be told its full path: by the bare name it \
         looks for the key in the root of the disk. PyJWT 1.x is needed. {}",
        provider(values)
    );
    setting(library("esia", "Python", "GitHub: sokolovs/esia-oauth2"), text, Some(note))
}

fn esia_npm(values: &Values) -> Setting {
    // The library replaces the path of `esiaUrl` with its own.
    let Values { bare_base: base, mnemonic, redirect, key, certificate, .. } = values;
    let scope = values.scope();
    let text = format!(
        "const fs = require('node:fs');
const esia = require('esia');

const connection = esia({{
  esiaUrl: '{base}',
  clientId: '{mnemonic}',
  redirectUri: '{redirect}',
  scope: '{scope}',
  certificate: fs.readFileSync('{certificate}', 'utf8'),
  key: fs.readFileSync('{key}', 'utf8'),
}});
"
    );
    setting(library("esia", "JavaScript", "npm: esia"), text, values.about_bare_base())
}

fn passport_esia(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, key, certificate, .. } = values;
    let scope = values.scope();
    let text = format!(
        "const fs = require('node:fs');
const EsiaStrategy = require('passport-esia');

const strategy = new EsiaStrategy({{
  authorizationURL: '{base}/aas/oauth2/ac',
  tokenURL: '{base}/aas/oauth2/te',
  clientID: '{mnemonic}',
  callbackURL: '{redirect}',
  scope: '{scope}',
  certificate: fs.readFileSync('{certificate}', 'utf8'),
  key: fs.readFileSync('{key}', 'utf8'),
}}, verify);
"
    );
    let note = pick(
        "verify — ваша функция (accessToken, refreshToken, profile, done). За маркером эта библиотека приходит без подписи, \
         и ЕСИА ей откажет; чтобы мок принимал её и такой, зарегистрируйте системе esia.no-secret-at-token: true",
        "verify is your function (accessToken, refreshToken, profile, done). This library asks for a token without a \
         signature, and ESIA refuses that; register esia.no-secret-at-token: true for the client to have the mock accept it",
    );
    setting(library("passport-esia", "JavaScript", "npm: passport-esia"), text, Some(note.to_owned()))
}

fn ekapusta(values: &Values, is_gost: bool) -> Setting {
    let Values { base, mnemonic, redirect, key, certificate, provider: public, .. } = values;
    let scopes = values.list('\'');
    let (signer, engine) =
        if is_gost { ("OpensslCli", ", null, ['openssl', '-engine gost']") } else { ("OpensslPkcs7", "") };
    let remote_signer = if values.has_gost_tokens() {
        "\n    'remoteSigner' => new \\Ekapusta\\OAuth2Esia\\Security\\JWTSigner\\OpenSslCliJwtSigner('openssl'),"
    } else {
        ""
    };
    let text = format!(
        r"use Ekapusta\OAuth2Esia\Provider\EsiaProvider;
use Ekapusta\OAuth2Esia\Security\Signer\{signer};

$provider = new EsiaProvider([
    'clientId'              => '{mnemonic}',
    'redirectUri'           => '{redirect}',
    'defaultScopes'         => [{scopes}],
    'remoteUrl'             => '{base}',
    'remoteCertificatePath' => '{public}',
], [
    'signer' => new {signer}('{certificate}', '{key}'{engine}),{remote_signer}
]);
"
    );
    let more = is_gost.then(|| GOST_ENGINE.to_string());
    let note = [Some(provider(values)), more].into_iter().flatten().collect::<Vec<_>>().join(". ");
    setting(library("ekapusta/oauth2-esia", "PHP", "Packagist: ekapusta/oauth2-esia"), text, Some(note))
}

fn frostik(values: &Values, signer: &str, more: Option<Words>) -> Setting {
    let Values { base, mnemonic, redirect, key, certificate, .. } = values;
    let scopes = values.list('\'');
    let text = format!(
        r"$config = new \Esia\Config([
    'clientId'       => '{mnemonic}',
    'redirectUrl'    => '{redirect}',
    'portalUrl'      => '{base}/',
    'codeUrlPath'    => 'aas/oauth2/ac',
    'tokenUrlPath'   => 'aas/oauth2/te',
    'scope'          => [{scopes}],
    'privateKeyPath' => '{key}',
    'certPath'       => '{certificate}',
]);
$esia = new \Esia\OpenId($config);
$esia->setSigner(new \Esia\Signer\{signer}('{certificate}', '{key}', '', '/tmp'));
"
    );
    let paths = Words {
        russian: "Адреса codeUrlPath и tokenUrlPath — первой версии: библиотека и в версии 3 подписывает так, как они \
                  требуют",
        english: "The addresses codeUrlPath and tokenUrlPath are those of the first version: in its version 3 too the \
                  library signs as they require",
    };
    let note = more.map_or_else(|| paths.to_string(), |more| format!("{paths}. {more}"));
    setting(library("fr05t1k/esia", "PHP", "Packagist: fr05t1k/esia"), text, Some(note))
}

fn ilimurzin(values: &Values, is_gost: bool) -> Setting {
    let Values { base, mnemonic, redirect, key, hash, .. } = values;
    let scopes = values.list('\'');
    let text = format!(
        r"$esia = new \Esia\Esia(
    new \Esia\Config(
        '{mnemonic}',
        '{hash}',
        '{redirect}',
        '{base}/',
        [{scopes}],
    ),
    new \Esia\Signer\CliOpenSSLSigner('{key}'),
);
"
    );
    let note = tr!(
        "{GOST_ENGINE}. Включите его в файле, который называет переменная OPENSSL_CONF",
        "{GOST_ENGINE}. Turn it on in the file that the variable OPENSSL_CONF names"
    );
    setting(library("ilimurzin/esia", "PHP", "Packagist: ilimurzin/esia"), text, is_gost.then_some(note))
}

fn omniauth(values: &Values) -> Setting {
    // The gem replaces the path of `site` with the paths below.
    let Values { bare_base: base, mnemonic, key, certificate, redirect, .. } = values;
    let scope = values.scope();
    let text = format!(
        "Rails.application.config.middleware.use OmniAuth::Builder do
  provider :esia,
    client_id: '{mnemonic}',
    scope: '{scope}',
    key_path: '{key}',
    crt_path: '{certificate}',
    client_options: {{
      site: '{base}',
      authorize_url: 'aas/oauth2/ac',
      token_url: 'aas/oauth2/te',
    }}
end
"
    );
    let note = tr!(
        "Возвращаются к OmniAuth по /auth/esia/callback; зарегистрирован {redirect}, сравнивается домен. OmniAuth 2 \
         начинает вход только по POST /auth/esia. За маркером он приходит с адресом, в котором остались code и state: \
         мок это терпит и говорит об этом в вердикте",
        "People come back to OmniAuth at /auth/esia/callback; {redirect} is registered, the domain is compared. OmniAuth 2 \
         begins a sign-in only by POST /auth/esia. It asks for a token with an address that still holds code and state: the \
         mock tolerates this and says so in the verdict"
    );
    let note = values.about_bare_base().map_or(note.clone(), |about| format!("{note}. {about}"));
    setting(library("omniauth-esia", "Ruby", "GitHub: netcitylife/omniauth-esia"), text, Some(note))
}

fn aisgorod(values: &Values) -> Setting {
    let Values { base, mnemonic, key, certificate, provider: public, iss, .. } = values;
    let (scopes, cer) = (values.list('"'), public.replace("_PUBLIC", ""));
    let text = format!(
        r#".AddEsia("Esia", options =>
{{
    options.EnvironmentInstance = new MockEnvironment();
    options.Mnemonic = "{mnemonic}";
    options.Scope = [{scopes}];
    options.UseBouncyCastle(bouncyCastleOptions =>
    {{
        bouncyCastleOptions.KeyFilePath = "{key}";
        bouncyCastleOptions.CertFilePath = "{certificate}";
    }});
}})

public class MockEnvironment : IEsiaEnvironment
{{
    public IReadOnlyCollection<X509Certificate2> EsiaCertificates => [X509Certificate2.CreateFromPem(File.ReadAllText("{cer}"))];
    public string Host => "{base}";
    public string AuthorizationEndpoint => Host + "/aas/oauth2/v2/ac";
    public string TokenEndpoint => Host + "/aas/oauth2/v3/te";
    public string LogoutEndpoint => Host + "/idp/ext/Logout";
    public string RestPersonsEndpoint => Host + "/rs/prns/";
    public string Issuer => "{iss}";
}}
"#
    );
    let note = tr!(
        "Сертификат мока {cer} возьмите с {base}/public/{cer}. До версии, где EsiaCertificates — список, свойство \
         называется EsiaCertificate. Маркеры библиотека ждёт RS256",
        "Take the certificate of the mock, {cer}, from {base}/public/{cer}. Before the version where EsiaCertificates is a \
         list, the property is called EsiaCertificate. The library expects tokens of RS256"
    );
    setting(library("AISGorod.AspNetCore.Authentication.Esia", "C#", "NuGet"), text, Some(note))
}

fn esia_auth_code(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, provider: public, iss, .. } = values;
    let cer = public.replace("_PUBLIC", "");
    let text = format!(
        "esia:
  auth-code-url: {base}/aas/oauth2/ac
  access-token-url: {base}/aas/oauth2/te
  issuer: {iss}
  certificate-path: {cer}
  client-id: {mnemonic}
  return-url: {redirect}
  keystore-alias: {mnemonic}
  keystore-password: ${{ESIA_KEYSTORE_PASSWORD}}
"
    );
    let note = tr!(
        "Ключ библиотека берёт из хранилища КриптоПро JCP по имени {mnemonic}: перенесите его туда. Сертификат мока — \
         {base}/public/{cer}",
        "The library takes the key from the store of CryptoPro JCP by the name {mnemonic}: move it there. The certificate of \
         the mock is {base}/public/{cer}"
    );
    setting(library("esia-auth-code", "Java", "GitHub: ILyaCyclone/esia-auth-code"), text, Some(note))
}
