//! The CA of a folder: the same at every start, so that those who trust it need not be told again.

use std::{fs, io, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use rcgen::KeyPair;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject as _};

use super::{CertificateAuthority, TlsError, ca::Term, files};

/// The key and the certificate together, for the stand alone.
const SECRET: &str = "ca.key.pem";
/// The certificate, for whoever is to trust it.
const PUBLIC: &str = "ca.pem";

impl CertificateAuthority {
    /// The CA of a folder: the one that is there, or a new one. The key is readable by its owner alone; the certificate is
    /// beside it as `ca.pem`.
    ///
    /// # Errors
    /// A folder that cannot be read or written; a file that is no CA of ours; a CA that is not valid any more.
    pub fn in_folder(folder: &Path) -> Result<Self, TlsError> {
        fs::create_dir_all(folder).map_err(TlsError::at(folder))?;
        let path = folder.join(SECRET);
        let ca = match fs::read(&path) {
            Ok(kept) => read(&path, &kept)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => made(&path)?,
            Err(error) => return Err(TlsError::at(&path)(error)),
        };
        let public = folder.join(PUBLIC);
        if fs::read_to_string(&public).ok().as_deref() != Some(ca.pem()) {
            fs::write(&public, ca.pem()).map_err(TlsError::at(&public))?;
        }
        Ok(ca)
    }
}

/// A new CA in a file, which appears with all that is in it; one that another process has made meanwhile is taken instead.
fn made(path: &Path) -> Result<CertificateAuthority, TlsError> {
    let ca = CertificateAuthority::new()?;
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    let written = options.write(true).create(true).truncate(true).mode(0o600).open(&fresh);
    let written = written.and_then(|mut file| {
        file.write_all(format!("{}{}", ca.key_pem(), ca.pem()).as_bytes())?;
        file.sync_all()
    });
    let placed = written.and_then(|()| fs::hard_link(&fresh, path));
    let _ = fs::remove_file(&fresh);
    match placed {
        Ok(()) => Ok(ca),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read(path, &fs::read(path).map_err(TlsError::at(path))?)
        }
        Err(error) => Err(TlsError::at(path)(error)),
    }
}

fn read(path: &Path, kept: &[u8]) -> Result<CertificateAuthority, TlsError> {
    let not_ours = || TlsError::NotOurs(path.to_owned());
    let key = PrivatePkcs8KeyDer::from_pem_slice(kept).map_err(|_| not_ours())?;
    let certificate = CertificateDer::from_pem_slice(kept).map_err(|_| not_ours())?;
    files::in_force(path, &certificate)?;
    let key = KeyPair::try_from(&key).map_err(|_| not_ours())?;
    let pem = esia::Certificate::from_der(&certificate).map_err(|_| not_ours())?.pem();
    let ca = CertificateAuthority::of(key, certificate, pem);
    let leaf = ca.issue(vec!["localhost".to_owned()], Term::Current)?;
    // What the CA issues must be found right by whoever trusts its certificate.
    super::verifier::vouches(ca.certificate(), leaf.end_entity_cert().map_err(TlsError::refused)?)
        .map_err(|_| not_ours())?;
    Ok(ca)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_keeps_its_ca_and_nobody_else_reads_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("tls");
        let first = CertificateAuthority::in_folder(&inner).unwrap();
        let again = CertificateAuthority::in_folder(&inner).unwrap();
        assert_eq!(first.pem(), again.pem());
        assert_eq!(first.key_pem(), again.key_pem());
        assert_eq!(fs::read_to_string(inner.join("ca.pem")).unwrap(), first.pem());
        assert_eq!(fs::metadata(inner.join("ca.key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 2, "nothing is left over");
        fs::remove_file(inner.join("ca.pem")).unwrap();
        CertificateAuthority::in_folder(&inner).unwrap();
        assert_eq!(fs::read_to_string(inner.join("ca.pem")).unwrap(), first.pem());
    }

    #[test]
    fn what_is_no_ca_of_ours_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (CertificateAuthority::new().unwrap(), CertificateAuthority::new().unwrap());
        for text in ["", "no PEM", &one.key_pem(), &format!("{}{}", one.key_pem(), other.pem())] {
            fs::write(folder.path().join("ca.key.pem"), text).unwrap();
            let refused = CertificateAuthority::in_folder(folder.path()).unwrap_err();
            assert!(matches!(refused, TlsError::NotOurs(_)), "{refused}");
            assert_eq!(fs::read_to_string(folder.path().join("ca.key.pem")).unwrap(), text);
        }
    }
}
