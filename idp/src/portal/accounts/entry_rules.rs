//! Decisions on a sign-in between password and session: second factor and replacement of a one-time password.

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use worlds::{Decided, WorldRng};

use super::{
    Account, AccountEvent, Accounts, FactorEvent, OneTimeCode, SecondFactor, SignInError,
    code::{CodeError, six_digits},
    entry::{Asked, ENTRIES, Entry, EntryError, Step},
    factor::totp_step,
};
use crate::{event::Event, portal::Portal};

/// Life of an unfinished sign-in.
const ENTRY_FOR: TimeDelta = TimeDelta::minutes(30);

/// Maximum number of SMS for one sign-in.
const MAX_SENT: u32 = 5;

/// Events and result of an attempt. A wrong code fails and yet is recorded, because attempts are counted.
pub(crate) type Tried<T, E> = (Vec<Event>, Result<T, E>);

impl Accounts {
    /// Returns the TOTP secret that waits for its first code.
    pub(crate) fn offer(&self, oid: Oid, now: DateTime<Utc>) -> Option<&str> {
        self.entries.offer(oid, now)
    }

    /// Returns the account of an unfinished sign-in, while it is kept.
    pub(crate) fn entering(&self, entry: &str) -> Option<Oid> {
        self.entries.entries.remembered(entry).map(|entry| entry.oid)
    }

    fn entry(&self, entry: &str, now: DateTime<Utc>) -> Result<(&Entry, &Account), EntryError> {
        let entry = self.entries.entries.get(entry, now).ok_or(EntryError::Gone)?;
        let account = self.get(entry.oid).filter(|account| account.password == entry.password);
        account.map(|account| (entry, account)).ok_or(EntryError::Gone)
    }

    /// Returns the next input of a sign-in; `None` if nothing is needed any more, because the person's settings have
    /// changed.
    pub(crate) fn asked(&self, entry: &str, now: DateTime<Utc>) -> Result<Option<Asked>, EntryError> {
        let (entry, account) = self.entry(entry, now)?;
        Ok(match (entry.has_passed, account.factor(), account.phone) {
            (false, SecondFactor::Sms, Some(phone)) => Some(Asked::Sms(phone)),
            (false, SecondFactor::Totp { .. }, _) => Some(Asked::Totp),
            _ if account.has_one_time_password => Some(Asked::Password),
            _ => None,
        })
    }

    /// Returns the expiry of the code that a sign-in waits for, and the number of attempts left. A TOTP code is
    /// accepted until the sign-in expires.
    pub(crate) fn term_of_code(&self, entry: &str, now: DateTime<Utc>) -> Option<(DateTime<Utc>, u32)> {
        let (under_way, account) = self.entry(entry, now).ok()?;
        match (account.factor(), &under_way.code) {
            (SecondFactor::Sms, Some(code)) => Some((code.expires_at, code.tries_left())),
            _ => Some((self.entries.entries.ends_at(entry)?, self.failures.tries_left(&account.oid, now))),
        }
    }

    /// Checks the code of a sign-in. Returns the time step of a TOTP code. A locked account accepts none.
    fn check_entry(&self, entry: &str, typed: &str, now: DateTime<Utc>) -> Result<Option<u64>, EntryError> {
        let (entry, account) = self.entry(entry, now)?;
        self.check_lock(account.oid, now)?;
        if entry.has_passed {
            return Ok(None);
        }
        match (account.factor(), &entry.code) {
            (SecondFactor::None, _) => Ok(None),
            (SecondFactor::Sms, Some(code)) => Ok(code.check(typed, now).map(|()| None)?),
            (SecondFactor::Sms, None) => Err(EntryError::Gone),
            (SecondFactor::Totp { secret, used }, _) => {
                let typed = six_digits(typed)?;
                let left = self.failures.tries_left(&account.oid, now).saturating_sub(1);
                totp_step(secret, *used, &typed, now).map(Some).ok_or(EntryError::Code(CodeError::Wrong { left }))
            }
        }
    }
}

impl Portal {
    /// Starts a sign-in with a login and a password.
    pub(crate) fn enter(
        &self,
        login: &str,
        password: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried<Step, SignInError> {
        match self.accounts.authenticate(login, password, now) {
            Ok(account) => {
                let (events, step) = self.let_in(account, now, rng);
                (events, Ok(step))
            }
            Err((refusal, Some(oid))) => (vec![Event::Account(AccountEvent::SignInFailed { oid })], Err(refusal)),
            Err((refusal, None)) => (Vec::new(), Err(refusal)),
        }
    }

    fn let_in(&self, account: &Account, now: DateTime<Utc>, rng: &mut WorldRng) -> Decided<Event, Step> {
        if *account.factor() == SecondFactor::None && !account.has_one_time_password {
            let (events, id) = self.sign_in(account, now, rng);
            return (events, Step::Session { id, has_roles: !account.roles.is_empty() });
        }
        self.accounts.entries.entries.note_displaced("sign-in under way", &account.oid.to_string(), ENTRIES, now);
        let entry = rng.hex::<16>();
        let phone = account.phone.filter(|_| *account.factor() == SecondFactor::Sms);
        let code = phone.map(|_| OneTimeCode::new(now, rng));
        let sms = phone.zip(code.as_ref()).map(|(phone, code)| Event::Outbox(code.sms(phone)));
        let (oid, expires_at) = (account.oid, now + ENTRY_FOR);
        let opened = FactorEvent::EntryOpened { entry: entry.clone(), oid, code, expires_at };
        (std::iter::once(Event::Factor(opened)).chain(sms).collect(), Step::More { entry })
    }

    /// Checks the code of the second factor and continues the sign-in.
    pub(crate) fn pass(
        &self,
        entry: &str,
        typed: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried<Step, EntryError> {
        let found = self.accounts.entry(entry, now).map(|(_, account)| account);
        let (account, step) =
            match found.and_then(|account| Ok((account, self.accounts.check_entry(entry, typed, now)?))) {
                Ok(passed) => passed,
                Err(error @ EntryError::Code(CodeError::Wrong { .. })) => {
                    return (self.missed(entry), Err(error));
                }
                Err(error) => return (Vec::new(), Err(error)),
            };
        let (entry, oid) = (entry.to_owned(), account.oid);
        let mut events = vec![Event::Factor(FactorEvent::Passed { entry: entry.clone(), oid, step })];
        if account.has_one_time_password {
            return (events, Ok(Step::More { entry }));
        }
        let (signed_in, id) = self.sign_in(account, now, rng);
        events.push(Event::Factor(FactorEvent::EntryClosed { entry }));
        events.extend(signed_in);
        (events, Ok(Step::Session { id, has_roles: !account.roles.is_empty() }))
    }

    /// Returns the events of a wrong code. It counts like a wrong password, so starting again gives no more attempts.
    fn missed(&self, entry: &str) -> Vec<Event> {
        let events = self.accounts.entering(entry).map(|oid| {
            let missed = FactorEvent::CodeMissed { entry: entry.to_owned(), oid };
            [Event::Factor(missed), Event::Account(AccountEvent::SignInFailed { oid })]
        });
        events.into_iter().flatten().collect()
    }

    /// Sends another SMS code: «Отправить код ещё раз».
    ///
    /// # Errors
    /// Fails with an [`EntryError`] if the sign-in does not allow this step.
    pub(crate) fn send_again(
        &self,
        entry: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Vec<Event>, EntryError> {
        let (under_way, account) = self.accounts.entry(entry, now)?;
        self.accounts.check_lock(account.oid, now)?;
        let phone = account.phone.filter(|_| *account.factor() == SecondFactor::Sms && !under_way.has_passed);
        let phone = phone.filter(|_| under_way.sent < MAX_SENT).ok_or(EntryError::NoMoreCodes)?;
        let code = OneTimeCode::new(now, rng);
        let sms = Event::Outbox(code.sms(phone));
        Ok(vec![Event::Factor(FactorEvent::CodeSent { entry: entry.to_owned(), code }), sms])
    }

    /// Replaces the one-time password of an МФЦ and completes the sign-in.
    ///
    /// # Errors
    /// Fails with an [`EntryError`] if the sign-in does not allow this step.
    pub(crate) fn replace_password(
        &self,
        entry: &str,
        password: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Step>, EntryError> {
        if self.accounts.asked(entry, now)? != Some(Asked::Password) {
            return Err(EntryError::Gone);
        }
        let (_, account) = self.accounts.entry(entry, now)?;
        if account.password == password {
            return Err(EntryError::SamePassword);
        }
        let (oid, password, kept) = (account.oid, password.to_owned(), None);
        let mut events = vec![
            Event::Account(AccountEvent::PasswordChanged { oid, password, kept }),
            Event::Factor(FactorEvent::EntryClosed { entry: entry.to_owned() }),
        ];
        let (signed_in, id) = self.sign_in(account, now, rng);
        events.extend(signed_in);
        Ok((events, Step::Session { id, has_roles: !account.roles.is_empty() }))
    }
}
