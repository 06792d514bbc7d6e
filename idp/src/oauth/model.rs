//! Authorization requests, codes, tokens: the pure rules.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What happens at the protocol's doors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum OAuthEvent {}

/// Requests under way, codes, refresh tokens.
#[derive(Debug, Clone, Default)]
pub struct OAuth {}

impl OAuthEvent {
    /// The timeline's sentence.
    pub(crate) fn tell(&self, _state: &crate::state::Gosuslugi) -> String {
        match *self {}
    }
}

impl OAuth {
    pub(crate) fn apply(&mut self, _at: DateTime<Utc>, event: &OAuthEvent) {
        match *event {}
    }
}
