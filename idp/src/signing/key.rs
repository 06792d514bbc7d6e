//! One signing key of the provider, parsed from PEM.

use std::{fmt, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Algorithm, KeyError,
    token::{Claims, Signer, TokenVerifyError, verify},
};
use serde::{Deserialize, Serialize};

use super::{counters, jwt::OpenIdKey};
use crate::clients::TokenAlgorithm;

/// Subject of the provider's certificates, the built-in ones included.
pub(crate) const PROVIDER_SUBJECT: &str = "CN=ESIA MOCK,O=esia-stand";

/// Private key and its certificate, as the log of a world holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPair {
    /// Private key (PKCS#8 PEM).
    pub key: String,
    /// Certificate of the key (PEM).
    pub certificate: String,
}

/// Key that signs and verifies tokens. It is immutable and shared by all worlds that use it.
pub(crate) struct ProviderKey {
    pair: KeyPair,
    signer: Signer,
    openid: Option<Arc<OpenIdKey>>,
}

impl ProviderKey {
    /// Parses a key and its certificate. Only an RSA key also signs in OpenID Connect.
    ///
    /// # Errors
    /// Fails if key or certificate cannot be parsed, or if they do not belong together.
    pub(crate) fn read(pair: &KeyPair) -> Result<Self, KeyError> {
        let signer = Signer::from_pem(&pair.key, &pair.certificate)?;
        let public = signer.certificate().public_key()?;
        let openid = match public.algorithm() {
            Algorithm::Rsa => Some(Arc::new(OpenIdKey::new(signer.key().clone(), public)?)),
            Algorithm::Gost256 | Algorithm::Gost512 => None,
        };
        Ok(Self { pair: pair.clone(), signer, openid })
    }

    /// Algorithm of the tokens that the key signs.
    pub(crate) const fn algorithm(&self) -> TokenAlgorithm {
        if self.openid.is_some() { TokenAlgorithm::Rs256 } else { TokenAlgorithm::Gost }
    }

    /// Signs a token or code of ЕСИА's protocol.
    ///
    /// # Errors
    /// [`KeyError::Signing`] if the library fails to sign, which is not expected.
    pub(crate) fn sign(&self, claims: &impl Claims) -> Result<String, KeyError> {
        counters::count(self.algorithm());
        self.signer.sign(claims)
    }

    /// Verifies a token or code of ЕСИА's protocol and returns its claims.
    ///
    /// # Errors
    /// Returns the first check that fails.
    pub(crate) fn verify<T: Claims>(&self, jwt: &str, now: DateTime<Utc>) -> Result<T, TokenVerifyError> {
        let public = self.certificate().public_key().map_err(|_| TokenVerifyError::Signature)?;
        verify(jwt, public, now, TimeDelta::zero())
    }

    /// Certificate with which the key's tokens are verified.
    pub(crate) const fn certificate(&self) -> &esia::Certificate {
        self.signer.certificate()
    }

    /// Private key (PKCS#8 PEM).
    pub(crate) fn pem(&self) -> &str {
        &self.pair.key
    }

    /// PEM of key and certificate that this key was parsed from.
    pub(crate) const fn pair(&self) -> &KeyPair {
        &self.pair
    }

    /// The key in its OpenID Connect form; `None` for a ГОСТ key.
    pub(crate) const fn openid(&self) -> Option<&Arc<OpenIdKey>> {
        self.openid.as_ref()
    }
}

/// Two keys are equal if their private keys are.
impl PartialEq for ProviderKey {
    fn eq(&self, other: &Self) -> bool {
        self.pair.key == other.pair.key
    }
}

/// Leaves the private key out.
impl fmt::Debug for ProviderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProviderKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}
