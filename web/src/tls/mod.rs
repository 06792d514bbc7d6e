//! TLS: certificates that a server shows, those that are wrong on purpose, and whom its own requests trust.

mod ca;
mod client;
mod error;
mod fault;
mod files;
mod folder;
mod old_protocol;
mod ports;
mod refusal;
mod resolver;
mod serving;
mod verifier;

pub use ca::CertificateAuthority;
pub use client::{http_client, trust};
pub use error::TlsError;
pub use fault::{Met, TlsFault};
pub(crate) use old_protocol::offer;
pub use ports::{FaultyPort, TlsPorts};
pub use refusal::TlsRefusal;
pub(crate) use serving::Handshake;
pub use serving::{Names, Tls};
