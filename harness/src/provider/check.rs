//! Checks of a provider's description beyond its form; each mistake names its field.

use worlds::{SeedError, WorldName};

use super::description::StandDescription;
use crate::{
    cli::Protocol,
    language::{pick, tr},
    relying_party::Sign,
};

impl StandDescription {
    /// Returns the mistakes in the content, in the order of the fields.
    pub fn mistakes(&self) -> Vec<SeedError> {
        let mut found = Vec::new();
        let mut add = |at: &str, message: String| found.push(SeedError { path: at.to_owned(), message });
        if !matches!(self.base.scheme(), "http" | "https") || self.base.host().is_none() {
            add("base", tr!("нужен адрес http:// или https://", "an address of http:// or https:// is needed"));
        }
        let is_oidc = self.protocol == Protocol::Oidc;
        if is_oidc && self.iss.as_ref().is_some_and(|iss| iss.trim_end_matches('/') != self.issuer()) {
            let told = pick(
                "в OpenID Connect iss — это base: уберите iss или исправьте base",
                "in OpenID Connect iss is base: leave iss out, or correct base",
            );
            add("iss", told.to_owned());
        }
        for (field, variable) in self.needed() {
            if variable.is_none_or(|name| name.trim().is_empty()) {
                let told = tr!("не хватает поля «{field}»", "the field \"{field}\" is missing");
                add(if variable.is_some() { field } else { "protocol" }, told);
            }
        }
        if self.world == "main" || self.world.parse::<WorldName>().is_err() {
            let told = pick("нужно имя мира, кроме main: stand", "the name of a world is needed, any but main: stand");
            add("world", told.to_owned());
        }
        for (index, host) in self.hosts.iter().enumerate().filter(|(_, host)| !is_host(host)) {
            let told = tr!(
                "нужен узел без http:// и пути, а не «{host}»",
                "a host without http:// and path is needed, not \"{host}\""
            );
            add(&format!("hosts[{index}]"), told);
        }
        if self.worlds.is_empty() {
            let told = pick("нужен хотя бы один мир", "at least one world is needed");
            add("worlds", told.to_owned());
        }
        let signs = [("sign-in.shows", Some(&self.sign_in.shows)), ("signed-in", self.signed_in.as_ref())];
        for (at, sign) in signs.into_iter().chain([("consent", self.consent.as_ref())]) {
            if let Some((at, told)) = sign.and_then(|sign| of_sign(at, sign)) {
                add(&at, told);
            }
        }
        found
    }

    /// Returns the environment variables that the protocol needs, by field.
    fn needed(&self) -> Vec<(&'static str, Option<&String>)> {
        let mut needed = vec![("mnemonic-variable", Some(&self.mnemonic_variable))];
        match self.protocol {
            Protocol::Oidc => needed.push(("secret-variable", self.secret_variable.as_ref())),
            Protocol::Esia => needed.extend([
                ("key-variable", self.key_variable.as_ref()),
                ("certificate-variable", self.certificate_variable.as_ref()),
            ]),
        }
        needed
    }
}

fn of_sign(at: &str, sign: &Sign) -> Option<(String, String)> {
    if sign.is_empty() {
        let needed = pick("нужны css, data-test, text или url", "css, data-test, text or url is needed");
        return Some((at.to_owned(), needed.to_owned()));
    }
    let css = sign.unreadable()?;
    Some((format!("{at}.css"), tr!("селектор «{css}» не читается", "the selector \"{css}\" cannot be read")))
}

/// Checks whether a text is a host, with or without a port, and nothing else.
fn is_host(text: &str) -> bool {
    let url = format!("http://{text}/").parse::<url::Url>();
    !text.is_empty() && !text.contains(['/', '@', '?', '#', ' ']) && url.is_ok_and(|url| url.host().is_some())
}
