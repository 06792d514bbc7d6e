//! Whom a request is addressed to: RFC 9112 §3.2, RFC 9110 §4.2.3.

use axum::http::{header, request};
use esia::language::pick;
use url::{Host, Url};

use crate::Problem;

/// A host and a port, as a parser reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    /// Names in small letters, without the dot that may end them.
    pub(crate) host: Host,
    /// The port, where it was written.
    port: Option<u16>,
}

impl Authority {
    /// The one that a request names: of its target in absolute form, else of its one `Host`.
    ///
    /// # Errors
    /// 400 for a request without `Host`, with two, or with one that does not read.
    pub(crate) fn of(parts: &request::Parts) -> Result<Self, Problem> {
        let mut hosts = parts.headers.get_all(header::HOST).iter();
        let named = parts.uri.authority().map(|authority| Self::parse(authority.as_str()).ok_or_else(unreadable));
        let (host, another) = (hosts.next(), hosts.next());
        if another.is_some() {
            return Err(Problem::bad_request(
                "host",
                pick("В запросе больше одного заголовка Host", "The request has more than one Host header"),
            ));
        }
        let host = host.map(|host| host.to_str().ok().and_then(Self::parse).ok_or_else(unreadable)).transpose()?;
        match (named, host) {
            (Some(named), _) => named,
            (None, Some(host)) => Ok(host),
            (None, None) => Err(Problem::bad_request(
                "host",
                pick("В запросе нет заголовка Host", "The request has no Host header"),
            )),
        }
    }

    /// `host` or `host:port`, and nothing besides: no user, no path.
    fn parse(text: &str) -> Option<Self> {
        if !text.bytes().all(|sign| sign.is_ascii_graphic()) || text.contains(['/', '\\', '?', '#', '@']) {
            return None;
        }
        let url = Url::parse(&format!("http://{text}/")).ok()?;
        let host = match url.host()? {
            Host::Domain(name) => Host::Domain(name.strip_suffix('.').unwrap_or(name).to_owned()),
            Host::Ipv4(ip) => Host::Ipv4(ip),
            Host::Ipv6(ip) => Host::Ipv6(ip),
        };
        if matches!(&host, Host::Domain(name) if name.is_empty() || name.ends_with('.')) {
            return None;
        }
        // The parser forgets the scheme's own port; links keep it as it was asked.
        let port = text.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.is_empty() && !port.contains(']'));
        let port = port
            .map(|port| port.parse::<u16>().ok().filter(|port| *port != 0))
            .map_or(Some(None), |port| port.map(Some))?;
        Some(Self { host, port })
    }

    /// The name of the world in `name.localhost`.
    pub(crate) fn label(&self) -> Option<&str> {
        match &self.host {
            Host::Domain(name) => name.strip_suffix(".localhost"),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }

    /// Scheme and authority, as `http://host:port`.
    pub(crate) fn origin(&self, scheme: &str) -> String {
        match self.port {
            Some(port) => format!("{scheme}://{}:{port}", self.host),
            None => format!("{scheme}://{}", self.host),
        }
    }
}

fn unreadable() -> Problem {
    Problem::bad_request("host", pick("Заголовок Host не читается", "The Host header cannot be read"))
}

/// Whether a host always means this machine.
pub(crate) fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}
