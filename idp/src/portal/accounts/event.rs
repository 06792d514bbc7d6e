//! Events of accounts and sessions.

use chrono::{DateTime, Utc};
use esia::{Oid, Phone};
use serde::{Deserialize, Serialize};

use super::{NewAccount, OneTimeCode};

/// Event of an account or a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum AccountEvent {
    /// An account was created.
    Created {
        /// Data of the new account.
        account: Box<NewAccount>,
    },
    /// A person signed in.
    SignedIn {
        oid: Oid,
        /// Value of the session cookie.
        session: String,
        /// The claim `urn:esia:sid`.
        sid: String,
        /// Whether the person has to choose a role.
        role_pending: bool,
        /// Whether the binding window may be shown in this session (R000.10).
        binding_window: bool,
        /// End of the session.
        expires_at: DateTime<Utc>,
        /// End of the term in which a browser may take over a session that a program has opened, by its link.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_until: Option<DateTime<Utc>>,
    },
    /// A browser took over a session by its link, which cannot be used again.
    LinkOpened { oid: Oid, session: String },
    /// A wrong password was tried.
    SignInFailed { oid: Oid },
    /// A role was chosen for a session.
    RoleChosen {
        session: String,
        /// Number of the organisation; `None` for «Частное лицо».
        organisation: Option<Oid>,
    },
    /// The binding window was closed for the rest of the session.
    WindowClosed { session: String },
    /// A person signed out.
    SignedOut { oid: Oid, session: String },
    /// An e-mail with a link for password recovery was sent.
    RecoveryAsked {
        oid: Oid,
        /// Secret in the link.
        token: String,
        /// Expiry of the link.
        expires_at: DateTime<Utc>,
    },
    /// An SMS code for password recovery was requested.
    RecoveryCodeAsked {
        /// Owner of the phone; `None` if no account has it, which the response does not reveal.
        oid: Option<Oid>,
        phone: Phone,
        code: OneTimeCode,
        /// End of the hour in which codes to this phone are counted.
        counted_until: DateTime<Utc>,
    },
    /// A wrong recovery code was entered.
    RecoveryCodeMissed {
        /// Phone to which the code was sent.
        phone: Phone,
    },
    /// The right recovery code was entered, which allows a new password.
    RecoveryProved {
        oid: Oid,
        /// Phone to which the code was sent.
        phone: Phone,
        /// Secret of the page for the new password.
        token: String,
        expires_at: DateTime<Utc>,
    },
    /// A new password was set after recovery by e-mail or SMS; all sessions end.
    PasswordRestored {
        oid: Oid,
        /// Secret of the e-mail's link or of the page.
        token: String,
        /// The new password.
        password: String,
    },
    /// A person changed the password; all other sessions end.
    PasswordChanged {
        oid: Oid,
        /// The new password.
        password: String,
        /// Session that stays: the one in which the password was changed.
        kept: Option<String>,
    },
    /// An МФЦ issued a one-time password; the second factor is switched off, all sessions end.
    OneTimePasswordGiven { oid: Oid, password: String },
    /// An МФЦ or an online bank confirmed the account.
    Confirmed {
        oid: Oid,
        /// Place of the confirmation, as «МФЦ».
        place: String,
    },
}
