//! New keys and self-signed certificates.

use std::ops::RangeInclusive;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rand,
    rsa::{KeyPair, KeySize},
};
use chrono::{DateTime, Utc};
use der::{
    Any, DateTime as DerTime, Encode as _, Tag,
    asn1::{BitString, GeneralizedTime, ObjectIdentifier, Uint, UtcTime},
};
use sha2::{Digest as _, Sha256};
use x509_cert::{
    name::Name,
    spki::AlgorithmIdentifierOwned,
    time::{Time, Validity},
};

use super::{Algorithm, Certificate, KeyError, SigningKey, pem::to_pem};
use crate::gost::{ParamSet, SecretKey};

/// A kind of key that can be made for whoever has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with 2048 bits.
    Rsa2048,
    /// ГОСТ Р 34.10-2012 with 256 bits, `CryptoPro` A: what gost-engine makes when nothing else is asked for.
    Gost256,
}

impl SigningKey {
    /// A new key, and its PEM: PKCS#8, not encrypted. RSA takes tenths of a second. The random values are the operating
    /// system's: a key is nothing that a world could replay.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the library refuses, which it has no reason to.
    pub fn generate(kind: KeyKind) -> Result<(Self, String), KeyError> {
        let pkcs8 = match kind {
            KeyKind::Rsa2048 => {
                let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Signing)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Signing)?;
                der.as_ref().to_vec()
            }
            KeyKind::Gost256 => gost(ParamSet::CryptoProA)?.to_pkcs8()?,
        };
        let pem = to_pem("PRIVATE KEY", &pkcs8);
        Ok((Self::from_pem(&pem)?, pem))
    }
}

fn gost(params: ParamSet) -> Result<SecretKey, KeyError> {
    let mut bytes = vec![0; params.size()];
    // Most numbers of this length are keys.
    for _ in 0..128 {
        rand::fill(&mut bytes).map_err(|_| KeyError::Signing)?;
        if let Some(key) = SecretKey::from_bytes(params, &bytes) {
            return Ok(key);
        }
    }
    Err(KeyError::Signing)
}

impl Certificate {
    /// A certificate that a key gives itself: X.509 of the third version without extensions (RFC 5280 §4.1, RFC 9215 §2).
    /// Its number is made from the key. `subject` is written as RFC 4514 has it; `valid` is from the first
    /// instant of validity to the last.
    ///
    /// # Errors
    /// [`KeyError::Certificate`] when the subject or a date cannot be written.
    pub fn self_signed(
        key: &SigningKey,
        subject: &str,
        valid: RangeInclusive<DateTime<Utc>>,
    ) -> Result<Self, KeyError> {
        let spki = key.public_key()?.spki().to_owned();
        let refused = |error: der::Error| KeyError::Certificate(error.to_string());
        let name = subject.parse::<Name>().and_then(|name| name.to_der()).map_err(refused)?;
        let body = body(key, &name, &spki, &valid).map_err(refused)?;
        let signature = key.sign(&body)?;
        let whole = || {
            let parts = [body.clone(), algorithm(key)?.to_der()?, BitString::from_bytes(&signature)?.to_der()?];
            sequence(&parts)
        };
        Self::from_der(&whole().map_err(refused)?)
    }
}

fn body(key: &SigningKey, name: &[u8], spki: &[u8], valid: &RangeInclusive<DateTime<Utc>>) -> der::Result<Vec<u8>> {
    let version = Any::new(Tag::ContextSpecific { constructed: true, number: der::TagNumber(0) }, 2_u8.to_der()?)?;
    let digest = Sha256::digest(spki);
    // Positive, and not zero.
    let number = [&[0x40 | digest[0] & 0x3F], &digest[1..16]].concat();
    let validity: Validity = Validity::new(time(*valid.start())?, time(*valid.end())?);
    sequence(&[
        version.to_der()?,
        Uint::new(&number)?.to_der()?,
        algorithm(key)?.to_der()?,
        name.to_vec(),
        validity.to_der()?,
        name.to_vec(),
        spki.to_vec(),
    ])
}

fn sequence(parts: &[Vec<u8>]) -> der::Result<Vec<u8>> {
    Any::new(Tag::Sequence, parts.concat())?.to_der()
}

/// What certificates are signed with: with SHA-256 (RFC 4055 §5), or Streebog of the key's length (RFC 9215 §2).
fn algorithm(key: &SigningKey) -> der::Result<AlgorithmIdentifierOwned> {
    let (oid, parameters) = match key.algorithm() {
        Algorithm::Rsa => ("1.2.840.113549.1.1.11", Some(Any::null())),
        Algorithm::Gost256 => ("1.2.643.7.1.1.3.2", None),
        Algorithm::Gost512 => ("1.2.643.7.1.1.3.3", None),
    };
    let oid = ObjectIdentifier::new(oid).map_err(|_| der::ErrorKind::OidMalformed)?;
    Ok(AlgorithmIdentifierOwned { oid, parameters })
}

/// `UTCTime` until 2049, `GeneralizedTime` after (RFC 5280 §4.1.2.5).
fn time(at: DateTime<Utc>) -> der::Result<Time> {
    let seconds = u64::try_from(at.timestamp()).map_err(|_| der::ErrorKind::DateTime)?;
    let at = DerTime::from_unix_duration(std::time::Duration::from_secs(seconds))?;
    if at.year() < 2050 {
        UtcTime::from_date_time(at).map(Time::UtcTime)
    } else {
        Ok(Time::GeneralTime(GeneralizedTime::from_date_time(at)))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;
    use crate::cms::{sign_detached, verify};

    fn term(from: &str, until: &str) -> RangeInclusive<DateTime<Utc>> {
        from.parse().unwrap()..=until.parse().unwrap()
    }

    #[test]
    fn a_new_key_signs_and_its_certificate_says_whose_it_is() {
        let term = term("2024-09-01T00:00:00Z", "2061-09-01T00:00:00Z");
        for (kind, algorithm) in [(KeyKind::Rsa2048, Algorithm::Rsa), (KeyKind::Gost256, Algorithm::Gost256)] {
            let (key, pem) = SigningKey::generate(kind).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            let certificate = Certificate::self_signed(&key, "CN=MY-SITE,O=esia-stand", term.clone()).unwrap();
            assert_eq!(certificate.subject(), "CN=MY-SITE,O=esia-stand");
            assert_eq!(certificate.not_before()..=certificate.not_after(), term);
            let read = SigningKey::from_pem(&pem).unwrap();
            assert_eq!(read.check_certificate(&certificate), Ok(()));
            let cms = sign_detached(b"string", &read, &certificate, *term.start()).unwrap();
            assert!(verify(&cms, b"string", std::slice::from_ref(&certificate)).is_ok());
            let (other, _) = SigningKey::generate(kind).unwrap();
            assert_eq!(other.check_certificate(&certificate), Err(KeyError::Mismatch), "two keys are two keys");
        }
    }

    #[test]
    fn openssl_reads_key_and_certificate_and_finds_the_signature_right() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        for kind in [KeyKind::Rsa2048, KeyKind::Gost256] {
            let (key, pem) = SigningKey::generate(kind).unwrap();
            let term = term("2024-09-01T00:00:00Z", "2044-09-01T00:00:00Z");
            let certificate = Certificate::self_signed(&key, "CN=MY-SITE", term).unwrap();
            fs::write(file("key.pem"), &pem).unwrap();
            fs::write(file("certificate.pem"), certificate.pem()).unwrap();
            fs::write(file("text"), "text").unwrap();
            let run = |line: &str| {
                let (name, options) = line.split_once(' ').unwrap();
                let mut openssl = Command::new("openssl");
                openssl.arg(name).args((kind == KeyKind::Gost256).then_some(["-engine", "gost"]).into_iter().flatten());
                let output = openssl.args(options.split(' ')).current_dir(folder.path()).output().unwrap();
                assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            };
            run("verify -check_ss_sig -no_check_time -CAfile certificate.pem certificate.pem");
            run("smime -sign -in text -signer certificate.pem -inkey key.pem -outform DER -out signed");
            let cms = fs::read(file("signed")).unwrap();
            assert!(verify(&cms, b"text", std::slice::from_ref(&certificate)).is_ok());
        }
    }

    #[test]
    fn a_subject_that_cannot_be_written_is_refused() {
        let (key, _) = SigningKey::generate(KeyKind::Gost256).unwrap();
        let term = term("2024-09-01T00:00:00Z", "2025-09-01T00:00:00Z");
        let refused = Certificate::self_signed(&key, "no name", term).unwrap_err();
        assert_eq!(refused.code(), "key-certificate");
    }
}
