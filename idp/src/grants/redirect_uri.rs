//! Redirect URIs, to which authorization responses are sent (RFC 6749 §3.1.2).

use esia::language::{Told, both};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use worlds::WorldName;

use crate::clients::{Client, WORLD};

/// Redirect URI that its client has registered, as the request wrote it. A request's text becomes one only by the
/// checks of [`RedirectUri::by_domain`] or [`RedirectUri::exact`], so no response is sent to an unregistered address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// Accepts any address at a domain that the client has registered: ЕСИА compares only the domain (ESIA §1.3).
    ///
    /// # Errors
    /// What is wrong with the address: its syntax, scheme, fragment or domain.
    pub(crate) fn by_domain(client: &Client, text: &str) -> Result<Self, Told> {
        let url = Url::parse(text).map_err(|_| both!("«{text}» — не полный адрес", "«{text}» is no whole address"))?;
        // The parser of addresses leaves these out, and the browser would be sent elsewhere than the text says.
        if text.contains(|sign: char| sign.is_ascii_control()) || text.trim() != text {
            return Err(both!(
                "в адресе есть пробелы по краям или управляющие знаки",
                "the address has blanks at its ends or control characters"
            ));
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(both!(
                "схема «{}», а нужна http или https",
                "the scheme is «{}», and http or https is needed",
                url.scheme()
            ));
        }
        if url.fragment().is_some() {
            return Err(both!("в адресе есть часть после #", "the address has a part after #"));
        }
        let host = url.host().map(|host| host.to_owned());
        let is_registered = |domain: &String| Host::parse(domain).ok() == host;
        if host.is_some() && client.spec.redirect_domains.iter().any(is_registered) {
            Ok(Self { text: text.to_owned(), url })
        } else {
            Err(both!(
                "домен «{}» не зарегистрирован",
                "the domain «{}» is not registered",
                url.host_str().unwrap_or_default()
            ))
        }
    }

    /// Accepts one of the registered addresses, compared exactly except for the port of a loopback address (OpenID
    /// Connect Core §3.1.2.1, RFC 8252 §7.3). `None` for any other.
    pub(crate) fn exact(registered: &[String], text: &str, world: &WorldName) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        is_registered(registered, text, world).then(|| Self { text: text.to_owned(), url })
    }

    /// Returns the text exactly as the authorization request sent it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the parsed address, for the redirect.
    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the address with these parameters appended to its query.
    pub(crate) fn with<'a>(&self, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = url::ParseError;

    /// Parses an address from the world's log, where it was written after the checks.
    fn try_from(text: String) -> Result<Self, url::ParseError> {
        Url::parse(&text).map(|url| Self { text, url })
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.text
    }
}

/// Checks whether an address is registered: the same text, or a loopback address that differs only in its port (OpenID
/// Connect Core §3.1.2.1, RFC 8252 §7.3, which speaks of `http` alone: a stand with TLS is on loopback too).
pub(crate) fn is_registered(registered: &[String], asked: &str, world: &WorldName) -> bool {
    let loopback = portless(asked);
    in_world(registered, world).any(|one| one == asked || (loopback.is_some() && portless(&one) == loopback))
}

/// Returns the registered addresses with the world's name in place of the placeholder.
pub(crate) fn in_world(registered: &[String], world: &WorldName) -> impl Iterator<Item = String> {
    registered.iter().map(|one| one.replace(WORLD, world.as_str()))
}

/// Returns a loopback address without its port; `None` for any other address.
fn portless(uri: &str) -> Option<Url> {
    let mut url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_loopback = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    // The text must be in normal form already: `http://127.0.0.1/a/../callback` is another text.
    let is_plain = url.as_str() == uri || url.as_str().strip_suffix('/') == Some(uri);
    if !is_loopback || !is_plain || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    url.set_port(None).ok()?;
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_compared_to_the_letter_but_for_a_loopback_port() {
        let world: WorldName = "w1".parse().unwrap();
        let registered = [
            "https://rp.example/callback?a=1",
            "http://127.0.0.1/callback",
            "http://localhost:3000/cb",
            "com.example.app:/cb",
            "http://127.0.0.1/w/{world}/cb",
            "https://localhost/secure",
        ]
        .map(str::to_owned);
        for uri in [
            "https://rp.example/callback?a=1",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:49152/callback",
            "http://localhost:8080/cb",
            "com.example.app:/cb",
            "http://127.0.0.1:9/w/w1/cb",
            "https://localhost:8443/secure",
        ] {
            assert!(is_registered(&registered, uri, &world), "{uri}");
        }
        for uri in [
            "https://rp.example/callback",
            "https://rp.example/callback?a=1&b=2",
            "https://rp.example:8443/callback?a=1",
            "https://RP.example/callback?a=1",
            "https://127.0.0.1:49152/callback",
            "http://127.0.0.2:49152/callback",
            "http://127.0.0.1:49152/callback/",
            "http://127.0.0.1:49152/callback?x=1",
            "http://127.0.0.1:49152/a/../callback",
            "http://user@127.0.0.1:49152/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://localhost:8080/cb#part",
            "http://localhost:8443/secure",
            "http://127.0.0.1:9/w/w2/cb",
            "http://127.0.0.1:9/w/{world}/cb",
            "callback",
        ] {
            assert!(!is_registered(&registered, uri, &world), "{uri}");
        }
    }
}
