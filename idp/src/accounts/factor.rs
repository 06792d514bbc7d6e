//! The second factor, and what lies between a password and a session: the pure rules.

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Phone};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};
use web::Trouble;
use worlds::{Decided, WorldRng};

use super::{
    Account, AccountEvent, Accounts, OneTimeCode, SignInError,
    code::{CodeError, six_digits},
    expiring::Expiring,
};
use crate::state::{Event, Gosuslugi};

/// How long a person may take between the password and the code.
const ENTRY_FOR: TimeDelta = TimeDelta::minutes(30);
/// How long an offered secret waits for its first code.
const OFFER_FOR: TimeDelta = TimeDelta::minutes(30);
/// SMS that one sign-in may ask for.
const MAX_SENT: u32 = 5;

/// What is asked for after the password: the person's own setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SecondFactor {
    /// Nothing.
    #[default]
    None,
    /// A code from an SMS.
    Sms,
    /// A code from an application (RFC 6238).
    Totp {
        /// The shared secret in Base32.
        secret: String,
        /// The last 30-second step whose code was taken: none is taken twice (RFC 6238 §5.2).
        used: u64,
    },
}

/// The world's time as RFC 6238 counts it.
fn unix(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

/// The generator of a secret; none for a text that is not a secret.
pub(crate) fn totp(secret: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let builder = Builder::new().with_secret(secret).with_issuer(Some("Мок Госуслуг")).with_account_name(account);
    builder.build().ok()
}

/// The code that an application shows now, and when the next one comes.
pub(crate) fn totp_now(secret: &str, now: DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
    let totp = totp(secret, "")?;
    let next = i64::try_from(totp.next_step(unix(now))).ok()?;
    Some((totp.generate(unix(now)).to_string(), DateTime::from_timestamp(next, 0)?))
}

/// The step of a code, when it is right and later than the last one taken.
fn totp_step(secret: &str, used: u64, typed: &str, now: DateTime<Utc>) -> Option<u64> {
    totp(secret, "")?.check(typed, unix(now)).filter(|step| *step > used)
}

/// What happens to second factors and to sign-ins under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum FactorEvent {
    /// A person chose a second factor, or none.
    Chosen {
        /// Whose account.
        oid: Oid,
        /// Which.
        factor: SecondFactor,
    },
    /// A secret for an application is shown and waits for its first code.
    TotpOffered {
        /// Whose account.
        oid: Oid,
        /// The secret in Base32.
        secret: String,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
    /// The password was right; more is asked for.
    EntryOpened {
        /// The secret name of this sign-in.
        entry: String,
        /// Who signs in.
        oid: Oid,
        /// The code that went by SMS.
        code: Option<OneTimeCode>,
        /// Until when it may be finished.
        expires_at: DateTime<Utc>,
    },
    /// Another SMS was asked for; the earlier code no longer works.
    CodeSent {
        /// Which sign-in.
        entry: String,
        /// The code.
        code: OneTimeCode,
    },
    /// A wrong code was typed.
    CodeMissed {
        /// Which sign-in.
        entry: String,
        /// Who signs in.
        oid: Oid,
    },
    /// The second factor was passed.
    Passed {
        /// Which sign-in.
        entry: String,
        /// Who signs in.
        oid: Oid,
        /// The step of an application's code.
        step: Option<u64>,
    },
    /// The sign-in ended in a session.
    EntryClosed {
        /// Which sign-in.
        entry: String,
    },
}

/// A sign-in under way: the password was right, and there is no session yet.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) oid: Oid,
    /// The password that was right: a sign-in does not outlive it.
    password: String,
    code: Option<OneTimeCode>,
    sent: u32,
    has_passed: bool,
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
        /// Its id.
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

impl From<EntryError> for Trouble {
    fn from(error: EntryError) -> Self {
        let again = "Войдите ещё раз: введите логин и пароль";
        match error {
            EntryError::Gone => Self::conflict("entry-gone", error.to_string()).or(again),
            EntryError::Code(error) => error.into(),
            EntryError::Locked(error) => error.into(),
            EntryError::NoMoreCodes => Self::conflict("no-more-codes", error.to_string()).or(again),
            EntryError::SamePassword => {
                Self { code: "same-password", ..Self::bad_request("password", error.to_string()) }
            }
        }
    }
}

/// What is decided, and how a try ended: a wrong code is an event too, for tries are counted.
pub(crate) type Tried<T, E> = (Vec<Event>, Result<T, E>);

/// Sign-ins under way and offered secrets of a world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries {
    entries: Expiring<Entry>,
    offers: Expiring<String>,
}

impl Entries {
    fn offer(&self, oid: Oid, now: DateTime<Utc>) -> Option<&str> {
        self.offers.get(&oid.to_string(), now).map(String::as_str)
    }
}

impl Account {
    /// The second factor in effect: without a phone there is nowhere to send an SMS.
    pub fn factor(&self) -> &SecondFactor {
        match &self.second_factor {
            SecondFactor::Sms if self.phone.is_none() => &SecondFactor::None,
            factor => factor,
        }
    }
}

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

    pub(crate) fn apply_factor(&mut self, at: DateTime<Utc>, event: &FactorEvent) {
        let Entries { entries, offers } = &mut self.entries;
        match event {
            FactorEvent::Chosen { oid, factor } => {
                offers.remove(&oid.to_string());
                if let Some(account) = self.by_oid.get_mut(oid) {
                    account.second_factor = factor.clone();
                    account.updated_at = at;
                }
            }
            FactorEvent::TotpOffered { oid, secret, expires_at } => {
                offers.insert(oid.to_string(), secret.clone(), *expires_at, at);
            }
            FactorEvent::EntryOpened { entry, oid, code, expires_at } => {
                let password = self.by_oid.get(oid).map(|account| account.password.clone()).unwrap_or_default();
                let opened = Entry { oid: *oid, password, code: code.clone(), sent: 1, has_passed: false };
                entries.insert(entry.clone(), opened, *expires_at, at);
            }
            FactorEvent::CodeSent { entry, code } => {
                if let Some(entry) = entries.get_mut(entry) {
                    entry.code = Some(code.clone());
                    entry.sent += 1;
                }
            }
            FactorEvent::CodeMissed { entry, .. } => {
                if let Some(code) = entries.get_mut(entry).and_then(|entry| entry.code.as_mut()) {
                    code.miss();
                }
            }
            FactorEvent::Passed { entry, oid, step } => {
                if let Some(entry) = entries.get_mut(entry) {
                    entry.has_passed = true;
                }
                let factor = self.by_oid.get_mut(oid).map(|account| &mut account.second_factor);
                if let (Some(SecondFactor::Totp { used, .. }), Some(step)) = (factor, step) {
                    *used = *step;
                }
            }
            FactorEvent::EntryClosed { entry } => {
                entries.remove(entry);
            }
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
                let left = self.tries_left(account.oid, now).saturating_sub(1);
                totp_step(secret, *used, &typed, now).map(Some).ok_or(EntryError::Code(CodeError::Wrong { left }))
            }
        }
    }
}

impl Gosuslugi {
    /// A login and a password were typed.
    pub(crate) fn enter(
        &self,
        login: &str,
        password: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried<Step, SignInError> {
        match self.accounts.authenticate(login, password, now) {
            Ok(account) => match self.let_in(account, now, rng) {
                Ok((events, step)) => (events, Ok(step)),
                Err(refusal) => (Vec::new(), Err(refusal)),
            },
            Err((refusal, Some(oid))) => (vec![Event::Account(AccountEvent::SignInFailed { oid })], Err(refusal)),
            Err((refusal, None)) => (Vec::new(), Err(refusal)),
        }
    }

    fn let_in(
        &self,
        account: &Account,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Step>, SignInError> {
        if *account.factor() == SecondFactor::None && !account.has_one_time_password {
            let (events, id) = self.sign_in(account, now, rng);
            return Ok((events, Step::Session { id, has_roles: !account.roles.is_empty() }));
        }
        if !self.accounts.entries.entries.has_room(now) {
            return Err(SignInError::Crowded);
        }
        let entry = rng.hex::<16>();
        let phone = account.phone.filter(|_| *account.factor() == SecondFactor::Sms);
        let code = phone.map(|_| OneTimeCode::new(now, rng));
        let sms = phone.zip(code.as_ref()).map(|(phone, code)| code.sms(phone));
        let (oid, expires_at) = (account.oid, now + ENTRY_FOR);
        let opened = FactorEvent::EntryOpened { entry: entry.clone(), oid, code, expires_at };
        Ok((std::iter::once(Event::Factor(opened)).chain(sms).collect(), Step::More { entry }))
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
        let sms = code.sms(phone);
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

/// What a person does with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Turns it off.
    None,
    /// SMS.
    Sms,
    /// An application: a secret is offered.
    Totp,
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecurityError {
    /// Not the person's password, or too many wrong ones.
    #[error("{}", if matches!(.0, SignInError::Wrong) { "Неверный пароль".to_owned() } else { .0.to_string() })]
    Password(SignInError),
    /// SMS without a phone.
    #[error("В учётной записи нет телефона: коды отправлять некуда")]
    NoPhone,
    /// A first code, and no secret was offered, or its term ended.
    #[error("Ключ для приложения больше не действует: получите новый")]
    NoOffer,
    /// The first code is wrong.
    #[error("Неверный код: проверьте время на устройстве и введите код ещё раз")]
    WrongCode,
    /// Not six digits.
    #[error(transparent)]
    Code(#[from] CodeError),
}

impl SecurityError {
    /// Stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Password(SignInError::Wrong) => "wrong-password",
            Self::Password(_) => "locked",
            Self::NoPhone => "no-phone",
            Self::NoOffer => "no-offer",
            Self::WrongCode => "wrong-code",
            Self::Code(error) => error.code(),
        }
    }

    /// The field at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Password(_) => "current",
            Self::NoPhone => "factor",
            Self::NoOffer | Self::WrongCode | Self::Code(_) => "code",
        }
    }
}

impl From<SecurityError> for Trouble {
    fn from(error: SecurityError) -> Self {
        Self::conflict(error.code(), error.to_string()).of(error.field())
    }
}

impl Gosuslugi {
    /// A person's own password, typed again before a setting is changed; a wrong one counts as at the login page.
    pub(crate) fn own_password(&self, oid: Oid, password: &str, now: DateTime<Utc>) -> Tried<(), SecurityError> {
        match self.accounts.check_own(oid, password, now) {
            Ok(()) => (Vec::new(), Ok(())),
            Err(SignInError::Wrong) => (
                vec![Event::Account(AccountEvent::SignInFailed { oid })],
                Err(SecurityError::Password(SignInError::Wrong)),
            ),
            Err(error) => (Vec::new(), Err(SecurityError::Password(error))),
        }
    }

    /// A second factor is chosen; an application works only after its first code.
    pub(crate) fn choose_factor(
        &self,
        oid: Oid,
        (choice, password): (Choice, &str),
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried<(), SecurityError> {
        let (mut events, checked) = self.own_password(oid, password, now);
        if checked.is_err() {
            return (events, checked);
        }
        let has_phone = self.accounts.get(oid).is_some_and(|account| account.phone.is_some());
        let event = match choice {
            Choice::None => FactorEvent::Chosen { oid, factor: SecondFactor::None },
            Choice::Sms if !has_phone => return (events, Err(SecurityError::NoPhone)),
            Choice::Sms => FactorEvent::Chosen { oid, factor: SecondFactor::Sms },
            Choice::Totp => {
                let secret = Secret::from(rng.bytes::<20>()).to_base32();
                FactorEvent::TotpOffered { oid, secret, expires_at: now + OFFER_FOR }
            }
        };
        events.push(Event::Factor(event));
        (events, Ok(()))
    }

    /// The first code of an application turns it on.
    ///
    /// # Errors
    /// As [`SecurityError`] says.
    pub(crate) fn confirm_totp(&self, oid: Oid, typed: &str, now: DateTime<Utc>) -> Result<Vec<Event>, SecurityError> {
        let secret = self.accounts.offer(oid, now).ok_or(SecurityError::NoOffer)?;
        let typed = six_digits(typed)?;
        let used = totp_step(secret, 0, &typed, now).ok_or(SecurityError::WrongCode)?;
        let factor = SecondFactor::Totp { secret: secret.to_owned(), used };
        Ok(vec![Event::Factor(FactorEvent::Chosen { oid, factor })])
    }

    /// A new password of one's own choice; all other sessions end.
    pub(crate) fn change_password(
        &self,
        oid: Oid,
        (current, password): (&str, &str),
        session: &str,
        now: DateTime<Utc>,
    ) -> Tried<(), SecurityError> {
        let (mut events, checked) = self.own_password(oid, current, now);
        if checked.is_ok() {
            let (password, kept) = (password.to_owned(), Some(session.to_owned()));
            events.push(Event::Account(AccountEvent::PasswordChanged { oid, password, kept }));
        }
        (events, checked)
    }
}
