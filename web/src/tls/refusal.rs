//! Why this program did not come to an agreement with a server over TLS.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

/// What was wrong with the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsRefusal {
    /// Its certificate is issued by nobody whom this program trusts.
    UnknownIssuer,
    /// Its certificate is not valid any more, or not yet.
    NotInForce,
    /// Its certificate is of another host.
    OtherHost,
    /// It speaks no TLS.
    NoTls,
    /// It speaks nothing newer than TLS 1.1, or nothing of what this program speaks.
    OldProtocol,
    /// In the words of the library.
    Other(String),
}

impl TlsRefusal {
    /// The refusal in an error of an HTTP client, if it is one of TLS.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut inner = Some(error);
        while let Some(error) = inner {
            if let Some(refused) = error.downcast_ref::<Error>() {
                return Some(Self::of_library(refused));
            }
            // What an error of input and output wraps is no source of it.
            let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            inner = wrapped.map(|wrapped| wrapped as &(dyn std::error::Error + 'static)).or_else(|| error.source());
        }
        None
    }

    fn of_library(error: &Error) -> Self {
        use CertificateError as Wrong;
        match error {
            Error::InvalidCertificate(Wrong::UnknownIssuer) => Self::UnknownIssuer,
            Error::InvalidCertificate(
                Wrong::Expired | Wrong::ExpiredContext { .. } | Wrong::NotValidYet | Wrong::NotValidYetContext { .. },
            ) => Self::NotInForce,
            Error::InvalidCertificate(Wrong::NotValidForName | Wrong::NotValidForNameContext { .. }) => Self::OtherHost,
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NoTls,
            Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion) => Self::OldProtocol,
            other => Self::Other(other.to_string()),
        }
    }
}
