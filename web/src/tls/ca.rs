//! The stand's own certificate authority (CA): made once, it vouches for the names of the servers.

use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Days, Utc};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData as _, date_time_ymd,
};
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};
use sha2::{Digest as _, Sha256};
use worlds::{SystemWall, WallClock as _};

use super::TlsError;

/// How long the CA is valid, days.
const CA_DAYS: u64 = 3_650;
/// How long a server's certificate is valid, days: browsers refuse more than 398.
const LEAF_DAYS: u64 = 397;

/// A CA: its key, its certificate.
pub struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
}

/// When a server's certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// From yesterday for [`LEAF_DAYS`].
    Current,
    /// Until the day before yesterday.
    Past,
}

impl CertificateAuthority {
    /// A new CA, whose key is in memory alone.
    ///
    /// # Errors
    /// When the library refuses, which it has no reason to.
    pub fn new() -> Result<Self, TlsError> {
        let key = KeyPair::generate().map_err(TlsError::refused)?;
        let certificate = params_of(&key).self_signed(&key).map_err(TlsError::refused)?;
        Ok(Self::of(key, certificate.der().clone(), certificate.pem()))
    }

    /// The CA of a key that [`Self::new`] has made, with its certificate in both forms.
    pub(super) fn of(key: KeyPair, certificate: CertificateDer<'static>, pem: String) -> Self {
        Self { issuer: Issuer::new(params_of(&key), key), certificate, pem }
    }

    /// The CA's certificate in PEM, for whoever is to trust the servers.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The CA's certificate in DER.
    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The CA's private key in PEM (PKCS#8).
    pub(super) fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// A new key with a certificate of this CA for these names.
    ///
    /// # Errors
    /// When the library refuses.
    pub(super) fn issue(&self, names: Vec<String>, term: Term) -> Result<Arc<CertifiedKey>, TlsError> {
        let key = KeyPair::generate().map_err(TlsError::refused)?;
        let certificate = self.certificate_for(&key, names, term)?;
        let private = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let provider = aws_lc_rs::default_provider();
        let issued = CertifiedKey::from_der(vec![certificate.der().clone()], private, &provider);
        issued.map(Arc::new).map_err(TlsError::refused)
    }

    /// A certificate for these names alone, of an RSA key that nobody keeps.
    ///
    /// # Errors
    /// When the library refuses.
    pub(super) fn issue_rsa(&self, names: Vec<String>) -> Result<CertificateDer<'static>, TlsError> {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).map_err(TlsError::refused)?;
        Ok(self.certificate_for(&key, names, Term::Current)?.der().clone())
    }

    fn certificate_for(&self, key: &KeyPair, names: Vec<String>, term: Term) -> Result<Certificate, TlsError> {
        let today = SystemWall.now();
        let (from, until) = match term {
            Term::Current => (before(today, 1), today + Days::new(LEAF_DAYS)),
            Term::Past => (before(today, 30), before(today, 2)),
        };
        let mut params = CertificateParams::new(names).map_err(TlsError::refused)?;
        params.distinguished_name.push(DnType::CommonName, "esia-stand");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        set_term(&mut params, from, until);
        params.signed_by(key, &self.issuer).map_err(TlsError::refused)
    }
}

impl std::fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CertificateAuthority").finish_non_exhaustive()
    }
}

/// What the certificate of a CA says. Its name follows from its key, so that two of them are told apart in a list of CAs.
fn params_of(key: &KeyPair) -> CertificateParams {
    let today = SystemWall.now();
    let fingerprint = hex::encode(&Sha256::digest(key.der_bytes())[..4]);
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "esia-stand");
    params.distinguished_name.push(DnType::CommonName, format!("esia-stand test CA {fingerprint}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_term(&mut params, before(today, 1), today + Days::new(CA_DAYS));
    params
}

fn before(at: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    at.checked_sub_days(Days::new(days)).unwrap_or(at)
}

/// Sets the first and the last day of validity.
fn set_term(params: &mut CertificateParams, from: DateTime<Utc>, until: DateTime<Utc>) {
    let month = |at: DateTime<Utc>| u8::try_from(at.month()).unwrap_or(1);
    let day = |at: DateTime<Utc>| u8::try_from(at.day()).unwrap_or(1);
    params.not_before = date_time_ymd(from.year(), month(from), day(from));
    params.not_after = date_time_ymd(until.year(), month(until), day(until));
}
