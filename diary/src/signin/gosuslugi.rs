//! The provider over HTTP: ЕСИА's first protocol version, signed with the diary's built-in key.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use esia::{Certificate, Oid, SigningKey, cms, keys, person::Person, secret, timestamp, token::TokenResponse};
use parking_lot::Mutex;
use reqwest::{Method, RequestBuilder, redirect::Policy};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;
use web::Checks;

use super::{
    fault::GosuslugiError,
    tokens::{Identity, believe},
};
use crate::{
    profile::Profile,
    state::{Provider, Settled},
};

/// The largest answer that is read, bytes.
const ANSWER_LIMIT: usize = 256 * 1024;
/// Certificates of so many providers are remembered.
const CERTIFICATES: usize = 256;

/// What all worlds share: connections, the diary's key, certificates of providers.
pub(crate) struct Outward {
    http: reqwest::Client,
    key: SigningKey,
    certificate: Certificate,
    /// By base URL, the newest last.
    known: Mutex<Vec<(String, Arc<Certificate>)>>,
}

impl Outward {
    /// With the built-in key.
    ///
    /// # Errors
    /// The HTTP client's; the key is good.
    pub(crate) fn new() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            http: reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?,
            key: SigningKey::from_pem(keys::DIARY_KEY_PEM)?,
            certificate: Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM)?,
            known: Mutex::default(),
        })
    }
}

/// What Gosuslugi say to a request for consent (DESIGN.md, *Consent on the wire*).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ConsentAnswer {
    pub(crate) status: ConsentStatus,
    #[serde(default)]
    pub(crate) guardians: u32,
}

/// How a request for consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConsentStatus {
    /// It is in force already.
    Granted,
    /// Guardians have been asked.
    Requested,
    /// Nobody is bound.
    NoGuardian,
}

impl ConsentStatus {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Requested => "requested",
            Self::NoGuardian => "no-guardian",
        }
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

    /// What the diary asks for.
    pub(crate) fn scopes(&self) -> &str {
        &self.scopes
    }

    fn sign<'r>(&'r self, scope: &'r str, state: &'r str) -> Result<Signed<'r>, GosuslugiError> {
        let client_id = self.provider.mnemonic.as_str();
        let timestamp = timestamp::print(self.now);
        let text = secret::v1(scope, &timestamp, client_id, state);
        let signature = cms::sign_detached(text.as_bytes(), &self.outward.key, &self.outward.certificate, self.now)?;
        Ok(Signed { client_id, client_secret: URL_SAFE_NO_PAD.encode(signature), scope, state, timestamp })
    }

    /// Where to send a browser (ESIA-PROTOCOL §1.2).
    ///
    /// # Errors
    /// When it cannot be signed.
    pub(crate) fn authorize_url(&self, state: &str, redirect_uri: &str) -> Result<String, GosuslugiError> {
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
    pub(crate) fn logout_url(&self, back: &str) -> String {
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
    pub(crate) async fn exchange(
        &self,
        code: &str,
        state: &str,
        redirect_uri: &str,
    ) -> Result<TokenResponse, GosuslugiError> {
        let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
        self.token("обмен кода на маркеры", &self.scopes, state, &grant).await
    }

    /// New tokens for a refresh token, which is used up.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(crate) async fn refresh(&self, token: &str, state: &str) -> Result<TokenResponse, GosuslugiError> {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token("обновление маркера", &self.scopes, state, &grant).await
    }

    /// Asks for the consent of somebody's guardians, with the diary's own token.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(crate) async fn ask_consent(&self, oid: Oid, state: &str) -> Result<ConsentAnswer, GosuslugiError> {
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
    pub(crate) async fn person(&self, oid: Oid, token: &str) -> Result<Person, GosuslugiError> {
        let request =
            self.request(Method::GET, &format!("/rs/prns/{oid}?embed=(documents.elements,contacts.elements)"));
        self.json("данные человека", request.bearer_auth(token)).await
    }

    /// The certificate that tokens are checked with: the world's own, or the published one. `anew` asks again.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(crate) async fn certificate(&self, anew: bool) -> Result<Arc<Certificate>, GosuslugiError> {
        const WHAT: &str = "сертификат Госуслуг";
        if let Some(pinned) = &self.provider.certificate {
            return Ok(Arc::new(pinned.clone()));
        }
        let known = self.outward.known.lock().iter().find(|(base, _)| *base == self.base).map(|(_, kept)| kept.clone());
        if let Some(certificate) = known.filter(|_| !anew) {
            return Ok(certificate);
        }
        let der = self.bytes(WHAT, self.request(Method::GET, "/public/RSA_TESIA.cer")).await?;
        let certificate = Certificate::from_der(&der).and_then(|read| read.public_key().map(|_| ()).map(|()| read));
        let certificate =
            Arc::new(certificate.map_err(|error| GosuslugiError::Junk { what: WHAT, reason: error.to_string() })?);
        let mut known = self.outward.known.lock();
        known.retain(|(base, _)| *base != self.base);
        if known.len() >= CERTIFICATES {
            known.remove(0);
        }
        known.push((self.base.clone(), Arc::clone(&certificate)));
        Ok(certificate)
    }

    /// Believes tokens, asking for a new certificate once when a signature does not fit the one that is known.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn identity(&self, tokens: &TokenResponse, checks: &Checks) -> Result<Identity, GosuslugiError> {
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
        let timeout = Duration::from_millis(self.provider.timeout_ms.into());
        self.outward.http.request(method, format!("{}{path}", self.base)).timeout(timeout)
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
        let failed = |error: reqwest::Error| {
            if error.is_timeout() {
                return GosuslugiError::Silent(what);
            }
            let source = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            GosuslugiError::Unreachable { what, error: source }
        };
        let mut answer = request.send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(GosuslugiError::Junk { what, reason: format!("больше {ANSWER_LIMIT} байт") });
            }
            body.extend_from_slice(&chunk);
        }
        if answer.status().is_success() {
            return Ok(body);
        }
        let body = String::from_utf8_lossy(&body).chars().take(300).collect();
        Err(GosuslugiError::Refused { what, status: answer.status(), body })
    }
}
