//! Implementation of [`Domain`] for [`Gosuslugi`]: genesis, applying events, due events and timeline sentences.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use worlds::{Domain, Due, SeedDocument, SeedError, Shared};

use crate::{clients::ClientEvent, event::Event, faults::FaultEvent, seed, signing::KeyEvent, state::Gosuslugi};

impl Domain for Gosuslugi {
    const STATE_VERSION: u32 = 2;

    type Event = Event;

    fn genesis(seed: &SeedDocument, at: DateTime<Utc>) -> Result<Self, SeedError> {
        seed::genesis(&seed.gosuslugi()?, at)
    }

    fn apply(&mut self, at: DateTime<Utc>, event: &Event) {
        let portal = &mut self.portal;
        match event {
            Event::Account(event) => portal.apply_account(at, event),
            Event::Registration(event) => portal.accounts.apply_registration(at, event),
            Event::Factor(event) => portal.accounts.apply_factor(at, event),
            Event::Identity(event) => portal.apply_identity(at, event),
            Event::Family(event) => portal.apply_family(event),
            Event::ChildAccount(event) => portal.apply_child_account(event),
            Event::Agency(event) => portal.apply_agency(at, event),
            Event::Binding(event) => portal.apply_binding(at, event),
            Event::Consent(event) => portal.apply_consent(at, event),
            Event::Notice(event) => portal.notices.apply(at, event),
            Event::Outbox(event) => portal.outbox.apply(at, event),
            Event::Client(event) => self.apply_client(at, event),
            Event::Grant(event) => self.grants.apply(at, event),
            Event::Fault(event) => self.faults.apply(at, event),
            Event::Key(event) => Arc::make_mut(&mut self.keys).apply(event),
        }
    }

    fn has_credentials(&self) -> bool {
        self.portal.accounts.has_credentials() || self.grants.has_credentials()
    }

    fn forget_credentials(&mut self) {
        self.portal.accounts.forget_credentials();
        self.grants.forget_credentials();
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        let of_portal = self.portal.agenda.first().map(|(at, _)| *at);
        let of_keys = self.keys.planned().next().map(|(at, _)| at);
        of_portal.into_iter().chain(self.faults.next_end().map(|(at, _)| at)).chain(of_keys).min()
    }

    fn due(&self, until: DateTime<Utc>) -> Option<Due<Event>> {
        let at = self.next_due().filter(|at| *at <= until)?;
        let is_first = |due: DateTime<Utc>| due == at;
        let events = if let Some((_, step)) = self.keys.planned().next().filter(|(due, _)| is_first(*due)) {
            vec![Event::Key(KeyEvent::Done { step })]
        } else if let Some((_, deadline)) = self.portal.agenda.first().filter(|(due, _)| is_first(*due)) {
            self.portal.fallen_due(*deadline)
        } else {
            let (_, number) = self.faults.next_end()?;
            vec![Event::Fault(FaultEvent::Lifted { number })]
        };
        Some(Due { at, events })
    }

    fn tell(&self, event: &Event) -> String {
        crate::tell::tell(self, event)
    }
}

impl Gosuslugi {
    /// Applies an event of a client. Removing a client also ends its authorization requests, codes and tokens, so that
    /// a client registered later under the same mnemonic does not inherit them.
    fn apply_client(&mut self, at: DateTime<Utc>, event: &ClientEvent) {
        self.clients.apply(event);
        self.note_ministry_clients();
        if let ClientEvent::Removed { mnemonic } = event {
            self.grants.end_client(mnemonic, at);
        }
    }

    /// Updates the portal's set of clients that belong to the education ministry.
    pub(crate) fn note_ministry_clients(&mut self) {
        let ministry = &self.portal.settings.education_ministry;
        let own = self.clients.iter().filter(|client| client.spec.organisation == *ministry);
        self.portal.ministry_clients = Shared::new(own.map(|client| client.spec.mnemonic.clone()).collect());
    }
}
