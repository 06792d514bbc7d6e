//! Forms of new threads and messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::thread::Recipient;

/// A new thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Letter {
    /// Key of the pupil whom it is about.
    #[serde(default)]
    pub(super) pupil: String,
    /// «Кому»: key of a teacher of that pupil.
    #[serde(default)]
    pub(super) teacher: String,
    /// «Тема»: one line of at most 120 characters.
    #[serde(default)]
    pub(super) topic: String,
    /// «Сообщение»: at most 4000 characters.
    #[serde(default)]
    pub(super) text: String,
}

/// A new thread that a teacher begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct FamilyLetter {
    /// Key of a pupil of an own class.
    #[serde(default)]
    pub(super) pupil: String,
    /// «Кому»: key of a parent on the pupil's card; empty: the pupil.
    #[serde(default)]
    pub(super) parent: String,
    /// «Тема»: one line of at most 120 characters.
    #[serde(default)]
    pub(super) topic: String,
    /// «Сообщение»: at most 4000 characters.
    #[serde(default)]
    pub(super) text: String,
}

impl FamilyLetter {
    /// Returns the family member to whom the teacher writes.
    pub(super) fn family(&self) -> Recipient {
        if self.parent.is_empty() {
            Recipient::Pupil(self.pupil.clone())
        } else {
            Recipient::Parent(self.parent.clone())
        }
    }
}

/// One more message in a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct AnswerForm {
    /// «Сообщение»: at most 4000 characters.
    #[serde(default)]
    pub(super) text: String,
}
