//! Accounts and sessions: the pure rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{
    BirthCertificate, Email, FullName, Oid, Phone, Snils,
    person::{Gender, OrganisationKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use web::Trouble;
use worlds::WorldRng;

use super::{
    AccountEvent, Claim, Profile, SecondFactor, Session, expiring::Expiring, factor::Entries, recovery::Recoveries,
    registration::Registration,
};
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

impl Level {
    /// For a reader.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Simplified => "Упрощённая",
            Self::Standard => "Стандартная",
            Self::Confirmed => "Подтверждённая",
        }
    }

    /// As JSON names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Simplified => "simplified",
            Self::Standard => "standard",
            Self::Confirmed => "confirmed",
        }
    }
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
    /// Six digits of who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
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
    pub kind: OrganisationKind,
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
    /// The password is an МФЦ's one-time one: it must be replaced at the next sign-in.
    pub has_one_time_password: bool,
    /// What is asked for after the password.
    pub second_factor: SecondFactor,
    /// How sure the state is.
    pub level: Level,
    /// The guardian who made it, for a child account.
    pub made_by: Option<Oid>,
    /// Organisations that the person acts for.
    pub roles: Vec<Role>,
    /// What else it holds.
    pub profile: Arc<Profile>,
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
    /// Too many people are between password and code.
    #[error("Слишком много незавершённых входов. Повторите через полчаса")]
    Crowded,
    /// Too many wrong passwords in a row.
    #[error("Вход временно заблокирован: слишком много неверных паролей. Повторите после {}", web::date_time(*.until))]
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
            Self::Crowded => "crowded",
            Self::Locked { .. } => "locked",
        }
    }
}

impl From<SignInError> for Trouble {
    fn from(error: SignInError) -> Self {
        let trouble = Self::new(StatusCode::FORBIDDEN, error.code(), error.to_string());
        match error {
            SignInError::Wrong => trouble.of("password").or("Проверьте логин и пароль или нажмите «Восстановить»"),
            SignInError::Crowded | SignInError::Locked { .. } => trouble,
        }
    }
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
    pub(super) by_oid: BTreeMap<Oid, Account>,
    by_email: BTreeMap<Email, Oid>,
    by_phone: BTreeMap<Phone, Oid>,
    pub(super) by_snils: BTreeMap<Snils, Oid>,
    pub(super) failures: BTreeMap<Oid, (u32, DateTime<Utc>)>,
    pub(super) sessions: BTreeMap<String, Session>,
    by_sid: BTreeMap<String, (Oid, String)>,
    of_owner: BTreeSet<(Oid, String)>,
    ends: BTreeSet<(DateTime<Utc>, String)>,
    pub(super) recoveries: Recoveries,
    pub(super) registrations: Expiring<Registration>,
    pub(super) entries: Entries,
    pub(super) claims: BTreeMap<Oid, Claim>,
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
        self.by_sid.get(sid).map(|(oid, _)| *oid)
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
        match self.failures.get(&oid) {
            Some((count, last)) if *count >= MAX_FAILURES && now < *last + LOCKED_FOR => {
                Err(SignInError::Locked { until: *last + LOCKED_FOR })
            }
            _ => Ok(()),
        }
    }

    /// How many more wrong passwords or codes lock the account.
    pub(super) fn tries_left(&self, oid: Oid, now: DateTime<Utc>) -> u32 {
        let recent = self.failures.get(&oid).filter(|(_, last)| now < *last + LOCKED_FOR);
        MAX_FAILURES - recent.map_or(0, |(count, _)| *count).min(MAX_FAILURES)
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

    /// Says what else an account holds.
    pub(crate) fn set_profile(&mut self, oid: Oid, profile: Profile) {
        if let Some(account) = self.by_oid.get_mut(&oid) {
            account.profile = Arc::new(profile);
        }
    }

    /// Lets a person act for an organisation.
    pub(crate) fn give_role(&mut self, oid: Oid, role: Role) {
        if let Some(account) = self.by_oid.get_mut(&oid)
            && account.roles.iter().all(|known| known.oid != role.oid)
        {
            account.roles.push(role);
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
        self.set_password_but(at, oid, password, None);
    }

    /// The same, with one session that goes on.
    pub(super) fn set_password_but(&mut self, at: DateTime<Utc>, oid: Oid, password: &str, kept: Option<&str>) {
        let Some(account) = self.by_oid.get_mut(&oid) else { return };
        password.clone_into(&mut account.password);
        account.has_one_time_password = false;
        account.updated_at = at;
        self.failures.remove(&oid);
        self.end_sessions_but(oid, kept);
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
        self.end_sessions_but(oid, None);
        self.deleted.insert(oid, account.name.clone());
        Some(account)
    }

    /// Ends all sessions of a person but one, and with them the tokens that systems got in them.
    pub(super) fn end_sessions_but(&mut self, oid: Oid, kept: Option<&str>) {
        let own = (oid, String::new())..=(oid, char::MAX.to_string());
        let ended = |sid: &&String| self.by_sid.get(*sid).is_none_or(|(_, id)| Some(id.as_str()) != kept);
        let sids: Vec<_> = self.of_owner.range(own).map(|(_, sid)| sid).filter(ended).cloned().collect();
        for sid in sids {
            self.end_session(&sid);
        }
    }

    fn end_session(&mut self, sid: &str) {
        if let Some((oid, id)) = self.by_sid.remove(sid) {
            self.sessions.remove(&id);
            self.of_owner.remove(&(oid, sid.to_owned()));
        }
    }

    /// Takes in a session, and forgets those that ended a day ago: tokens of theirs are long expired.
    pub(super) fn begin_session(&mut self, id: &str, session: Session, now: DateTime<Utc>) {
        while self.ends.first().is_some_and(|(at, _)| *at + TimeDelta::days(1) < now) {
            if let Some((_, sid)) = self.ends.pop_first() {
                self.end_session(&sid);
            }
        }
        self.failures.remove(&session.oid);
        self.by_sid.insert(session.sid.clone(), (session.oid, id.to_owned()));
        self.of_owner.insert((session.oid, session.sid.clone()));
        self.ends.insert((session.expires_at, session.sid.clone()));
        self.sessions.insert(id.to_owned(), session);
    }

    /// Counts a wrong password or code.
    pub(super) fn count_failure(&mut self, oid: Oid, now: DateTime<Utc>) {
        let (count, last) = self.failures.entry(oid).or_insert((0, now));
        *count = if now < *last + LOCKED_FOR { *count + 1 } else { 1 };
        *last = now;
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
            has_one_time_password: false,
            second_factor: SecondFactor::None,
            level,
            made_by,
            roles,
            profile: Arc::default(),
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
}
