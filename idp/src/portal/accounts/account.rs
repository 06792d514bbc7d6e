//! Account of a person: its data and values derived from them.

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
    /// Returns the Russian name of the level for pages.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Simplified => "Упрощённая",
            Self::Standard => "Стандартная",
            Self::Confirmed => "Подтверждённая",
        }
    }

    /// Returns the name of the level for verdicts, in both languages.
    pub(crate) fn told(self) -> Told {
        match self {
            Self::Simplified => both!("Упрощённая", "Simplified"),
            Self::Standard => both!("Стандартная", "Standard"),
            Self::Confirmed => both!("Подтверждённая", "Confirmed"),
        }
    }

    /// Returns the name of the level in JSON.
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

/// Account of a person on Gosuslugi.
///
/// The password is stored in plain text: it is test data that testers must be able to read, in the console and in
/// exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub oid: Oid,
    /// Name of the person.
    pub name: FullName,
    /// Пол, once known.
    pub gender: Option<Gender>,
    /// Day of birth, once known: a person who registers online enters it in «Профиль».
    pub born: Option<NaiveDate>,
    /// СНИЛС, once known.
    pub snils: Option<Snils>,
    /// Birth certificate, once known.
    pub birth_certificate: Option<BirthCertificate>,
    /// Passport, once known.
    pub passport: Option<Passport>,
    /// E-mail address, which is a login.
    pub email: Option<Email>,
    /// Mobile phone, which is a login.
    pub phone: Option<Phone>,
    pub password: String,
    /// Whether the password is a one-time password of an МФЦ, to be replaced at the next sign-in.
    pub has_one_time_password: bool,
    /// Second factor that the person has chosen.
    pub second_factor: SecondFactor,
    /// Level of the account.
    pub level: Level,
    /// Guardian who created the account, for a child account.
    pub made_by: Option<Oid>,
    /// Organisations in which the person has a role.
    pub roles: Vec<Role>,
    /// Further data from the seed.
    pub profile: Arc<Profile>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
}

/// Data of a new account; the fields are those of [`Account`].
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

    /// Returns the age in full years on a day; `None` while the day of birth is unknown.
    pub(crate) fn age(&self, today: NaiveDate) -> Option<i32> {
        self.born.map(|born| age(born, today))
    }

    /// Checks whether the person is known to be younger than 18 on a day.
    pub(crate) fn is_minor(&self, today: NaiveDate) -> bool {
        self.age(today).is_some_and(|age| age < 18)
    }

    /// Returns `urn:esia:sbj:lvl`: `PR` for a confirmed account, `KD` for an account that a guardian created for a
    /// minor, else `P`.
    pub(crate) fn wire_level(&self, today: NaiveDate) -> esia::token::Level {
        if self.level == Level::Confirmed {
            esia::token::Level::Pr
        } else if self.made_by.is_some() && self.is_minor(today) {
            esia::token::Level::Kd
        } else {
            esia::token::Level::P
        }
    }

    /// Returns the login of the account: e-mail, else phone, else СНИЛС.
    pub(crate) fn login(&self) -> String {
        let email = self.email.as_ref().map(ToString::to_string);
        let phone = || self.phone.as_ref().map(ToString::to_string);
        email.or_else(phone).or_else(|| self.snils.as_ref().map(ToString::to_string)).unwrap_or_default()
    }
}

impl Account {
    /// Returns the second factor in effect: SMS counts as none if the account has no phone.
    pub(crate) fn factor(&self) -> &SecondFactor {
        match &self.second_factor {
            SecondFactor::Sms if self.phone.is_none() => &SecondFactor::None,
            factor => factor,
        }
    }
}
