//! Auto-update of cards from ЗАГС (R003.9): off before data are entered by hand, on to have them checked.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CardError, CardId, FamilyEvent};
use crate::{
    event::Event,
    portal::{Portal, agencies::Agency},
};

/// How auto-update stands in a guardian's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
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
    /// For a reader.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Off => "отключено",
            Self::SwitchingOff { .. } => "отключается",
            Self::On => "включено",
        }
    }

    /// Whether data of ЗАГС may be entered by hand.
    ///
    /// # Errors
    /// Why not.
    pub(crate) const fn allows_editing(self) -> Result<(), CardError> {
        match self {
            Self::Off => Ok(()),
            Self::SwitchingOff { until } => Err(CardError::AutoUpdateSwitching { until }),
            Self::On => Err(CardError::AutoUpdateOn),
        }
    }
}

impl Portal {
    /// How auto-update stands in an account; as the world's setting says until the guardian has changed it.
    pub(crate) fn auto_update(&self, guardian: Oid) -> AutoUpdate {
        let default = if self.settings.auto_update { AutoUpdate::On } else { AutoUpdate::Off };
        self.family.auto_update.get(&guardian).copied().unwrap_or(default)
    }

    /// A guardian switches auto-update off, which takes its term.
    ///
    /// # Errors
    /// When it is off or being switched off already.
    pub(crate) fn switch_auto_update_off(&self, guardian: Oid, now: DateTime<Utc>) -> Result<Vec<Event>, CardError> {
        match self.auto_update(guardian) {
            AutoUpdate::Off => Err(CardError::AutoUpdateOff),
            AutoUpdate::SwitchingOff { until } => Err(CardError::AutoUpdateSwitching { until }),
            AutoUpdate::On => {
                let until = self.agencies.answer_after(Agency::Zags, self.settings.auto_update_term, now);
                Ok(vec![Event::Family(FamilyEvent::AutoUpdateSwitchingOff { guardian, until })])
            }
        }
    }

    /// A guardian switches auto-update on: the marked cards are checked, or all that have anything to check when none is
    /// marked.
    ///
    /// # Errors
    /// When it is on or being switched off, or a marked card cannot be checked.
    pub(crate) fn switch_auto_update_on(
        &self,
        guardian: Oid,
        marked: &BTreeSet<CardId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, CardError> {
        match self.auto_update(guardian) {
            AutoUpdate::Off => {}
            AutoUpdate::SwitchingOff { until } => return Err(CardError::AutoUpdateSwitching { until }),
            AutoUpdate::On => return Err(CardError::AutoUpdateOn),
        }
        let mut events = vec![Event::Family(FamilyEvent::AutoUpdateOn { guardian })];
        let all = || self.family.of(guardian).filter(|card| card.may_be_checked()).map(|card| card.id).collect();
        let cards = if marked.is_empty() { all() } else { marked.clone() };
        if !cards.is_empty() {
            events.extend(self.check_cards(&cards, guardian, Some(self.settings.auto_update_term), now)?);
        }
        Ok(events)
    }
}
