//! Events of a world of Gosuslugi: what its log holds.

use serde::{Deserialize, Serialize};

use crate::{
    clients::ClientEvent,
    faults::FaultEvent,
    grants::GrantEvent,
    portal::{
        accounts::{AccountEvent, FactorEvent, IdentityEvent, RegistrationEvent},
        agencies::AgencyEvent,
        binding::BindingEvent,
        consents::ConsentEvent,
        family::{ChildAccountEvent, FamilyEvent},
        notices::NoticeEvent,
        outbox::OutboxEvent,
    },
    signing::KeyEvent,
};

/// What can happen in a world of Gosuslugi. In a log each stands as `{"family": {"type": "card-added", …}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Accounts and sessions.
    Account(AccountEvent),
    Registration(RegistrationEvent),
    /// The second factor, and sign-ins under way.
    Factor(FactorEvent),
    /// Documents of an account, and its level.
    Identity(IdentityEvent),
    /// «Семья и дети».
    Family(FamilyEvent),
    /// Child accounts that are being made.
    ChildAccount(ChildAccountEvent),
    /// Agencies that check documents.
    Agency(AgencyEvent),
    /// Guardians and binding codes.
    Binding(BindingEvent),
    /// Consents and requests for them.
    Consent(ConsentEvent),
    /// Notifications in the personal account.
    Notice(NoticeEvent),
    /// Letters and SMS.
    Outbox(OutboxEvent),
    Client(ClientEvent),
    /// Authorization requests, codes, tokens.
    Grant(GrantEvent),
    /// What is wrong on purpose.
    Fault(FaultEvent),
    /// The provider's keys.
    Key(KeyEvent),
}
