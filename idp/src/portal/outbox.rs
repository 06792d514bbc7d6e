//! Letters and SMS that the portal has sent. Nothing leaves the machine: testers read them at `/control/outbox`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A letter.
    Email,
    /// An SMS.
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

/// What happens to the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum OutboxEvent {
    /// A message was sent.
    Sent { message: Message },
}

/// All messages of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Outbox(Vec<(DateTime<Utc>, Message)>);

impl Outbox {
    /// Every message, oldest first, with when it was sent.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &(DateTime<Utc>, Message)> + ExactSizeIterator {
        self.0.iter()
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &OutboxEvent) {
        let OutboxEvent::Sent { message } = event;
        self.0.push((at, message.clone()));
    }
}
