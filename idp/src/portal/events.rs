//! Events of the portal that a deadline causes.

use super::{
    agenda::Deadline,
    binding::BindingEvent,
    consents::{ConsentEvent, Ending},
    family::{ChildAccountEvent, DraftEnding, FamilyEvent},
    state::Portal,
};
use crate::event::Event;

impl Portal {
    /// Returns the events that a reached deadline causes.
    pub(crate) fn fallen_due(&self, deadline: Deadline) -> Vec<Event> {
        match deadline {
            Deadline::ZagsAnswer(card) => {
                self.family.zags_answer(card, &self.agencies.records).into_iter().map(Event::Family).collect()
            }
            Deadline::SfrAnswer(card) => {
                self.family.sfr_answer(card, &self.agencies.records).into_iter().map(Event::Family).collect()
            }
            Deadline::AutoUpdateOff(guardian) => vec![Event::Family(FamilyEvent::AutoUpdateOff { guardian })],
            Deadline::ChildAccount(card) => {
                vec![Event::ChildAccount(ChildAccountEvent::Ended { card, how: DraftEnding::Lapsed })]
            }
            Deadline::Identity(oid, agency) => self.identity_answered(oid, agency),
            Deadline::BindingCode(card) => vec![Event::Binding(BindingEvent::CodeLapsed { card })],
            Deadline::Consent(consent) => vec![Event::Consent(ConsentEvent::Lapsed { consent, why: Ending::Term })],
            Deadline::ConsentRequest(request) => {
                vec![Event::Consent(ConsentEvent::RequestClosed { request, why: Ending::Term })]
            }
            Deadline::Majority(person) => self.came_of_age(person),
        }
    }
}
