//! Relying party of ЕСИА's own protocol, first version, RS256.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Certificate, SigningKey, cms::sign_detached, keys, secret, timestamp, token::AccessClaims};
use worlds::{SystemWall, WallClock as _};

use crate::{
    Outcome,
    client::{Browser, good},
    server::REDIRECT_URI,
};

const SCOPE: &str = "openid fullname birthdate snils birth_cert_doc";

/// Client whose requests are signed in advance, so that only the server signs during the measurement.
pub(crate) struct EsiaClient(Vec<Signed>);

/// Client signature, and the values that it covers.
struct Signed {
    state: String,
    timestamp: String,
    secret: String,
}

impl EsiaClient {
    pub(crate) fn new() -> Outcome<Self> {
        let (key, certificate) =
            (SigningKey::from_pem(keys::DIARY_KEY_PEM)?, Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM)?);
        let (now, mut signed) = (SystemWall.now(), Vec::new());
        for number in 0..64 {
            let (state, timestamp) = (format!("00000000-0000-4000-8000-{number:012}"), timestamp::print(now));
            let text = secret::v1(SCOPE, &timestamp, "DIARY", &state);
            let secret = URL_SAFE_NO_PAD.encode(sign_detached(text.as_bytes(), &key, &certificate, now)?);
            signed.push(Signed { state, timestamp, secret });
        }
        Ok(Self(signed))
    }

    /// Signs in one person: code, tokens, the person's data with documents.
    pub(crate) async fn login(&self, browser: &Browser<'_>, number: usize) -> Outcome<()> {
        let (http, place, signed) = (browser.http, browser.place, &self.0[number % self.0.len()]);
        let common = [
            ("client_id", "DIARY"),
            ("client_secret", &signed.secret),
            ("redirect_uri", REDIRECT_URI),
            ("scope", SCOPE),
            ("state", &signed.state),
            ("timestamp", &signed.timestamp),
        ];
        let ac = http.get(format!("{place}/aas/oauth2/ac")).query(&common);
        let sent = good(ac.query(&[("response_type", "code"), ("access_type", "online")]).send().await?, 302).await?;
        let code = browser.code(sent, "/aas/oauth2/consent").await?;
        let own = [("grant_type", "authorization_code"), ("code", &*code)];
        let te = http.post(format!("{place}/aas/oauth2/te")).form(&[&common[..], &own[..]].concat());
        let tokens: esia::token::TokenResponse = good(te.send().await?, 200).await?.json().await?;
        let (_, claims) = esia::token::decode_unverified::<AccessClaims>(&tokens.access_token)?;
        let person = http.get(format!("{place}/rs/prns/{}?embed=(documents.elements)", claims.subject));
        let person = good(person.bearer_auth(&tokens.access_token).send().await?, 200).await?.text().await?;
        if person.contains("RF_BRTH_CERT") { Ok(()) } else { Err(format!("not a whole person: {person}").into()) }
    }
}
