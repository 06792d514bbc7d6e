//! Client of the provider for the first version of ЕСИА's protocol; requests are signed with the diary's key.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use esia::{
    Certificate, Oid, PublicKey, cms,
    language::{Told, Words, both},
    person::Person,
    secret, timestamp,
    token::Level,
};
use reqwest::{Method, RequestBuilder};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use web::Checks;

use super::{
    connections::Connections,
    esia_person::present,
    esia_tokens::{Identity, TokenCheck, TokenReply, verify_tokens},
    grant::{CodeResponse, ConsentResponse, SignedIn, Standing, Subject, Tokens, expiry},
    http,
    provider_error::ProviderError,
};
use crate::{
    config::{ProviderConfig, WorldConfig},
    profile::Profile,
};

// Purposes of requests, as errors name them.
const TOKEN: Words =
    Words { russian: "обмен кода на маркеры", english: "exchange of the code for tokens" };
const RENEWAL: Words = Words { russian: "обновление маркера", english: "renewal of the token" };
const OWN_TOKEN: Words = Words { russian: "маркер дневника", english: "token of the diary" };
const CONSENT: Words = Words { russian: "запрос согласия", english: "request for a consent" };
const PERSON: Words = Words { russian: "данные человека", english: "data of the person" };

/// Parameters of every signed request: to the authorization endpoint and to the token endpoint.
#[derive(Debug, Serialize)]
struct Signed<'a> {
    client_id: &'a str,
    client_secret: String,
    scope: &'a str,
    state: &'a str,
    timestamp: String,
}

/// Client of one world's provider for the duration of one request.
pub(super) struct EsiaClient<'a> {
    connections: &'a Connections,
    provider: &'a ProviderConfig,
    profile: &'a Profile,
    /// Requested scopes, joined by spaces in the order that is signed.
    scopes: String,
    /// Base URL of the provider without a slash at the end.
    base: String,
    now: DateTime<Utc>,
}

impl<'a> EsiaClient<'a> {
    /// Creates a client of the provider at `base`; `now` is the world's time.
    pub(super) fn new(connections: &'a Connections, config: &'a WorldConfig, base: &Url, now: DateTime<Utc>) -> Self {
        let base = base.as_str().trim_end_matches('/').to_owned();
        let (provider, profile) = (&config.provider, &*config.profile);
        Self { connections, provider, profile, scopes: profile.scopes.join(" "), base, now }
    }

    fn sign<'r>(&'r self, scope: &'r str, state: &'r str) -> Result<Signed<'r>, ProviderError> {
        let client_id = self.provider.mnemonic.as_str();
        let timestamp = timestamp::print(self.now);
        let text = secret::v1(scope, &timestamp, client_id, state);
        let signature =
            cms::sign_detached(text.as_bytes(), &self.connections.key, &self.connections.certificate, self.now)?;
        Ok(Signed { client_id, client_secret: URL_SAFE_NO_PAD.encode(signature), scope, state, timestamp })
    }

    /// Returns the URL of a signed authorization request (ESIA §1.2).
    ///
    /// # Errors
    /// Fails if the request cannot be signed.
    pub(super) fn authorization_url(&self, state: &str, redirect_uri: &str) -> Result<String, ProviderError> {
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

    /// Returns the URL that ends the session at the provider and then redirects to `back`.
    pub(super) fn logout_url(&self, back: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", self.provider.mnemonic.as_str())
            .append_pair("redirect_url", back)
            .finish();
        format!("{}/idp/ext/Logout?{query}", self.base)
    }

    /// Exchanges a code for tokens.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    async fn exchange(&self, code: &str, state: &str, redirect_uri: &str) -> Result<TokenReply, ProviderError> {
        let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
        self.token(TOKEN, &self.scopes, state, &grant).await
    }

    /// Exchanges a refresh token, which is used up, for new tokens.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    async fn refresh(&self, token: &str, state: &str) -> Result<TokenReply, ProviderError> {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token(RENEWAL, &self.scopes, state, &grant).await
    }

    /// Redeems a code for tokens, and fetches the person if every requested scope was granted.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn redeem_code(
        &self,
        code: &CodeResponse<'_>,
        checks: &Checks,
    ) -> Result<SignedIn, ProviderError> {
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
        Ok(SignedIn {
            oid: identity.oid,
            sid: None,
            missing,
            is_trusted: identity.is_trusted,
            is_child_account: identity.level == Some(Level::Kd),
            tokens: self.kept(tokens),
            known,
        })
    }

    /// Exchanges a refresh token, which is used up, for new tokens, which must belong to the same person.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn renew(
        &self,
        refresh: &str,
        oid: Oid,
        state: &str,
        checks: &Checks,
    ) -> Result<Tokens, ProviderError> {
        let tokens = self.refresh(refresh, state).await?;
        let identity = self.identity(&tokens, checks).await?;
        if identity.oid == oid { Ok(self.kept(tokens)) } else { Err(ProviderError::OtherPerson) }
    }

    /// Checks whether an access token still gives access to the person's data: `/rs` refuses as soon as the consent
    /// ends.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn standing(&self, access: &str, subject: Subject) -> Result<Standing, ProviderError> {
        let person = self.person(subject.oid, access).await?;
        Ok(match person.snils {
            None => Standing::Revoked,
            other if other != subject.snils => Standing::Over,
            Some(_) => Standing::Agreed,
        })
    }

    fn kept(&self, tokens: TokenReply) -> Tokens {
        let expires_at = expiry(self.now, tokens.expires_in.map(u64::from));
        Tokens { access: tokens.access_token, refresh: tokens.refresh_token, expires_at }
    }

    /// Requests the consent of a minor's guardians, with the diary's own token.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn ask_consent(&self, oid: Oid, state: &str) -> Result<ConsentResponse, ProviderError> {
        let scope = format!("prm_req?oid={oid}");
        let grant = [("grant_type", "client_credentials"), ("response_type", "token")];
        let token = self.token(OWN_TOKEN, &scope, state, &grant).await?;
        // A consent covers all scopes except `openid`, which is the sign-in itself.
        let scopes: Vec<&str> = self.scopes.split(' ').filter(|scope| *scope != "openid").collect();
        let body = serde_json::json!({ "purpose": "EDUCATION_DIARY", "scopes": scopes });
        let request = self.request(Method::POST, &format!("/rs/prns/{oid}/permissions/requests"));
        self.json(CONSENT, request.bearer_auth(token.access_token).json(&body)).await
    }

    /// Fetches the person of an account, with documents and contacts.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    async fn person(&self, oid: Oid, token: &str) -> Result<Person, ProviderError> {
        let request =
            self.request(Method::GET, &format!("/rs/prns/{oid}?embed=(documents.elements,contacts.elements)"));
        self.json(PERSON, request.bearer_auth(token)).await
    }

    /// Returns the certificate that tokens are verified with: the one pinned in the seed, or the published one. With
    /// `anew` it is fetched again, within the limit on repeated fetches.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    async fn certificate(&self, anew: bool) -> Result<Arc<Certificate>, ProviderError> {
        const WHAT: Words =
            Words { russian: "сертификат Госуслуг", english: "certificate of Gosuslugi" };
        if let Some(pinned) = &self.provider.certificate {
            return Ok(Arc::new(pinned.clone()));
        }
        if let Some(certificate) = self.connections.certificates.get(&self.base)
            && !(anew && self.connections.refetches.allow(&self.base, self.now))
        {
            return Ok(certificate);
        }
        let der = self.bytes(WHAT, self.request(Method::GET, "/public/RSA_TESIA.cer")).await?;
        let certificate = Certificate::from_der(&der).and_then(|read| read.public_key().map(|_| ()).map(|()| read));
        let certificate =
            certificate.map_err(|error| ProviderError::Junk { what: WHAT, reason: Told::from_display(error) })?;
        Ok(self.connections.certificates.put(&self.base, certificate))
    }

    /// Verifies tokens; fetches the certificate again once if a signature does not verify with the cached one.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    async fn identity(&self, tokens: &TokenReply, checks: &Checks) -> Result<Identity, ProviderError> {
        let known = self.certificate(false).await?;
        match verify_tokens(tokens, &self.check(known.public_key()?), checks) {
            Err(error) if error.is_signature() && self.provider.certificate.is_none() => {
                let fresh = self.certificate(true).await?;
                if fresh == known {
                    return Err(error.into());
                }
                Ok(verify_tokens(tokens, &self.check(fresh.public_key()?), checks)?)
            }
            other => Ok(other?),
        }
    }

    fn check<'k>(&'k self, key: &'k PublicKey) -> TokenCheck<'k> {
        TokenCheck { provider: self.provider, key, now: self.now }
    }

    async fn token(
        &self,
        what: Words,
        scope: &str,
        state: &str,
        grant: &[(&str, &str)],
    ) -> Result<TokenReply, ProviderError> {
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
        let tokens: TokenReply = self.json(what, self.request(Method::POST, "/aas/oauth2/te").form(&form)).await?;
        if tokens.state == state {
            Ok(tokens)
        } else {
            Err(ProviderError::Junk {
                what, reason: both!("вернулся чужой state", "another state came back")
            })
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.connections.http.request(method, format!("{}{path}", self.base))
    }

    async fn json<T: DeserializeOwned>(&self, what: Words, request: RequestBuilder) -> Result<T, ProviderError> {
        let body = self.bytes(what, request.header("accept", "application/json")).await?;
        serde_json::from_slice(&body).map_err(|error| ProviderError::Junk { what, reason: error.to_string().into() })
    }

    async fn bytes(&self, what: Words, request: RequestBuilder) -> Result<Vec<u8>, ProviderError> {
        http::send(&self.connections.http, what, request.build(), self.provider.timeout()).await?.success(what)
    }
}
