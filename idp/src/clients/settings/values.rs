//! What stands in the settings of every library.

use ::esia::{Certificate, language::tr};
use url::{Host, Url};
use web::WorldUrl;
use worlds::WorldName;

use super::setting::Protocol;
use crate::{
    clients::{
        Client, ClientAuth, OidcSpec, TokenAlgorithm, WORLD,
        file_names::{certificate_file, key_file},
    },
    grants::behind,
};

/// What stands in the settings of every library.
pub(super) struct Values<'c> {
    /// The world's address, without a slash at the end.
    pub(super) base: String,
    /// The same for a library that loses the path of an address: `http://mine.localhost:8081` for `…/w/mine`.
    pub(super) bare_base: String,
    pub(super) mnemonic: &'c str,
    pub(super) redirect: String,
    /// Every address to come back to that is registered, in this world.
    pub(super) redirects: Vec<String>,
    /// Those that are registered and known at the protocol.
    pub(super) scopes: Vec<&'c str>,
    /// Name of the file with the key.
    pub(super) key: String,
    /// Name of the file with the certificate.
    pub(super) certificate: String,
    /// Name of the file with the provider's public key, which is at `/public/…` under another name.
    pub(super) provider: &'static str,
    /// `iss` of ЕСИА's tokens.
    pub(super) iss: &'c str,
    /// The parameter `client_certificate_hash`.
    pub(super) hash: String,
    pub(super) token_algorithm: TokenAlgorithm,
    pub(super) oidc: &'c OidcSpec,
}

impl Values<'_> {
    pub(super) fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// What to say about the address of a library that loses the path.
    pub(super) fn about_bare_base(&self) -> Option<String> {
        let url = Url::parse(&self.bare_base).ok().filter(|_| self.bare_base != self.base)?;
        let name = url.host_str().filter(|name| name.ends_with(".localhost"))?;
        Some(tr!(
            "Путь адреса библиотека теряет, поэтому мир назван именем {name}. Где оно не находится, впишите в /etc/hosts: \
             127.0.0.1 {name}",
            "The library loses the path of the address, so the world is named by {name}. Where that is not found, add to \
             /etc/hosts: 127.0.0.1 {name}"
        ))
    }

    /// The secret, where that is what proves the system.
    pub(super) fn secret(&self) -> Option<&str> {
        self.oidc.secret.as_deref().filter(|_| self.oidc.auth_method != Some(ClientAuth::PrivateKeyJwt))
    }

    pub(super) fn has_gost_tokens(&self) -> bool {
        self.token_algorithm == TokenAlgorithm::Gost
    }

    /// The scopes as a list, each in quotation marks.
    pub(super) fn list(&self, mark: char) -> String {
        self.scopes.iter().map(|scope| format!("{mark}{scope}{mark}")).collect::<Vec<_>>().join(", ")
    }

    /// The registered address with the path that a library insists on, else the usual one; and what to say about it.
    pub(super) fn redirect_at(&self, path: &str) -> (&str, Option<String>) {
        let has_path = |uri: &&String| Url::parse(uri).is_ok_and(|uri| uri.path() == path);
        if let Some(found) = self.redirects.iter().find(has_path) {
            return (found, None);
        }
        let told = tr!(
            "Возвращаются к библиотеке по {path}: зарегистрируйте системе адрес с таким путём",
            "People come back to the library at {path}: register an address with this path for the client"
        );
        (&self.redirect, Some(told))
    }
}

pub(super) fn values<'c>(
    client: &'c Client,
    world_url: &WorldUrl,
    iss: &'c str,
    protocol: Protocol,
    oidc: &'c OidcSpec,
) -> Values<'c> {
    let mnemonic = client.spec.mnemonic.as_str();
    let redirects: Vec<_> = oidc.redirect_uris.iter().map(|uri| uri.replace(WORLD, world_url.world.as_str())).collect();
    Values {
        base: world_url.url(""),
        bare_base: bare_base(world_url),
        mnemonic,
        redirect: address(client, protocol, &redirects),
        redirects: redirects.iter().map(|uri| quotable(uri)).collect(),
        scopes: scopes(client, protocol),
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
pub(super) fn scopes(client: &Client, protocol: Protocol) -> Vec<&str> {
    let registered = client.spec.scopes.iter().map(String::as_str);
    match protocol {
        Protocol::Esia => {
            let is_esia = |scope: &&str| scope.parse::<::esia::Scope>().is_ok_and(|scope| scope.known().is_some());
            registered.filter(|scope| is_esia(scope) || behind(scope).is_none()).collect()
        }
        Protocol::OpenidConnect => {
            let known = registered.filter(|scope| *scope != "openid" && behind(scope).is_some());
            std::iter::once("openid").chain(known).collect()
        }
    }
}

/// The world's address without a path, where it has one (Design, Addressing a world).
pub(super) fn bare_base(world_url: &WorldUrl) -> String {
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

/// Where people come back to: the first registered address that the protocol takes, or else one at the first registered
/// domain.
pub(super) fn address(client: &Client, protocol: Protocol, redirects: &[String]) -> String {
    let domains = &client.spec.redirect_domains;
    let has_domain = |uri: &&String| {
        let host = Url::parse(uri).ok().and_then(|uri| uri.host_str().map(str::to_owned));
        protocol == Protocol::OpenidConnect || host.is_some_and(|host| domains.contains(&host))
    };
    // The built-in diary's addresses say nothing about a system that has registered none.
    let registered = redirects.iter().filter(|_| client.spec.oidc.is_some()).find(has_domain).cloned();
    let domain = || domains.first().map_or("127.0.0.1", String::as_str);
    quotable(&registered.unwrap_or_else(|| format!("http://{}/callback", domain())))
}

/// An address fit for any kind of quotation marks.
pub(super) fn quotable(address: &str) -> String {
    ["'", "\"", "\\", "$", "`"].iter().fold(address.to_owned(), |address, mark| {
        let code = mark.bytes().next().unwrap_or_default();
        address.replace(mark, &format!("%{code:02X}"))
    })
}

/// A text as a literal of languages whose double quotes know `\"`, `\\`, `\n` and `\uXXXX`: Python, Go, JSON, YAML.
pub(super) fn double_quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text as a literal in single quotes of JavaScript or PHP.
pub(super) fn single_quoted_code(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A text as one word of a shell.
pub(super) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
