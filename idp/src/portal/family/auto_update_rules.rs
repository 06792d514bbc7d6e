//! Decisions about updating cards by themselves.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::Oid;

use super::{CardError, CardId, FamilyEvent, auto_update::AutoUpdate};
use crate::{
    event::Event,
    portal::{Portal, agencies::Agency},
};

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
