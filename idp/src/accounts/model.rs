//! Accounts and sessions: the pure rules.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{BirthCertificate, Email, FullName, Oid, Phone, Snils, person::Gender};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use worlds::WorldRng;

use super::Session;
use crate::state::{Event, Gosuslugi, age};

/// How sure the state is of who an account belongs to (ESIA-PROTOCOL §6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Упрощённая.
    #[default]
    Simplified,
    /// Стандартная.
    Standard,
    /// Подтверждённая.
    Confirmed,
}

/// A passport of the Russian Federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Passport {
    /// Four digits.
    pub series: String,
    /// Six digits.
    pub number: String,
    /// The day of issue.
    pub issued: NaiveDate,
    /// Who issued it.
    pub issued_by: String,
}

/// Kind of an organisation that a person acts for (ESIA-PROTOCOL §4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum RoleKind {
    /// ЮЛ.
    Legal,
    /// ИП.
    Business,
    /// ОГВ.
    Agency,
}

/// An organisation that a person acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Role {
    /// The organisation's number.
    pub oid: Oid,
    /// Its short name.
    pub organisation: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: RoleKind,
}

/// An account.
///
/// Its password is kept as it is: this is test data that testers must be able to read, in the console and in exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub oid: Oid,
    /// Whose it is.
    pub name: FullName,
    /// Пол, once known.
    pub gender: Option<Gender>,
    /// Day of birth, once known: who registers alone tells it in «Профиль».
    pub born: Option<NaiveDate>,
    /// СНИЛС, once known.
    pub snils: Option<Snils>,
    /// Birth certificate, once known.
    pub birth_certificate: Option<BirthCertificate>,
    /// Passport, once known.
    pub passport: Option<Passport>,
    /// E-mail; a login.
    pub email: Option<Email>,
    /// Mobile phone; a login.
    pub phone: Option<Phone>,
    /// Password.
    pub password: String,
    /// How sure the state is.
    pub level: Level,
    /// The guardian who made it, for a child account.
    pub made_by: Option<Oid>,
    /// Organisations that the person acts for.
    pub roles: Vec<Role>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a new account is made of; the same fields as [`Account`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewAccount {
    pub(crate) oid: Oid,
    pub(crate) name: FullName,
    pub(crate) gender: Option<Gender>,
    pub(crate) born: Option<NaiveDate>,
    pub(crate) snils: Option<Snils>,
    pub(crate) birth_certificate: Option<BirthCertificate>,
    pub(crate) passport: Option<Passport>,
    pub(crate) email: Option<Email>,
    pub(crate) phone: Option<Phone>,
    pub(crate) password: String,
    pub(crate) level: Level,
    pub(crate) made_by: Option<Oid>,
    pub(crate) roles: Vec<Role>,
}

/// What happens to accounts and sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum AccountEvent {
    /// An account was made.
    Created {
        /// What it is made of.
        account: Box<NewAccount>,
    },
    /// Somebody signed in.
    SignedIn {
        /// Who.
        oid: Oid,
        /// The cookie's value.
        session: String,
        /// `urn:esia:sid`.
        sid: String,
        /// The role is still to be chosen.
        role_pending: bool,
        /// Whether the binding window may show in this session (R000.10).
        binding_window: bool,
        /// When it ends.
        expires_at: DateTime<Utc>,
    },
    /// A wrong password was tried.
    SignInFailed {
        /// Whose account.
        oid: Oid,
    },
    /// A role was chosen.
    RoleChosen {
        /// The session.
        session: String,
        /// The organisation; none for «Частное лицо».
        organisation: Option<Oid>,
    },
    /// The binding window was closed for the rest of the session.
    WindowClosed {
        /// The session.
        session: String,
    },
    /// Somebody signed out.
    SignedOut {
        /// Who.
        oid: Oid,
        /// The session.
        session: String,
    },
    /// A letter to restore a password was sent.
    RecoveryAsked {
        /// Whose account.
        oid: Oid,
        /// The secret in its link.
        token: String,
        /// Until when the link works.
        expires_at: DateTime<Utc>,
    },
    /// A password was made anew through a letter; all sessions end.
    PasswordRestored {
        /// Whose account.
        oid: Oid,
        /// The letter's secret.
        token: String,
        /// The new password.
        password: String,
    },
    /// The state has confirmed whose account it is (МФЦ, an online bank).
    Confirmed {
        /// The account.
        oid: Oid,
        /// Where: as `МФЦ`.
        place: String,
    },
}

/// A login in any of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
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
    pub fn candidates(text: &str) -> Vec<Self> {
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
    #[error("Вход временно заблокирован: слишком много неверных паролей. Повторите после {}", web::date_time(*.until))]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
}

/// Wrong passwords in a row before an account is locked.
const MAX_FAILURES: u32 = 10;
/// How long it is locked.
const LOCKED_FOR: TimeDelta = TimeDelta::minutes(15);
/// How long a session lasts (ESIA-PROTOCOL §3.10).
const SESSION_FOR: TimeDelta = TimeDelta::hours(3);

/// All accounts and sessions of a world.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    by_oid: BTreeMap<Oid, Account>,
    by_email: BTreeMap<Email, Oid>,
    by_phone: BTreeMap<Phone, Oid>,
    by_snils: BTreeMap<Snils, Oid>,
    failures: BTreeMap<Oid, (u32, DateTime<Utc>)>,
    sessions: BTreeMap<String, Session>,
    by_sid: BTreeMap<String, Oid>,
    /// When sessions end, with their ids and `urn:esia:sid`: signed out of or not, both are forgotten some time after.
    ends: BTreeSet<(DateTime<Utc>, String, String)>,
    recoveries: BTreeMap<String, (Oid, DateTime<Utc>)>,
    /// Names of deleted accounts, for readers of the timeline.
    deleted: BTreeMap<Oid, FullName>,
    last_oid: u64,
}

/// Numbers of accounts begin here; the real stand's are of this form.
const FIRST_OID: u64 = 1_000_300_000;

impl Accounts {
    /// An account by its number.
    pub fn get(&self, oid: Oid) -> Option<&Account> {
        self.by_oid.get(&oid)
    }

    /// The account with an e-mail.
    pub fn with_email(&self, email: &Email) -> Option<&Account> {
        self.by_email.get(email).and_then(|oid| self.get(*oid))
    }

    /// The account with a phone.
    pub fn with_phone(&self, phone: &Phone) -> Option<&Account> {
        self.by_phone.get(phone).and_then(|oid| self.get(*oid))
    }

    /// The account with a СНИЛС.
    pub fn with_snils(&self, snils: &Snils) -> Option<&Account> {
        self.by_snils.get(snils).and_then(|oid| self.get(*oid))
    }

    /// The number that the next account gets.
    pub(crate) fn next_oid(&self) -> Oid {
        Oid::new(self.last_oid.max(FIRST_OID) + 1)
    }

    /// The account that a login belongs to.
    pub fn find(&self, login: &str) -> Option<&Account> {
        Login::candidates(login).iter().find_map(|login| match login {
            Login::Email(email) => self.with_email(email),
            Login::Phone(phone) => self.with_phone(phone),
            Login::Snils(snils) => self.with_snils(snils),
        })
    }

    /// A session that has not ended.
    pub fn session(&self, id: &str, now: DateTime<Utc>) -> Option<&Session> {
        self.sessions.get(id).filter(|session| now < session.expires_at)
    }

    /// Whose session an id names, ended or not, while it is remembered.
    pub(crate) fn remembered_owner(&self, id: &str) -> Option<Oid> {
        self.sessions.get(id).map(|session| session.oid)
    }

    /// Whose session `urn:esia:sid` names, while it is remembered.
    pub fn sid_owner(&self, sid: &str) -> Option<Oid> {
        self.by_sid.get(sid).copied()
    }

    /// Checks a login and a password.
    ///
    /// # Errors
    /// As [`SignInError`] says.
    pub fn authenticate(
        &self,
        login: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<&Account, (SignInError, Option<Oid>)> {
        let account = self.find(login).ok_or((SignInError::Wrong, None))?;
        let lock = self.failures.get(&account.oid).filter(|(count, _)| *count >= MAX_FAILURES);
        if let Some((_, last)) = lock.filter(|(_, last)| now < *last + LOCKED_FOR) {
            return Err((SignInError::Locked { until: *last + LOCKED_FOR }, None));
        }
        if bool::from(account.password.as_bytes().ct_eq(password.as_bytes())) {
            Ok(account)
        } else {
            Err((SignInError::Wrong, Some(account.oid)))
        }
    }

    /// Whose password a letter's secret restores.
    pub fn recovery(&self, token: &str, now: DateTime<Utc>) -> Option<Oid> {
        self.recoveries.get(token).filter(|(_, until)| now < *until).map(|(oid, _)| *oid)
    }

    pub(crate) fn insert(&mut self, account: Account) {
        let oid = account.oid;
        self.last_oid = self.last_oid.max(oid.get());
        if let Some(email) = &account.email {
            self.by_email.insert(email.clone(), oid);
        }
        if let Some(phone) = &account.phone {
            self.by_phone.insert(*phone, oid);
        }
        if let Some(snils) = &account.snils {
            self.by_snils.insert(*snils, oid);
        }
        self.by_oid.insert(oid, account);
    }

    /// Says that a guardian made an account.
    pub(crate) fn made_by(&mut self, child: Oid, guardian: Oid) {
        if let Some(account) = self.by_oid.get_mut(&child) {
            account.made_by = Some(guardian);
        }
    }

    /// Every account, in order of numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_oid.values()
    }

    /// The name of an account, deleted ones included.
    pub(crate) fn name(&self, oid: Oid) -> Option<&FullName> {
        self.get(oid).map(|account| &account.name).or_else(|| self.deleted.get(&oid))
    }

    /// Gives an account other logins.
    pub(crate) fn set_logins(&mut self, at: DateTime<Utc>, oid: Oid, (email, phone): (Option<&Email>, Option<&Phone>)) {
        let Some(account) = self.by_oid.get_mut(&oid) else { return };
        if let Some(old) = std::mem::replace(&mut account.email, email.cloned()) {
            self.by_email.remove(&old);
        }
        if let Some(old) = std::mem::replace(&mut account.phone, phone.copied()) {
            self.by_phone.remove(&old);
        }
        account.updated_at = at;
        self.by_email.extend(email.map(|email| (email.clone(), oid)));
        self.by_phone.extend(phone.map(|phone| (*phone, oid)));
    }

    /// Gives an account another password. Its sessions end, and with them the tokens that systems got in them; a letter to
    /// restore the old password no longer works.
    pub(crate) fn set_password(&mut self, at: DateTime<Utc>, oid: Oid, password: &str) {
        let Some(account) = self.by_oid.get_mut(&oid) else { return };
        password.clone_into(&mut account.password);
        account.updated_at = at;
        self.failures.remove(&oid);
        self.recoveries.retain(|_, (owner, _)| *owner != oid);
        self.end_sessions_of(oid);
    }

    /// Deletes an account: its logins are free again, its sessions end. The number is never used again.
    pub(crate) fn remove(&mut self, oid: Oid) -> Option<Account> {
        let account = self.by_oid.remove(&oid)?;
        if let Some(email) = &account.email {
            self.by_email.remove(email);
        }
        if let Some(phone) = &account.phone {
            self.by_phone.remove(phone);
        }
        if let Some(snils) = &account.snils {
            self.by_snils.remove(snils);
        }
        self.failures.remove(&oid);
        self.recoveries.retain(|_, (owner, _)| *owner != oid);
        self.end_sessions_of(oid);
        self.deleted.insert(oid, account.name.clone());
        Some(account)
    }

    fn end_sessions_of(&mut self, oid: Oid) {
        self.sessions.retain(|_, session| session.oid != oid);
        self.by_sid.retain(|_, owner| *owner != oid);
    }

    /// Forgets sessions that ended a day ago: tokens of theirs are long expired.
    fn forget(&mut self, now: DateTime<Utc>) {
        while self.ends.first().is_some_and(|(at, ..)| *at + TimeDelta::days(1) < now) {
            if let Some((_, id, sid)) = self.ends.pop_first() {
                self.sessions.remove(&id);
                self.by_sid.remove(&sid);
            }
        }
    }
}

impl Account {
    pub(crate) fn from_new(new: NewAccount, updated_at: DateTime<Utc>) -> Self {
        let NewAccount { oid, name, gender, born, snils, birth_certificate, passport, .. } = new;
        let NewAccount { email, phone, password, level, made_by, roles, .. } = new;
        Self {
            oid,
            name,
            gender,
            born,
            snils,
            birth_certificate,
            passport,
            email,
            phone,
            password,
            level,
            made_by,
            roles,
            updated_at,
        }
    }

    /// Full years on a day, once the birth date is known.
    pub fn age(&self, today: NaiveDate) -> Option<i32> {
        self.born.map(|born| age(born, today))
    }

    /// Known to be younger than 18 on that day.
    pub fn is_minor(&self, today: NaiveDate) -> bool {
        self.age(today).is_some_and(|age| age < 18)
    }

    /// `urn:esia:sbj:lvl`: `PR` when confirmed, `KD` for an account that a guardian made for a minor, else `P`.
    pub fn wire_level(&self, today: NaiveDate) -> esia::token::Level {
        if self.level == Level::Confirmed {
            esia::token::Level::Pr
        } else if self.made_by.is_some() && self.is_minor(today) {
            esia::token::Level::Kd
        } else {
            esia::token::Level::P
        }
    }

    /// How a person would sign in: e-mail, else phone, else СНИЛС.
    pub fn login(&self) -> String {
        let email = self.email.as_ref().map(ToString::to_string);
        let phone = || self.phone.as_ref().map(ToString::to_string);
        email.or_else(phone).or_else(|| self.snils.as_ref().map(ToString::to_string)).unwrap_or_default()
    }
}

/// What a password must be; the message stands at its field.
pub(crate) fn check_password(password: &str, repeated: &str) -> Result<(), &'static str> {
    if password.chars().count() < 8 {
        Err("Пароль должен быть не короче 8 знаков")
    } else if password.chars().count() > 100 {
        Err("Пароль должен быть не длиннее 100 знаков")
    } else if password != repeated {
        Err("Пароли не совпадают")
    } else {
        Ok(())
    }
}

impl Gosuslugi {
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
        };
        (vec![Event::Account(event)], session)
    }

    pub(crate) fn apply_account(&mut self, at: DateTime<Utc>, event: &AccountEvent) {
        let accounts = &mut self.accounts;
        match event {
            AccountEvent::Created { account } => {
                let account = Account::from_new((**account).clone(), at);
                let (oid, born) = (account.oid, account.born);
                accounts.insert(account);
                if let Some(born) = born {
                    self.await_majority(oid, born, at);
                }
            }
            AccountEvent::SignedIn { oid, session, sid, role_pending, binding_window, expires_at } => {
                accounts.forget(at);
                accounts.failures.remove(oid);
                accounts.by_sid.insert(sid.clone(), *oid);
                accounts.ends.insert((*expires_at, session.clone(), sid.clone()));
                let opened = Session::new(*oid, sid.clone(), (at, *expires_at), *role_pending, *binding_window);
                accounts.sessions.insert(session.clone(), opened);
            }
            AccountEvent::SignInFailed { oid } => {
                let (count, last) = accounts.failures.entry(*oid).or_insert((0, at));
                *count = if at < *last + LOCKED_FOR { *count + 1 } else { 1 };
                *last = at;
            }
            AccountEvent::RoleChosen { session, organisation } => {
                if let Some(session) = accounts.sessions.get_mut(session) {
                    session.role_pending = false;
                    session.organisation = *organisation;
                }
            }
            AccountEvent::WindowClosed { session } => {
                if let Some(session) = accounts.sessions.get_mut(session) {
                    session.window_closed = true;
                }
            }
            AccountEvent::SignedOut { session, .. } => {
                accounts.sessions.remove(session);
            }
            AccountEvent::RecoveryAsked { oid, token, expires_at } => {
                accounts.recoveries.retain(|_, (_, until)| at < *until);
                accounts.recoveries.insert(token.clone(), (*oid, *expires_at));
            }
            AccountEvent::PasswordRestored { oid, token, password } => {
                accounts.recoveries.remove(token);
                accounts.failures.remove(oid);
                accounts.end_sessions_of(*oid);
                if let Some(account) = accounts.by_oid.get_mut(oid) {
                    account.password.clone_from(password);
                    account.updated_at = at;
                }
            }
            AccountEvent::Confirmed { oid, .. } => {
                if let Some(account) = accounts.by_oid.get_mut(oid) {
                    account.level = Level::Confirmed;
                    account.updated_at = at;
                }
            }
        }
    }
}
