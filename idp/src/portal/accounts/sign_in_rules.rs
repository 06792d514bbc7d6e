//! Decisions on a sign-in: login, password, lock (R002.5, R004.2).

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use subtle::ConstantTimeEq;
use worlds::WorldRng;

use super::{Account, AccountEvent, Accounts, sign_in::SignInError};
use crate::{event::Event, portal::Portal};

/// Life of a session (ESIA §3.10).
const SESSION_FOR: TimeDelta = TimeDelta::hours(3);

impl Accounts {
    /// Checks a login and a password. The error holds the account at which a wrong password has to be counted.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] or [`SignInError::Locked`].
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

    /// Checks the lock and the password of an account.
    pub(super) fn check_own(&self, oid: Oid, password: &str, now: DateTime<Utc>) -> Result<(), SignInError> {
        self.check_lock(oid, now)?;
        let known = self.get(oid).ok_or(SignInError::Wrong)?.password.as_bytes();
        if bool::from(known.ct_eq(password.as_bytes())) { Ok(()) } else { Err(SignInError::Wrong) }
    }

    /// Fails with [`SignInError::Locked`] while an account is locked.
    pub(super) fn check_lock(&self, oid: Oid, now: DateTime<Utc>) -> Result<(), SignInError> {
        self.failures.locked_until(&oid, now).map_or(Ok(()), |until| Err(SignInError::Locked { until }))
    }
}

impl Portal {
    /// Creates a session. Returns its events and its id.
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
