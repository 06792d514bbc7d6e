//! E-mails and SMS that the portal has sent. Nothing leaves the machine: testers read them at `/control/outbox`.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A letter to an e-mail address.
    Email,
    /// An SMS to a phone.
    Sms,
}

/// A letter or an SMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// How it goes.
    pub channel: Channel,
    /// An e-mail address or a phone.
    pub to: String,
    /// A letter's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What it says.
    pub text: String,
    /// The link in it, inside this world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Event of the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum OutboxEvent {
    /// An e-mail or an SMS was sent.
    Sent { message: Message },
}

/// Maximum number of messages that are kept for a tester, as in the diary.
const MESSAGES: usize = 1_000;

/// Latest messages of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Outbox {
    kept: VecDeque<(DateTime<Utc>, Message)>,
    /// Number of older messages that have been dropped.
    gone: usize,
}

impl Outbox {
    /// Returns the kept messages, oldest first, each with its number since the start of the world and its time.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, &(DateTime<Utc>, Message))> {
        self.kept.iter().enumerate().map(|(index, sent)| (self.gone + index, sent))
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &OutboxEvent) {
        let OutboxEvent::Sent { message } = event;
        if self.kept.len() >= MESSAGES {
            self.kept.pop_front();
            self.gone += 1;
        }
        self.kept.push_back((at, message.clone()));
    }
}
