//! Auto-update of cards from ЗАГС (R003.9). It has to be off to enter data by hand; switching it on starts their check.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CardError;

/// How auto-update stands in a guardian's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(crate) enum AutoUpdate {
    /// Data are entered by hand.
    Off,
    /// It was switched off, and that takes its time.
    SwitchingOff {
        /// Until when, unless ЗАГС is down.
        until: DateTime<Utc>,
    },
    /// Data come from ЗАГС.
    On,
}

impl AutoUpdate {
    /// Returns the Russian text for pages.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Off => "отключено",
            Self::SwitchingOff { .. } => "отключается",
            Self::On => "включено",
        }
    }

    /// Checks whether data of ЗАГС may be entered by hand.
    ///
    /// # Errors
    /// [`CardError::AutoUpdateOn`] or [`CardError::AutoUpdateSwitching`].
    pub(crate) const fn allows_editing(self) -> Result<(), CardError> {
        match self {
            Self::Off => Ok(()),
            Self::SwitchingOff { until } => Err(CardError::AutoUpdateSwitching { until }),
            Self::On => Err(CardError::AutoUpdateOn),
        }
    }
}
