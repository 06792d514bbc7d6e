//! What requests to providers share in all worlds: the HTTP client, the diary's key, cached certificates and metadata.

use std::fmt;

use esia::{Certificate, SigningKey, keys};
use url::Url;

use super::{
    http::{Outgoing, ProviderCache},
    oidc::Metadata,
    refetch_limit::RefetchLimit,
};

/// The key with which the diary signs its requests in ЕСИА's own protocol, as it is registered there.
#[derive(Clone)]
pub struct ClientKey {
    /// The private key, PEM.
    pub key: String,
    /// Its certificate, PEM.
    pub certificate: String,
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey([redacted])")
    }
}

/// How the diary reaches providers, where it is not as usual.
#[derive(Debug, Clone, Default)]
pub struct Reaching {
    /// The key that requests are signed with; the built-in one when `None`.
    pub key: Option<ClientKey>,
    /// Whoever passes requests on: it is asked in the provider's place, and told the address that the request is for in
    /// `X-Esia-Stand-Target`.
    pub edge: Option<Url>,
}

/// The HTTP client, the diary's signing key, and what is cached of each provider.
pub(super) struct Connections {
    pub(super) http: Outgoing,
    pub(super) key: SigningKey,
    pub(super) certificate: Certificate,
    /// Signing certificates of providers that speak ЕСИА's own protocol.
    pub(super) certificates: ProviderCache<Certificate>,
    /// Discovery documents and keys of OpenID Connect providers.
    pub(super) discovered: ProviderCache<Metadata>,
    /// How often either was fetched again.
    pub(super) refetches: RefetchLimit,
}

impl Connections {
    /// Connections that are made so.
    ///
    /// # Errors
    /// When the HTTP client cannot be made, or a key cannot be read.
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
