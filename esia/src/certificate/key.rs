use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RSA_PKCS1_SHA256, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use der::{Decode as _, asn1::Uint};

use super::{
    Certificate,
    pem::{pem_block, to_pem},
};

/// Why a key or a certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No PEM block of the expected kind. Holds the label that was expected.
    #[error("ожидался блок PEM «{0}»")]
    Pem(&'static str),
    /// The certificate is not a DER certificate of X.509.
    #[error("сертификат не читается: {0}")]
    Certificate(String),
    /// Another algorithm than RSA, or fewer than 2048 bits.
    #[error("ключ не RSA или короче 2048 бит")]
    NotRsa,
    /// The private key is of another pair than the certificate.
    #[error("закрытый ключ не от этого сертификата")]
    Mismatch,
    /// The library refused to sign.
    #[error("подписать не удалось")]
    Signing,
}

impl KeyError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Pem(_) => "key-pem",
            Self::Certificate(_) => "key-certificate",
            Self::NotRsa => "key-not-rsa",
            Self::Mismatch => "key-mismatch",
            Self::Signing => "key-signing",
        }
    }
}

/// The hash of an RSA signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256, the only one of ЕСИА's tokens.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// An RSA public key of at least 2048 bits.
#[derive(Clone)]
pub struct PublicKey {
    spki: Vec<u8>,
    parsed: ParsedPublicKey,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl PublicKey {
    /// From PEM: a block `PUBLIC KEY`, or a block `CERTIFICATE`.
    ///
    /// # Errors
    /// When there is neither, or the key is not RSA.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match Certificate::from_pem(pem) {
            Ok(certificate) => certificate.public_key().cloned(),
            Err(_) => Self::from_spki(&pem_block(pem, "PUBLIC KEY")?),
        }
    }

    pub(super) fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        let not_rsa = |_| KeyError::NotRsa;
        let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki).map_err(|_| KeyError::NotRsa)?;
        let info = x509_cert::spki::SubjectPublicKeyInfoOwned::from_der(spki).map_err(not_rsa)?;
        // RSAPublicKey is a sequence of two integers (RFC 8017 §A.1.1).
        let numbers = Vec::<Uint>::from_der(info.subject_public_key.raw_bytes()).map_err(not_rsa)?;
        let [modulus, exponent] = numbers.as_slice() else { return Err(KeyError::NotRsa) };
        if modulus.as_bytes().len() < 256 {
            return Err(KeyError::NotRsa);
        }
        Ok(Self {
            spki: spki.to_owned(),
            parsed,
            modulus: modulus.as_bytes().to_owned(),
            exponent: exponent.as_bytes().to_owned(),
        })
    }

    /// PEM (`SubjectPublicKeyInfo`).
    pub fn pem(&self) -> String {
        to_pem("PUBLIC KEY", &self.spki)
    }

    /// `n` of a JWK: base64url without padding.
    pub fn jwk_n(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.modulus)
    }

    /// `e` of a JWK: base64url without padding.
    pub fn jwk_e(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.exponent)
    }

    /// Whether `signature` (RSA PKCS#1 v1.5) is this key's over `message`.
    pub fn verifies(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let other = |algorithm: &'static dyn VerificationAlgorithm| UnparsedPublicKey::new(algorithm, &self.spki);
        match hash {
            Hash::Sha256 => self.parsed.verify_sig(message, signature),
            Hash::Sha384 => other(&RSA_PKCS1_2048_8192_SHA384).verify(message, signature),
            Hash::Sha512 => other(&RSA_PKCS1_2048_8192_SHA512).verify(message, signature),
        }
        .is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey(RSA, {} bits)", self.modulus.len() * 8)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

/// An RSA private key. Secret: `Debug` prints `[redacted]`.
#[derive(Clone)]
pub struct SigningKey(KeyPair);

impl SigningKey {
    /// From PEM: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), not encrypted.
    ///
    /// # Errors
    /// When there is neither, or the key is not RSA of at least 2048 bits.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let pair = match pem_block(pem, "RSA PRIVATE KEY") {
            Ok(pkcs1) => KeyPair::from_der(&pkcs1),
            Err(_) => KeyPair::from_pkcs8(&pem_block(pem, "PRIVATE KEY")?),
        };
        pair.map(Self).map_err(|_| KeyError::NotRsa)
    }

    /// RSA PKCS#1 v1.5 with SHA-256 over `message`.
    ///
    /// # Errors
    /// When the library refuses, which it has no reason to.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        // The library takes a random source and does not use it: this padding has none.
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| signature).map_err(|_| KeyError::Signing)
    }

    /// Whether the certificate is about this key.
    ///
    /// # Errors
    /// [`KeyError::Mismatch`] when it is not.
    pub fn check_certificate(&self, certificate: &Certificate) -> Result<(), KeyError> {
        let probe = b"is this the key of that certificate?";
        let is_its = certificate.public_key()?.verifies(Hash::Sha256, probe, &self.sign(probe)?);
        if is_its { Ok(()) } else { Err(KeyError::Mismatch) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}
