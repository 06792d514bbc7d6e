//! Agencies that check documents: ЗАГС, СФР, МВД.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agency that checks documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Agency {
    /// ЗАГС: birth certificates and other acts.
    Zags,
    /// СФР knows who has which СНИЛС.
    Sfr,
    /// МВД knows who has which passport.
    Mvd,
}

impl Agency {
    /// All agencies, in the order of pages.
    pub const ALL: [Self; 3] = [Self::Zags, Self::Sfr, Self::Mvd];

    /// Returns the Russian name for pages.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Zags => "ЗАГС",
            Self::Sfr => "СФР",
            Self::Mvd => "МВД",
        }
    }

    /// Returns the name in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zags => "zags",
            Self::Sfr => "sfr",
            Self::Mvd => "mvd",
        }
    }
}
