//! Ready settings for the common client libraries. The names of options are those of the libraries' own documents and
//! sources; those of the libraries under `tests/clients` are run as they stand here.

mod browser;
mod by_hand;
mod esia;
mod frameworks;
mod openid;

use ::esia::{Algorithm, Certificate};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use url::{Host, Url};
use utoipa::ToSchema;
use web::WorldUrl;
use worlds::WorldName;

use super::{Client, ClientAuth, OidcSpec, TokenAlgorithm, WORLD};
use crate::grants::behind;

/// Settings for one library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Setting {
    /// What the library is called.
    pub(super) library: &'static str,
    /// Its language.
    pub(super) language: &'static str,
    /// Where it comes from.
    pub(super) origin: &'static str,
    /// Which door it knocks at.
    pub(super) door: Door,
    /// What goes into the program or its settings file.
    pub(super) text: String,
    /// What must be done besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

impl Setting {
    /// What the page calls it when it is saved.
    pub(super) fn file_name(&self) -> String {
        let name: String =
            self.library.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect();
        format!("{name}.txt")
    }

    /// Its text as a file inside the page.
    pub(super) fn file(&self) -> String {
        format!("data:text/plain;charset=utf-8;base64,{}", STANDARD.encode(&self.text))
    }
}

/// Which door a library knocks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Door {
    /// ЕСИА's own protocol.
    Esia,
    /// OpenID Connect.
    OpenidConnect,
}

impl Door {
    /// For a reader.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Esia => "протокол ЕСИА",
            Self::OpenidConnect => "OpenID Connect",
        }
    }
}

/// What stands in the settings of every library.
struct Values<'c> {
    /// The world's address, without a slash at the end.
    base: String,
    /// The same for a library that loses the path of an address: `http://mine.localhost:8081` for `…/w/mine`.
    bare_base: String,
    mnemonic: &'c str,
    redirect: String,
    /// Every address to come back to that is registered, in this world.
    redirects: Vec<String>,
    /// Those that are registered and known at the protocol.
    scopes: Vec<&'c str>,
    /// Name of the file with the key.
    key: String,
    /// Name of the file with the certificate.
    certificate: String,
    /// Name of the file with the provider's public key, which is at `/public/…` under another name.
    provider: &'static str,
    /// `iss` of ЕСИА's tokens.
    iss: &'c str,
    /// `client_certificate_hash`.
    hash: String,
    token_algorithm: TokenAlgorithm,
    oidc: &'c OidcSpec,
}

impl Values<'_> {
    fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// What to say about the address of a library that loses the path.
    fn about_bare_base(&self) -> Option<String> {
        let url = Url::parse(&self.bare_base).ok().filter(|_| self.bare_base != self.base)?;
        let name = url.host_str().filter(|name| name.ends_with(".localhost"))?;
        Some(format!(
            "Путь адреса библиотека теряет, поэтому мир назван именем {name}. Где оно не находится, впишите в /etc/hosts: \
             127.0.0.1 {name}"
        ))
    }

    /// The secret, where that is what proves the system.
    fn secret(&self) -> Option<&str> {
        self.oidc.secret.as_deref().filter(|_| self.oidc.auth_method != Some(ClientAuth::PrivateKeyJwt))
    }

    fn has_gost_tokens(&self) -> bool {
        self.token_algorithm == TokenAlgorithm::Gost
    }

    /// The scopes as a list, each in quotation marks.
    fn list(&self, mark: char) -> String {
        self.scopes.iter().map(|scope| format!("{mark}{scope}{mark}")).collect::<Vec<_>>().join(", ")
    }

    /// The registered address with the path that a library insists on, else the usual one; and what to say about it.
    fn redirect_at(&self, path: &str) -> (&str, Option<String>) {
        let has_path = |uri: &&String| Url::parse(uri).is_ok_and(|uri| uri.path() == path);
        if let Some(found) = self.redirects.iter().find(has_path) {
            return (found, None);
        }
        let told = format!("Возвращаются к библиотеке по {path}: зарегистрируйте системе адрес с таким путём");
        (&self.redirect, Some(told))
    }
}

/// For a system as it is registered: only libraries that can use its kind of key, and of OpenID Connect only where it has
/// registered something for it.
pub(super) fn settings(client: &Client, world_url: &WorldUrl, iss: &str) -> Vec<Setting> {
    let is_gost = client.certificates.first().and_then(|first| first.public_key().ok());
    let is_gost = is_gost.is_some_and(|key| key.algorithm() != Algorithm::Rsa);
    let oidc = client.oidc();
    let of = |door: Door| values(client, (world_url, iss), (door, &oidc));
    let values = of(Door::Esia);
    let esia = if is_gost { esia::gost(&values) } else { esia::rsa(&values) };
    let openid = client.spec.oidc.is_some().then(|| openid::all(&of(Door::OpenidConnect), is_gost));
    esia.into_iter().chain([by_hand::esia(&values, is_gost)]).chain(openid.into_iter().flatten()).collect()
}

fn values<'c>(
    client: &'c Client,
    (world_url, iss): (&WorldUrl, &'c str),
    (door, oidc): (Door, &'c OidcSpec),
) -> Values<'c> {
    let mnemonic = client.spec.mnemonic.as_str();
    let redirects: Vec<_> = oidc.redirect_uris.iter().map(|uri| uri.replace(WORLD, world_url.world.as_str())).collect();
    Values {
        base: world_url.url(""),
        bare_base: bare_base(world_url),
        mnemonic,
        redirect: address(client, door, &redirects),
        redirects: redirects.iter().map(|uri| quotable(uri)).collect(),
        scopes: scopes(client, door),
        key: key_file(mnemonic),
        certificate: certificate_file(mnemonic),
        provider: match client.spec.esia.token_algorithm {
            TokenAlgorithm::Rs256 => "RSA_TESIA_PUBLIC.pem",
            TokenAlgorithm::Gost => "GOST_TESIA_2012_PUBLIC.pem",
        },
        iss,
        hash: client.certificates.first().map(Certificate::streebog256_hex).unwrap_or_default(),
        token_algorithm: client.spec.esia.token_algorithm,
        oidc,
    }
}

/// Of the registered scopes, those that the protocol knows. At ЕСИА one that nobody knows is a system's own affair.
fn scopes(client: &Client, door: Door) -> Vec<&str> {
    let registered = client.spec.scopes.iter().map(String::as_str);
    match door {
        Door::Esia => {
            let is_esia = |scope: &&str| scope.parse::<::esia::Scope>().is_ok_and(|scope| scope.known().is_some());
            registered.filter(|scope| is_esia(scope) || behind(scope).is_none()).collect()
        }
        Door::OpenidConnect => {
            let known = registered.filter(|scope| *scope != "openid" && behind(scope).is_some());
            std::iter::once("openid").chain(known).collect()
        }
    }
}

/// The world's address without a path, where it has one (Design, Addressing a world).
fn bare_base(world_url: &WorldUrl) -> String {
    let base = world_url.url("");
    let Ok(mut url) = Url::parse(&base) else { return base };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if world_url.prefix.is_empty() || !is_loopback {
        return base;
    }
    // The path of a public address in front of `/w/…` is a proxy's, which knows no other name.
    if url.path() != world_url.prefix {
        return base;
    }
    url.set_path("");
    let host = format!("{}.localhost", world_url.world);
    if world_url.world != WorldName::main() && url.set_host(Some(&host)).is_err() {
        return base;
    }
    url.as_str().trim_end_matches('/').to_owned()
}

/// Name of the file with a system's key.
pub(super) fn key_file(mnemonic: &str) -> String {
    format!("{mnemonic}.key.pem")
}

/// Name of the file with a system's certificate.
pub(super) fn certificate_file(mnemonic: &str) -> String {
    format!("{mnemonic}.cert.pem")
}

/// Where people come back to: the first registered address that the protocol takes, or else one at the first registered
/// domain.
fn address(client: &Client, door: Door, redirects: &[String]) -> String {
    let domains = &client.spec.redirect_domains;
    let has_domain = |uri: &&String| {
        let host = Url::parse(uri).ok().and_then(|uri| uri.host_str().map(str::to_owned));
        door == Door::OpenidConnect || host.is_some_and(|host| domains.contains(&host))
    };
    // The built-in diary's addresses say nothing about a system that has registered none.
    let registered = redirects.iter().filter(|_| client.spec.oidc.is_some()).find(has_domain).cloned();
    let domain = || domains.first().map_or("127.0.0.1", String::as_str);
    quotable(&registered.unwrap_or_else(|| format!("http://{}/callback", domain())))
}

/// An address fit for any kind of quotation marks.
fn quotable(address: &str) -> String {
    ["'", "\"", "\\", "$", "`"].iter().fold(address.to_owned(), |address, mark| {
        let code = mark.bytes().next().unwrap_or_default();
        address.replace(mark, &format!("%{code:02X}"))
    })
}

/// A text as a literal of languages whose double quotes know `\"`, `\\`, `\n` and `\uXXXX`: Python, Go, JSON, YAML.
fn double_quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text as a literal in single quotes of JavaScript or PHP.
fn single_quoted_code(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A text as one word of a shell.
fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
