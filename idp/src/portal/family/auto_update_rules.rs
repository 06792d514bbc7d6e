//! Decisions on auto-update of cards.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::Oid;

use super::{CardError, CardId, FamilyEvent, auto_update::AutoUpdate};
use crate::{
    event::Event,
    portal::{Portal, agencies::Agency},
};

impl Portal {
    /// Returns the state of auto-update of a guardian; the world's setting until the guardian changes it.
    pub(crate) fn auto_update(&self, guardian: Oid) -> AutoUpdate {
        let default = if self.settings.auto_update { AutoUpdate::On } else { AutoUpdate::Off };
        self.family.auto_update.get(&guardian).copied().unwrap_or(default)
    }

    /// Switches a guardian's auto-update off, which takes effect after the term of the settings.
    ///
    /// # Errors
    /// Fails if it is off or being switched off already.
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

    /// Switches a guardian's auto-update on and starts the check of the marked cards, or of all cards with anything to
    /// check if none is marked.
    ///
    /// # Errors
    /// Fails if it is on or being switched off, or a marked card cannot be checked.
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
