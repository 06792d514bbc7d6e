//! The client of the provider of one world, in either protocol.

use esia::Oid;
use web::Checks;

use super::{
    esia_client::EsiaClient,
    grant::{CodeResponse, ConsentResponse, OidcSecrets, SignedIn, Standing, Subject, Tokens},
    oidc::OidcClient,
    provider_error::ProviderError,
};

/// Client of one world's provider, for the length of one request.
pub(super) enum ProtocolClient<'a> {
    /// ЕСИА's own protocol, signed with the diary's key.
    Esia(EsiaClient<'a>),
    /// OpenID Connect, authenticated with the diary's secret.
    Oidc(OidcClient<'a>),
}

impl ProtocolClient<'_> {
    /// URL of the authorization request for a sign-in with this `state`.
    ///
    /// # Errors
    /// A request that cannot be signed; a provider whose discovery document is missing or unreadable.
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
    /// As [`ProviderError`] says.
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
    /// As [`ProviderError`] says.
    pub(super) async fn ask_consent(&self, oid: Oid, state: &str) -> Result<ConsentResponse, ProviderError> {
        match self {
            Self::Esia(client) => client.ask_consent(oid, state).await,
            Self::Oidc(client) => client.ask_consent(oid).await,
        }
    }

    /// Exchanges a refresh token, which is used up, for new tokens of the same person.
    ///
    /// # Errors
    /// As [`ProviderError`] says.
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

    /// Whether an access token still opens the person's data.
    ///
    /// # Errors
    /// As [`ProviderError`] says.
    pub(super) async fn standing(&self, access: &str, subject: Subject) -> Result<Standing, ProviderError> {
        match self {
            Self::Esia(client) => client.standing(access, subject).await,
            Self::Oidc(client) => client.standing(access, subject.oid).await,
        }
    }

    /// URL that ends the session at the provider and redirects to `back`.
    ///
    /// # Errors
    /// A provider without an end-session endpoint.
    pub(super) async fn logout_url(&self, back: &str) -> Result<String, ProviderError> {
        match self {
            Self::Esia(client) => Ok(client.logout_url(back)),
            Self::Oidc(client) => client.logout_url(back).await,
        }
    }
}
