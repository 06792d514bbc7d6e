//! Settings text of one client library.

use ::esia::language::pick;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use utoipa::ToSchema;

/// Settings for one library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Setting {
    /// What the library is called.
    pub(crate) library: &'static str,
    /// Programming language, with the framework where there is one.
    pub(crate) language: &'static str,
    /// Where it comes from.
    pub(crate) origin: &'static str,
    /// Which protocol the library speaks.
    pub(crate) protocol: Protocol,
    /// What goes into the program or its settings file.
    pub(crate) text: String,
    /// What must be done besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

impl Setting {
    /// File name under which the page offers the text for download.
    pub(crate) fn file_name(&self) -> String {
        let name: String =
            self.library.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect();
        format!("{name}.txt")
    }

    /// Returns the text as a data URL, for download without another request.
    pub(crate) fn file(&self) -> String {
        format!("data:text/plain;charset=utf-8;base64,{}", STANDARD.encode(&self.text))
    }
}

/// The protocol that a library speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    /// ЕСИА's own protocol.
    Esia,
    /// OpenID Connect of this provider.
    OpenidConnect,
}

impl Protocol {
    /// Name of the protocol for a reader.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Esia => pick("протокол ЕСИА", "ESIA protocol"),
            Self::OpenidConnect => "OpenID Connect",
        }
    }
}

/// Client library that settings are made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Library {
    name: &'static str,
    language: &'static str,
    /// Source of the library, as `PyPI: Authlib`.
    origin: &'static str,
}

pub(crate) const fn library(name: &'static str, language: &'static str, origin: &'static str) -> Library {
    Library { name, language, origin }
}

/// Creates settings of a library for OpenID Connect.
pub(crate) fn setting(library: Library, text: String, note: Option<String>) -> Setting {
    Setting::of(Protocol::OpenidConnect, library, text, note)
}

impl Setting {
    /// Creates settings of a library for one of the protocols.
    pub(crate) fn of(protocol: Protocol, library: Library, text: String, note: Option<String>) -> Self {
        let Library { name, language, origin } = library;
        Self { library: name, language, origin, protocol, text, note }
    }
}
