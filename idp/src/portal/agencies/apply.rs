//! Application of events to agencies and to the checks that wait for them.

use chrono::{DateTime, Utc};

use super::{agency::Agency, model::AgencyEvent};
use crate::portal::{Deadline, Portal};

impl Portal {
    /// Starts a check at an agency: `deadline` is reached at `at`, or later if the agency is down then. For use in
    /// `apply`.
    pub(crate) fn await_answer(&mut self, agency: Agency, at: DateTime<Utc>, deadline: Deadline) {
        self.stop_waiting(agency, deadline);
        self.agencies.waiting.insert((agency, deadline), at);
        if !self.agencies.is_down(agency) {
            self.agenda.insert((at, deadline));
        }
    }

    /// Ends a check, because the agency has answered or the check is cancelled. For use in `apply`.
    pub(crate) fn stop_waiting(&mut self, agency: Agency, deadline: Deadline) {
        if let Some(at) = self.agencies.waiting.remove(&(agency, deadline)) {
            self.agenda.remove(&(at, deadline));
        }
    }

    pub(crate) fn apply_agency(&mut self, at: DateTime<Utc>, event: &AgencyEvent) {
        let AgencyEvent::Changed { agency, conduct } = event;
        let was_down = self.agencies.is_down(*agency);
        let settings = &mut self.agencies.conduct;
        match agency {
            Agency::Zags => settings.zags = *conduct,
            Agency::Sfr => settings.sfr = *conduct,
            Agency::Mvd => settings.mvd = *conduct,
        }
        let is_down = self.agencies.is_down(*agency);
        if was_down == is_down {
            return;
        }
        for ((asked, deadline), answer_at) in &mut self.agencies.waiting {
            if asked != agency {
                continue;
            }
            if is_down {
                self.agenda.remove(&(*answer_at, *deadline));
            } else {
                *answer_at = at.max(*answer_at);
                self.agenda.insert((*answer_at, *deadline));
            }
        }
    }
}
