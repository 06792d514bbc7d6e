//! Bash scripts that sign in with openssl and curl, without a library. `tests/it/settings.rs` runs them unchanged.

use ::esia::language::{Words, pick};

use super::{
    esia::GOST_ENGINE,
    setting::{Protocol, Setting, library},
    values::{Values, single_quoted},
};
use crate::clients::ClientAuth;

/// Comments that name the steps of a sign-in.
const SIGN_IN: Words = Words {
    russian: "1. Человек входит на Госуслугах.",
    english: "1. The person signs in at Gosuslugi.",
};
const CODE: Words = Words {
    russian: "2. Код меняется на маркеры.", english: "2. The code is exchanged for tokens."
};
const DATA: Words = Words { russian: "3. Данные человека", english: "3. The person's data" };
const NUMBER: Words = Words {
    russian: "его номер — в маркере доступа",
    english: "their number is in the access token",
};

/// Texts that both scripts have.
const VERDICT: Words = Words { russian: "Вердикт", english: "Verdict" };
const OPEN: Words = Words { russian: "Откройте в браузере", english: "Open in a browser" };

/// Beginning of both scripts: functions for the time and for base64url.
const TOOLS: &str = r#"clock() { curl -sS -o /dev/null -D - "$BASE/oidc/jwks" | sed -n 's/^date: //Ip' | tr -d '\r'; }
base64url() { base64 | tr -d '\n=' | tr '+/' '-_'; }
uuid() { cat /proc/sys/kernel/random/uuid; }
"#;

/// Comment above [`TOOLS`] about the clock.
const TIME: Words = Words {
    russian: "Время — по часам мока: в мире они могут стоять или спешить.",
    english: "The time is that of the mock: in a world its clock may stand or be ahead.",
};

/// Asks for the address that the browser was redirected to, because the script has no address of its own.
fn come_back() -> String {
    let asked = pick("Адрес, на который вас вернули", "The address that you were sent back to");
    format!(
        r#"read -rp '{asked}: ' back
code=$(sed -n 's/.*[?&]code=\([^&#]*\).*/\1/p' <<<"$back")
"#
    )
}

/// Script for the first version of ЕСИА's protocol, with a detached CMS.
pub(super) fn esia(values: &Values, is_gost: bool) -> Setting {
    let Values { base, mnemonic, redirect, key, certificate, .. } = values;
    let (scope, come_back) = (values.scope(), come_back());
    let digest = if is_gost { "-engine gost" } else { "-md sha256" };
    let text = format!(
        r#"set -euo pipefail
BASE='{base}'
CLIENT_ID='{mnemonic}'
REDIRECT_URI='{redirect}'
SCOPE='{scope}'

# {TIME}
{TOOLS}timestamp() {{ date -u -d "$(clock)" '+%Y.%m.%d %H:%M:%S +0000'; }}
sign() {{
  printf %s "$1" |
    openssl smime -sign {digest} -binary -signer '{certificate}' -inkey '{key}' -outform DER | base64url
}}

# {SIGN_IN}
state=$(uuid) time=$(timestamp)
curl -sS -o /dev/null -G "$BASE/aas/oauth2/ac" \
  -w '{VERDICT}: %header{{x-esia-stand-verdict}}\n{OPEN}: %{{redirect_url}}\n' \
  --data-urlencode "client_id=$CLIENT_ID" \
  --data-urlencode "client_secret=$(sign "$SCOPE$time$CLIENT_ID$state")" \
  --data-urlencode "redirect_uri=$REDIRECT_URI" \
  --data-urlencode "scope=$SCOPE" \
  --data-urlencode "response_type=code" \
  --data-urlencode "state=$state" \
  --data-urlencode "timestamp=$time" \
  --data-urlencode "access_type=online"

# {CODE}
{come_back}state=$(uuid) time=$(timestamp)
tokens=$(curl -sS "$BASE/aas/oauth2/te" \
  --data-urlencode "client_id=$CLIENT_ID" \
  --data-urlencode "code=$code" \
  --data-urlencode "grant_type=authorization_code" \
  --data-urlencode "client_secret=$(sign "$SCOPE$time$CLIENT_ID$state")" \
  --data-urlencode "state=$state" \
  --data-urlencode "redirect_uri=$REDIRECT_URI" \
  --data-urlencode "scope=$SCOPE" \
  --data-urlencode "timestamp=$time" \
  --data-urlencode "token_type=Bearer")
echo "$tokens"

# {DATA}: {NUMBER}.
token=$(sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p' <<<"$tokens")
payload=$(cut -d. -f2 <<<"$token" | tr -- '-_' '+/')
while ((${{#payload}} % 4)); do payload+='='; done
oid=$(base64 -d <<<"$payload" | sed -n 's/.*"urn:esia:sbj_id" *: *\([0-9]*\).*/\1/p')
curl -sS -H "Authorization: Bearer $token" "$BASE/rs/prns/$oid"
"#
    );
    let note = if is_gost { format!("{GOST_ENGINE}. {HOW}") } else { HOW.to_string() };
    setting(Protocol::Esia, text, note)
}

const HOW: Words = Words {
    russian: "Сохраните рядом с ключом и запустите: bash вход.sh. Нужны GNU date и curl от 7.84. Адрес, на который вас \
              вернули, скопируйте из строки браузера, даже если по нему никто не отвечает",
    english: "Save it beside the key and run: bash sign-in.sh. GNU date and curl 7.84 or later are needed. Copy the address \
              that you were sent back to from the browser, even if nobody answers there",
};

fn setting(protocol: Protocol, text: String, note: String) -> Setting {
    let library = library(pick("openssl и curl", "openssl and curl"), "bash", pick("без библиотек", "no libraries"));
    Setting::of(protocol, library, text, Some(note))
}

/// Script for the code flow of OpenID Connect with PKCE; the client authenticates with its registered method.
pub(super) fn openid(values: &Values) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let (scope, come_back) = (values.scope(), come_back());
    let (before, proof) = proof(values);
    let text = format!(
        r#"set -euo pipefail
BASE='{base}'
CLIENT_ID='{mnemonic}'
REDIRECT_URI='{redirect}'
SCOPE='{scope}'

# {TIME}
{TOOLS}
# {SIGN_IN}
verifier=$(openssl rand -hex 32)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64url)
curl -sS -o /dev/null -G "$BASE/oidc/authorize" \
  -w '{VERDICT}: %header{{x-esia-stand-verdict}}\n{OPEN}: %{{redirect_url}}\n' \
  --data-urlencode "client_id=$CLIENT_ID" \
  --data-urlencode "response_type=code" \
  --data-urlencode "redirect_uri=$REDIRECT_URI" \
  --data-urlencode "scope=$SCOPE" \
  --data-urlencode "state=$(uuid)" \
  --data-urlencode "nonce=$(uuid)" \
  --data-urlencode "code_challenge=$challenge" \
  --data-urlencode "code_challenge_method=S256"

# {CODE}
{come_back}{before}tokens=$(curl -sS "$BASE/oidc/token" \
{proof}  --data-urlencode "grant_type=authorization_code" \
  --data-urlencode "code=$code" \
  --data-urlencode "redirect_uri=$REDIRECT_URI" \
  --data-urlencode "code_verifier=$verifier")
echo "$tokens"

# {DATA}.
token=$(sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p' <<<"$tokens")
curl -sS -H "Authorization: Bearer $token" "$BASE/oidc/userinfo"
"#
    );
    setting(Protocol::OpenidConnect, text, HOW.to_string())
}

/// Returns the lines before the token request, and the arguments in it, that authenticate the client.
fn proof(values: &Values) -> (String, String) {
    let Values { key, oidc, .. } = values;
    match values.secret() {
        Some(secret) if oidc.auth_method == Some(ClientAuth::ClientSecretBasic) => {
            (String::new(), format!("  -u \"$CLIENT_ID\":{} \\\n", single_quoted(secret)))
        }
        Some(secret) => {
            let secret = single_quoted(secret);
            let fields =
                ["client_id=\"$CLIENT_ID\"".to_owned(), format!("client_secret={secret}")].map(|f| field(&f)).concat();
            (String::new(), fields)
        }
        None if oidc.is_public() => (String::new(), field("client_id=\"$CLIENT_ID\"")),
        None => {
            let before = format!(
                r#"until=$(($(date -d "$(clock)" +%s) + 60))
claims=$(printf '{{"iss":"%s","sub":"%s","aud":"%s","jti":"%s","exp":%s}}' "$CLIENT_ID" "$CLIENT_ID" "$BASE" "$(uuid)" "$until")
unsigned="$(printf %s '{{"alg":"RS256","typ":"JWT"}}' | base64url).$(printf %s "$claims" | base64url)"
assertion="$unsigned.$(printf %s "$unsigned" | openssl dgst -sha256 -sign '{key}' -binary | base64url)"
"#
            );
            let fields = [
                "client_id=\"$CLIENT_ID\"",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=\"$assertion\"",
            ];
            (before, fields.map(field).concat())
        }
    }
}

fn field(pair: &str) -> String {
    format!("  --data-urlencode {pair} \\\n")
}
