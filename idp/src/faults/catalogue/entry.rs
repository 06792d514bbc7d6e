//! Row of the catalogue.

use serde::Serialize;
use web::TlsFault;
use worlds::mistakes::Text;

use crate::faults::act::Act;

/// Reaction of a right client to a response with the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// It refuses the sign-in: no session begins.
    Refuse,
    /// It accepts the response, in which nothing is wrong.
    Accept,
    /// It degrades in the way that the row describes.
    Degrade,
}

/// Parameter of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Name of the parameter, as `token`.
    pub name: &'static str,
    /// Value of the parameter if none is given.
    pub default: &'static str,
    /// Allowed values; any value if empty.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub one_of: &'static [&'static str],
}

/// Fault of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Entry {
    /// Stable name of the fault, as `claim.aud-other`.
    pub id: &'static str,
    /// Protocols that have the fault: `esia`, `oidc`.
    pub protocols: &'static [&'static str],
    /// Description of what the provider does, in Russian and English.
    pub does: Text,
    /// Reaction of a right client.
    pub right: Right,
    /// Signs by which the reaction is seen from outside, one letter each: `S` no session, `T` no request for tokens,
    /// `U` no request with that token, `K` number of key fetches, `P` a readable page, `C` retries, `N` the next
    /// sign-in works, `L` the session ends, `H` a foreign host saw nothing.
    pub seen_by: &'static [&'static str],
    /// Source of the rule that a right client follows; empty if no document has one.
    pub source: &'static str,
    /// Parameters that refine the fault.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub parameters: &'static [Parameter],
    /// Act of the fault: where and how it changes a response.
    #[serde(skip)]
    pub(crate) act: Act,
}

/// Faults of both protocols.
pub(super) const BOTH: &[&str] = &["esia", "oidc"];
/// Faults of ЕСИА's own protocol alone.
pub(super) const ESIA: &[&str] = &["esia"];
/// Faults of OpenID Connect alone.
pub(super) const OIDC: &[&str] = &["oidc"];

/// Parameter `token`: which of the two tokens of a response is changed; the id token by default.
pub(super) const WHICH_TOKEN: Parameter = Parameter { name: "token", default: "id", one_of: &["id", "access", "both"] };

impl Entry {
    /// Creates a row; the methods below set the rest of its fields.
    pub(super) const fn new(id: &'static str, protocols: &'static [&'static str], act: Act) -> Self {
        let does = Text { ru: "", en: "" };
        Self { id, protocols, does, right: Right::Refuse, seen_by: &[], source: "", parameters: &[], act }
    }

    /// Sets the description in Russian and in English.
    pub(super) const fn does(self, ru: &'static str, en: &'static str) -> Self {
        Self { does: Text { ru, en }, ..self }
    }

    /// Says that a right client refuses, and by which signs this is seen.
    pub(super) const fn refused(self, seen_by: &'static [&'static str]) -> Self {
        Self { right: Right::Refuse, seen_by, ..self }
    }

    /// Says that a right client accepts, and by which signs this is seen.
    pub(super) const fn accepted(self, seen_by: &'static [&'static str]) -> Self {
        Self { right: Right::Accept, seen_by, ..self }
    }

    /// Says that a right client degrades, and by which signs this is seen.
    pub(super) const fn degraded(self, seen_by: &'static [&'static str]) -> Self {
        Self { right: Right::Degrade, seen_by, ..self }
    }

    /// Sets the source of the rule.
    pub(super) const fn source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    /// Sets the parameters of the fault.
    pub(super) const fn with(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// Returns the parameter of that name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|known| known.name == name)
    }

    /// Whether the program that drives the browser does it, and not the provider.
    pub fn is_of_browser(&self) -> bool {
        self.act == Act::Browser
    }

    /// Returns the TLS fault that a port of its own has. No world has such a fault, because the world of a request is
    /// known only after the handshake.
    pub(crate) fn of_port(&self) -> Option<TlsFault> {
        match self.act {
            Act::Tls(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether the fault is met only at a port of its own.
    pub fn is_of_port(&self) -> bool {
        self.of_port().is_some()
    }

    /// Whether the fault can be set in a world.
    pub(crate) fn can_be_set(&self) -> bool {
        !self.is_of_browser() && !self.is_of_port()
    }

    /// Whether the fault can be set for one person or one sign-in.
    pub(crate) fn can_be_of_one(&self) -> bool {
        !self.act.is_of_nobody() && self.can_be_set()
    }

    /// Whether a protocol has the fault.
    pub(crate) fn is_of(&self, protocol: &str) -> bool {
        self.protocols.contains(&protocol)
    }
}
