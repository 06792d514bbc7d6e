//! Choices that several commands share.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::browser::Engine;

/// How pages are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Screens {
    /// Over plain HTTP.
    Http,
    /// In Chromium, by chromedriver.
    Chromium,
    /// In Firefox, by geckodriver.
    Firefox,
}

impl Screens {
    /// Name of the value on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Browser that shows pages; `None` for plain HTTP.
    pub const fn engine(self) -> Option<Engine> {
        match self {
            Self::Http => None,
            Self::Chromium => Some(Engine::Chromium),
            Self::Firefox => Some(Engine::Firefox),
        }
    }
}

/// A protocol that Gosuslugi speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    #[default]
    /// ESIA's own protocol.
    Esia,
    /// OpenID Connect Core 1.0.
    Oidc,
}

impl Protocol {
    /// Name of the value on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Esia => "esia",
            Self::Oidc => "oidc",
        }
    }
}

impl From<Protocol> for diary::Protocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Esia => Self::Esia,
            Protocol::Oidc => Self::Oidc,
        }
    }
}

/// When to print in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always, also into a file or a pipe.
    Always,
    /// Never, also on a terminal.
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl From<Color> for clap::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}
