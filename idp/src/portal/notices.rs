//! Notifications in the personal account.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// Text of the notification.
    pub text: String,
    /// Path of the link, inside this world.
    pub link: String,
    /// Time at which it was sent.
    pub at: DateTime<Utc>,
    /// Whether the person has not opened the notifications page since.
    pub is_new: bool,
}

/// Event of a person's notifications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum NoticeEvent {
    /// A notification was sent.
    Sent {
        /// Person who receives it.
        to: Oid,
        /// Text of the notification.
        text: String,
        /// Path of the link, inside this world.
        link: String,
    },
    /// A person opened the notifications page, which marks all notifications as read.
    Seen {
        /// Person who opened the page.
        by: Oid,
    },
}

/// Maximum number of notifications kept for a person; the oldest are dropped.
const MAX_KEPT: usize = 200;

/// Notifications of a world by person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Notices(BTreeMap<Oid, VecDeque<Notice>>);

impl Notices {
    /// Returns a person's notifications, oldest first.
    pub(crate) fn of(&self, person: Oid) -> impl DoubleEndedIterator<Item = &Notice> {
        self.0.get(&person).into_iter().flatten()
    }

    /// Returns the number of a person's unread notifications.
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

    /// Removes the notifications of a deleted account.
    pub(crate) fn forget(&mut self, person: Oid) {
        self.0.remove(&person);
    }
}
