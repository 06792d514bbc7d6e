//! Why there is no TLS.

use std::{io, path::PathBuf};

use chrono::{DateTime, Utc};

/// Why a certificate or a key does not serve.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// There is no certificate in a file, or one that cannot be read.
    #[error("{}: no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
    /// There is no private key in a file, or one that cannot be read.
    #[error("{}: no private key in PEM", .0.display())]
    NoKey(PathBuf),
    /// A private key is encrypted with a password.
    #[error("{}: the private key is encrypted", .0.display())]
    LockedKey(PathBuf),
    /// The key belongs to another certificate.
    #[error("the key {} is of another certificate than {}", key.display(), certificate.display())]
    Mismatch {
        /// File of the certificate.
        certificate: PathBuf,
        /// File of the key.
        key: PathBuf,
    },
    /// A certificate is not valid any more.
    #[error("{}: the certificate was valid until {until}", path.display())]
    Expired {
        /// The file that it is in.
        path: PathBuf,
        /// The last instant at which it was valid.
        until: DateTime<Utc>,
    },
    /// A certificate is not valid yet.
    #[error("{}: the certificate is valid from {from}", path.display())]
    NotYet {
        /// The file that it is in.
        path: PathBuf,
        /// The first instant at which it is valid.
        from: DateTime<Utc>,
    },
    /// The file of the stand's CA does not hold what was written into it.
    #[error("{}: not a CA of esia-stand", .0.display())]
    NotOurs(PathBuf),
    /// The library refuses.
    #[error("{0}")]
    Refused(String),
}

impl TlsError {
    /// A refusal of a library.
    pub(super) fn refused(error: impl std::fmt::Display) -> Self {
        Self::Refused(error.to_string())
    }

    /// For errors of one file or folder.
    pub(super) fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::File { path, error }
    }
}
