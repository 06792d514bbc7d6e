//! Status of the check of a document at ЗАГС or СФР.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a document on a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// «Данные введены вручную».
    Entered,
    /// «Проверка данных»: ЗАГС or СФР has not answered yet.
    Checking,
    /// «Поиск данных»: СФР looks for the СНИЛС.
    Searching,
    /// «Не найдено в загсе».
    NotInZags,
    /// «Не найден в СФР».
    NotInSfr,
    /// The agency has confirmed the data.
    Confirmed,
}

impl CheckStatus {
    /// Returns the text on the card, exactly as the rule gives it (R003.10).
    pub const fn text(self) -> &'static str {
        match self {
            Self::Entered => "Данные введены вручную",
            Self::Checking => "Проверка данных",
            Self::Searching => "Поиск данных",
            Self::NotInZags => "Не найдено в загсе",
            Self::NotInSfr => "Не найден в СФР",
            Self::Confirmed => "Проверено",
        }
    }

    /// Whether the check is pending at an agency.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Checking | Self::Searching)
    }

    /// Returns the status after an answer of ЗАГС.
    pub(crate) const fn of_zags(found: bool) -> Self {
        if found { Self::Confirmed } else { Self::NotInZags }
    }
}
