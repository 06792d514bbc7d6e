//! The provider's OpenID Connect door (OpenID Connect Core 1.0, code flow with PKCE), through the crate `openidconnect`.
//!
//! The library reads and checks; connections, time and limits are ours. What the provider says of itself and its keys are
//! fetched when they are first needed, and again when a token is signed with a key that is not among them.

mod backchannel;
mod carrier;
mod claims;
mod library;
#[cfg(test)]
mod tests;

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

pub(crate) use self::{backchannel::backchannel, library::Metadata};
use self::{
    carrier::Carrier,
    claims::{Claims, present},
    library::{Rp, TokenAnswer, token_error, userinfo_error},
};
use super::{
    Outward,
    door::{Came, CameBack, ConsentAnswer, Proof, Tokens},
    fault::GosuslugiError,
    kept::Standing,
    wire,
};
use crate::{
    profile::{Access, Profile},
    state::{Provider, Settled},
};

/// How far the provider's clock may be from the diary's, seconds: the two worlds are moved one after the other.
const LEEWAY_S: i64 = 60;
/// An access token whose term is not told lives so long, seconds.
const UNTOLD_S: u64 = 300;

const DISCOVERY: &str = "описание входа OpenID Connect";
const TOKEN: &str = "обмен кода на маркеры";
const USERINFO: &str = "данные человека";
const RENEWAL: &str = "обновление маркера";
const LOOK: &str = "проверка маркера";
const CONSENT: &str = "запрос согласия";
const ID_TOKEN: (&str, &str) = ("id_token", "OpenID Connect Core §3.1.3.7, §3.1.3.8");

/// One world's OpenID Connect door, for one request.
pub(crate) struct OpenId<'a> {
    outward: &'a Outward,
    provider: &'a Provider,
    profile: &'a Profile,
    /// The world's URL, without a slash at the end.
    issuer: String,
    now: DateTime<Utc>,
}

impl<'a> OpenId<'a> {
    /// The provider at `base`, at the world's time.
    pub(super) fn new(outward: &'a Outward, settled: &'a Settled, base: &Url, now: DateTime<Utc>) -> Self {
        let issuer = base.as_str().trim_end_matches('/').to_owned();
        Self { outward, provider: &settled.provider, profile: &settled.profile, issuer, now }
    }

    /// What the provider says of itself. `anew` asks again.
    async fn metadata(&self, anew: bool) -> Result<Arc<Metadata>, GosuslugiError> {
        if let Some(known) = self.outward.discovered.get(&self.issuer).filter(|_| !anew) {
            return Ok(known);
        }
        let junk = |reason: String| GosuslugiError::Junk { what: DISCOVERY, reason };
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|error| junk(error.to_string()))?;
        let http = self.carrier(DISCOVERY);
        let found = Metadata::discover_async(issuer, &http).await.map_err(|error| match error {
            DiscoveryError::Request(error) => error,
            DiscoveryError::Response(status, body, _) if !status.is_success() => {
                let body = String::from_utf8_lossy(&body).chars().take(300).collect();
                GosuslugiError::Refused { what: DISCOVERY, status, body }
            }
            DiscoveryError::Parse(error) => junk(error.to_string()),
            DiscoveryError::Validation(error) => GosuslugiError::Distrusted(error),
            error => junk(error.to_string()),
        })?;
        Ok(self.outward.discovered.put(&self.issuer, found))
    }

    fn client(&self, metadata: &Metadata) -> Result<Rp, GosuslugiError> {
        let missing = |endpoint: &str| GosuslugiError::Junk { what: DISCOVERY, reason: format!("нет {endpoint}") };
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
    fn carrier(&self, what: &'static str) -> Carrier {
        Carrier { http: self.outward.http.clone(), what, timeout: self.provider.timeout() }
    }

    /// What the diary asks for: the profile's, under the same names.
    fn scopes(&self) -> impl Iterator<Item = Scope> {
        let offline = (self.profile.consent.access == Access::Offline).then_some("offline_access");
        let own = self.profile.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
        own.chain(offline).map(|scope| Scope::new(scope.to_owned()))
    }

    /// Where to send a browser.
    pub(super) async fn away(
        &self,
        state: &str,
        proof: Option<&Proof>,
        redirect_uri: &str,
    ) -> Result<String, GosuslugiError> {
        let proof = proof.ok_or(GosuslugiError::OtherDoor)?;
        let client = self.client(&*self.metadata(false).await?)?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(proof.verifier.clone()));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let (state, nonce) = (state.to_owned(), proof.nonce.clone());
        let request = client.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce));
        let request = request.add_scopes(self.scopes()).set_pkce_challenge(challenge);
        Ok(request.set_redirect_uri(Cow::Owned(redirect(redirect_uri)?)).url().0.into())
    }

    /// Who a code is about: tokens, and what userinfo says.
    pub(super) async fn came(&self, code: &CameBack<'_>, checks: &Checks) -> Result<Came, GosuslugiError> {
        let proof = code.proof.ok_or(GosuslugiError::OtherDoor)?;
        if let Some(iss) = code.iss {
            let rule = ("iss", "RFC 9207 §2.4");
            if !checks.expect(rule, &*self.issuer, iss, iss == self.issuer) {
                return Err(GosuslugiError::Distrusted(format!("код от {iss}")));
            }
        }
        let metadata = self.metadata(false).await?;
        let client = self.client(&metadata)?;
        let http = self.carrier(TOKEN);
        let request = client
            .exchange_code(AuthorizationCode::new(code.code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(proof.verifier.clone()))
            .set_redirect_uri(Cow::Owned(redirect(code.redirect_uri)?));
        let answer = request.request_async(&http).await.map_err(|error| token_error(TOKEN, error))?;
        let nonce = Nonce::new(proof.nonce.clone());
        let (oid, sid) = self.identity(&answer, Some(&nonce), checks).await?;
        let http = self.carrier(USERINFO);
        let subject = openidconnect::SubjectIdentifier::new(oid.to_string());
        let request = client.user_info(answer.access_token().clone(), Some(subject));
        let claims: Claims = request.request_async(&http).await.map_err(|error| userinfo_error(USERINFO, error))?;
        let missing = self.missing(&answer);
        let today = worlds::moscow::date(self.now);
        let known = if missing.is_empty() { Some(Box::new(present(oid, &claims, today)?)) } else { None };
        Ok(Came {
            oid,
            sid,
            missing,
            is_trusted: claims.additional_claims().trusted,
            is_child_account: claims.additional_claims().child_account,
            tokens: self.kept(&answer),
            known,
        })
    }

    /// What was asked for and not granted; an answer without `scope` grants all (RFC 6749 §5.1).
    fn missing(&self, answer: &TokenAnswer) -> Vec<String> {
        let Some(granted) = answer.scopes() else { return Vec::new() };
        let is_missing = |scope: &&String| !granted.iter().any(|one| one.as_str() == scope.as_str());
        self.profile.scopes.iter().filter(is_missing).cloned().collect()
    }

    fn kept(&self, answer: &TokenAnswer) -> Tokens {
        let life = answer.expires_in().unwrap_or(Duration::from_secs(UNTOLD_S)).as_secs().min(24 * 3600);
        let expires_at = self.now + TimeDelta::seconds(i64::try_from(life).unwrap_or_default());
        let refresh = answer.refresh_token().map(|token| token.secret().clone());
        Tokens { access: answer.access_token().secret().clone(), refresh, expires_at }
    }

    /// Believes an id token: person and session. Asks for new keys once when its key is not among those that are known.
    /// `nonce` is that of the sign-in; at a renewal there is none.
    async fn identity(
        &self,
        answer: &TokenAnswer,
        nonce: Option<&Nonce>,
        checks: &Checks,
    ) -> Result<(Oid, Option<String>), GosuslugiError> {
        let known = self.metadata(false).await?;
        let believed = match self.believe(&self.client(&known)?, answer, nonce) {
            Err(Unbelieved::UnknownKey) => {
                let fresh = self.client(&*self.metadata(true).await?)?;
                self.believe(&fresh, answer, nonce)
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
        believed.map_err(|error| GosuslugiError::Distrusted(format!("id_token: {error}")))
    }

    fn believe(
        &self,
        client: &Rp,
        answer: &TokenAnswer,
        nonce: Option<&Nonce>,
    ) -> Result<(Oid, Option<String>), Unbelieved> {
        let (leeway, now) = (TimeDelta::seconds(LEEWAY_S), self.now);
        let in_time = move |iat: DateTime<Utc>| {
            if iat <= now + leeway { Ok(()) } else { Err(format!("iat {iat}: ещё не наступило")) }
        };
        let verifier: CoreIdTokenVerifier<'_> = client
            .id_token_verifier()
            .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256])
            .set_time_fn(move || now - leeway)
            .set_issue_time_verifier_fn(in_time);
        let token = answer.id_token().ok_or(Unbelieved::NoIdToken)?;
        let claims = match nonce {
            Some(nonce) => token.claims(&verifier, nonce)?,
            None => token.claims(&verifier, |_: Option<&Nonce>| Ok(()))?,
        };
        if let Some(expected) = claims.access_token_hash() {
            let (alg, key) = (token.signing_alg()?, token.signing_key(&verifier)?);
            let got = AccessTokenHash::from_token(answer.access_token(), alg, key);
            if got.ok().as_ref() != Some(expected) {
                return Err(Unbelieved::OtherAccessToken);
            }
        }
        let subject = claims.subject().as_str();
        let oid = subject.parse().map_err(|_| Unbelieved::Subject)?;
        Ok((oid, claims.additional_claims().sid.clone()))
    }

    /// Asks for the consent of somebody's guardians, with the diary's own token. The request is the provider's own (README,
    /// *OpenID Connect*).
    pub(super) async fn ask_consent(&self, oid: Oid) -> Result<ConsentAnswer, GosuslugiError> {
        let client = self.client(&*self.metadata(false).await?)?;
        let http = self.carrier(CONSENT);
        let request = client.exchange_client_credentials().add_scope(Scope::new("consent_request".to_owned()));
        let token = request.request_async(&http).await.map_err(|error| token_error(CONSENT, error))?;
        let scopes: Vec<&str> =
            self.profile.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid").collect();
        let body =
            json!({ "sub": oid.to_string(), "scope": scopes.join(" "), "purpose": "Вход в электронный дневник" });
        let request = self.outward.http.request(Method::POST, format!("{}/oidc/consent-requests", self.issuer));
        let request = request.bearer_auth(token.access_token().secret()).json(&body).build();
        let answer = wire::send(&self.outward.http, CONSENT, request, self.provider.timeout()).await?;
        serde_json::from_slice(&answer.success(CONSENT)?)
            .map_err(|error| GosuslugiError::Junk { what: CONSENT, reason: error.to_string() })
    }

    /// New tokens for a refresh token, which is used up. They must be about the same person.
    pub(super) async fn renew(&self, (refresh, oid): (&str, Oid), checks: &Checks) -> Result<Tokens, GosuslugiError> {
        let client = self.client(&*self.metadata(false).await?)?;
        let http = self.carrier(RENEWAL);
        let refresh = RefreshToken::new(refresh.to_owned());
        let answer = client.exchange_refresh_token(&refresh).request_async(&http).await;
        let answer = answer.map_err(|error| token_error(RENEWAL, error))?;
        if answer.id_token().is_some() {
            let (renewed, _) = self.identity(&answer, None, checks).await?;
            if renewed != oid {
                return Err(GosuslugiError::OtherPerson);
            }
        }
        Ok(self.kept(&answer))
    }

    /// Whether an access token still opens what it opened (RFC 7662): it is active, about the same person, and its scopes are
    /// still consented to.
    pub(super) async fn standing(&self, access: &str, oid: Oid) -> Result<Standing, GosuslugiError> {
        let client = self.client(&*self.metadata(false).await?)?;
        let http = self.carrier(LOOK);
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

    /// Where to send a browser that leaves (OpenID Connect RP-Initiated Logout §2). Without `id_token_hint`, which would put
    /// a token into a URL: the provider asks the person first.
    pub(super) async fn farewell(&self, back: &str) -> Result<String, GosuslugiError> {
        let metadata = self.metadata(false).await?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone();
        let missing = || GosuslugiError::Junk { what: DISCOVERY, reason: "нет end_session_endpoint".to_owned() };
        let back = PostLogoutRedirectUrl::new(back.to_owned())
            .map_err(|error| GosuslugiError::Junk { what: DISCOVERY, reason: error.to_string() })?;
        let request = LogoutRequest::from(endpoint.ok_or_else(missing)?)
            .set_client_id(ClientId::new(self.provider.mnemonic.to_string()))
            .set_post_logout_redirect_uri(back);
        Ok(request.http_get_url().into())
    }
}

fn redirect(uri: &str) -> Result<RedirectUrl, GosuslugiError> {
    RedirectUrl::new(uri.to_owned())
        .map_err(|error| GosuslugiError::Junk { what: "адрес возврата", reason: error.to_string() })
}

/// Why an id token is not believed.
#[derive(Debug, thiserror::Error)]
enum Unbelieved {
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

impl From<ClaimsVerificationError> for Unbelieved {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(error) => error.into(),
            error => Self::Claims(error),
        }
    }
}

impl From<SignatureVerificationError> for Unbelieved {
    fn from(error: SignatureVerificationError) -> Self {
        match error {
            SignatureVerificationError::NoMatchingKey => Self::UnknownKey,
            error => Self::Signature(error),
        }
    }
}
