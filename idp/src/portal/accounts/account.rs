//! An account: what it holds and what follows from it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{
    BirthCertificate, Email, FullName, Oid, Phone, Snils,
    language::{Told, both},
    person::{Gender, OrganisationKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Profile, SecondFactor};
use crate::portal::age;

/// How sure the state is of who an account belongs to (ESIA §6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// «Упрощённая»: nobody has checked who it is.
    #[default]
    Simplified,
    /// «Стандартная»: МВД and СФР know the person's documents.
    Standard,
    /// «Подтверждённая»: the person has shown a passport, at a service centre for one.
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

    /// For a reader of a verdict.
    pub(crate) fn told(self) -> Told {
        match self {
            Self::Simplified => both!("Упрощённая", "Simplified"),
            Self::Standard => both!("Стандартная", "Standard"),
            Self::Confirmed => both!("Подтверждённая", "Confirmed"),
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
    /// Series of a passport, four digits.
    pub series: String,
    /// Number of a passport, six digits.
    pub number: String,
    /// The day of issue: `2012-11-23` or `23.11.2012`.
    #[serde(deserialize_with = "worlds::day::deserialize_day")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
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
    pub(crate) fn age(&self, today: NaiveDate) -> Option<i32> {
        self.born.map(|born| age(born, today))
    }

    /// Known to be younger than 18 on that day.
    pub(crate) fn is_minor(&self, today: NaiveDate) -> bool {
        self.age(today).is_some_and(|age| age < 18)
    }

    /// `urn:esia:sbj:lvl`: `PR` when confirmed, `KD` for an account that a guardian made for a minor, else `P`.
    pub(crate) fn wire_level(&self, today: NaiveDate) -> esia::token::Level {
        if self.level == Level::Confirmed {
            esia::token::Level::Pr
        } else if self.made_by.is_some() && self.is_minor(today) {
            esia::token::Level::Kd
        } else {
            esia::token::Level::P
        }
    }

    /// How a person would sign in: e-mail, else phone, else СНИЛС.
    pub(crate) fn login(&self) -> String {
        let email = self.email.as_ref().map(ToString::to_string);
        let phone = || self.phone.as_ref().map(ToString::to_string);
        email.or_else(phone).or_else(|| self.snils.as_ref().map(ToString::to_string)).unwrap_or_default()
    }
}

impl Account {
    /// The second factor in effect: without a phone there is nowhere to send an SMS.
    pub(crate) fn factor(&self) -> &SecondFactor {
        match &self.second_factor {
            SecondFactor::Sms if self.phone.is_none() => &SecondFactor::None,
            factor => factor,
        }
    }
}
