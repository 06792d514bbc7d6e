//! One key of the provider, read once.

use std::{fmt, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Algorithm, KeyError,
    token::{Claims, Signer, TokenVerifyError, verify},
};
use serde::{Deserialize, Serialize};

use super::{counters, jwt::OpenIdKey};
use crate::clients::TokenAlgorithm;

/// Whom the certificates of the provider name, those that come with the program too.
pub(crate) const PROVIDER_SUBJECT: &str = "CN=ESIA MOCK,O=esia-stand";

/// A private key with its certificate, as the log of a world keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPair {
    /// The key (PKCS#8 PEM).
    pub key: String,
    /// Its certificate (PEM).
    pub certificate: String,
}

/// A key that signs tokens and checks them. Shared by all worlds that have it, and never changed.
pub(crate) struct ProviderKey {
    pair: KeyPair,
    signer: Signer,
    openid: Option<Arc<OpenIdKey>>,
}

impl ProviderKey {
    /// Reads a key with its certificate; only RSA signs in OpenID Connect too.
    ///
    /// # Errors
    /// When one of them cannot be read, or they do not belong together.
    pub(crate) fn read(pair: &KeyPair) -> Result<Self, KeyError> {
        let signer = Signer::from_pem(&pair.key, &pair.certificate)?;
        let public = signer.certificate().public_key()?;
        let openid = match public.algorithm() {
            Algorithm::Rsa => Some(Arc::new(OpenIdKey::new(signer.key().clone(), public)?)),
            Algorithm::Gost256 | Algorithm::Gost512 => None,
        };
        Ok(Self { pair: pair.clone(), signer, openid })
    }

    /// In which algorithm it signs.
    pub(crate) const fn algorithm(&self) -> TokenAlgorithm {
        if self.openid.is_some() { TokenAlgorithm::Rs256 } else { TokenAlgorithm::Gost }
    }

    /// A token or code of ЕСИА's protocol.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the library refuses, which it has no reason to.
    pub(crate) fn sign(&self, claims: &impl Claims) -> Result<String, KeyError> {
        counters::count(self.algorithm());
        self.signer.sign(claims)
    }

    /// The claims of a token or code of ЕСИА's protocol that this key has signed.
    ///
    /// # Errors
    /// The first check that fails.
    pub(crate) fn verify<T: Claims>(&self, jwt: &str, now: DateTime<Utc>) -> Result<T, TokenVerifyError> {
        let public = self.certificate().public_key().map_err(|_| TokenVerifyError::Signature)?;
        verify(jwt, public, now, TimeDelta::zero())
    }

    /// What its tokens are checked with.
    pub(crate) const fn certificate(&self) -> &esia::Certificate {
        self.signer.certificate()
    }

    /// The private key (PKCS#8 PEM).
    pub(crate) fn pem(&self) -> &str {
        &self.pair.key
    }

    /// What it was read from.
    pub(crate) const fn pair(&self) -> &KeyPair {
        &self.pair
    }

    /// The same key as OpenID Connect uses it; none of ГОСТ.
    pub(crate) const fn openid(&self) -> Option<&Arc<OpenIdKey>> {
        self.openid.as_ref()
    }
}

/// The same private key.
impl PartialEq for ProviderKey {
    fn eq(&self, other: &Self) -> bool {
        self.pair.key == other.pair.key
    }
}

/// Without the private key.
impl fmt::Debug for ProviderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProviderKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}
