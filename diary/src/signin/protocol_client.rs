//! Client of one world's provider, in either protocol.

use esia::Oid;
use web::Checks;

use super::{
    esia_client::EsiaClient,
    grant::{CodeResponse, ConsentResponse, OidcSecrets, SignedIn, Standing, Subject, Tokens},
    oidc::OidcClient,
    provider_error::ProviderError,
};

/// Client of one world's provider for the duration of one request.
pub(super) enum ProtocolClient<'a> {
    /// ЕСИА's own protocol, signed with the diary's key.
    Esia(EsiaClient<'a>),
    /// OpenID Connect, authenticated with the diary's secret.
    Oidc(OidcClient<'a>),
}

impl ProtocolClient<'_> {
    /// Returns the URL of the authorization request for a sign-in with this `state`.
    ///
    /// # Errors
    /// Fails if the request cannot be signed, or if the provider's discovery document is missing or unreadable.
    pub(super) async fn authorization_url(
        &self,
        state: &str,
        oidc: Option<&OidcSecrets>,
        redirect_uri: &str,
    ) -> Result<String, ProviderError> {
        match self {
            Self::Esia(client) => client.authorization_url(state, redirect_uri),
            Self::Oidc(client) => client.authorization_url(state, oidc, redirect_uri).await,
        }
    }

    /// Redeems an authorization code for verified tokens and the person.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn redeem_code(
        &self,
        code: &CodeResponse<'_>,
        checks: &Checks,
    ) -> Result<SignedIn, ProviderError> {
        match self {
            Self::Esia(client) => client.redeem_code(code, checks).await,
            Self::Oidc(client) => client.redeem_code(code, checks).await,
        }
    }

    /// Requests the consent of an account's guardians with the diary's own token. `state` is that of its token request.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn ask_consent(&self, oid: Oid, state: &str) -> Result<ConsentResponse, ProviderError> {
        match self {
            Self::Esia(client) => client.ask_consent(oid, state).await,
            Self::Oidc(client) => client.ask_consent(oid).await,
        }
    }

    /// Exchanges a refresh token, which is used up, for new tokens of the same person.
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
        match self {
            Self::Esia(client) => client.renew(refresh, oid, state, checks).await,
            Self::Oidc(client) => client.renew(refresh, oid, checks).await,
        }
    }

    /// Checks whether an access token still gives access to the person's data.
    ///
    /// # Errors
    /// Fails as listed in [`ProviderError`].
    pub(super) async fn standing(&self, access: &str, subject: Subject) -> Result<Standing, ProviderError> {
        match self {
            Self::Esia(client) => client.standing(access, subject).await,
            Self::Oidc(client) => client.standing(access, subject.oid).await,
        }
    }

    /// Returns the URL that ends the session at the provider and then redirects to `back`.
    ///
    /// # Errors
    /// Fails if the provider has no end-session endpoint.
    pub(super) async fn logout_url(&self, back: &str) -> Result<String, ProviderError> {
        match self {
            Self::Esia(client) => Ok(client.logout_url(back)),
            Self::Oidc(client) => client.logout_url(back).await,
        }
    }
}
