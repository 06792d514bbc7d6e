//! Values that the settings of every library contain.

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

/// Values that the settings of every library contain.
pub(super) struct Values<'c> {
    /// URL of the world, without a slash at the end.
    pub(super) base: String,
    /// URL of the world for a library that drops the path of a URL: `http://mine.localhost:8081` for `…/w/mine`.
    pub(super) bare_base: String,
    pub(super) mnemonic: &'c str,
    pub(super) redirect: String,
    /// All registered redirect URIs, in this world.
    pub(super) redirects: Vec<String>,
    /// Registered scopes that the protocol knows.
    pub(super) scopes: Vec<&'c str>,
    /// Name of the file with the client's private key.
    pub(super) key: String,
    /// Name of the file with the client's certificate.
    pub(super) certificate: String,
    /// Name of the local file with the provider's public key, which has another name under `/public/`.
    pub(super) provider: &'static str,
    /// Issuer (`iss`) of ЕСИА's tokens.
    pub(super) iss: &'c str,
    /// Value of the parameter `client_certificate_hash`.
    pub(super) hash: String,
    pub(super) token_algorithm: TokenAlgorithm,
    pub(super) oidc: &'c OidcSpec,
}

impl Values<'_> {
    pub(super) fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// Note for a library that drops the path of the world's URL.
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

    /// Returns the secret, if the client authenticates with it.
    pub(super) fn secret(&self) -> Option<&str> {
        self.oidc.secret.as_deref().filter(|_| self.oidc.auth_method != Some(ClientAuth::PrivateKeyJwt))
    }

    pub(super) fn has_gost_tokens(&self) -> bool {
        self.token_algorithm == TokenAlgorithm::Gost
    }

    /// Returns the scopes as a comma-separated list, each between two quotation marks.
    pub(super) fn list(&self, mark: char) -> String {
        self.scopes.iter().map(|scope| format!("{mark}{scope}{mark}")).collect::<Vec<_>>().join(", ")
    }

    /// Returns the registered redirect URI whose path the library demands; otherwise the usual one and a note about it.
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

/// Returns the registered scopes that the protocol knows. For ЕСИА these include unknown scopes, which may be a
/// client's own, but not scopes of OpenID Connect alone.
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

/// Returns the URL of the world without a path, if it has one (Design, Addressing a world).
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
    // A path before `/w/…` in a public address belongs to a proxy, which serves no other host name.
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

/// Returns the first registered redirect URI that the protocol accepts, or `/callback` at the first registered domain.
pub(super) fn address(client: &Client, protocol: Protocol, redirects: &[String]) -> String {
    let domains = &client.spec.redirect_domains;
    let has_domain = |uri: &&String| {
        let host = Url::parse(uri).ok().and_then(|uri| uri.host_str().map(str::to_owned));
        protocol == Protocol::OpenidConnect || host.is_some_and(|host| domains.contains(&host))
    };
    // The addresses of the built-in diary do not apply to a client without a registration for OpenID Connect.
    let registered = redirects.iter().filter(|_| client.spec.oidc.is_some()).find(has_domain).cloned();
    let domain = || domains.first().map_or("127.0.0.1", String::as_str);
    quotable(&registered.unwrap_or_else(|| format!("http://{}/callback", domain())))
}

/// Percent-encodes quotation marks, backslashes and `$`, so that the address fits into any string literal.
pub(super) fn quotable(address: &str) -> String {
    ["'", "\"", "\\", "$", "`"].iter().fold(address.to_owned(), |address, mark| {
        let code = mark.bytes().next().unwrap_or_default();
        address.replace(mark, &format!("%{code:02X}"))
    })
}

/// Returns a string literal for languages whose double quotes know `\"`, `\\`, `\n` and `\uXXXX`: Python, Go, JSON,
/// YAML.
pub(super) fn double_quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns a string literal in single quotes of JavaScript or PHP.
pub(super) fn single_quoted_code(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Quotes a text as one word of a shell command.
pub(super) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
