use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The way by which a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutboxChannel {
    /// A letter by e-mail.
    Email,
    /// A text message to a phone.
    Sms,
}

/// A letter or an SMS that a server has sent. Nothing leaves the machine: testers read it here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutboxMessage {
    /// 1, 2, 3, … in the order of sending.
    pub seq: usize,
    /// When it was sent, by the world's clock.
    pub at: DateTime<Utc>,
    /// The way by which it went.
    pub channel: OutboxChannel,
    /// An e-mail address or a phone.
    pub to: String,
    /// Subject of a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text without the link.
    pub text: String,
    /// The link in it: a path inside the world; [`crate::Front`] answers with the whole URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}
