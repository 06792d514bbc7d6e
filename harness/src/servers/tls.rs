//! TLS of a server, chosen by its options, and the errors of that choice.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use url::Url;
use web::{Bound, CertificateAuthority, FaultyPort, Names, Settings, Tls, TlsError, TlsFault};

use super::listen::taken;
use crate::{
    exit::CliError,
    language::{pick, tr},
    words::{moscow, of_system},
};

/// File name of the CA's certificate in its folder.
pub(super) const CA_FILE: &str = "ca.pem";

/// Largest first port that leaves one port for each of the other faults.
const LAST_FIRST: u16 = u16::MAX - 3;

/// TLS options of the command line.
#[derive(Debug, Clone, Default)]
pub struct TlsOptions {
    /// `--tls`: whether the server uses https at all.
    pub tls: bool,
    /// `--tls-dir`: folder of the CA.
    pub folder: Option<PathBuf>,
    /// `--tls-cert`: file of a certificate to use.
    pub certificate: Option<PathBuf>,
    /// `--tls-key`: file of the key of `--tls-cert`.
    pub key: Option<PathBuf>,
    /// `--tls-faults`, `--tls-faults-port`: first of the ports with faulty TLS, 0 for any free ports.
    pub faults: Option<u16>,
}

/// TLS of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TlsChoice {
    /// Plain HTTP without TLS.
    #[default]
    Plain,
    /// TLS with certificates of the stand's own CA.
    Own {
        /// Folder of the CA; in memory when `None`.
        folder: Option<PathBuf>,
        /// First of the ports with faulty TLS, 0 for any free ports; no such ports when `None`.
        faults: Option<u16>,
    },
    /// TLS with a given certificate and its key.
    Brought {
        /// File of the certificate, PEM.
        certificate: PathBuf,
        /// File of the key, PEM.
        key: PathBuf,
    },
}

/// TLS of a server that is already bound.
#[derive(Debug, Default)]
pub(super) struct Secured {
    pub(super) tls: Option<Tls>,
    /// Listeners with faulty TLS.
    pub(super) faulty: Vec<Bound>,
}

impl TlsChoice {
    /// Returns TLS with a temporary CA if wanted, otherwise plain HTTP.
    pub(crate) const fn own_if(is_wanted: bool) -> Self {
        if is_wanted { Self::Own { folder: None, faults: None } } else { Self::Plain }
    }

    /// Returns the choice that the options make.
    ///
    /// # Errors
    /// Fails if options contradict each other, or if one of a pair is missing.
    pub fn of(options: TlsOptions) -> Result<Self, CliError> {
        let TlsOptions { tls, folder, certificate, key, faults } = options;
        let own = folder.is_some() || faults.is_some();
        if faults.is_some_and(|first| first > LAST_FIRST) {
            return Err(CliError::wrong(tr!(
                "--tls-faults-port: портов четыре подряд, поэтому первый — не больше {LAST_FIRST}",
                "--tls-faults-port: there are four ports in a row, so the first is {LAST_FIRST} at most"
            )));
        }
        match (certificate, key) {
            (Some(_), Some(_)) if own => Err(CliError::wrong(pick(
                "--tls-cert — свой сертификат, а --tls-dir и --tls-faults — для тех, что выпускает стенд: уберите одно или другое",
                "--tls-cert brings a certificate, --tls-dir and --tls-faults are for those that the stand issues: take one or \
                 the other away",
            ))),
            (Some(certificate), Some(key)) => Ok(Self::Brought { certificate, key }),
            (None, None) if own || tls => Ok(Self::Own { folder, faults }),
            (None, None) => Ok(Self::Plain),
            (Some(_), None) => Err(CliError::wrong(pick(
                "--tls-cert нужен вместе с --tls-key: ключом от этого сертификата",
                "--tls-cert goes with --tls-key, the key of that certificate",
            ))),
            (None, Some(_)) => Err(CliError::wrong(pick(
                "--tls-key нужен вместе с --tls-cert: сертификатом, от которого этот ключ",
                "--tls-key goes with --tls-cert, the certificate that the key is of",
            ))),
        }
    }

    /// Returns the scheme of the server's URLs.
    pub(super) fn scheme(&self) -> &'static str {
        if *self == Self::Plain { "http" } else { "https" }
    }

    /// Creates TLS for a server that listens at an address.
    ///
    /// # Errors
    /// Fails if files cannot be used, or if a port is taken.
    pub(super) async fn secured(&self, listen: SocketAddr, public_url: Option<&Url>) -> Result<Secured, CliError> {
        let names = Names { listen, public_url: public_url.cloned() };
        match self {
            Self::Plain => Ok(Secured::default()),
            Self::Brought { certificate, key } => {
                let tls = Tls::of_files(certificate, key).map_err(|error| told(&error))?;
                Ok(Secured { tls: Some(tls), faulty: Vec::new() })
            }
            Self::Own { folder, faults } => {
                let ca = folder.as_deref().map_or_else(CertificateAuthority::new, CertificateAuthority::in_folder);
                let ca = ca.map(Arc::new).map_err(|error| told(&error))?;
                let tls = Tls::of_ca(&ca, &names).map_err(|error| told(&error))?;
                let faulty = match faults {
                    Some(first) => faulty(&ca, &names, *first).await?,
                    None => Vec::new(),
                };
                Ok(Secured { tls: Some(tls), faulty })
            }
        }
    }
}

impl Secured {
    /// Adds this TLS to the settings of a server.
    pub(super) fn settings(&self, settings: Settings) -> Settings {
        let port = |bound: &Bound| Some(FaultyPort { url: bound.url(), tls: bound.tls()?.clone() });
        Settings { tls: self.tls.clone(), tls_faults: self.faulty.iter().filter_map(port).collect(), ..settings }
    }
}

/// Binds a port for each TLS fault on the server's own IP address: consecutive ports from `first`, or free ones if it
/// is 0.
async fn faulty(ca: &Arc<CertificateAuthority>, names: &Names, first: u16) -> Result<Vec<Bound>, CliError> {
    let mut ports = Vec::new();
    for (fault, port) in TlsFault::ALL.into_iter().zip(first..=u16::MAX) {
        let tls = Tls::faulty(ca, names, fault).map_err(|error| told(&error))?;
        let listen = SocketAddr::new(names.listen.ip(), if first == 0 { 0 } else { port });
        match Bound::to(listen).await {
            Ok(bound) => ports.push(bound.over(Some(tls))),
            Err(error) => return Err(taken(listen, "--tls-faults-port", &error).await),
        }
    }
    Ok(ports)
}

/// Creates the CA of a folder, if there is none, and returns the file of its certificate.
///
/// # Errors
/// Fails if the folder cannot be used.
pub(super) fn ca_of(folder: &Path) -> Result<PathBuf, CliError> {
    CertificateAuthority::in_folder(folder).map_err(|error| told(&error))?;
    Ok(folder.join(CA_FILE))
}

/// Returns the error for a certificate or key that cannot be used, with advice.
pub(crate) fn told(error: &TlsError) -> CliError {
    CliError::wrong(match error {
        TlsError::File { path, error } => format!("{}: {}", path.display(), of_system(error)),
        TlsError::NoCertificate(path) => {
            let path = path.display();
            tr!(
                "{path}: здесь нет сертификата в виде PEM (-----BEGIN CERTIFICATE-----); из DER его делает openssl x509 -inform der",
                "{path}: there is no certificate in PEM (-----BEGIN CERTIFICATE-----); openssl x509 -inform der makes it of DER"
            )
        }
        TlsError::NoKey(path) => {
            let path = path.display();
            tr!(
                "{path}: здесь нет закрытого ключа RSA или ECDSA в виде PEM (-----BEGIN PRIVATE KEY-----)",
                "{path}: there is no private key of RSA or ECDSA in PEM (-----BEGIN PRIVATE KEY-----)"
            )
        }
        TlsError::LockedKey(path) => {
            let path = path.display();
            tr!(
                "{path}: ключ закрыт паролем, а сервер его не спрашивает; без пароля: openssl pkey -in {path} -out key.pem",
                "{path}: the key has a password, which the server does not ask for; without it: openssl pkey -in {path} -out key.pem"
            )
        }
        TlsError::Mismatch { certificate, key } => {
            let (certificate, key) = (certificate.display(), key.display());
            tr!(
                "ключ {key} не от сертификата {certificate}: назовите тот, с которым сертификат выпускали",
                "the key {key} is not of the certificate {certificate}: name the one that the certificate was issued for"
            )
        }
        TlsError::Expired { path, until } => {
            let (path, until) = (path.display(), moscow(*until));
            tr!(
                "{path}: срок действия сертификата истёк {until}, нужен новый; сертификат выпустит и сам стенд: --tls",
                "{path}: the certificate was valid until {until}, another is needed; the stand issues one itself: --tls"
            )
        }
        TlsError::NotYet { path, from } => {
            let (path, from) = (path.display(), moscow(*from));
            tr!(
                "{path}: сертификат действует только с {from}; верны ли часы этой машины?",
                "{path}: the certificate is valid from {from} on; is this machine's clock right?"
            )
        }
        TlsError::NotOurs(path) => {
            let path = path.display();
            tr!(
                "{path}: это не удостоверяющий центр стенда; удалите файл — появится новый, или назовите другую папку",
                "{path}: not a CA of the stand; remove the file and a new one will appear, or name another folder"
            )
        }
        TlsError::Refused(why) => tr!("TLS не складывается: {why}", "no TLS: {why}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(options: TlsOptions) -> Result<TlsChoice, String> {
        TlsChoice::of(options).map_err(|error| error.to_string())
    }

    #[test]
    fn halves_and_contradictions_are_refused_and_any_option_means_tls() {
        let file = |name: &str| Some(PathBuf::from(name));
        let plain = TlsOptions::default;
        assert_eq!(choice(plain()), Ok(TlsChoice::Plain));
        assert_eq!(choice(TlsOptions { tls: true, ..plain() }), Ok(TlsChoice::Own { folder: None, faults: None }));
        assert_eq!(
            choice(TlsOptions { folder: file("tls"), faults: Some(0), ..plain() }),
            Ok(TlsChoice::Own { folder: file("tls"), faults: Some(0) })
        );
        let brought = TlsOptions { certificate: file("c"), key: file("k"), ..plain() };
        assert_eq!(choice(brought.clone()), Ok(TlsChoice::Brought { certificate: "c".into(), key: "k".into() }));
        let refused = |options| choice(options).unwrap_err();
        assert!(refused(TlsOptions { key: None, ..brought.clone() }).contains("вместе с --tls-key"));
        assert!(
            refused(TlsOptions { certificate: None, tls: true, ..brought.clone() }).contains("вместе с --tls-cert")
        );
        assert!(refused(TlsOptions { faults: Some(0), ..brought }).contains("--tls-faults"));
        let from = |first| TlsOptions { faults: Some(first), ..plain() };
        assert!(choice(from(65_532)).is_ok(), "the last four");
        assert!(refused(from(65_533)).contains("не больше 65532"));
        assert_eq!(TlsFault::ALL.len(), 4, "as many ports");
    }
}
