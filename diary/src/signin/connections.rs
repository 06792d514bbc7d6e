//! Connections to the providers of all worlds: the HTTP client, the diary's key, cached certificates and metadata.

use std::fmt;

use esia::{Certificate, SigningKey, keys};
use url::Url;

use super::{
    http::{Outgoing, ProviderCache},
    oidc::Metadata,
    refetch_limit::RefetchLimit,
};

/// Key pair with which the diary signs its requests in ЕСИА's own protocol, as registered at the provider.
#[derive(Clone)]
pub struct ClientKey {
    /// Private key in PEM.
    pub key: String,
    /// Certificate of the key in PEM.
    pub certificate: String,
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey([redacted])")
    }
}

/// Signing key and edge for requests to providers, where they differ from the defaults.
#[derive(Debug, Clone, Default)]
pub struct Reaching {
    /// Key that signs requests; the built-in one when `None`.
    pub key: Option<ClientKey>,
    /// URL of an edge: every request goes there instead of to the provider, with the provider's URL in the header
    /// `X-Esia-Stand-Target`. Requests go directly to the provider when `None`.
    pub edge: Option<Url>,
}

/// HTTP client, the diary's signing key, and caches for each provider.
pub(super) struct Connections {
    pub(super) http: Outgoing,
    pub(super) key: SigningKey,
    pub(super) certificate: Certificate,
    /// Signing certificates of providers that speak ЕСИА's own protocol.
    pub(super) certificates: ProviderCache<Certificate>,
    /// Discovery documents and keys of OpenID Connect providers.
    pub(super) discovered: ProviderCache<Metadata>,
    /// Limit on fetching certificates and metadata again.
    pub(super) refetches: RefetchLimit,
}

impl Connections {
    /// Builds the HTTP client and reads the signing key.
    ///
    /// # Errors
    /// Fails if the HTTP client cannot be built, or if a key cannot be read.
    pub(super) fn new(reaching: Reaching) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let own = reaching.key.as_ref();
        Ok(Self {
            http: Outgoing::new(reaching.edge)?,
            key: SigningKey::from_pem(own.map_or(keys::DIARY_KEY_PEM, |own| &own.key))?,
            certificate: Certificate::from_pem(own.map_or(keys::DIARY_CERTIFICATE_PEM, |own| &own.certificate))?,
            certificates: ProviderCache::default(),
            discovered: ProviderCache::default(),
            refetches: RefetchLimit::default(),
        })
    }
}
