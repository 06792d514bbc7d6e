//! Sign-ins between password and session: second factor and replacement of a one-time password.

use chrono::{DateTime, Utc};
use esia::{Oid, Phone};
use serde::{Deserialize, Serialize};
use worlds::{Expiring, Limit};

use super::{OneTimeCode, SignInError, code::CodeError};

/// Limit of unfinished sign-ins, by account and overall.
pub(super) const ENTRIES: Limit = Limit { each: 20, all: 10_000 };

/// Unfinished sign-in: the password was right, and there is no session yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(super) oid: Oid,
    /// Password of the account when it was entered; a change of the password ends the sign-in.
    pub(super) password: String,
    pub(super) code: Option<OneTimeCode>,
    pub(super) sent: u32,
    pub(super) has_passed: bool,
}

/// Next input of an unfinished sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Code sent to this phone by SMS.
    Sms(Phone),
    /// Code of an authenticator application.
    Totp,
    /// New password in place of the one-time password.
    Password,
}

/// Outcome of a step of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The person is signed in.
    Session {
        id: String,
        /// Whether the person has to choose a role.
        has_roles: bool,
    },
    /// Another input is needed.
    More {
        /// Secret identifier of the sign-in.
        entry: String,
    },
}

/// Reason why a step of a sign-in is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The sign-in is unknown or expired, or the password has been changed since.
    #[error("Время входа истекло")]
    Gone,
    /// The code is not accepted.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The account is locked.
    #[error(transparent)]
    Locked(#[from] SignInError),
    /// The sign-in needs no SMS code, or the limit of codes is reached.
    #[error("Больше кодов отправить нельзя: начните вход заново")]
    NoMoreCodes,
    /// The new password equals the one-time password.
    #[error("Новый пароль должен отличаться от одноразового")]
    SamePassword,
}

/// Unfinished sign-ins of a world, and TOTP secrets that wait for their first code.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entries {
    pub(super) entries: Expiring<Entry>,
    pub(super) offers: Expiring<String>,
}

impl Entries {
    pub(super) fn offer(&self, oid: Oid, now: DateTime<Utc>) -> Option<&str> {
        self.offers.get(&oid.to_string(), now).map(String::as_str)
    }
}
