//! What requests to providers share in all worlds: the HTTP client, the diary's key, cached certificates and metadata.

use esia::{Certificate, SigningKey, keys};

use super::{
    http::{self, ProviderCache},
    oidc::Metadata,
    refetch_limit::RefetchLimit,
};

/// The HTTP client, the diary's signing key, and what is cached of each provider.
pub(super) struct Connections {
    pub(super) http: reqwest::Client,
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
    /// With the built-in key of the diary.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub(super) fn new() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            http: http::client()?,
            key: SigningKey::from_pem(keys::DIARY_KEY_PEM)?,
            certificate: Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM)?,
            certificates: ProviderCache::default(),
            discovered: ProviderCache::default(),
            refetches: RefetchLimit::default(),
        })
    }
}
