//! TLS as a server serves it.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    sync::Arc,
};

use parking_lot::Mutex;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::CertificateDer,
    server::ResolvesServerCert,
    sign::{CertifiedKey, SingleCertAndKey},
};
use url::Url;

use super::{
    CertificateAuthority, Met, TlsError, TlsFault,
    ca::Term,
    fault::Tally,
    files,
    resolver::{Asked, ByName, Certified},
};

/// The host whose certificate is shown where it is to be another one's.
const ANOTHER_HOST: &str = "another-host.invalid";

/// By which names clients reach a server.
#[derive(Debug, Clone)]
pub struct Names {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The base URL that clients use, when a proxy stands in front.
    pub public_url: Option<Url>,
}

/// What a server needs to speak TLS 1.2 and 1.3, or to speak it wrongly on purpose.
#[derive(Debug, Clone)]
pub struct Tls {
    source: Arc<Source>,
    wrong: Option<Arc<Wrong>>,
}

#[derive(Debug)]
enum Source {
    /// Certificates of a CA.
    Issued(Issued),
    /// One certificate that was brought.
    Brought(Arc<ServerConfig>),
    /// A certificate for TLS 1.1.
    Old(CertificateDer<'static>),
}

/// Certificates of a CA: of each address of this machine that a connection comes to, one of its own.
#[derive(Debug)]
struct Issued {
    ca: Arc<CertificateAuthority>,
    certified: Certified,
    configs: Mutex<BTreeMap<IpAddr, Arc<ServerConfig>>>,
}

#[derive(Debug)]
struct Wrong {
    fault: TlsFault,
    tally: Tally,
}

/// How a handshake with a client is led.
pub(crate) enum Handshake<'t> {
    /// By the library.
    Led(Arc<ServerConfig>),
    /// As a server would that speaks TLS 1.1 alone, with this certificate.
    Old(&'t CertificateDer<'static>),
}

impl Tls {
    /// With certificates that a CA issues for the server's names.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn of_ca(ca: &Arc<CertificateAuthority>, names: &Names) -> Result<Self, TlsError> {
        let issued = Issued::new(Arc::clone(ca), certified(names));
        issued.config(names.listen.ip())?;
        Ok(Self { source: Arc::new(Source::Issued(issued)), wrong: None })
    }

    /// With a certificate and its key from files in PEM.
    ///
    /// # Errors
    /// Files that do not hold them, or that do not belong together; a certificate that is not valid now.
    pub fn of_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let certified: CertifiedKey = Arc::unwrap_or_clone(files::certified(certificate, key)?);
        let config = config(Arc::new(SingleCertAndKey::from(certified)))?;
        Ok(Self { source: Arc::new(Source::Brought(config)), wrong: None })
    }

    /// Wrong on purpose; but for the fault, as [`Self::of_ca`].
    ///
    /// # Errors
    /// When the library refuses.
    pub fn faulty(ca: &Arc<CertificateAuthority>, names: &Names, fault: TlsFault) -> Result<Self, TlsError> {
        let usual = certified(names);
        let issued = |ca, certified| Source::Issued(Issued::new(ca, certified));
        let source = match fault {
            TlsFault::Expired => issued(Arc::clone(ca), Certified { term: Term::Past, ..usual }),
            TlsFault::WrongHost => {
                let always = vec![ANOTHER_HOST.to_owned()];
                issued(Arc::clone(ca), Certified { always, asked: Asked::Nothing, ..usual })
            }
            TlsFault::UnknownCa => issued(Arc::new(CertificateAuthority::new()?), usual),
            TlsFault::OldProtocol => Source::Old(ca.issue_rsa(usual.always)?),
        };
        let wrong = Wrong { fault, tally: Tally::default() };
        Ok(Self { source: Arc::new(source), wrong: Some(Arc::new(wrong)) })
    }

    /// The certificate of the stand's own CA in PEM, where there is one.
    pub fn ca_pem(&self) -> Option<&str> {
        match &*self.source {
            Source::Issued(issued) => Some(issued.ca.pem()),
            Source::Brought(_) | Source::Old(_) => None,
        }
    }

    /// What is wrong on purpose, if anything is, and how clients have met it.
    pub fn met(&self) -> Option<(TlsFault, Met)> {
        self.wrong.as_ref().map(|wrong| (wrong.fault, wrong.tally.read()))
    }

    /// Notes how a client met TLS that is wrong on purpose, if it is: why it refused, or `None` for one that has asked
    /// something all the same.
    pub(crate) fn note(&self, refused: Option<String>) {
        if let Some(wrong) = &self.wrong {
            wrong.tally.note(refused);
        }
    }

    /// For a connection that has come to an address of this machine.
    ///
    /// # Errors
    /// When the library refuses.
    pub(crate) fn handshake(&self, local: IpAddr) -> Result<Handshake<'_>, TlsError> {
        Ok(match &*self.source {
            Source::Issued(issued) => Handshake::Led(issued.config(local)?),
            Source::Brought(config) => Handshake::Led(Arc::clone(config)),
            Source::Old(certificate) => Handshake::Old(certificate),
        })
    }
}

impl Issued {
    fn new(ca: Arc<CertificateAuthority>, certified: Certified) -> Self {
        Self { ca, certified, configs: Mutex::default() }
    }

    fn config(&self, local: IpAddr) -> Result<Arc<ServerConfig>, TlsError> {
        let local = local.to_canonical();
        let mut configs = self.configs.lock();
        if let Some(config) = configs.get(&local) {
            return Ok(Arc::clone(config));
        }
        let mut certified = self.certified.clone();
        let address = local.to_string();
        let is_named = certified.always.contains(&address) || certified.asked == Asked::Nothing;
        if !is_named && !local.is_unspecified() {
            certified.always.push(address);
        }
        let made = config(Arc::new(ByName::new(Arc::clone(&self.ca), certified)?))?;
        configs.insert(local, Arc::clone(&made));
        Ok(made)
    }
}

/// What is certified of a server.
fn certified(names: &Names) -> Certified {
    let mut always = ["localhost", "*.localhost"].map(str::to_owned).to_vec();
    always.extend([Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()]);
    let public = names.public_url.as_ref().and_then(Url::host_str);
    let public = public.map(|host| host.trim_matches(['[', ']']).trim_end_matches('.').to_owned());
    if let Some(host) = public.filter(|host| !always.contains(host)) {
        always.push(host);
    }
    let asked = if names.listen.ip().is_loopback() { Asked::Loopback } else { Asked::Any };
    Certified { always, asked, term: Term::Current }
}

fn config(certificates: Arc<dyn ResolvesServerCert>) -> Result<Arc<ServerConfig>, TlsError> {
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(TlsError::refused)?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
