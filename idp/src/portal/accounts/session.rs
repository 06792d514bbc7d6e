//! Sessions of the personal account.

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};

/// Session of a person who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub oid: Oid,
    /// Value of the claim `urn:esia:sid`.
    pub sid: String,
    /// Time of the sign-in, the `auth_time` of tokens.
    pub started_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Whether the person has to choose a role.
    pub role_pending: bool,
    /// Organisation of the chosen role; `None` for «Частное лицо».
    pub organisation: Option<Oid>,
    /// Whether the binding window may be shown in this session (R000.10).
    pub binding_window: bool,
    /// Whether the person has closed the binding window.
    pub window_closed: bool,
    /// End of the term in which a browser may take the session over by its link; `None` without a link.
    pub link_until: Option<DateTime<Utc>>,
}

impl Session {
    /// Creates a session without a choice of role and without the binding window.
    pub(super) fn new(oid: Oid, sid: String, started_at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Self {
        Self {
            oid,
            sid,
            started_at,
            expires_at,
            role_pending: false,
            organisation: None,
            binding_window: false,
            window_closed: false,
            link_until: None,
        }
    }
}
