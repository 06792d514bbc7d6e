//! Public and private keys: RSA by `aws-lc-rs`, ГОСТ by `gost`.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{
        KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
        RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use der::{Decode as _, asn1::Uint};

use super::{
    Algorithm, Hash, KeyError, Opened,
    opened::open,
    pem::{pem_block, to_pem},
};
use crate::gost;

/// A public key: RSA of at least 2048 bits, or ГОСТ Р 34.10-2012.
#[derive(Clone)]
pub struct PublicKey {
    spki: Vec<u8>,
    kind: PublicKind,
}

#[derive(Clone)]
enum PublicKind {
    Rsa(Rsa),
    Gost(Box<gost::PublicKey>),
}

#[derive(Clone)]
struct Rsa {
    parsed: ParsedPublicKey,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl PublicKey {
    pub(super) fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        let kind = match ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki) {
            Ok(parsed) => PublicKind::Rsa(Rsa::new(parsed, spki)?),
            Err(_) => PublicKind::Gost(Box::new(gost::PublicKey::from_spki(spki)?)),
        };
        Ok(Self { spki: spki.to_owned(), kind })
    }

    /// DER of `SubjectPublicKeyInfo`.
    pub(super) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// A PEM block `PUBLIC KEY` (`SubjectPublicKeyInfo`), ending with a line end.
    pub fn pem(&self) -> String {
        to_pem("PUBLIC KEY", &self.spki)
    }

    /// What it checks.
    pub fn algorithm(&self) -> Algorithm {
        match &self.kind {
            PublicKind::Rsa(_) => Algorithm::Rsa,
            PublicKind::Gost(key) if key.params().size() == 32 => Algorithm::Gost256,
            PublicKind::Gost(_) => Algorithm::Gost512,
        }
    }

    /// `n` of a JWK: base64url without padding. RSA only.
    pub fn jwk_n(&self) -> Option<String> {
        self.rsa().map(|key| URL_SAFE_NO_PAD.encode(&key.modulus))
    }

    /// `e` of a JWK: base64url without padding. RSA only.
    pub fn jwk_e(&self) -> Option<String> {
        self.rsa().map(|key| URL_SAFE_NO_PAD.encode(&key.exponent))
    }

    /// Length of a signature in bytes: of the modulus, or twice of a number of the curve.
    pub fn signature_size(&self) -> usize {
        match &self.kind {
            PublicKind::Rsa(key) => key.modulus.len(),
            PublicKind::Gost(key) => key.params().size() * 2,
        }
    }

    /// Whether `signature` is this key's over `message`: RSA PKCS#1 v1.5, or ГОСТ as `s ‖ r`, both big-endian. A hash
    /// that does not go with the key holds for nothing.
    pub fn verifies(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        match (&self.kind, hash) {
            (PublicKind::Gost(key), _) => hash == self.algorithm().hash() && key.verifies(message, signature),
            (PublicKind::Rsa(key), Hash::Sha256) => key.parsed.verify_sig(message, signature).is_ok(),
            (PublicKind::Rsa(_), Hash::Sha384) => self.verifies_rsa(&RSA_PKCS1_2048_8192_SHA384, message, signature),
            (PublicKind::Rsa(_), Hash::Sha512) => self.verifies_rsa(&RSA_PKCS1_2048_8192_SHA512, message, signature),
            (PublicKind::Rsa(_), Hash::Streebog256 | Hash::Streebog512) => false,
        }
    }

    /// What an RSA signature holds, if it is this key's. The public operation only.
    pub fn open(&self, signature: &[u8]) -> Option<Opened> {
        let key = self.rsa().filter(|key| key.modulus.len() == signature.len())?;
        open(&key.modulus, &key.exponent, signature)
    }

    /// A ГОСТ signature to be compared with many digests. `None` for RSA, or where it is no pair of numbers of the curve.
    pub(crate) fn digest_check(&self, signature: &[u8]) -> Option<gost::DigestCheck> {
        match &self.kind {
            PublicKind::Rsa(_) => None,
            PublicKind::Gost(key) => key.digest_check(signature),
        }
    }

    fn verifies_rsa(&self, how: &'static dyn VerificationAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(how, &self.spki).verify(message, signature).is_ok()
    }

    fn rsa(&self) -> Option<&Rsa> {
        match &self.kind {
            PublicKind::Rsa(key) => Some(key),
            PublicKind::Gost(_) => None,
        }
    }
}

impl Rsa {
    fn new(parsed: ParsedPublicKey, spki: &[u8]) -> Result<Self, KeyError> {
        let unsupported = |_| KeyError::Unsupported;
        let info = x509_cert::spki::SubjectPublicKeyInfoOwned::from_der(spki).map_err(unsupported)?;
        // RSAPublicKey is a sequence of two integers (RFC 8017 §A.1.1).
        let numbers = Vec::<Uint>::from_der(info.subject_public_key.raw_bytes()).map_err(unsupported)?;
        let [modulus, exponent] = numbers.as_slice() else { return Err(KeyError::Unsupported) };
        if modulus.as_bytes().len() < 256 {
            return Err(KeyError::Unsupported);
        }
        Ok(Self { parsed, modulus: modulus.as_bytes().to_owned(), exponent: exponent.as_bytes().to_owned() })
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PublicKind::Rsa(key) => write!(f, "PublicKey(RSA, {} bits)", key.modulus.len() * 8),
            PublicKind::Gost(key) => write!(f, "PublicKey(GOST, {:?})", key.params()),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

/// A private key: RSA, or ГОСТ Р 34.10-2012. Secret: `Debug` prints `[redacted]`.
#[derive(Clone)]
pub struct SigningKey(PrivateKind);

#[derive(Clone)]
enum PrivateKind {
    Rsa(KeyPair),
    Gost(gost::SecretKey),
}

impl SigningKey {
    /// From PEM: PKCS#8 (`PRIVATE KEY`) or, of RSA, PKCS#1 (`RSA PRIVATE KEY`), not encrypted.
    ///
    /// # Errors
    /// When there is neither, or the key is not RSA of at least 2048 bits nor ГОСТ.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if let Ok(pkcs1) = pem_block(pem, "RSA PRIVATE KEY") {
            let pair = KeyPair::from_der(&pkcs1).map_err(|_| KeyError::Unsupported)?;
            return Ok(Self(PrivateKind::Rsa(pair)));
        }
        let pkcs8 = pem_block(pem, "PRIVATE KEY")?;
        match KeyPair::from_pkcs8(&pkcs8) {
            Ok(pair) => Ok(Self(PrivateKind::Rsa(pair))),
            Err(_) => gost::SecretKey::from_pkcs8(&pkcs8).map(Self::from),
        }
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            PrivateKind::Rsa(_) => Algorithm::Rsa,
            PrivateKind::Gost(key) if key.params().size() == 32 => Algorithm::Gost256,
            PrivateKind::Gost(_) => Algorithm::Gost512,
        }
    }

    /// The other half of the pair.
    ///
    /// # Errors
    /// When the library refuses to write it, which it has no reason to.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        match &self.0 {
            PrivateKind::Rsa(pair) => {
                let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyError::Signing)?;
                PublicKey::from_spki(spki.as_ref())
            }
            PrivateKind::Gost(key) => PublicKey::from_spki(&key.public_key().to_spki()?),
        }
    }

    /// Over `message`: RSA PKCS#1 v1.5 with SHA-256, or ГОСТ as `s ‖ r`, both big-endian, with Streebog of the key's
    /// length.
    ///
    /// # Errors
    /// When the library refuses, which it has no reason to.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.0 {
            PrivateKind::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                // The library takes a random source and does not use it: this padding has none.
                let signed = pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
                signed.map(|()| signature).map_err(|_| KeyError::Signing)
            }
            PrivateKind::Gost(key) => Ok(key.sign(message)),
        }
    }
}

impl From<gost::SecretKey> for SigningKey {
    fn from(key: gost::SecretKey) -> Self {
        Self(PrivateKind::Gost(key))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}
