//! Events of a world of Gosuslugi, as its log holds them.

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

/// Event of a world of Gosuslugi. The log holds it as `{"family": {"type": "card-added", …}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Accounts and sessions.
    Account(AccountEvent),
    Registration(RegistrationEvent),
    /// The second factor, and sign-ins in progress.
    Factor(FactorEvent),
    /// Documents of an account, and its level of confirmation.
    Identity(IdentityEvent),
    /// «Семья и дети».
    Family(FamilyEvent),
    /// Child accounts that a guardian is creating.
    ChildAccount(ChildAccountEvent),
    /// Changes of how an agency answers.
    Agency(AgencyEvent),
    /// Bindings between guardians and children, and binding codes.
    Binding(BindingEvent),
    /// Consents and consent requests.
    Consent(ConsentEvent),
    /// Notifications in the personal account.
    Notice(NoticeEvent),
    /// Letters and SMS.
    Outbox(OutboxEvent),
    Client(ClientEvent),
    /// Authorization requests, codes and tokens.
    Grant(GrantEvent),
    /// Faults of the provider that a tester sets and lifts.
    Fault(FaultEvent),
    /// Signing keys of the provider.
    Key(KeyEvent),
}
