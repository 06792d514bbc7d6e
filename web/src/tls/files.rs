//! A certificate and a key that somebody brings.

use std::{fs, path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use worlds::{SystemWall, WallClock as _};
use x509_cert::der::Decode as _;

use super::TlsError;

/// The longest file that is read, bytes.
const LONGEST: u64 = 1024 * 1024;

/// The certificate of a server and those under which it stands, and its key, from two files in PEM.
///
/// # Errors
/// A file that cannot be read or holds something else; a key of another certificate; one that is not valid now.
pub(super) fn certified(certificate: &Path, key: &Path) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain = certificates(certificate)?;
    for certificate_in_chain in &chain {
        in_force(certificate, certificate_in_chain)?;
    }
    let text = read(key)?;
    let private = PrivateKeyDer::from_pem_slice(&text).map_err(|_| {
        let is_locked = String::from_utf8_lossy(&text).contains("ENCRYPTED");
        if is_locked { TlsError::LockedKey(key.to_owned()) } else { TlsError::NoKey(key.to_owned()) }
    })?;
    let mismatch = || TlsError::Mismatch { certificate: certificate.to_owned(), key: key.to_owned() };
    let provider = aws_lc_rs::default_provider();
    let signing = provider.key_provider.load_private_key(private).map_err(|_| TlsError::NoKey(key.to_owned()))?;
    let certified = CertifiedKey::new(chain, signing);
    certified.keys_match().map_err(|_| mismatch())?;
    Ok(Arc::new(certified))
}

/// All certificates of a file in PEM.
///
/// # Errors
/// A file that cannot be read, or one without a certificate.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(path)?;
    let none = || TlsError::NoCertificate(path.to_owned());
    let found = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>().map_err(|_| none())?;
    let is_readable = |der: &CertificateDer<'_>| x509_cert::Certificate::from_der(der).is_ok();
    if found.is_empty() || !found.iter().all(is_readable) { Err(none()) } else { Ok(found) }
}

/// Whether a certificate is valid now.
///
/// # Errors
/// One that is not; `path` is the file that it is from.
pub(super) fn in_force(path: &Path, certificate: &CertificateDer<'_>) -> Result<(), TlsError> {
    let none = |_| TlsError::NoCertificate(path.to_owned());
    let read = x509_cert::Certificate::from_der(certificate).map_err(none)?;
    let validity = read.tbs_certificate().validity();
    let instant = |time: &x509_cert::time::Time| DateTime::<Utc>::from(time.to_system_time());
    let (from, until, now) = (instant(&validity.not_before), instant(&validity.not_after), SystemWall.now());
    if now > until {
        return Err(TlsError::Expired { path: path.to_owned(), until });
    }
    if now < from {
        return Err(TlsError::NotYet { path: path.to_owned(), from });
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let length = fs::metadata(path).map_err(TlsError::at(path))?.len();
    if length > LONGEST {
        return Err(TlsError::at(path)(std::io::ErrorKind::FileTooLarge.into()));
    }
    fs::read(path).map_err(TlsError::at(path))
}
