//! Kind of an exchange in the protocol. It is recognised by parameters instead of URLs, in which providers differ.

use std::path::Path;

use serde_json::Value;
use url::Url;

use super::archive::{Exchange, Pair, value};

/// Kinds that a client requests once and keeps, so that their place in a scenario does not matter.
const KEPT: [&str; 3] = ["discovery", "keys", "certificate"];

/// Kind of an exchange, with its name.
pub(super) struct Kind {
    pub(super) name: String,
}

impl Kind {
    /// Returns the kind of an exchange; `None` for pages of the provider, which differ between providers.
    pub(super) fn of(exchange: &Exchange, world: &str) -> Option<Self> {
        let name = if exchange.comment.starts_with("diary") {
            format!("diary-{}-{}", exchange.request.method, path(&exchange.request.url, world))
        } else {
            of_provider(exchange, world)?
        };
        Some(Self { name })
    }

    /// Checks whether a client keeps the answer between scenarios.
    pub(super) fn is_kept(&self) -> bool {
        KEPT.contains(&self.name.as_str())
    }
}

fn of_provider(exchange: &Exchange, world: &str) -> Option<String> {
    let request = &exchange.request;
    let form: &[Pair] = request.post_data.as_ref().map_or(&[], |data| &data.params);
    let said = |name: &str| value(&request.query_string, name).or_else(|| value(form, name));
    let path = path(&request.url, world);
    let is_post = request.method == "POST";
    if let Some(grant) = said("grant_type").filter(|_| is_post) {
        return Some(if grant == "authorization_code" { "token".to_owned() } else { format!("token-{grant}") });
    }
    if said("response_type").is_some() && said("client_id").is_some() {
        return Some("authorization".to_owned());
    }
    if said("post_logout_redirect_uri").is_some() || said("redirect_url").is_some() {
        return Some("logout".to_owned());
    }
    if path.ends_with("/.well-known/openid-configuration") {
        return Some("discovery".to_owned());
    }
    if exchange.response.content.text.trim_start().starts_with('{')
        && let Ok(body) = serde_json::from_str::<Value>(&exchange.response.content.text)
        && body["keys"].is_array()
    {
        return Some("keys".to_owned());
    }
    let extension = Path::new(&path).extension().unwrap_or_default();
    if extension.eq_ignore_ascii_case("cer") || extension.eq_ignore_ascii_case("pem") {
        return Some("certificate".to_owned());
    }
    let has_credentials = value(&request.headers, "authorization").is_some();
    if is_post && said("token").is_some() && has_credentials {
        return Some("introspection".to_owned());
    }
    if value(&request.headers, "authorization").is_some_and(|held| held.to_ascii_lowercase().starts_with("bearer")) {
        let is_of_person = path.ends_with("userinfo");
        return Some(if is_of_person { "userinfo".to_owned() } else { format!("data-{}-{path}", request.method) });
    }
    (exchange.response.status >= 400).then(|| "error-page".to_owned())
}

/// Returns the path of a URL without the world, with a star in place of numbers and ids.
pub(super) fn path(url: &str, world: &str) -> String {
    let path = url.parse::<Url>().map_or_else(|_| url.to_owned(), |url| url.path().to_owned());
    let mut parts: Vec<&str> = path.split('/').collect();
    if !world.is_empty()
        && let Some(at) = parts.iter().position(|part| *part == world)
    {
        let from = if at > 0 && parts.get(at - 1) == Some(&"w") { at - 1 } else { at };
        parts.drain(from..=at);
    }
    let is_id = |part: &str| part.len() > 2 && part.chars().filter(char::is_ascii_digit).count() * 2 > part.len();
    parts.into_iter().map(|part| if is_id(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}
