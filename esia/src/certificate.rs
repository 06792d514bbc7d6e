//! Certificates and RSA keys: read once, then only used.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RSA_PKCS1_SHA256, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use der::{Decode as _, Encode as _, asn1::Uint};
use sha2::{Digest as _, Sha256};
use streebog::Streebog256;
use x509_cert::{ext::pkix::SubjectKeyIdentifier, time::Time};

use crate::{ids::as_string, secret::decode_base64_any};

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

/// An X.509 certificate. Equal when the DER is. As a string it is PEM.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    serial: String,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
    spki: Vec<u8>,
    key: Result<PublicKey, KeyError>,
    pub(crate) issuer_der: Vec<u8>,
    pub(crate) serial_der: Vec<u8>,
    pub(crate) subject_key_id: Option<Vec<u8>>,
}

as_string!(Certificate, "Certificate", "Сертификат X.509 в PEM", "-----BEGIN CERTIFICATE-----…");

impl Certificate {
    /// From DER, which is what a `.cer` file usually holds.
    ///
    /// # Errors
    /// When it is not a certificate, or something follows it.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let refused = |error: der::Error| KeyError::Certificate(error.to_string());
        let parsed = x509_cert::Certificate::from_der(der).map_err(refused)?;
        let body = parsed.tbs_certificate();
        let spki = body.subject_public_key_info().to_der().map_err(refused)?;
        let key_id = body.get_extension::<SubjectKeyIdentifier>().map_err(refused)?;
        Ok(Self {
            der: der.to_owned(),
            subject: body.subject().to_string(),
            serial: hex::encode_upper(body.serial_number().as_bytes()),
            not_before: instant(body.validity().not_before),
            not_after: instant(body.validity().not_after),
            key: PublicKey::from_spki(&spki),
            spki,
            issuer_der: body.issuer().to_der().map_err(refused)?,
            serial_der: body.serial_number().to_der().map_err(refused)?,
            subject_key_id: key_id.map(|(_, id)| id.0.as_bytes().to_owned()),
        })
    }

    /// From PEM: the first block `CERTIFICATE`, whatever stands around it.
    ///
    /// # Errors
    /// When there is no such block or it is not a certificate.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_der(&pem_block(pem, "CERTIFICATE")?)
    }

    /// The encoding that signatures and hashes are about.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// PEM, ending with a line end.
    pub fn pem(&self) -> String {
        to_pem("CERTIFICATE", &self.der)
    }

    /// `CN=ESIA MOCK,O=esia-stand` (RFC 4514).
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Upper-case hex.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The first instant of validity.
    pub fn not_before(&self) -> DateTime<Utc> {
        self.not_before
    }

    /// The last instant of validity.
    pub fn not_after(&self) -> DateTime<Utc> {
        self.not_after
    }

    /// SHA-256 of the DER, upper-case hex.
    pub fn sha256_hex(&self) -> String {
        hex::encode_upper(Sha256::digest(&self.der))
    }

    /// ГОСТ Р 34.11-2012 (256 bits) of the DER, upper-case hex: `x5t#St256` and `client_certificate_hash`.
    pub fn streebog256_hex(&self) -> String {
        hex::encode_upper(Streebog256::digest(&self.der))
    }

    /// The public key as PEM (`SubjectPublicKeyInfo`), of whatever algorithm.
    pub fn public_key_pem(&self) -> String {
        to_pem("PUBLIC KEY", &self.spki)
    }

    /// The RSA public key.
    ///
    /// # Errors
    /// When the certificate is of another algorithm (ГОСТ).
    pub fn public_key(&self) -> Result<&PublicKey, KeyError> {
        self.key.as_ref().map_err(Clone::clone)
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pem())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject, self.serial)
    }
}

impl FromStr for Certificate {
    type Err = KeyError;

    fn from_str(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem(pem)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

fn instant(time: Time) -> DateTime<Utc> {
    let seconds = time.to_unix_duration().as_secs();
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
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
            Ok(certificate) => certificate.key,
            Err(_) => Self::from_spki(&pem_block(pem, "PUBLIC KEY")?),
        }
    }

    fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
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

/// The DER in the first block of this label. Lines may be of any length; what stands around the block is skipped.
fn pem_block(pem: &str, label: &'static str) -> Result<Vec<u8>, KeyError> {
    let missing = || KeyError::Pem(label);
    let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----")).ok_or_else(missing)?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----")).ok_or_else(missing)?;
    let body: String = body.split_whitespace().collect();
    decode_base64_any(&body).map_err(|_| missing())
}

/// Lines of 64 characters (RFC 7468).
fn to_pem(label: &'static str, der: &[u8]) -> String {
    let mut pem = format!("-----BEGIN {label}-----\n");
    for (at, sign) in STANDARD.encode(der).chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(sign);
    }
    pem + &format!("\n-----END {label}-----\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::{DIARY_CERTIFICATE_PEM, DIARY_KEY_PEM, PROVIDER_CERTIFICATE_PEM, PROVIDER_KEY_PEM};

    #[test]
    fn a_certificate_tells_what_is_in_it() {
        let certificate = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap();
        assert_eq!(certificate.subject(), "CN=ESIA MOCK,O=esia-stand");
        assert_eq!(certificate.not_before().to_rfc3339(), "2020-01-01T00:00:00+00:00");
        assert_eq!(certificate.not_after().to_rfc3339(), "2100-01-01T00:00:00+00:00");
        assert_eq!(certificate.pem(), PROVIDER_CERTIFICATE_PEM);
        assert_eq!(Certificate::from_der(certificate.der()), Ok(certificate.clone()));
        assert_eq!(PublicKey::from_pem(&certificate.public_key_pem()).as_ref(), certificate.public_key());
        assert_eq!(certificate.public_key().unwrap().jwk_e(), "AQAB");
        assert_eq!(certificate.public_key().unwrap().jwk_n().len(), 342);
    }

    #[test]
    fn a_certificate_is_json_as_pem_on_however_long_lines() {
        let certificate = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap();
        let json = serde_json::to_string(&certificate).unwrap();
        assert_eq!(serde_json::from_str::<Certificate>(&json).unwrap(), certificate);
        let one_line = PROVIDER_CERTIFICATE_PEM.replace('\n', " ");
        assert_eq!(Certificate::from_pem(&format!("Bag Attributes\n{one_line}")), Ok(certificate));
    }

    #[test]
    fn a_key_is_told_from_another_and_never_printed() {
        let key = SigningKey::from_pem(PROVIDER_KEY_PEM).unwrap();
        let check = |pem| key.check_certificate(&Certificate::from_pem(pem).unwrap());
        assert_eq!(check(PROVIDER_CERTIFICATE_PEM), Ok(()));
        assert_eq!(check(DIARY_CERTIFICATE_PEM), Err(KeyError::Mismatch));
        assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
    }

    #[test]
    fn each_mistake_is_named() {
        let code = |result: Result<SigningKey, KeyError>| result.unwrap_err().code();
        assert_eq!(code(SigningKey::from_pem("")), "key-pem");
        assert_eq!(code(SigningKey::from_pem(&DIARY_KEY_PEM.replace("MII", "MIJ"))), "key-not-rsa");
        assert_eq!(Certificate::from_pem(DIARY_KEY_PEM), Err(KeyError::Pem("CERTIFICATE")));
        assert_eq!(Certificate::from_der(&[0x30, 0]).unwrap_err().code(), "key-certificate");
    }

    #[test]
    fn the_hash_of_gost_is_that_of_the_standard() {
        // ГОСТ Р 34.11-2012, control example 1, as gost-engine prints it.
        let message = b"012345678901234567890123456789012345678901234567890123456789012";
        insta::assert_snapshot!(hex::encode(Streebog256::digest(message)), @"9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in ".*") {
            let _ = Certificate::from_der(&bytes);
            let _ = Certificate::from_pem(&format!("-----BEGIN CERTIFICATE-----{text}-----END CERTIFICATE-----"));
            let _ = SigningKey::from_pem(&to_pem("PRIVATE KEY", &bytes));
            let _ = PublicKey::from_pem(&to_pem("PUBLIC KEY", &bytes));
        }

        #[test]
        fn a_damaged_certificate_is_read_or_refused(at in 0..500_usize, byte in any::<u8>()) {
            let mut der = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap().der().to_owned();
            der[at] = byte;
            let _ = Certificate::from_der(&der);
        }
    }
}
