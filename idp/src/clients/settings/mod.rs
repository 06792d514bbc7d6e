//! Ready settings for the common client libraries. The names of options are those of the libraries' own documents and
//! sources; those of the libraries under `tests/clients` are run as they stand here.

mod esia;
mod openid;

use ::esia::{Algorithm, Certificate};
use serde::Serialize;
use utoipa::ToSchema;
use web::Place;

use super::{Client, OidcSpec, TokenAlgorithm, WORLD};

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
    mnemonic: &'c str,
    redirect: String,
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

    fn has_gost_tokens(&self) -> bool {
        self.token_algorithm == TokenAlgorithm::Gost
    }

    /// The scopes as a list, each in quotation marks.
    fn list(&self, mark: char) -> String {
        self.scopes.iter().map(|scope| format!("{mark}{scope}{mark}")).collect::<Vec<_>>().join(", ")
    }
}

/// For a system as it is registered: only libraries that can use its kind of key.
pub(super) fn settings(client: &Client, place: &Place, iss: &str) -> Vec<Setting> {
    let (mnemonic, oidc) = (client.spec.mnemonic.as_str(), client.oidc());
    let is_gost = client.certificates.first().and_then(|first| first.public_key().ok());
    let is_gost = is_gost.is_some_and(|key| key.algorithm() != Algorithm::Rsa);
    let provider = match client.spec.esia.token_algorithm {
        TokenAlgorithm::Rs256 => "RSA_TESIA_PUBLIC.pem",
        TokenAlgorithm::Gost => "GOST_TESIA_2012_PUBLIC.pem",
    };
    let values = Values {
        base: place.url(""),
        mnemonic,
        redirect: address(client, &oidc, place),
        scopes: client.spec.scopes.iter().map(String::as_str).collect(),
        key: key_file(mnemonic),
        certificate: certificate_file(mnemonic),
        provider,
        iss,
        hash: client.certificates.first().map(Certificate::streebog256_hex).unwrap_or_default(),
        token_algorithm: client.spec.esia.token_algorithm,
        oidc: &oidc,
    };
    let esia = if is_gost { esia::gost(&values) } else { esia::rsa(&values) };
    esia.into_iter().chain(openid::all(&values, is_gost)).collect()
}

/// Name of the file with a system's key.
pub(super) fn key_file(mnemonic: &str) -> String {
    format!("{mnemonic}.key.pem")
}

/// Name of the file with a system's certificate.
pub(super) fn certificate_file(mnemonic: &str) -> String {
    format!("{mnemonic}.cert.pem")
}

/// Where people come back to, fit for any kind of quotation marks: the first registered address, or else one at the first
/// registered domain.
fn address(client: &Client, oidc: &OidcSpec, place: &Place) -> String {
    let domain = || client.spec.redirect_domains.first().map_or("127.0.0.1", String::as_str);
    // The built-in diary's addresses say nothing about a system that has registered none.
    let registered = oidc.redirect_uris.first().filter(|_| client.spec.oidc.is_some());
    let address = registered.cloned().unwrap_or_else(|| format!("http://{}/callback", domain()));
    let address = address.replace(WORLD, place.world.as_str());
    ["'", "\"", "\\", "$", "`"].iter().fold(address, |address, mark| {
        let code = mark.bytes().next().unwrap_or_default();
        address.replace(mark, &format!("%{code:02X}"))
    })
}
