//! What lies between a password and a session: the pure rules.

use chrono::{DateTime, Utc};
use esia::{Oid, Phone};
use serde::{Deserialize, Serialize};
use worlds::{Expiring, Limit};

use super::{OneTimeCode, SignInError, code::CodeError};

/// Sign-ins between the password and the code, of one account and of all.
pub(super) const ENTRIES: Limit = Limit { each: 20, all: 10_000 };

/// A sign-in under way: the password was right, and there is no session yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(super) oid: Oid,
    /// The password that was right: a sign-in does not outlive it.
    pub(super) password: String,
    pub(super) code: Option<OneTimeCode>,
    pub(super) sent: u32,
    pub(super) has_passed: bool,
}

/// What a sign-in waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The code that went to a phone.
    Sms(Phone),
    /// The code of an application.
    Totp,
    /// A password in place of the one-time one.
    Password,
}

/// How a step of signing in ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// In a session.
    Session {
        id: String,
        /// A role is to be chosen.
        has_roles: bool,
    },
    /// In a further question.
    More {
        /// The secret name of this sign-in.
        entry: String,
    },
}

/// Why a sign-in does not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No such sign-in under way, or its term ended, or the password was changed meanwhile.
    #[error("Время входа истекло")]
    Gone,
    /// Not the code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The account is locked.
    #[error(transparent)]
    Locked(#[from] SignInError),
    /// No code goes to this sign-in by SMS, or too many have gone.
    #[error("Больше кодов отправить нельзя: начните вход заново")]
    NoMoreCodes,
    /// The new password is the one-time one.
    #[error("Новый пароль должен отличаться от одноразового")]
    SamePassword,
}

/// Sign-ins under way and offered secrets of a world.
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
