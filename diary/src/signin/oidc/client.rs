//! The client of the provider over OpenID Connect Core 1.0 (code flow with PKCE), on the crate `openidconnect`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use openidconnect::{
    AccessToken, AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, DiscoveryError, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, RefreshToken, Scope, SignatureVerificationError,
    TokenIntrospectionResponse, TokenResponse as _,
    core::{CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreResponseType},
};
use reqwest::Method;
use serde_json::json;
use url::Url;
use web::Checks;

use super::{
    claims::{Claims, USERINFO, present},
    http_client::ProviderHttp,
    types::{Metadata, Rp, TokenReply, token_error, userinfo_error},
};
use crate::{
    config::{ProviderConfig, WorldConfig},
    profile::{Access, Profile},
    signin::{
        connections::Connections,
        grant::{CodeResponse, ConsentResponse, OidcSecrets, SignedIn, Standing, Tokens},
        http,
        provider_error::ProviderError,
    },
};

/// How far the provider's clock may be from the diary's, seconds: the two worlds are moved one after the other.
pub(super) const LEEWAY_S: i64 = 60;
/// Life of an access token whose response has no `expires_in`, seconds.
const UNTOLD_S: u64 = 300;

const DISCOVERY: &str = "описание входа OpenID Connect";
const TOKEN: &str = "обмен кода на маркеры";
const RENEWAL: &str = "обновление маркера";
const LOOK: &str = "проверка маркера";
const CONSENT: &str = "запрос согласия";
const ID_TOKEN: (&str, &str) = ("id_token", "OpenID Connect Core §3.1.3.7, §3.1.3.8");

/// The provider of one world, for the length of one request.
pub(in crate::signin) struct OidcClient<'a> {
    connections: &'a Connections,
    pub(super) provider: &'a ProviderConfig,
    profile: &'a Profile,
    /// The world's URL, without a slash at the end.
    pub(super) issuer: String,
    pub(super) now: DateTime<Utc>,
}

impl<'a> OidcClient<'a> {
    /// The provider at `base`, at the world's time.
    pub(in crate::signin) fn new(
        connections: &'a Connections,
        config: &'a WorldConfig,
        base: &Url,
        now: DateTime<Utc>,
    ) -> Self {
        let issuer = base.as_str().trim_end_matches('/').to_owned();
        Self { connections, provider: &config.provider, profile: &config.profile, issuer, now }
    }

    /// The discovery document with the keys. `anew` fetches it again.
    pub(super) async fn metadata(&self, anew: bool) -> Result<Arc<Metadata>, ProviderError> {
        if let Some(known) = self.connections.discovered.get(&self.issuer).filter(|_| !anew) {
            return Ok(known);
        }
        let junk = |reason: String| ProviderError::Junk { what: DISCOVERY, reason };
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|error| junk(error.to_string()))?;
        let http = self.http_client(DISCOVERY);
        let found = Metadata::discover_async(issuer, &http).await.map_err(|error| match error {
            DiscoveryError::Request(error) => error,
            DiscoveryError::Response(status, body, _) if !status.is_success() => {
                let body = String::from_utf8_lossy(&body).chars().take(300).collect();
                ProviderError::Refused { what: DISCOVERY, status, body }
            }
            DiscoveryError::Parse(error) => junk(error.to_string()),
            DiscoveryError::Validation(error) => ProviderError::Distrusted(error),
            error => junk(error.to_string()),
        })?;
        Ok(self.connections.discovered.put(&self.issuer, found))
    }

    fn client(&self, metadata: &Metadata) -> Result<Rp, ProviderError> {
        let missing = |endpoint: &str| ProviderError::Junk { what: DISCOVERY, reason: format!("нет {endpoint}") };
        let token = metadata.token_endpoint().cloned().ok_or_else(|| missing("token_endpoint"))?;
        let userinfo = metadata.userinfo_endpoint().cloned().ok_or_else(|| missing("userinfo_endpoint"))?;
        let introspection = metadata.additional_metadata().introspection_endpoint.clone();
        let introspection = introspection.ok_or_else(|| missing("introspection_endpoint"))?;
        let id = ClientId::new(self.provider.mnemonic.to_string());
        let secret = ClientSecret::new(self.provider.secret.clone());
        Ok(Rp::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_token_uri(token)
            .set_user_info_url(userinfo)
            .set_introspection_url(introspection))
    }

    /// The library's HTTP client, for one kind of requests.
    fn http_client(&self, what: &'static str) -> ProviderHttp {
        ProviderHttp { http: self.connections.http.clone(), what, timeout: self.provider.timeout() }
    }

    /// Scopes that the diary requests: the profile's, under the same names.
    fn scopes(&self) -> impl Iterator<Item = Scope> {
        let offline = (self.profile.consent.access == Access::Offline).then_some("offline_access");
        let own = self.profile.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
        own.chain(offline).map(|scope| Scope::new(scope.to_owned()))
    }

    /// URL of the authorization request (OpenID Connect Core §3.1.2.1, RFC 7636 §4.3).
    pub(in crate::signin) async fn authorization_url(
        &self,
        state: &str,
        oidc: Option<&OidcSecrets>,
        redirect_uri: &str,
    ) -> Result<String, ProviderError> {
        let oidc = oidc.ok_or(ProviderError::OtherProtocol)?;
        let client = self.client(&*self.metadata(false).await?)?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(oidc.verifier.clone()));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let (state, nonce) = (state.to_owned(), oidc.nonce.clone());
        let request = client.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce));
        let request = request.add_scopes(self.scopes()).set_pkce_challenge(challenge);
        Ok(request.set_redirect_uri(Cow::Owned(redirect(redirect_uri)?)).url().0.into())
    }

    /// Redeems a code for tokens, and asks userinfo for the person.
    pub(in crate::signin) async fn redeem_code(
        &self,
        code: &CodeResponse<'_>,
        checks: &Checks,
    ) -> Result<SignedIn, ProviderError> {
        let oidc = code.oidc.ok_or(ProviderError::OtherProtocol)?;
        if let Some(iss) = code.iss {
            let rule = ("iss", "RFC 9207 §2.4");
            if !checks.expect(rule, &*self.issuer, iss, iss == self.issuer) {
                return Err(ProviderError::Distrusted(format!("код от {iss}")));
            }
        }
        let metadata = self.metadata(false).await?;
        let client = self.client(&metadata)?;
        let http = self.http_client(TOKEN);
        let request = client
            .exchange_code(AuthorizationCode::new(code.code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(oidc.verifier.clone()))
            .set_redirect_uri(Cow::Owned(redirect(code.redirect_uri)?));
        let answer = request.request_async(&http).await.map_err(|error| token_error(TOKEN, error))?;
        let token_type = answer.token_type().as_ref();
        let is_bearer = token_type.eq_ignore_ascii_case("Bearer");
        if !checks.expect(("token_type", "OpenID Connect Core §3.1.3.3"), "Bearer", token_type, is_bearer) {
            return Err(ProviderError::Distrusted(format!("token_type {token_type}")));
        }
        let nonce = Nonce::new(oidc.nonce.clone());
        let (oid, sid) = self.identity(&answer, Some(&nonce), checks).await?;
        let http = self.http_client(USERINFO);
        let subject = openidconnect::SubjectIdentifier::new(oid.to_string());
        let request = client.user_info(answer.access_token().clone(), Some(subject));
        let claims: Claims = request.request_async(&http).await.map_err(|error| userinfo_error(USERINFO, error))?;
        let missing = self.missing(&answer);
        let today = worlds::moscow::date(self.now);
        let known = if missing.is_empty() { Some(Box::new(present(oid, &claims, today)?)) } else { None };
        Ok(SignedIn {
            oid,
            sid,
            missing,
            is_trusted: claims.additional_claims().trusted,
            is_child_account: claims.additional_claims().child_account,
            tokens: self.kept(&answer),
            known,
        })
    }

    /// Scopes that were requested and not granted; an answer without `scope` grants all (RFC 6749 §5.1).
    fn missing(&self, answer: &TokenReply) -> Vec<String> {
        let Some(granted) = answer.scopes() else { return Vec::new() };
        let is_missing = |scope: &&String| !granted.iter().any(|one| one.as_str() == scope.as_str());
        self.profile.scopes.iter().filter(is_missing).cloned().collect()
    }

    fn kept(&self, answer: &TokenReply) -> Tokens {
        let life = answer.expires_in().unwrap_or(Duration::from_secs(UNTOLD_S)).as_secs().min(24 * 3600);
        let expires_at = self.now + TimeDelta::seconds(i64::try_from(life).unwrap_or_default());
        let refresh = answer.refresh_token().map(|token| token.secret().clone());
        Tokens { access: answer.access_token().secret().clone(), refresh, expires_at }
    }

    /// Verifies an id token: subject and session. Fetches the keys again, once, when its key is unknown.
    /// `nonce` is that of the sign-in; at a renewal there is none.
    async fn identity(
        &self,
        answer: &TokenReply,
        nonce: Option<&Nonce>,
        checks: &Checks,
    ) -> Result<(Oid, Option<String>), ProviderError> {
        let known = self.metadata(false).await?;
        let believed = match self.verify_tokens(&self.client(&known)?, answer, nonce) {
            Err(IdTokenError::UnknownKey) => {
                let fresh = self.client(&*self.metadata(true).await?)?;
                self.verify_tokens(&fresh, answer, nonce)
            }
            other => other,
        };
        let got = believed.as_ref().map_or_else(ToString::to_string, |_| "так и есть".to_owned());
        checks.expect(
            ID_TOKEN,
            "подписан Госуслугами, для этой системы и этого входа, действует",
            got,
            believed.is_ok(),
        );
        believed.map_err(|error| ProviderError::Distrusted(format!("id_token: {error}")))
    }

    fn verify_tokens(
        &self,
        client: &Rp,
        answer: &TokenReply,
        nonce: Option<&Nonce>,
    ) -> Result<(Oid, Option<String>), IdTokenError> {
        let (leeway, now) = (TimeDelta::seconds(LEEWAY_S), self.now);
        let in_time = move |iat: DateTime<Utc>| {
            if iat <= now + leeway { Ok(()) } else { Err(format!("iat {iat}: ещё не наступило")) }
        };
        let verifier: CoreIdTokenVerifier<'_> = client
            .id_token_verifier()
            .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256])
            .set_time_fn(move || now - leeway)
            .set_issue_time_verifier_fn(in_time);
        let token = answer.id_token().ok_or(IdTokenError::NoIdToken)?;
        let claims = match nonce {
            Some(nonce) => token.claims(&verifier, nonce)?,
            None => token.claims(&verifier, |_: Option<&Nonce>| Ok(()))?,
        };
        if let Some(expected) = claims.access_token_hash() {
            let (alg, key) = (token.signing_alg()?, token.signing_key(&verifier)?);
            let got = AccessTokenHash::from_token(answer.access_token(), alg, key);
            if got.ok().as_ref() != Some(expected) {
                return Err(IdTokenError::OtherAccessToken);
            }
        }
        let subject = claims.subject().as_str();
        let oid = subject.parse().map_err(|_| IdTokenError::Subject)?;
        Ok((oid, claims.additional_claims().sid.clone()))
    }

    /// Asks for the consent of somebody's guardians, with the diary's own token. The request is the provider's own (README,
    /// *OpenID Connect*).
    pub(in crate::signin) async fn ask_consent(&self, oid: Oid) -> Result<ConsentResponse, ProviderError> {
        let client = self.client(&*self.metadata(false).await?)?;
        let http = self.http_client(CONSENT);
        let request = client.exchange_client_credentials().add_scope(Scope::new("consent_request".to_owned()));
        let token = request.request_async(&http).await.map_err(|error| token_error(CONSENT, error))?;
        let scopes: Vec<&str> =
            self.profile.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid").collect();
        let body =
            json!({ "sub": oid.to_string(), "scope": scopes.join(" "), "purpose": "Вход в электронный дневник" });
        let request = self.connections.http.request(Method::POST, format!("{}/oidc/consent-requests", self.issuer));
        let request = request.bearer_auth(token.access_token().secret()).json(&body).build();
        let answer = http::send(&self.connections.http, CONSENT, request, self.provider.timeout()).await?;
        serde_json::from_slice(&answer.success(CONSENT)?)
            .map_err(|error| ProviderError::Junk { what: CONSENT, reason: error.to_string() })
    }

    /// New tokens for a refresh token, which is used up. They must be about the same person.
    pub(in crate::signin) async fn renew(
        &self,
        refresh: &str,
        oid: Oid,
        checks: &Checks,
    ) -> Result<Tokens, ProviderError> {
        let client = self.client(&*self.metadata(false).await?)?;
        let http = self.http_client(RENEWAL);
        let refresh = RefreshToken::new(refresh.to_owned());
        let answer = client.exchange_refresh_token(&refresh).request_async(&http).await;
        let answer = answer.map_err(|error| token_error(RENEWAL, error))?;
        if answer.id_token().is_some() {
            let (renewed, _) = self.identity(&answer, None, checks).await?;
            if renewed != oid {
                return Err(ProviderError::OtherPerson);
            }
        }
        Ok(self.kept(&answer))
    }

    /// Whether an access token still opens what it opened (RFC 7662): it is active, about the same person, and its scopes are
    /// still consented to.
    pub(in crate::signin) async fn standing(&self, access: &str, oid: Oid) -> Result<Standing, ProviderError> {
        let client = self.client(&*self.metadata(false).await?)?;
        let http = self.http_client(LOOK);
        let token = AccessToken::new(access.to_owned());
        let answer = client.introspect(&token).request_async(&http).await;
        let answer = answer.map_err(|error| token_error(LOOK, error))?;
        if !answer.active() || answer.sub().is_some_and(|sub| sub != oid.to_string()) {
            return Ok(Standing::Over);
        }
        let in_force = answer.scopes().map(Vec::as_slice).unwrap_or_default();
        let is_open = |scope: &String| in_force.iter().any(|one| one.as_str() == scope.as_str());
        Ok(if self.profile.scopes.iter().all(is_open) { Standing::Agreed } else { Standing::Revoked })
    }

    /// URL that ends the session at the provider (OpenID Connect RP-Initiated Logout §2). Without `id_token_hint`, which would put
    /// a token into a URL: the provider asks the person first.
    pub(in crate::signin) async fn logout_url(&self, back: &str) -> Result<String, ProviderError> {
        let metadata = self.metadata(false).await?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone();
        let missing = || ProviderError::Junk { what: DISCOVERY, reason: "нет end_session_endpoint".to_owned() };
        let back = PostLogoutRedirectUrl::new(back.to_owned())
            .map_err(|error| ProviderError::Junk { what: DISCOVERY, reason: error.to_string() })?;
        let request = LogoutRequest::from(endpoint.ok_or_else(missing)?)
            .set_client_id(ClientId::new(self.provider.mnemonic.to_string()))
            .set_post_logout_redirect_uri(back);
        Ok(request.http_get_url().into())
    }
}

fn redirect(uri: &str) -> Result<RedirectUrl, ProviderError> {
    RedirectUrl::new(uri.to_owned())
        .map_err(|error| ProviderError::Junk { what: "адрес возврата", reason: error.to_string() })
}

/// Why an id token fails verification.
#[derive(Debug, thiserror::Error)]
enum IdTokenError {
    #[error("в ответе его нет")]
    NoIdToken,
    #[error("подписан неизвестным ключом")]
    UnknownKey,
    #[error("at_hash от другого маркера доступа")]
    OtherAccessToken,
    #[error("sub — не номер учётной записи")]
    Subject,
    #[error("{0}")]
    Claims(ClaimsVerificationError),
    #[error("подпись: {0}")]
    Signature(SignatureVerificationError),
    #[error("подпись: {0}")]
    Algorithm(#[from] openidconnect::SigningError),
}

impl From<ClaimsVerificationError> for IdTokenError {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(error) => error.into(),
            error => Self::Claims(error),
        }
    }
}

impl From<SignatureVerificationError> for IdTokenError {
    fn from(error: SignatureVerificationError) -> Self {
        match error {
            SignatureVerificationError::NoMatchingKey => Self::UnknownKey,
            error => Self::Signature(error),
        }
    }
}
