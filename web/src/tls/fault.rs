//! TLS that is wrong on purpose, on a port of its own: which world a client means is not known before it has agreed.

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong with the TLS of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsFault {
    /// The certificate is not valid any more.
    Expired,
    /// The certificate is of another host.
    WrongHost,
    /// The certificate is issued by a CA that nobody knows.
    UnknownCa,
    /// Only TLS 1.1 is spoken (RFC 8996).
    OldProtocol,
}

impl TlsFault {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Expired, Self::WrongHost, Self::UnknownCa, Self::OldProtocol];

    /// Its name in the catalogue of faults.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "net.tls-expired",
            Self::WrongHost => "net.tls-wrong-host",
            Self::UnknownCa => "net.tls-unknown-ca",
            Self::OldProtocol => "net.tls-old-protocol",
        }
    }
}

/// How clients have met a port whose TLS is wrong on purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Met {
    /// How many times a client refused to connect, as a right one does every time.
    #[schema(example = 1)]
    pub refused: u64,
    /// How many times a client went on all the same.
    #[schema(example = 0)]
    pub accepted: u64,
    /// How the last one refused, in the words of the TLS library.
    #[schema(example = "received fatal alert: CertificateExpired")]
    pub last: Option<String>,
}

/// A tally of that.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<Met>);

impl Tally {
    pub(super) fn read(&self) -> Met {
        self.0.lock().clone()
    }

    /// Notes why a client refused; `None` for one that has asked something all the same.
    pub(super) fn note(&self, refused: Option<String>) {
        let mut met = self.0.lock();
        let counted = if refused.is_some() { &mut met.refused } else { &mut met.accepted };
        *counted += 1;
        met.last = refused;
    }
}
