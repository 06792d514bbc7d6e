//! Settings for one client library.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use utoipa::ToSchema;

/// Settings for one library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Setting {
    /// What the library is called.
    pub(crate) library: &'static str,
    /// Its language.
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
    /// What the page calls it when it is saved.
    pub(crate) fn file_name(&self) -> String {
        let name: String =
            self.library.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect();
        format!("{name}.txt")
    }

    /// Its text as a file inside the page.
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
    /// OpenID Connect.
    OpenidConnect,
}

impl Protocol {
    /// For a reader.
    pub(crate) const fn told(self) -> &'static str {
        match self {
            Self::Esia => "протокол ЕСИА",
            Self::OpenidConnect => "OpenID Connect",
        }
    }
}

pub(crate) fn setting(
    (library, language, origin): (&'static str, &'static str, &'static str),
    text: String,
    note: Option<String>,
) -> Setting {
    Setting { library, language, origin, protocol: Protocol::OpenidConnect, text, note }
}
