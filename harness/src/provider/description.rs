//! Description of a foreign provider as in its file.

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    cli::Protocol,
    net::folder,
    relying_party::{Place, Sign},
};

/// A provider of sign-ins that is not ours: a shared stand without a control API.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StandDescription {
    /// Its name in reports.
    pub title: String,
    /// Its base URL. In OpenID Connect the address under which `.well-known/openid-configuration` is.
    #[schemars(with = "String")]
    pub base: Url,
    /// The protocol in which people sign in.
    pub protocol: Protocol,
    /// `iss` of its tokens. In OpenID Connect it is the base URL; in ЕСИА's protocol `http://esia.gosuslugi.ru/` where nothing is
    /// said.
    #[serde(default)]
    pub iss: Option<String>,
    /// Certificates to trust (PEM) when it is asked over https, from this file on.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// Certificate (PEM) with which tokens are checked in ЕСИА's protocol, from this file on. Left out: it is fetched.
    #[serde(default)]
    pub token_certificate: Option<PathBuf>,
    /// Name of the environment variable with the mnemonic (`client_id`) under which the diary is registered there.
    pub mnemonic_variable: String,
    /// Name of the environment variable with the `client_secret` (needed in OpenID Connect).
    #[serde(default)]
    pub secret_variable: Option<String>,
    /// Name of the environment variable with the path of the diary's key, PEM (needed in ЕСИА's protocol).
    #[serde(default)]
    pub key_variable: Option<String>,
    /// Name of the environment variable with the path of that key's certificate, PEM (needed in ЕСИА's protocol).
    #[serde(default)]
    pub certificate_variable: Option<String>,
    /// Where our diary listens, since the address of return is registered there: `http://127.0.0.1:8082`. Any free port where
    /// nothing is said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub diary: Option<Url>,
    /// World of our diary in which every scenario is played, any but `main`: it is a part of the address of return,
    /// `/w/{world}/callback`.
    #[serde(default = "stand")]
    pub world: String,
    /// Hosts that may be asked besides those of the provider and the diary, as `esia.example` or `127.0.0.1:9000`. Any other is
    /// refused before a request leaves.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Least time between two requests to the provider, milliseconds.
    #[serde(default)]
    pub pace_ms: u32,
    /// Documented worlds, or names of files beside scenarios, whose people the stand has as those worlds say, at today's date.
    /// A scenario of any other world is not possible.
    pub worlds: Vec<String>,
    /// Accounts of the stand by the names of people in scenarios.
    #[serde(default)]
    pub people: BTreeMap<String, Account>,
    /// The page on which one signs in.
    pub sign_in: SignInPage,
    /// How one sees that somebody is signed in there. Left out: scenarios that sign in at the provider alone are not possible.
    #[serde(default)]
    pub signed_in: Option<Sign>,
    /// Where one signs out there.
    #[serde(default)]
    pub sign_out: Option<Place>,
    /// How the question of consent is known. Left out: scenarios that read it are not possible.
    #[serde(default)]
    pub consent: Option<Sign>,
    /// Its own words for the words of Gosuslugi's pages.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

/// An account of a stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Account {
    /// What is typed as the login.
    pub login: String,
    /// Name of the environment variable with the password.
    pub password_variable: String,
}

/// The page on which one signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignInPage {
    /// Its address, from the base URL on, for whoever comes without a diary.
    #[serde(default)]
    pub open: String,
    /// How it is known.
    pub shows: Sign,
    /// Label of the field for the login.
    pub login: String,
    /// Label of the field for the password.
    pub password: String,
    /// Text of the button.
    pub press: String,
}

fn stand() -> String {
    "stand".to_owned()
}

impl StandDescription {
    /// Returns the base URL, ending with a slash.
    pub fn home(&self) -> Url {
        folder(self.base.clone())
    }

    /// Returns the issuer of OpenID Connect: the base URL without a slash at the end.
    pub fn issuer(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    /// Checks whether a page belongs to the provider, at its base URL or at one of its `hosts`.
    pub fn has_page(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}")).unwrap_or_default();
        url.origin() == self.base.origin() || self.hosts.iter().any(|own| own == host || *own == with_port)
    }

    /// Returns the account of a person of the scenarios, ignoring the case of the name.
    pub fn account(&self, who: &str) -> Option<(&str, &Account)> {
        let who = who.to_lowercase();
        self.people.iter().find(|(name, _)| name.to_lowercase() == who).map(|(name, account)| (name.as_str(), account))
    }
}
