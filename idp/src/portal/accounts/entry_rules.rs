//! Decisions of a sign-in between password and session: the second factor, and a one-time password that is replaced.

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

/// How long a person may take between the password and the code.
const ENTRY_FOR: TimeDelta = TimeDelta::minutes(30);

/// SMS that one sign-in may ask for.
const MAX_SENT: u32 = 5;

/// What is decided, and how a try ended: a wrong code is an event too, for tries are counted.
pub(crate) type Tried<T, E> = (Vec<Event>, Result<T, E>);

impl Accounts {
    /// The key for an application that waits for its first code.
    pub(crate) fn offer(&self, oid: Oid, now: DateTime<Utc>) -> Option<&str> {
        self.entries.offer(oid, now)
    }

    /// Who signs in, while it is remembered.
    pub(crate) fn entering(&self, entry: &str) -> Option<Oid> {
        self.entries.entries.remembered(entry).map(|entry| entry.oid)
    }

    fn entry(&self, entry: &str, now: DateTime<Utc>) -> Result<(&Entry, &Account), EntryError> {
        let entry = self.entries.entries.get(entry, now).ok_or(EntryError::Gone)?;
        let account = self.get(entry.oid).filter(|account| account.password == entry.password);
        account.map(|account| (entry, account)).ok_or(EntryError::Gone)
    }

    /// What a sign-in waits for; none when nothing more, because the person's settings changed meanwhile.
    pub(crate) fn asked(&self, entry: &str, now: DateTime<Utc>) -> Result<Option<Asked>, EntryError> {
        let (entry, account) = self.entry(entry, now)?;
        Ok(match (entry.has_passed, account.factor(), account.phone) {
            (false, SecondFactor::Sms, Some(phone)) => Some(Asked::Sms(phone)),
            (false, SecondFactor::Totp { .. }, _) => Some(Asked::Totp),
            _ if account.has_one_time_password => Some(Asked::Password),
            _ => None,
        })
    }

    /// Until when the code works that a sign-in waits for, and how many more wrong ones it allows. That of an application
    /// works as long as the sign-in does.
    pub(crate) fn term_of_code(&self, entry: &str, now: DateTime<Utc>) -> Option<(DateTime<Utc>, u32)> {
        let (under_way, account) = self.entry(entry, now).ok()?;
        match (account.factor(), &under_way.code) {
            (SecondFactor::Sms, Some(code)) => Some((code.expires_at, code.tries_left())),
            _ => Some((self.entries.entries.ends_at(entry)?, self.failures.tries_left(&account.oid, now))),
        }
    }

    /// Whether a code of an application may be tried; a locked account takes none.
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
    /// A login and a password were typed.
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

    /// A code was typed.
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

    /// A wrong code counts against the account as a wrong password does: tries end, however often one begins.
    fn missed(&self, entry: &str) -> Vec<Event> {
        let events = self.accounts.entering(entry).map(|oid| {
            let missed = FactorEvent::CodeMissed { entry: entry.to_owned(), oid };
            [Event::Factor(missed), Event::Account(AccountEvent::SignInFailed { oid })]
        });
        events.into_iter().flatten().collect()
    }

    /// «Отправить код ещё раз».
    ///
    /// # Errors
    /// As [`EntryError`] says.
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

    /// A password in place of the one-time one of an МФЦ; ends in a session.
    ///
    /// # Errors
    /// As [`EntryError`] says.
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
