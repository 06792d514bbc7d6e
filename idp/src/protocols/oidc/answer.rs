//! Answers to an authorization request: where they may go, and how.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use url::{Host, Url};
use web::{Frame, Page, Problem};
use worlds::WorldName;

use super::{
    error::OidcError,
    model::{ReplyTo, ResponseMode},
};
use crate::clients::WORLD;

/// Whether an address is one of the registered ones: the same text, or an `http` loopback address that differs in nothing but
/// its port (OpenID Connect Core §3.1.2.1, RFC 8252 §7.3).
pub(super) fn is_registered(registered: &[String], asked: &str, world: &WorldName) -> bool {
    let loopback = portless(asked);
    registered
        .iter()
        .map(|one| one.replace(WORLD, world.as_str()))
        .any(|one| one == asked || (loopback.is_some() && portless(&one) == loopback))
}

/// Registered addresses as they are in a world.
pub(super) fn here(registered: &[String], world: &WorldName) -> Vec<String> {
    registered.iter().map(|one| one.replace(WORLD, world.as_str())).collect()
}

/// A loopback address without its port; none for any other address.
fn portless(uri: &str) -> Option<Url> {
    let mut url = Url::parse(uri).ok().filter(|url| url.scheme() == "http")?;
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

/// The page that posts an answer by itself where scripts run elsewhere; here a person presses the button.
#[derive(Template)]
#[template(path = "oidc/form-post.html")]
struct FormPostPage {
    frame: Frame,
    to: String,
    fields: Vec<(String, String)>,
}

impl ReplyTo {
    /// Back to the system with a code.
    pub(super) fn code(&self, frame: Frame, code: &str) -> Result<Response, Problem> {
        self.send(frame, &[("code", code)])
    }

    /// Back to the system with an error.
    pub(super) fn refuse(&self, frame: Frame, error: &OidcError) -> Result<Response, Problem> {
        self.send(frame, &[("error", error.error), ("error_description", &error.description)])
    }

    /// Every answer carries `state` and `iss` (RFC 9207).
    fn send(&self, frame: Frame, parameters: &[(&str, &str)]) -> Result<Response, Problem> {
        let state = self.state.as_deref().map(|state| ("state", state));
        let all = parameters.iter().copied().chain(state).chain([("iss", self.iss.as_str())]);
        match self.mode {
            ResponseMode::Query => {
                let mut url = Url::parse(&self.redirect_uri).map_err(Problem::internal)?;
                url.query_pairs_mut().extend_pairs(all);
                let headers = [(header::LOCATION, String::from(url)), (header::CACHE_CONTROL, "no-store".to_owned())];
                Ok((StatusCode::FOUND, headers).into_response())
            }
            ResponseMode::FormPost => {
                let fields = all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                Ok(Page(FormPostPage { frame, to: self.redirect_uri.clone(), fields }).into_response())
            }
        }
    }
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
        ]
        .map(str::to_owned);
        for uri in [
            "https://rp.example/callback?a=1",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:49152/callback",
            "http://localhost:8080/cb",
            "com.example.app:/cb",
            "http://127.0.0.1:9/w/w1/cb",
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
            "http://127.0.0.1:9/w/w2/cb",
            "http://127.0.0.1:9/w/{world}/cb",
            "callback",
        ] {
            assert!(!is_registered(&registered, uri, &world), "{uri}");
        }
    }
}
