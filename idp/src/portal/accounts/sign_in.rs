//! Login, password and lock-out: the pure rules (R002.5, R004.2).

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use esia::{Email, Oid, Phone, Snils};
use subtle::ConstantTimeEq;
use web::Problem;
use worlds::WorldRng;

use super::{Account, AccountEvent, Accounts};
use crate::{event::Event, portal::Portal};

/// A login in any of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// An e-mail address.
    Email(Email),
    /// A mobile phone.
    Phone(Phone),
    /// A СНИЛС.
    Snils(Snils),
}

impl Login {
    /// Reads what was typed into «Телефон / Email / СНИЛС». Eleven bare digits that begin with 7 or 8 may be a phone or a
    /// СНИЛС: both are answered, the phone first.
    pub(crate) fn candidates(text: &str) -> Vec<Self> {
        let text = text.trim();
        let email = text.parse().ok().map(Self::Email);
        let phone = text.parse().ok().map(Self::Phone);
        let snils = text.parse().ok().map(Self::Snils);
        [email, phone, snils].into_iter().flatten().collect()
    }
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// No such account, or another password; a stranger does not hear which.
    #[error("Неверный логин или пароль")]
    Wrong,
    /// Too many wrong passwords in a row.
    #[error("Вход временно заблокирован: слишком много неверных паролей. Повторите после {}", worlds::moscow::date_time(*.until))]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
}

impl SignInError {
    /// Stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "wrong-login",
            Self::Locked { .. } => "locked",
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let problem = Self::new(StatusCode::FORBIDDEN, error.code(), error.to_string());
        match error {
            SignInError::Wrong => problem.of("password").or("Проверьте логин и пароль или нажмите «Восстановить»"),
            SignInError::Locked { .. } => problem,
        }
    }
}

/// How long a session lasts (ESIA §3.10).
const SESSION_FOR: TimeDelta = TimeDelta::hours(3);

impl Accounts {
    /// Checks a login and a password.
    ///
    /// # Errors
    /// As [`SignInError`] says.
    pub(crate) fn authenticate(
        &self,
        login: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<&Account, (SignInError, Option<Oid>)> {
        let account = self.find(login).ok_or((SignInError::Wrong, None))?;
        match self.check_own(account.oid, password, now) {
            Ok(()) => Ok(account),
            Err(SignInError::Wrong) => Err((SignInError::Wrong, Some(account.oid))),
            Err(error) => Err((error, None)),
        }
    }

    /// Checks the password of an account.
    pub(super) fn check_own(&self, oid: Oid, password: &str, now: DateTime<Utc>) -> Result<(), SignInError> {
        self.check_lock(oid, now)?;
        let known = self.get(oid).ok_or(SignInError::Wrong)?.password.as_bytes();
        if bool::from(known.ct_eq(password.as_bytes())) { Ok(()) } else { Err(SignInError::Wrong) }
    }

    /// Refuses while an account is locked.
    pub(super) fn check_lock(&self, oid: Oid, now: DateTime<Utc>) -> Result<(), SignInError> {
        self.failures.locked_until(&oid, now).map_or(Ok(()), |until| Err(SignInError::Locked { until }))
    }
}

impl Portal {
    /// The events of somebody signing in, and the session's id.
    pub(crate) fn sign_in(&self, account: &Account, now: DateTime<Utc>, rng: &mut WorldRng) -> (Vec<Event>, String) {
        let session = rng.hex::<32>();
        let event = AccountEvent::SignedIn {
            oid: account.oid,
            session: session.clone(),
            sid: rng.uuid(),
            role_pending: !account.roles.is_empty(),
            binding_window: !self.window_is_suppressed(account.oid),
            expires_at: now + SESSION_FOR,
            link_until: None,
        };
        (vec![Event::Account(event)], session)
    }
}
