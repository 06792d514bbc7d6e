//! One row of the catalogue.

use serde::Serialize;
use web::TlsFault;
use worlds::mistakes::Text;

use crate::faults::act::Act;

/// What a right client does with an answer that is wrong so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// It refuses: nobody is signed in.
    Refuse,
    /// It accepts: nothing is wrong with the answer.
    Accept,
    /// It degrades as the row says.
    Degrade,
}

/// A parameter of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name, as `token`.
    pub name: &'static str,
    /// What it is when nothing is said.
    pub default: &'static str,
    /// What it may be; anything where this is empty.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub one_of: &'static [&'static str],
}

/// One fault of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Entry {
    /// Stable name, as `claim.aud-other`.
    pub id: &'static str,
    /// Protocols that have it: `esia`, `oidc`.
    pub protocols: &'static [&'static str],
    /// What the provider does, in both languages.
    pub does: Text,
    /// What a right client does.
    pub right: Right,
    /// By what it is seen from outside, one letter each: `S` no session, `T` no request for tokens, `U` no request with that
    /// token, `K` number of key fetches, `P` a readable page, `C` retries, `N` the next sign-in works, `L` the session ends,
    /// `H` a foreign host saw nothing.
    pub seen_by: &'static [&'static str],
    /// Where the rule stands that a right client follows; empty where no document has one.
    pub source: &'static str,
    /// What can be said more exactly.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub parameters: &'static [Parameter],
    /// Where and how it acts.
    #[serde(skip)]
    pub(crate) act: Act,
}

/// A fault of both protocols.
pub(super) const BOTH: &[&str] = &["esia", "oidc"];
/// ЕСИА's own alone.
pub(super) const ESIA: &[&str] = &["esia"];
/// OpenID Connect alone.
pub(super) const OIDC: &[&str] = &["oidc"];

/// Which of the two tokens of an answer is changed; the id token where nothing is said.
pub(super) const WHICH_TOKEN: Parameter = Parameter { name: "token", default: "id", one_of: &["id", "access", "both"] };

impl Entry {
    /// A row; the rest is said by the methods below.
    pub(super) const fn new(id: &'static str, protocols: &'static [&'static str], act: Act) -> Self {
        let does = Text { ru: "", en: "" };
        Self { id, protocols, does, right: Right::Refuse, seen_by: &[], source: "", parameters: &[], act }
    }

    /// What the provider does, in Russian and in English.
    pub(super) const fn does(self, ru: &'static str, en: &'static str) -> Self {
        Self { does: Text { ru, en }, ..self }
    }

    /// A right client refuses, seen by these.
    pub(super) const fn refused(self, seen_by: &'static [&'static str]) -> Self {
        Self { right: Right::Refuse, seen_by, ..self }
    }

    /// A right client accepts, seen by these.
    pub(super) const fn accepted(self, seen_by: &'static [&'static str]) -> Self {
        Self { right: Right::Accept, seen_by, ..self }
    }

    /// A right client degrades, seen by these.
    pub(super) const fn degraded(self, seen_by: &'static [&'static str]) -> Self {
        Self { right: Right::Degrade, seen_by, ..self }
    }

    /// Where the rule stands.
    pub(super) const fn source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    /// What can be said more exactly.
    pub(super) const fn with(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// The parameter of that name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|known| known.name == name)
    }

    /// Whether the provider has no part in it.
    pub fn is_of_browser(&self) -> bool {
        self.act == Act::Browser
    }

    /// What is wrong with TLS on a port of its own: in no world, for which one a client means is known after that alone.
    pub(crate) fn of_port(&self) -> Option<TlsFault> {
        match self.act {
            Act::Tls(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether it is met on a port of its own and nowhere else.
    pub fn is_of_port(&self) -> bool {
        self.of_port().is_some()
    }

    /// Whether a world can have it.
    pub(crate) fn can_be_set(&self) -> bool {
        !self.is_of_browser() && !self.is_of_port()
    }

    /// Whether it can be set for one person or one sign-in.
    pub(crate) fn can_be_of_one(&self) -> bool {
        !self.act.is_of_nobody() && self.can_be_set()
    }

    /// Whether a protocol has it.
    pub(crate) fn is_of(&self, protocol: &str) -> bool {
        self.protocols.contains(&protocol)
    }
}
