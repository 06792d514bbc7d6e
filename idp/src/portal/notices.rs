//! Notifications in the personal account.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// What it says.
    pub text: String,
    /// Where its link goes, inside this world.
    pub link: String,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The person has not opened the page of notifications since.
    pub is_new: bool,
}

/// What happens to notifications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum NoticeEvent {
    /// One was sent.
    Sent {
        /// Whose account it is in.
        to: Oid,
        /// What it says.
        text: String,
        /// Where its link goes, inside this world.
        link: String,
    },
    /// Somebody has opened the page of notifications, and so seen those that were there.
    Seen {
        /// Whose account it is.
        by: Oid,
    },
}

/// How many notifications a person keeps: the newest.
const MAX_KEPT: usize = 200;

/// All notifications of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Notices(BTreeMap<Oid, VecDeque<Notice>>);

impl Notices {
    /// A person's notifications, oldest first.
    pub(crate) fn of(&self, person: Oid) -> impl DoubleEndedIterator<Item = &Notice> {
        self.0.get(&person).into_iter().flatten()
    }

    /// How many of them the person has not seen.
    pub(crate) fn news(&self, person: Oid) -> usize {
        self.of(person).filter(|notice| notice.is_new).count()
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &NoticeEvent) {
        match event {
            NoticeEvent::Sent { to, text, link } => {
                let theirs = self.0.entry(*to).or_default();
                theirs.push_back(Notice { text: text.clone(), link: link.clone(), at, is_new: true });
                if theirs.len() > MAX_KEPT {
                    theirs.pop_front();
                }
            }
            NoticeEvent::Seen { by } => {
                for notice in self.0.get_mut(by).into_iter().flatten() {
                    notice.is_new = false;
                }
            }
        }
    }

    /// The account is deleted.
    pub(crate) fn forget(&mut self, person: Oid) {
        self.0.remove(&person);
    }
}
