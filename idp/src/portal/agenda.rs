//! What falls due in a world by itself.

use esia::Oid;
use serde::{Deserialize, Serialize};

use super::{
    agencies::Agency,
    consents::{ConsentId, RequestId},
    family::CardId,
};

/// Something that happens by itself when its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Deadline {
    /// ЗАГС answers about a card.
    ZagsAnswer(CardId),
    /// СФР answers about a card.
    SfrAnswer(CardId),
    /// A guardian's auto-update is switched off at last.
    AutoUpdateOff(Oid),
    /// A half-made child account lapses: of this card.
    ChildAccount(CardId),
    /// МВД or СФР answers about a person's document.
    Identity(Oid, Agency),
    /// A binding code lapses: of this card.
    BindingCode(CardId),
    /// A consent's term ends.
    Consent(ConsentId),
    /// Nobody has answered a request for a consent in its term.
    ConsentRequest(RequestId),
    /// A person turns 18: guardians' powers end.
    Majority(Oid),
}
