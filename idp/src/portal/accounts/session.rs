//! Sessions of the personal account, and who is signed in.

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub oid: Oid,
    /// The claim `urn:esia:sid`.
    pub sid: String,
    /// Since when: `auth_time`.
    pub started_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// The role is still to be chosen.
    pub role_pending: bool,
    /// The organisation acted for; none for «Частное лицо».
    pub organisation: Option<Oid>,
    /// Whether the binding window may show at all (R000.10).
    pub binding_window: bool,
    /// Whether it was closed by hand.
    pub window_closed: bool,
    /// Until when a browser may take it over by a link.
    pub link_until: Option<DateTime<Utc>>,
}

impl Session {
    /// A session in which nobody has a role to choose, and no binding window shows.
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
