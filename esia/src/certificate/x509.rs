//! An X.509 certificate, read from DER or PEM.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use der::{Decode as _, Encode as _, asn1::Uint};
use sha2::{Digest as _, Sha256};
use streebog::Streebog256;
use x509_cert::{ext::pkix::SubjectKeyIdentifier, spki::SubjectPublicKeyInfoOwned, time::Time};

use super::{
    KeyError, PublicKey,
    malformed::problem,
    pem::{pem_block, to_pem},
};
use crate::ids::as_string;
use crate::language::{pick, tr};

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
        let refused = |_: der::Error| KeyError::Certificate(problem(der));
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
            key: PublicKey::from_spki(&spki).map_err(|error| told(error, &spki)),
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

    /// Serial number, upper-case hex.
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

    /// DER of `SubjectPublicKeyInfo`, of whatever algorithm.
    pub(super) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The public key as PEM (`SubjectPublicKeyInfo`), of whatever algorithm.
    pub fn public_key_pem(&self) -> String {
        to_pem("PUBLIC KEY", &self.spki)
    }

    /// The public key.
    ///
    /// # Errors
    /// When it is neither RSA nor ГОСТ Р 34.10-2012, or written wrongly.
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

/// A key of no use here is told by its kind.
fn told(error: KeyError, spki: &[u8]) -> KeyError {
    let info = || SubjectPublicKeyInfoOwned::from_der(spki).ok();
    match error {
        KeyError::Unsupported => info().map_or(error, |info| {
            KeyError::UnsupportedKind(match &*info.algorithm.oid.to_string() {
                "1.2.840.113549.1.1.1" => tr!("RSA из {} бит", "RSA of {} bits", bits(&info)),
                "1.2.840.113549.1.1.10" => pick("RSA только для PSS", "RSA for PSS only").to_owned(),
                "1.2.840.10045.2.1" => "EC (ECDSA)".to_owned(),
                "1.2.840.10040.4.1" => "DSA".to_owned(),
                "1.3.101.112" => "Ed25519".to_owned(),
                "1.3.101.113" => "Ed448".to_owned(),
                "1.2.643.2.2.19" => pick("ГОСТ Р 34.10-2001", "GOST R 34.10-2001").to_owned(),
                other => other.to_owned(),
            })
        }),
        error => error,
    }
}

/// Length of the modulus of an RSA key.
fn bits(info: &SubjectPublicKeyInfoOwned) -> usize {
    let numbers = Vec::<Uint>::from_der(info.subject_public_key.raw_bytes()).unwrap_or_default();
    numbers.first().map_or(0, |modulus| modulus.as_bytes().len() * 8)
}

fn instant(time: Time) -> DateTime<Utc> {
    let seconds = time.to_unix_duration().as_secs();
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
