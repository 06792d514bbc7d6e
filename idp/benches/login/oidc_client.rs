//! Relying party of OpenID Connect: a secret, PKCE, id token, userinfo.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    Outcome,
    client::{Browser, good},
    server::{REDIRECT_URI, SECRET},
};

/// Code verifier (RFC 7636 §4.1).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Client of OpenID Connect: the diary with a secret.
pub(crate) struct OidcClient {
    challenge: String,
}

impl OidcClient {
    pub(crate) fn new() -> Self {
        Self { challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)) }
    }

    /// Signs in one person: code, tokens, userinfo.
    pub(crate) async fn login(&self, browser: &Browser<'_>) -> Outcome<()> {
        let (http, place) = (browser.http, browser.place);
        let asked = http.get(format!("{place}/oidc/authorize")).query(&[
            ("client_id", "DIARY"),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid fullname birthdate snils"),
            ("state", "af0ifjsldkj"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge", &self.challenge),
            ("code_challenge_method", "S256"),
        ]);
        let code = browser.code(good(asked.send().await?, 303).await?, "/oidc/consent").await?;
        let redeemed = http.post(format!("{place}/oidc/token")).form(&[
            ("client_id", "DIARY"),
            ("client_secret", SECRET),
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT_URI),
            ("code", &code),
            ("code_verifier", VERIFIER),
        ]);
        let tokens: Value = good(redeemed.send().await?, 200).await?.json().await?;
        let [access, id] = ["access_token", "id_token"].map(|name| tokens[name].as_str());
        let (access, _) = access.zip(id).ok_or("no tokens")?;
        let person = good(http.get(format!("{place}/oidc/userinfo")).bearer_auth(access).send().await?, 200).await?;
        let person = person.text().await?;
        if person.contains("birthdate") { Ok(()) } else { Err(format!("not a whole person: {person}").into()) }
    }
}
