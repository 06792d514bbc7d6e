//! The discovery document and the keys of a provider, fetched once and cached.

use std::sync::Arc;

use esia::language::both;
use openidconnect::{DiscoveryError, IntrospectionUrl, IssuerUrl, TokenUrl, UserInfoUrl};

use super::{
    client::{DISCOVERY, OidcClient},
    types::Metadata,
};
use crate::signin::provider_error::ProviderError;

impl OidcClient<'_> {
    /// Returns the discovery document with the keys. With `anew` it is fetched again, within the limit on repeated
    /// fetches.
    pub(super) async fn metadata(&self, anew: bool) -> Result<Arc<Metadata>, ProviderError> {
        if let Some(known) = self.connections.discovered.get(&self.issuer)
            && !(anew && self.connections.refetches.allow(&self.issuer, self.now))
        {
            return Ok(known);
        }
        let junk = |reason: String| ProviderError::Junk { what: DISCOVERY, reason: reason.into() };
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|error| junk(error.to_string()))?;
        let http = self.http_client(DISCOVERY);
        let found = Metadata::discover_async(issuer, &http).await.map_err(|error| match error {
            DiscoveryError::Request(error) => error,
            DiscoveryError::Response(status, body, _) if !status.is_success() => {
                let body = String::from_utf8_lossy(&body).chars().take(300).collect();
                ProviderError::Refused { what: DISCOVERY, status, body }
            }
            DiscoveryError::Parse(error) => junk(error.to_string()),
            DiscoveryError::Validation(error) => ProviderError::Distrusted(error.into()),
            error => junk(error.to_string()),
        })?;
        expect_own_endpoints(&found)?;
        Ok(self.connections.discovered.put(&self.issuer, found))
    }
}

/// Checks that the token, userinfo and introspection endpoints have the provider's origin, so that codes, secrets and
/// tokens go nowhere else.
fn expect_own_endpoints(found: &Metadata) -> Result<(), ProviderError> {
    let own = found.issuer().url().origin();
    let more = found.additional_metadata();
    let endpoints = [
        ("token_endpoint", found.token_endpoint().map(TokenUrl::url)),
        ("userinfo_endpoint", found.userinfo_endpoint().map(UserInfoUrl::url)),
        ("introspection_endpoint", more.introspection_endpoint.as_ref().map(IntrospectionUrl::url)),
    ];
    let mut known = endpoints.into_iter().filter_map(|(name, url)| Some((name, url?)));
    match known.find(|(_, url)| url.origin() != own) {
        Some((name, url)) => Err(ProviderError::Distrusted(both!(
            "{what}: {name} на чужом адресе {url}",
            "{what}: {name} is at another's address {url}",
            what = DISCOVERY
        ))),
        None => Ok(()),
    }
}
