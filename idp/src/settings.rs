//! Settings of a world of Gosuslugi.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{clients::TokenSettings, portal::agencies::Term};

/// How a world's portal behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Settings {
    /// While a consent to this organisation is in force, a child's binding window does not appear (R000.10).
    pub education_ministry: String,
    /// How long a binding code works, seconds.
    pub binding_code_ttl_s: u32,
    /// Whose rules decide for whom a guardian may make an account.
    pub ruleset: Ruleset,
    /// Whether auto-update from ЗАГС is on until a guardian switches it off (R003.9).
    pub auto_update: bool,
    /// How long it takes to switch auto-update off, and ЗАГС to check what is there when it is switched on: 15 minutes to
    /// 5 calendar days (R003.9).
    pub auto_update_term: Term,
    /// How long a consent lasts when nobody says otherwise, days.
    #[schemars(range(min = 1, max = 1825))]
    pub consent_days: u32,
    /// How long a request for a consent may be granted, days.
    pub consent_request_days: u32,
    /// How far `timestamp` may be off, seconds.
    pub timestamp_window_s: u32,
    /// Let through what ЕСИА would refuse, and say so in the verdict.
    pub lenient: bool,
    /// The provider answers ESIA-007008, as during maintenance.
    pub maintenance: bool,
    /// How long codes and tokens work.
    pub tokens: TokenSettings,
    /// `iss` of tokens: the real literal, whatever the mock's own address is (ESIA §3.6).
    pub iss: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            education_ministry: "Министерство образования Рязанской области".to_owned(),
            binding_code_ttl_s: 600,
            ruleset: Ruleset::default(),
            auto_update: false,
            auto_update_term: Term::Minutes(15),
            consent_days: 365,
            consent_request_days: 30,
            timestamp_window_s: 300,
            lenient: false,
            maintenance: false,
            tokens: TokenSettings::default(),
            iss: esia::token::DEFAULT_ISSUER.to_owned(),
        }
    }
}

/// The year whose rules decide for whom a guardian may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Ruleset {
    /// Up to 13 full years, and by a Russian certificate only (R003.3, R003.10).
    #[serde(rename = "2023")]
    Of2023,
    /// Up to 17 full years; with a foreign document, once a service centre has made the card (R004.6, R004.7).
    #[default]
    #[serde(rename = "2024")]
    Of2024,
}

impl Ruleset {
    /// The oldest child for whom «Создать» is shown, full years.
    pub const fn oldest_child(self) -> i32 {
        match self {
            Self::Of2023 => 13,
            Self::Of2024 => 17,
        }
    }
}
