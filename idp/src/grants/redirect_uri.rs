//! Where the answer to an authorization request goes (RFC 6749 §3.1.2).

use esia::language::{Told, both};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use worlds::WorldName;

use crate::clients::{Client, WORLD};

/// A redirect URI that its client has registered, as the request wrote it. A request's text becomes one by the checks of
/// [`RedirectUri::by_domain`] or [`RedirectUri::exact`] alone, so nothing is sent to an unregistered address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// An address at a domain that the client has registered: ЕСИА compares no more (ESIA §1.3).
    ///
    /// # Errors
    /// What is wrong with it.
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

    /// One of the registered addresses, compared exactly but for the port of a loopback address (OpenID Connect Core
    /// §3.1.2.1, RFC 8252 §7.3). `None` for any other.
    pub(crate) fn exact(registered: &[String], text: &str, world: &WorldName) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        is_registered(registered, text, world).then(|| Self { text: text.to_owned(), url })
    }

    /// The text of the authorization request, to the letter.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The address as a browser is sent to it.
    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// The address with parameters after those that it has already.
    pub(crate) fn with<'a>(&self, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = url::ParseError;

    /// Reads an address that was checked before it was written into the world's log.
    fn try_from(text: String) -> Result<Self, url::ParseError> {
        Url::parse(&text).map(|url| Self { text, url })
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.text
    }
}

/// Whether an address is one of the registered ones: the same text, or a loopback address that differs in nothing but its
/// port (OpenID Connect Core §3.1.2.1, RFC 8252 §7.3, which speaks of `http` alone: a stand with TLS is on loopback too).
pub(crate) fn is_registered(registered: &[String], asked: &str, world: &WorldName) -> bool {
    let loopback = portless(asked);
    in_world(registered, world).any(|one| one == asked || (loopback.is_some() && portless(&one) == loopback))
}

/// Registered addresses as they are in a world.
pub(crate) fn in_world(registered: &[String], world: &WorldName) -> impl Iterator<Item = String> {
    registered.iter().map(|one| one.replace(WORLD, world.as_str()))
}

/// A loopback address without its port; none for any other address.
fn portless(uri: &str) -> Option<Url> {
    let mut url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_loopback = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    // Nothing that a parser tidies away may be in it: `http://127.0.0.1/a/../callback` is another text.
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
