//! Commands of a random history about sign-in, second factors, recovery and documents, with the outcomes that the test
//! expects.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Phone};

use super::story::{Story, digits, section};
use crate::{
    event::Event,
    portal::accounts::{
        AccountEvent, Choice, FactorChange, FactorEvent, Identity, IdentityEvent, OneTimeCode, Passport,
        RegistrationEvent, SecondFactor, Step, totp_now,
    },
};

/// Maximum number of wrong codes per SMS, and lifetimes of codes and links. Taken from the documents of this crate, not
/// from its code.
const TRIES: u32 = 5;
const CODE_FOR: TimeDelta = TimeDelta::minutes(10);
const LINK_FOR: TimeDelta = TimeDelta::hours(1);
/// Number of wrong passwords and codes that lock an account, and duration of the lock.
const LOCKS: u32 = 10;
const LOCKED_FOR: TimeDelta = TimeDelta::minutes(15);

/// Attempt about signing in. `right` means that the value comes from the person's own phone, mail or application.
#[derive(Debug, Clone)]
pub(super) enum Try {
    Choose { who: usize, factor: usize, right: bool },
    Connect { who: usize, right: bool },
    Enter { who: usize, right: bool },
    Begin { who: usize, factor: usize },
    Pass { right: bool },
    PassAgain,
    Again,
    Recover { who: usize, by_phone: bool },
    Prove { right: bool },
    Restore { right: bool },
    Desk { who: usize },
    Replace,
    Identify { right: bool },
}

/// Code that was sent, and what the test knows about it.
#[derive(Debug)]
struct Sent {
    code: String,
    until: DateTime<Utc>,
    misses: u32,
    used: bool,
}

impl Sent {
    fn new(code: &OneTimeCode, at: DateTime<Utc>) -> Self {
        Self { code: digits(code), until: at + CODE_FOR, misses: 0, used: false }
    }

    fn lives(&self, at: DateTime<Utc>) -> bool {
        !self.used && at < self.until && self.misses < TRIES
    }
}

/// Link that restores a password.
#[derive(Debug)]
struct Link {
    oid: Oid,
    until: DateTime<Utc>,
    password: String,
    used: bool,
}

/// Facts that the test has noted about sign-ins.
#[derive(Debug, Default)]
pub(super) struct Notes {
    entries: BTreeMap<String, Option<Sent>>,
    entry: Option<String>,
    passed: BTreeSet<String>,
    steps: BTreeSet<(Oid, u64)>,
    links: BTreeMap<String, Link>,
    link: Option<String>,
    sms: BTreeMap<Phone, Sent>,
    asked: Option<String>,
    failures: BTreeMap<Oid, (u32, DateTime<Utc>)>,
    /// Account of the last completed registration.
    newest: Option<Oid>,
}

impl Notes {
    fn is_locked(&self, oid: Oid, now: DateTime<Utc>) -> bool {
        self.failures.get(&oid).is_some_and(|(count, last)| *count >= LOCKS && now < *last + LOCKED_FOR)
    }
}

impl Story {
    /// Notes an event before the state applies it.
    pub(super) fn note_entry(&mut self, at: DateTime<Utc>, event: &Event) {
        let notes = &mut self.notes;
        match event {
            Event::Factor(event) => self.note_factor(at, event),
            Event::Account(event) => self.note_account(at, event),
            Event::Registration(RegistrationEvent::Completed { oid, .. }) => notes.newest = Some(*oid),
            Event::Identity(IdentityEvent::Raised { oid }) => {
                let claim = self.state.portal.accounts.claim(*oid).expect("what was raised was claimed");
                let known = section()["people"]["лев"]["snils"].clone();
                assert_eq!(
                    claim.identity.snils.to_string(),
                    known.as_str().unwrap(),
                    "only the owner's number is confirmed"
                );
                let owner = self.state.portal.accounts.with_snils(&claim.identity.snils);
                assert!(owner.is_none_or(|owner| owner.oid == *oid), "one account for a СНИЛС");
            }
            _ => {}
        }
    }

    fn note_factor(&mut self, at: DateTime<Utc>, event: &FactorEvent) {
        let notes = &mut self.notes;
        match event {
            FactorEvent::EntryOpened { entry, code, .. } => {
                notes.entries.insert(entry.clone(), code.as_ref().map(|code| Sent::new(code, at)));
                notes.entry = Some(entry.clone());
            }
            FactorEvent::CodeSent { entry, code } => {
                notes.entries.insert(entry.clone(), Some(Sent::new(code, at)));
            }
            FactorEvent::CodeMissed { entry, .. } => {
                if let Some(Some(sent)) = notes.entries.get_mut(entry) {
                    sent.misses += 1;
                }
            }
            FactorEvent::Passed { entry, oid, step } => {
                notes.passed.insert(entry.clone());
                if let Some(step) = step {
                    assert!(notes.steps.insert((*oid, *step)), "a code of an application is taken twice");
                }
            }
            FactorEvent::Chosen { oid, factor: SecondFactor::Totp { used, .. } } => {
                notes.steps.retain(|(owner, _)| owner != oid);
                notes.steps.insert((*oid, *used));
            }
            FactorEvent::Chosen { .. } | FactorEvent::TotpOffered { .. } | FactorEvent::EntryClosed { .. } => {}
        }
    }

    fn note_account(&mut self, at: DateTime<Utc>, event: &AccountEvent) {
        let password = |oid: &Oid| self.state.portal.accounts.get(*oid).expect("an account").password.clone();
        let notes = &mut self.notes;
        match event {
            AccountEvent::SignInFailed { oid } => {
                let (count, last) = notes.failures.entry(*oid).or_insert((0, at));
                *count = if at < *last + LOCKED_FOR { *count + 1 } else { 1 };
                *last = at;
            }
            AccountEvent::SignedIn { oid, .. }
            | AccountEvent::PasswordChanged { oid, .. }
            | AccountEvent::OneTimePasswordGiven { oid, .. } => drop(notes.failures.remove(oid)),
            AccountEvent::RecoveryAsked { oid, token, .. } => {
                let link = Link { oid: *oid, until: at + LINK_FOR, password: password(oid), used: false };
                notes.links.insert(token.clone(), link);
                notes.link = Some(token.clone());
            }
            AccountEvent::RecoveryCodeAsked { phone, code, .. } => {
                notes.sms.insert(*phone, Sent::new(code, at));
            }
            AccountEvent::RecoveryCodeMissed { phone } => {
                if let Some(sent) = notes.sms.get_mut(phone) {
                    sent.misses += 1;
                }
            }
            AccountEvent::RecoveryProved { oid, phone, token, .. } => {
                let sent = notes.sms.get_mut(phone).expect("a code that was sent");
                assert!(sent.lives(at), "{sent:?} works no more");
                sent.used = true;
                let link = Link { oid: *oid, until: at + LINK_FOR, password: password(oid), used: false };
                notes.links.insert(token.clone(), link);
                notes.link = Some(token.clone());
            }
            AccountEvent::PasswordRestored { oid, token, .. } => {
                let link = notes.links.get_mut(token).expect("a secret that was given");
                assert!(!link.used && at < link.until && link.oid == *oid, "{link:?} works no more");
                assert_eq!(link.password, password(oid), "it restores the password it was given for");
                link.used = true;
                notes.failures.remove(oid);
            }
            _ => {}
        }
    }

    pub(super) fn attempt(&mut self, command: &Try) -> Option<()> {
        let now = self.now;
        match *command {
            Try::Choose { who, factor, right } => {
                let oid = self.oid(who)?;
                let choice = [Choice::None, Choice::Sms, Choice::Totp][factor % 3];
                let password = self.password(oid, right)?;
                let (events, chosen) = self.state.portal.choose_factor(
                    oid,
                    FactorChange { choice, current: &password },
                    now,
                    &mut self.rng,
                );
                assert!(chosen.is_err() || right && !self.notes.is_locked(oid, now), "a setting without its password");
                self.take(now, &events);
            }
            Try::Connect { who, right } => {
                let oid = self.oid(who)?;
                let code = self.shown(oid).filter(|_| right).unwrap_or_else(|| "000000".to_owned());
                let connected = self.state.portal.confirm_totp(oid, &code, now);
                self.only(connected);
            }
            Try::Enter { who, right } => self.enter(who, right)?,
            Try::Begin { who, factor } => {
                self.attempt(&Try::Choose { who, factor, right: true })?;
                self.attempt(&Try::Connect { who, right: true })?;
                self.enter(who, true)?;
            }
            Try::Pass { right } => self.pass(right)?,
            Try::PassAgain => {
                self.pass(true)?;
                self.pass(true)?;
            }
            Try::Again => {
                let entry = self.notes.entry.clone()?;
                let sent = self.state.portal.send_again(&entry, now, &mut self.rng);
                self.only(sent);
            }
            Try::Desk { who } => {
                let account = self.state.portal.accounts.get(self.oid(who)?)?.clone();
                let given =
                    crate::portal::Portal::give_one_time_password(&account, worlds::moscow::date(now), &mut self.rng);
                if self.decided(given).is_some() {
                    self.has_no_session(account.oid);
                    assert_eq!(*self.state.portal.accounts.get(account.oid)?.factor(), SecondFactor::None);
                }
            }
            Try::Replace => {
                let entry = self.notes.entry.clone()?;
                let replaced = self.state.portal.replace_password(&entry, "a-password-of-ones-own", now, &mut self.rng);
                self.decided(replaced)?;
            }
            Try::Recover { .. } | Try::Prove { .. } | Try::Restore { .. } => self.recover(command)?,
            Try::Identify { right } => self.identify(right)?,
        }
        Some(())
    }

    fn password(&self, oid: Oid, right: bool) -> Option<String> {
        let password = self.state.portal.accounts.get(oid)?.password.clone();
        Some(if right { password } else { format!("not {password}") })
    }

    /// Returns the code that the person's authenticator application shows now.
    fn shown(&self, oid: Oid) -> Option<String> {
        let account = self.state.portal.accounts.get(oid)?;
        let secret = match (self.state.portal.accounts.offer(oid, self.now), &account.second_factor) {
            (Some(secret), _) => secret,
            (None, SecondFactor::Totp { secret, .. }) => secret,
            _ => return None,
        };
        totp_now(secret, self.now).map(|(code, _)| code)
    }

    fn enter(&mut self, who: usize, right: bool) -> Option<()> {
        let now = self.now;
        let account = self.state.portal.accounts.get(self.oid(who)?)?.clone();
        let password = self.password(account.oid, right)?;
        let (events, entered) = self.state.portal.enter(&account.login(), &password, now, &mut self.rng);
        if let Ok(step) = entered {
            assert!(right && !self.notes.is_locked(account.oid, now), "somebody is let in who must not be");
            let asks_nothing = *account.factor() == SecondFactor::None && !account.has_one_time_password;
            assert_eq!(
                matches!(step, Step::Session { .. }),
                asks_nothing,
                "a session before every question is answered"
            );
        }
        self.take(now, &events);
        Some(())
    }

    /// Enters a code for the newest sign-in in progress.
    fn pass(&mut self, right: bool) -> Option<()> {
        let now = self.now;
        let entry = self.notes.entry.clone()?;
        let account = self.state.portal.accounts.get(self.state.portal.accounts.entering(&entry)?)?.clone();
        let sent = self.notes.entries.get(&entry)?.as_ref();
        let code = match account.factor() {
            SecondFactor::Totp { .. } => self.shown(account.oid),
            _ => sent.map(|sent| sent.code.clone()),
        };
        let lives = sent.is_some_and(|sent| sent.lives(now));
        let code = code.filter(|_| right).unwrap_or_else(|| "000000".to_owned());
        let first_time = !self.notes.passed.contains(&entry);
        let (events, passed) = self.state.portal.pass(&entry, &code, now, &mut self.rng);
        if let Ok(step) = passed {
            assert!(!self.notes.is_locked(account.oid, now), "a locked account lets nobody in");
            if first_time && *account.factor() == SecondFactor::Sms {
                assert!(right && lives, "a code that works no more");
            }
            assert!(
                !account.has_one_time_password || matches!(step, Step::More { .. }),
                "a one-time password is replaced"
            );
        }
        self.take(now, &events);
        Some(())
    }

    fn recover(&mut self, command: &Try) -> Option<()> {
        let now = self.now;
        match *command {
            Try::Recover { who, by_phone } => {
                let account = self.state.portal.accounts.get(self.oid(who)?)?;
                let phone = account.phone.filter(|_| by_phone).map(|phone| phone.to_string());
                let login = phone.unwrap_or_else(|| account.login());
                let asked = self.state.portal.ask_recovery(&login, now, &mut self.rng);
                self.decided(asked)?;
                self.notes.asked = Some(login);
            }
            Try::Prove { right } => {
                let login = self.notes.asked.clone()?;
                let phone: Option<Phone> = login.parse().ok();
                let code = phone.and_then(|phone| self.notes.sms.get(&phone)).map(|sent| sent.code.clone());
                let code = code.filter(|_| right).unwrap_or_else(|| "000000".to_owned());
                let (events, _) = self.state.portal.prove_recovery(&login, &code, now, &mut self.rng);
                self.take(now, &events);
            }
            Try::Restore { right } => {
                let token = self.notes.link.clone().filter(|_| right).unwrap_or_else(|| "nonsense".to_owned());
                let owner = self.notes.links.get(&token).map(|link| link.oid);
                let password = format!("restored-{}", self.log.len());
                let restored = self.state.portal.restore_password(&token, &password, now);
                if self.decided(restored.map(|events| (events, ()))).is_some() {
                    self.has_no_session(owner?);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Enters documents for the account registered last: those of Лев, or with somebody else's СНИЛС.
    fn identify(&mut self, right: bool) -> Option<()> {
        let person = section()["people"]["лев"].clone();
        let text = |field: &str| person[field].as_str().unwrap().to_owned();
        let snils = if right { text("snils") } else { "001-000-011 00".to_owned() };
        let passport: Passport = serde_json::from_value(person["passport"].clone()).unwrap();
        let gender = serde_json::from_value(person["gender"].clone()).unwrap();
        let identity =
            Identity { gender, born: text("born").parse().unwrap(), snils: snils.parse().unwrap(), passport };
        let entered = self.state.portal.enter_identity(self.notes.newest?, &identity, self.now);
        self.only(entered);
        Some(())
    }
}
