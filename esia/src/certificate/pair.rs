//! A private key and a certificate that must belong together.

use super::{Certificate, KeyError, SigningKey};

impl SigningKey {
    /// Checks that a certificate holds the public half of this key.
    ///
    /// # Errors
    /// [`KeyError::Mismatch`] when it is not.
    pub fn check_certificate(&self, certificate: &Certificate) -> Result<(), KeyError> {
        let probe = b"is this the key of that certificate?";
        let is_its = certificate.public_key()?.verifies(self.algorithm().hash(), probe, &self.sign(probe)?);
        if is_its { Ok(()) } else { Err(KeyError::Mismatch) }
    }
}
