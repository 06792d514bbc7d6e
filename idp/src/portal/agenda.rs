//! Deadlines of the portal.

use esia::Oid;
use serde::{Deserialize, Serialize};

use super::{
    agencies::Agency,
    consents::{ConsentId, RequestId},
    family::CardId,
};

/// Change that happens when its time comes, without a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Deadline {
    /// ЗАГС answers about a card.
    ZagsAnswer(CardId),
    /// СФР answers about a card.
    SfrAnswer(CardId),
    /// The switching-off of a guardian's auto-update takes effect.
    AutoUpdateOff(Oid),
    /// The unfinished child account of this card expires.
    ChildAccount(CardId),
    /// МВД or СФР answers about a person's document.
    Identity(Oid, Agency),
    /// The binding code of this card expires.
    BindingCode(CardId),
    /// A consent's term ends.
    Consent(ConsentId),
    /// A consent request expires without an answer.
    ConsentRequest(RequestId),
    /// A person turns 18, and the guardians lose their powers.
    Majority(Oid),
}
