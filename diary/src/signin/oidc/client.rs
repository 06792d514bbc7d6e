//! Client of the provider for OpenID Connect Core 1.0 (code flow with PKCE), built on the crate `openidconnect`.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use esia::{
    Oid,
    language::{Told, Words, both},
};
use openidconnect::{
    AccessToken, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, LogoutRequest, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, RefreshToken, Scope,
    TokenIntrospectionResponse, TokenResponse as _, core::CoreResponseType,
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
        grant::{CodeResponse, ConsentResponse, OidcSecrets, SignedIn, Standing, Tokens, expiry},
        http,
        provider_error::ProviderError,
    },
};

/// Tolerated difference between the provider's clock and the diary's, seconds: the clocks of the two worlds are
/// advanced one after the other.
pub(super) const LEEWAY_S: i64 = 60;

pub(super) const DISCOVERY: Words =
    Words { russian: "описание входа OpenID Connect", english: "description of OpenID Connect" };
const TOKEN: Words =
    Words { russian: "обмен кода на маркеры", english: "exchange of the code for tokens" };
const RENEWAL: Words = Words { russian: "обновление маркера", english: "renewal of the token" };
const LOOK: Words = Words { russian: "проверка маркера", english: "check of the token" };
const CONSENT: Words = Words { russian: "запрос согласия", english: "request for a consent" };

/// Client of one world's provider for the duration of one request.
pub(in crate::signin) struct OidcClient<'a> {
    pub(super) connections: &'a Connections,
    pub(super) provider: &'a ProviderConfig,
    profile: &'a Profile,
    /// URL of the provider's world, without a slash at the end.
    pub(super) issuer: String,
    pub(super) now: DateTime<Utc>,
}

impl<'a> OidcClient<'a> {
    /// Creates a client of the provider at `base`; `now` is the world's time.
    pub(in crate::signin) fn new(
        connections: &'a Connections,
        config: &'a WorldConfig,
        base: &Url,
        now: DateTime<Utc>,
    ) -> Self {
        let issuer = base.as_str().trim_end_matches('/').to_owned();
        Self { connections, provider: &config.provider, profile: &config.profile, issuer, now }
    }

    pub(super) fn client(&self, metadata: &Metadata) -> Result<Rp, ProviderError> {
        let missing = |endpoint: &str| ProviderError::Junk {
            what: DISCOVERY,
            reason: both!("нет {endpoint}", "there is no {endpoint}"),
        };
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

    /// Returns the HTTP client for the library; `what` names the purpose of its requests in errors.
    pub(super) fn http_client(&self, what: Words) -> ProviderHttp {
        ProviderHttp { http: self.connections.http.clone(), what, timeout: self.provider.timeout() }
    }

    /// Returns the scopes that the diary requests: those of the profile, under the same names.
    fn scopes(&self) -> impl Iterator<Item = Scope> {
        let offline = (self.profile.consent.access == Access::Offline).then_some("offline_access");
        let own = self.profile.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
        own.chain(offline).map(|scope| Scope::new(scope.to_owned()))
    }

    /// Returns the URL of the authorization request (OpenID Connect Core §3.1.2.1, RFC 7636 §4.3).
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

    /// Redeems a code for tokens, and fetches the person from userinfo.
    pub(in crate::signin) async fn redeem_code(
        &self,
        code: &CodeResponse<'_>,
        checks: &Checks,
    ) -> Result<SignedIn, ProviderError> {
        let oidc = code.oidc.ok_or(ProviderError::OtherProtocol)?;
        let metadata = self.metadata(false).await?;
        self.expect_issuer(code.iss, &metadata, checks)?;
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
            return Err(ProviderError::Distrusted(format!("token_type {token_type}").into()));
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

    /// Checks the parameter `iss` of the callback. A provider that announces the parameter must send it.
    fn expect_issuer(&self, iss: Option<&str>, metadata: &Metadata, checks: &Checks) -> Result<(), ProviderError> {
        let is_promised = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        if iss.is_none() && is_promised != Some(true) {
            return Ok(());
        }
        let (rule, got) = (("iss", "RFC 9207 §2.4"), iss.map_or_else(|| both!("нет", "none"), Told::from));
        if checks.expect(rule, &*self.issuer, got, iss == Some(&self.issuer)) {
            return Ok(());
        }
        Err(ProviderError::Distrusted(iss.map_or_else(
            || both!("код без iss", "a code without iss"),
            |iss| both!("код от {iss}", "a code of {iss}"),
        )))
    }

    /// Returns the scopes that were requested and not granted; a response without `scope` grants all (RFC 6749 §5.1).
    fn missing(&self, answer: &TokenReply) -> Vec<String> {
        let Some(granted) = answer.scopes() else { return Vec::new() };
        let is_missing = |scope: &&String| !granted.iter().any(|one| one.as_str() == scope.as_str());
        self.profile.scopes.iter().filter(is_missing).cloned().collect()
    }

    fn kept(&self, answer: &TokenReply) -> Tokens {
        let expires_at = expiry(self.now, answer.expires_in().map(|life| life.as_secs()));
        let refresh = answer.refresh_token().map(|token| token.secret().clone());
        Tokens { access: answer.access_token().secret().clone(), refresh, expires_at }
    }

    /// Requests the consent of a minor's guardians, with the diary's own token. The request is an extension of the
    /// provider (README, *OpenID Connect*).
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
            .map_err(|error| ProviderError::Junk { what: CONSENT, reason: error.to_string().into() })
    }

    /// Exchanges a refresh token, which is used up, for new tokens, which must belong to the same person.
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

    /// Introspects an access token (RFC 7662): checks that it is active, belongs to the same person, and that its
    /// scopes are still consented to.
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

    /// Returns the URL that ends the session at the provider (OpenID Connect RP-Initiated Logout §2). `id_token_hint`
    /// is left out, because it would put a token into a URL; the provider therefore asks the person first.
    pub(in crate::signin) async fn logout_url(&self, back: &str) -> Result<String, ProviderError> {
        let metadata = self.metadata(false).await?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone();
        let missing = || ProviderError::Junk {
            what: DISCOVERY,
            reason: both!("нет end_session_endpoint", "there is no end_session_endpoint"),
        };
        let back = PostLogoutRedirectUrl::new(back.to_owned())
            .map_err(|error| ProviderError::Junk { what: DISCOVERY, reason: error.to_string().into() })?;
        let request = LogoutRequest::from(endpoint.ok_or_else(missing)?)
            .set_client_id(ClientId::new(self.provider.mnemonic.to_string()))
            .set_post_logout_redirect_uri(back);
        Ok(request.http_get_url().into())
    }
}

fn redirect(uri: &str) -> Result<RedirectUrl, ProviderError> {
    RedirectUrl::new(uri.to_owned()).map_err(|error| ProviderError::Junk {
        what: Words { russian: "адрес возврата", english: "address to return to" },
        reason: error.to_string().into(),
    })
}
