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
        /// Who.
        oid: Oid,
        /// The cookie's value.
        session: String,
        /// `urn:esia:sid`.
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
    LinkOpened {
        /// Whose.
        oid: Oid,
        /// The session.
        session: String,
    },
    /// A wrong password was tried.
    SignInFailed {
        /// Whose account.
        oid: Oid,
    },
    /// A role was chosen.
    RoleChosen {
        /// The session.
        session: String,
        /// The organisation; none for «Частное лицо».
        organisation: Option<Oid>,
    },
    /// The binding window was closed for the rest of the session.
    WindowClosed {
        /// The session.
        session: String,
    },
    /// Somebody signed out.
    SignedOut {
        /// Who.
        oid: Oid,
        /// The session.
        session: String,
    },
    /// A letter to restore a password was sent.
    RecoveryAsked {
        /// Whose account.
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
        /// The phone.
        phone: Phone,
        /// The code.
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
        /// Whose account.
        oid: Oid,
        /// Of which phone.
        phone: Phone,
        /// The secret that allows it.
        token: String,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
    /// A password was made anew through a letter or an SMS; all sessions end.
    PasswordRestored {
        /// Whose account.
        oid: Oid,
        /// The secret of the letter or page.
        token: String,
        /// The new password.
        password: String,
    },
    /// A person changed the password; other sessions end.
    PasswordChanged {
        /// Whose account.
        oid: Oid,
        /// The new password.
        password: String,
        /// The session where it was done.
        kept: Option<String>,
    },
    /// An МФЦ gave a one-time password; the second factor is off, all sessions end.
    OneTimePasswordGiven {
        /// Whose account.
        oid: Oid,
        /// The password.
        password: String,
    },
    /// The state has confirmed whose account it is (МФЦ, an online bank).
    Confirmed {
        /// The account.
        oid: Oid,
        /// Where: as `МФЦ`.
        place: String,
    },
}
