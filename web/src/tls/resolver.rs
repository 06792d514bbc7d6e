//! Which certificate a connection is shown: one for the very name that the client asks for, as far as the server goes by it.

use std::{collections::BTreeMap, sync::Arc};

use parking_lot::Mutex;
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::{CertificateAuthority, TlsError, ca::Term};

/// So many certificates are kept; the names are the clients' own.
const KEPT: usize = 1_000;

/// Which names a client may ask for besides those that are always certified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// `name.localhost`, for worlds.
    Loopback,
    /// Any: the server is in a network, where it is called as the network likes.
    Any,
    /// None: what is wrong with the certificate is its name.
    Nothing,
}

/// What is certified.
#[derive(Debug, Clone)]
pub(super) struct Certified {
    /// Names and addresses that stand in every certificate.
    pub(super) always: Vec<String>,
    pub(super) asked: Asked,
    pub(super) term: Term,
}

/// Certificates of a CA by name.
#[derive(Debug)]
pub(super) struct ByName {
    ca: Arc<CertificateAuthority>,
    certified: Certified,
    /// For those who ask for no name, or for one that is in every certificate.
    usual: Arc<CertifiedKey>,
    made: Mutex<BTreeMap<String, Arc<CertifiedKey>>>,
}

impl ByName {
    /// # Errors
    /// When no certificate can be issued.
    pub(super) fn new(ca: Arc<CertificateAuthority>, certified: Certified) -> Result<Self, TlsError> {
        let usual = ca.issue(certified.always.clone(), certified.term)?;
        Ok(Self { ca, certified, usual, made: Mutex::default() })
    }

    /// The certificate for a name in small letters; `None` when the usual one serves.
    fn named(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let is_issued = match self.certified.asked {
            Asked::Loopback => name.ends_with(".localhost"),
            Asked::Any => true,
            Asked::Nothing => false,
        };
        if !is_issued || self.certified.always.iter().any(|known| known == name) {
            return None;
        }
        let mut made = self.made.lock();
        if let Some(known) = made.get(name) {
            return Some(Arc::clone(known));
        }
        let names = self.certified.always.iter().cloned().chain([name.to_owned()]).collect();
        let issued = self.ca.issue(names, self.certified.term);
        let issued = issued.inspect_err(|error| tracing::warn!(%error, "a certificate could not be issued")).ok()?;
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(name.to_owned(), Arc::clone(&issued));
        Some(issued)
    }
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let named = hello.server_name().and_then(|name| self.named(&name.to_ascii_lowercase()));
        Some(named.unwrap_or_else(|| Arc::clone(&self.usual)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_has_a_certificate_of_its_name_and_strangers_have_none() {
        let ca = Arc::new(CertificateAuthority::new().unwrap());
        let certified = |asked| Certified {
            always: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            asked,
            term: Term::Current,
        };
        let loopback = ByName::new(Arc::clone(&ca), certified(Asked::Loopback)).unwrap();
        assert!(loopback.named("localhost").is_none() && loopback.named("evil.example").is_none());
        let world = loopback.named("w.localhost").unwrap();
        assert!(Arc::ptr_eq(&world, &loopback.named("w.localhost").unwrap()), "made once");
        let any = ByName::new(ca, certified(Asked::Any)).unwrap();
        assert!(any.named("idp").is_some());
    }
}
