//! Shared state of the sign-in handlers: connections to providers, tokens of sessions, and the settings of the server.

use chrono::{DateTime, Utc};
use url::Url;
use worlds::WorldName;

use super::{
    connections::{Connections, Reaching},
    esia_client::EsiaClient,
    oidc::OidcClient,
    protocol::Protocol,
    protocol_client::ProtocolClient,
    provider_error::ProviderError,
    token_cache::TokenCache,
};
use crate::config::{ProviderConfig, WorldConfig};

/// The diary as a client of the providers of all its worlds.
pub(crate) struct ProviderClient {
    connections: Connections,
    /// Tokens of signed-in sessions.
    pub(super) tokens: TokenCache,
    /// Base URL of the provider's server, for worlds whose seed names none.
    base: Option<Url>,
    /// Protocol of worlds whose seed names none.
    protocol: Protocol,
}

impl ProviderClient {
    /// Creates the client with the server's base URL and protocol, which apply to worlds whose seed does not name them.
    ///
    /// # Errors
    /// Fails if the HTTP client cannot be built, or if a key cannot be read.
    pub(crate) fn new(
        base: Option<Url>,
        protocol: Protocol,
        reaching: Reaching,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self { connections: Connections::new(reaching)?, tokens: TokenCache::default(), base, protocol })
    }

    /// Returns the base URL of a world's provider: that of its seed, or `/w/{world}` below that of the server.
    ///
    /// # Errors
    /// Fails with [`ProviderError::NoAddress`] if neither the world nor the server has one.
    pub(crate) fn base_url(&self, provider: &ProviderConfig, world: &WorldName) -> Result<Url, ProviderError> {
        if let Some(url) = &provider.url {
            return Ok(url.clone());
        }
        let mut url = self.base.clone().ok_or(ProviderError::NoAddress)?;
        if !world.is_main() {
            let path = format!("{}/w/{world}", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
        Ok(url)
    }

    /// Returns the protocol of a world: that of its seed, or that of the server.
    pub(super) fn protocol(&self, config: &WorldConfig) -> Protocol {
        config.provider.protocol.unwrap_or(self.protocol)
    }

    /// Creates a client of a world's provider in the world's protocol; `now` is the world's time.
    ///
    /// # Errors
    /// Fails with [`ProviderError::NoAddress`] if neither the world nor the server has an address.
    pub(super) fn connect<'a>(
        &'a self,
        config: &'a WorldConfig,
        world: &WorldName,
        now: DateTime<Utc>,
    ) -> Result<ProtocolClient<'a>, ProviderError> {
        let base = self.base_url(&config.provider, world)?;
        Ok(match self.protocol(config) {
            Protocol::Esia => ProtocolClient::Esia(EsiaClient::new(&self.connections, config, &base, now)),
            Protocol::Oidc => ProtocolClient::Oidc(OidcClient::new(&self.connections, config, &base, now)),
        })
    }
}
