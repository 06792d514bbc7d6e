//! The provider over HTTP: ЕСИА's first protocol version, signed with the diary's built-in key.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Certificate, Oid, SigningKey, Snils, cms, keys,
    person::Person,
    secret, timestamp,
    token::{Level, TokenResponse},
};
use reqwest::{Method, RequestBuilder};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use web::Checks;

use super::{
    door::{Came, CameBack, ConsentAnswer, Tokens},
    fault::GosuslugiError,
    kept::Standing,
    oidc::Metadata,
    person::present,
    tokens::{Identity, believe},
    wire::{self, Remembered},
};
use crate::{
    profile::Profile,
    state::{Provider, Settled},
};

/// What all worlds share: connections, the diary's key, what is known of providers.
pub(crate) struct Outward {
    pub(super) http: reqwest::Client,
    key: SigningKey,
    certificate: Certificate,
    /// Certificates of providers.
    known: Remembered<Certificate>,
    /// What they say of their OpenID Connect door.
    pub(super) discovered: Remembered<Metadata>,
}

impl Outward {
    /// With the built-in key.
    ///
    /// # Errors
    /// The HTTP client's; the key is good.
    pub(crate) fn new() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            http: wire::client()?,
            key: SigningKey::from_pem(keys::DIARY_KEY_PEM)?,
            certificate: Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM)?,
            known: Remembered::default(),
            discovered: Remembered::default(),
        })
    }
}

/// The parameters that every signed request has, in both kinds.
#[derive(Debug, Serialize)]
struct Signed<'a> {
    client_id: &'a str,
    client_secret: String,
    scope: &'a str,
    state: &'a str,
    timestamp: String,
}

/// One world's provider, for one request.
pub(crate) struct Gosuslugi<'a> {
    outward: &'a Outward,
    provider: &'a Provider,
    profile: &'a Profile,
    /// What the diary asks for, in the order that it signs.
    scopes: String,
    /// Without a slash at the end.
    base: String,
    now: DateTime<Utc>,
}

impl<'a> Gosuslugi<'a> {
    /// The provider at `base`, at the world's time.
    pub(crate) fn new(outward: &'a Outward, settled: &'a Settled, base: &Url, now: DateTime<Utc>) -> Self {
        let base = base.as_str().trim_end_matches('/').to_owned();
        let (provider, profile) = (&settled.provider, &*settled.profile);
        Self { outward, provider, profile, scopes: profile.scopes.join(" "), base, now }
    }

    fn sign<'r>(&'r self, scope: &'r str, state: &'r str) -> Result<Signed<'r>, GosuslugiError> {
        let client_id = self.provider.mnemonic.as_str();
        let timestamp = timestamp::print(self.now);
        let text = secret::v1(scope, &timestamp, client_id, state);
        let signature = cms::sign_detached(text.as_bytes(), &self.outward.key, &self.outward.certificate, self.now)?;
        Ok(Signed { client_id, client_secret: URL_SAFE_NO_PAD.encode(signature), scope, state, timestamp })
    }

    /// Where to send a browser (ESIA §1.2).
    ///
    /// # Errors
    /// When it cannot be signed.
    pub(super) fn authorize_url(&self, state: &str, redirect_uri: &str) -> Result<String, GosuslugiError> {
        let signed = self.sign(&self.scopes, state)?;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", signed.client_id)
            .append_pair("client_secret", &signed.client_secret)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", signed.scope)
            .append_pair("response_type", "code")
            .append_pair("state", signed.state)
            .append_pair("timestamp", &signed.timestamp)
            .append_pair("access_type", self.profile.consent.access.wire())
            .finish();
        Ok(format!("{}/aas/oauth2/ac?{query}", self.base))
    }

    /// Where to send a browser that leaves.
    pub(super) fn logout_url(&self, back: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", self.provider.mnemonic.as_str())
            .append_pair("redirect_url", back)
            .finish();
        format!("{}/idp/ext/Logout?{query}", self.base)
    }

    /// A code for tokens.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    async fn exchange(&self, code: &str, state: &str, redirect_uri: &str) -> Result<TokenResponse, GosuslugiError> {
        let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
        self.token("обмен кода на маркеры", &self.scopes, state, &grant).await
    }

    /// New tokens for a refresh token, which is used up.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    async fn refresh(&self, token: &str, state: &str) -> Result<TokenResponse, GosuslugiError> {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token("обновление маркера", &self.scopes, state, &grant).await
    }

    /// Who a code is about: tokens, and the person when they open all that was asked for.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn came(&self, code: &CameBack<'_>, checks: &Checks) -> Result<Came, GosuslugiError> {
        let tokens = self.exchange(code.code, code.state, code.redirect_uri).await?;
        let identity = self.identity(&tokens, checks).await?;
        let asked = self.profile.scopes.iter();
        let missing: Vec<String> = asked.filter(|scope| !identity.granted.contains(scope)).cloned().collect();
        let known = if missing.is_empty() {
            let person = self.person(identity.oid, &tokens.access_token).await?;
            Some(Box::new(present(&identity, &person, worlds::moscow::date(self.now))?))
        } else {
            None
        };
        Ok(Came {
            oid: identity.oid,
            sid: None,
            missing,
            is_trusted: identity.is_trusted,
            is_child_account: identity.level == Some(Level::Kd),
            tokens: self.kept(tokens),
            known,
        })
    }

    /// New tokens for a refresh token, which is used up. They must be about the same person.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn renew(
        &self,
        (refresh, oid): (&str, Oid),
        state: &str,
        checks: &Checks,
    ) -> Result<Tokens, GosuslugiError> {
        let tokens = self.refresh(refresh, state).await?;
        let identity = self.identity(&tokens, checks).await?;
        if identity.oid == oid { Ok(self.kept(tokens)) } else { Err(GosuslugiError::OtherPerson) }
    }

    /// Whether an access token still opens what it opened: `/rs` closes at once when a consent ends.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn standing(
        &self,
        access: &str,
        (oid, snils): (Oid, Option<Snils>),
    ) -> Result<Standing, GosuslugiError> {
        let person = self.person(oid, access).await?;
        Ok(match person.snils {
            None => Standing::Revoked,
            other if other != snils => Standing::Over,
            Some(_) => Standing::Agreed,
        })
    }

    fn kept(&self, tokens: TokenResponse) -> Tokens {
        let expires_at = self.now + TimeDelta::seconds(i64::from(tokens.expires_in));
        Tokens { access: tokens.access_token, refresh: tokens.refresh_token, expires_at }
    }

    /// Asks for the consent of somebody's guardians, with the diary's own token.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn ask_consent(&self, oid: Oid, state: &str) -> Result<ConsentAnswer, GosuslugiError> {
        let scope = format!("prm_req?oid={oid}");
        let grant = [("grant_type", "client_credentials"), ("response_type", "token")];
        let token = self.token("маркер дневника", &scope, state, &grant).await?;
        // All of it but the sign-in itself.
        let scopes: Vec<&str> = self.scopes.split(' ').filter(|scope| *scope != "openid").collect();
        let body = serde_json::json!({ "purpose": "EDUCATION_DIARY", "scopes": scopes });
        let request = self.request(Method::POST, &format!("/rs/prns/{oid}/permissions/requests"));
        self.json("запрос согласия", request.bearer_auth(token.access_token).json(&body)).await
    }

    /// The person whom a token is about, with documents.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    async fn person(&self, oid: Oid, token: &str) -> Result<Person, GosuslugiError> {
        let request =
            self.request(Method::GET, &format!("/rs/prns/{oid}?embed=(documents.elements,contacts.elements)"));
        self.json("данные человека", request.bearer_auth(token)).await
    }

    /// The certificate that tokens are checked with: the world's own, or the published one. `anew` asks again.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    async fn certificate(&self, anew: bool) -> Result<Arc<Certificate>, GosuslugiError> {
        const WHAT: &str = "сертификат Госуслуг";
        if let Some(pinned) = &self.provider.certificate {
            return Ok(Arc::new(pinned.clone()));
        }
        if let Some(certificate) = self.outward.known.get(&self.base).filter(|_| !anew) {
            return Ok(certificate);
        }
        let der = self.bytes(WHAT, self.request(Method::GET, "/public/RSA_TESIA.cer")).await?;
        let certificate = Certificate::from_der(&der).and_then(|read| read.public_key().map(|_| ()).map(|()| read));
        let certificate =
            certificate.map_err(|error| GosuslugiError::Junk { what: WHAT, reason: error.to_string() })?;
        Ok(self.outward.known.put(&self.base, certificate))
    }

    /// Believes tokens, asking for a new certificate once when a signature does not fit the one that is known.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    async fn identity(&self, tokens: &TokenResponse, checks: &Checks) -> Result<Identity, GosuslugiError> {
        let known = self.certificate(false).await?;
        match believe(tokens, self.provider, (known.public_key()?, self.now), checks) {
            Err(error) if error.is_signature() && self.provider.certificate.is_none() => {
                let fresh = self.certificate(true).await?;
                if fresh == known {
                    return Err(error.into());
                }
                Ok(believe(tokens, self.provider, (fresh.public_key()?, self.now), checks)?)
            }
            other => Ok(other?),
        }
    }

    async fn token(
        &self,
        what: &'static str,
        scope: &str,
        state: &str,
        grant: &[(&str, &str)],
    ) -> Result<TokenResponse, GosuslugiError> {
        let signed = self.sign(scope, state)?;
        let mut form = grant.to_vec();
        form.extend([
            ("client_id", signed.client_id),
            ("client_secret", &*signed.client_secret),
            ("scope", scope),
            ("state", state),
            ("timestamp", &*signed.timestamp),
            ("token_type", "Bearer"),
        ]);
        let tokens: TokenResponse = self.json(what, self.request(Method::POST, "/aas/oauth2/te").form(&form)).await?;
        if tokens.state == state {
            Ok(tokens)
        } else {
            Err(GosuslugiError::Junk { what, reason: "вернулся чужой state".to_owned() })
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.outward.http.request(method, format!("{}{path}", self.base))
    }

    async fn json<T: DeserializeOwned>(
        &self,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<T, GosuslugiError> {
        let body = self.bytes(what, request.header("accept", "application/json")).await?;
        serde_json::from_slice(&body).map_err(|error| GosuslugiError::Junk { what, reason: error.to_string() })
    }

    async fn bytes(&self, what: &'static str, request: RequestBuilder) -> Result<Vec<u8>, GosuslugiError> {
        wire::send(&self.outward.http, what, request.build(), self.provider.timeout()).await?.success(what)
    }
}
