//! The provider's keys, read once per process (ESIA §3.5, §3.9): RSA, and ГОСТ Р 34.10-2012.

use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Certificate, PublicKey, keys,
    token::{Claims, Signer, TokenVerifyError, verify},
};
use web::Problem;

use crate::clients::TokenAlgorithm;

/// Signs tokens and checks them. A client gets them in the algorithm that it is registered with.
pub(crate) struct Keys {
    pub(crate) signer: Signer,
    pub(crate) public: PublicKey,
    pub(crate) gost_signer: Signer,
    gost_public: PublicKey,
}

/// The process's keys.
///
/// # Errors
/// 500 when a built-in key cannot be read, which it has no reason to.
pub(crate) fn keys() -> Result<&'static Keys, Problem> {
    static READ: OnceLock<Keys> = OnceLock::new();
    if let Some(keys) = READ.get() {
        return Ok(keys);
    }
    let read = |key, certificate| {
        let signer = Signer::from_pem(key, certificate)?;
        let public = signer.certificate().public_key()?.clone();
        Ok::<_, esia::KeyError>((signer, public))
    };
    let rsa = read(keys::PROVIDER_KEY_PEM, keys::PROVIDER_CERTIFICATE_PEM).map_err(Problem::internal)?;
    let gost = read(keys::PROVIDER_GOST_KEY_PEM, keys::PROVIDER_GOST_CERTIFICATE_PEM).map_err(Problem::internal)?;
    let ((signer, public), (gost_signer, gost_public)) = (rsa, gost);
    Ok(READ.get_or_init(|| Keys { signer, public, gost_signer, gost_public }))
}

impl Keys {
    /// A token of this provider, whichever of its keys has signed it. Each key checks its own algorithm alone, so that
    /// none can be passed off as the other.
    ///
    /// # Errors
    /// The first check that fails.
    pub(crate) fn verify<T: Claims>(&self, jwt: &str, now: DateTime<Utc>) -> Result<T, TokenVerifyError> {
        match verify(jwt, &self.public, now, TimeDelta::zero()) {
            Err(TokenVerifyError::Algorithm(alg)) if self.gost_public.algorithm().jwt() == Some(&alg) => {
                verify(jwt, &self.gost_public, now, TimeDelta::zero())
            }
            verified => verified,
        }
    }

    /// What signs tokens in that algorithm.
    pub(crate) fn signer_of(&self, algorithm: TokenAlgorithm) -> &Signer {
        match algorithm {
            TokenAlgorithm::Rs256 => &self.signer,
            TokenAlgorithm::Gost => &self.gost_signer,
        }
    }

    /// The certificates, RSA first.
    pub(super) fn certificates(&self) -> [&Certificate; 2] {
        [self.signer.certificate(), self.gost_signer.certificate()]
    }
}
