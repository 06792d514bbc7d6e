//! Decisions of a sign-in: login, password, lock-out (R002.5, R004.2).

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use subtle::ConstantTimeEq;
use worlds::WorldRng;

use super::{Account, AccountEvent, Accounts, sign_in::SignInError};
use crate::{event::Event, portal::Portal};

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
