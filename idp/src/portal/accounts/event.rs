//! What happens to accounts, and what it changes.

use chrono::{DateTime, Utc};
use esia::{Oid, Phone};
use serde::{Deserialize, Serialize};

use super::{NewAccount, OneTimeCode};

/// What happens to accounts and sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum AccountEvent {
    /// An account was made.
    Created {
        /// What it is made of.
        account: Box<NewAccount>,
    },
    /// Somebody signed in.
    SignedIn {
        oid: Oid,
        /// The cookie's value.
        session: String,
        /// The claim `urn:esia:sid`.
        sid: String,
        /// The role is still to be chosen.
        role_pending: bool,
        /// Whether the binding window may show in this session (R000.10).
        binding_window: bool,
        /// When it ends.
        expires_at: DateTime<Utc>,
        /// Until when a browser may take it over by a link, for one that a program has opened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_until: Option<DateTime<Utc>>,
    },
    /// A browser took a session over by its link, which works no longer.
    LinkOpened { oid: Oid, session: String },
    /// A wrong password was tried.
    SignInFailed { oid: Oid },
    /// A role was chosen.
    RoleChosen {
        session: String,
        /// The organisation; none for «Частное лицо».
        organisation: Option<Oid>,
    },
    /// The binding window was closed for the rest of the session.
    WindowClosed { session: String },
    /// Somebody signed out.
    SignedOut { oid: Oid, session: String },
    /// A letter to restore a password was sent.
    RecoveryAsked {
        oid: Oid,
        /// The secret in its link.
        token: String,
        /// Until when the link works.
        expires_at: DateTime<Utc>,
    },
    /// A code to restore a password was asked for by SMS.
    RecoveryCodeAsked {
        /// Whose account; nobody's, when no account has the phone: who asks must not hear it.
        oid: Option<Oid>,
        phone: Phone,
        code: OneTimeCode,
        /// How long codes to this phone are counted together.
        counted_until: DateTime<Utc>,
    },
    /// A wrong code was typed.
    RecoveryCodeMissed {
        /// Of which phone.
        phone: Phone,
    },
    /// The code was right: a new password may be made.
    RecoveryProved {
        oid: Oid,
        /// Of which phone.
        phone: Phone,
        /// The secret that allows it.
        token: String,
        expires_at: DateTime<Utc>,
    },
    /// A password was made anew through a letter or an SMS; all sessions end.
    PasswordRestored {
        oid: Oid,
        /// The secret of the letter or page.
        token: String,
        /// The new password.
        password: String,
    },
    /// A person changed the password; other sessions end.
    PasswordChanged {
        oid: Oid,
        /// The new password.
        password: String,
        /// The session where it was done.
        kept: Option<String>,
    },
    /// An МФЦ gave a one-time password; the second factor is off, all sessions end.
    OneTimePasswordGiven { oid: Oid, password: String },
    /// The state has confirmed whose account it is (МФЦ, an online bank).
    Confirmed {
        oid: Oid,
        /// Where: as `МФЦ`.
        place: String,
    },
}
