//! Content of a profile: sign-in, matching, accounts, consents, strangers and texts of one region.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::register::PersonId;

/// What differs from region to region, in the form of a file of `profiles/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// Name of the region.
    pub title: String,
    /// The diary's `client_id` there, unless the world says another.
    pub mnemonic: String,
    /// What is asked of Gosuslugi, in the order that is signed.
    pub scopes: Vec<String>,
    /// Ways to sign in.
    pub sign_in: SignIn,
    /// How a person from Gosuslugi is found in the register.
    pub matching: Matching,
    /// Requirements for an account.
    pub account: Account,
    /// How consents are obtained.
    pub consent: Consent,
    /// What an adult sees whom the register does not know.
    pub strangers: Strangers,
    /// Title of the icon that opens the diary.
    pub icon: String,
    /// The school's other services.
    pub services: Vec<Service>,
    /// Texts of refusals by the refusal's name.
    pub texts: BTreeMap<String, Text>,
}

/// Ways to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SignIn {
    /// Text of the button that leads to Gosuslugi.
    pub button: String,
    /// Pupils and their parents.
    pub families: Audience,
    /// Employees of the school.
    pub staff: Audience,
}

impl SignIn {
    /// Returns the audience that a person of the register belongs to.
    pub(crate) fn of(&self, person: &PersonId) -> Audience {
        match person {
            PersonId::Staff(_) => self.staff,
            PersonId::Pupil(_) | PersonId::Parent(_) => self.families,
        }
    }
}

/// How an audience signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Audience {
    /// Whether the diary's own password opens it.
    pub passwords: Passwords,
}

/// Whether and until when passwords work beside Gosuslugi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Passwords {
    /// Passwords work without an end date.
    Always,
    /// Passwords do not work.
    Never,
    /// Passwords work until the day before this one.
    Until(NaiveDate),
}

impl Passwords {
    /// Checks whether passwords work on a day.
    pub fn work_on(self, today: NaiveDate) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Until(day) => today < day,
        }
    }
}

/// What is compared besides СНИЛС, which always must be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Matching {
    /// Compared for a pupil.
    pub pupil: Vec<Compared>,
    /// Compared for a parent.
    pub parent: Vec<Compared>,
    /// Compared for an employee.
    pub staff: Vec<Compared>,
    /// How names are compared.
    pub names: Names,
}

/// A field in which register and account must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compared {
    /// Surname, first name and patronymic.
    Name,
    /// Date of birth.
    BirthDate,
    /// Birth certificate; not compared when the register has none.
    BirthCertificate,
    /// The phone of a child account is the one that the parents gave the school; asked of minors only.
    Phone,
    /// The register says that the parent is mother, father or legal representative.
    Relation,
}

/// How names are compared. Spaces at the ends and runs of spaces never matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// To the letter: ё is not е, case matters, a hyphen is not a space.
    Exact,
    /// ё is е, case does not matter, a hyphen is a space.
    Forgiving,
}

/// Requirements for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Account {
    /// From this age a child account is not enough, years.
    pub confirmed_from: u32,
    /// Fields that it must hold, verified.
    pub required: Vec<Required>,
}

/// A field that an account must hold (R003.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Required {
    LastName,
    FirstName,
    MiddleName,
    BirthDate,
    Snils,
    /// Passport, or a birth certificate under fourteen.
    IdentityDocument,
}

impl Required {
    /// Returns the field's Russian name, as refusals show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastName => "фамилия",
            Self::FirstName => "имя",
            Self::MiddleName => "отчество",
            Self::BirthDate => "дата рождения",
            Self::Snils => "СНИЛС",
            Self::IdentityDocument => "реквизиты документа, удостоверяющего личность",
        }
    }
}

/// How consents are obtained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Consent {
    /// Whether guardians are asked when a minor without a consent signs in.
    pub ask_guardians: bool,
    /// Whether a paper consent at the secretary's desk attaches a representative (R004.3).
    pub at_school: bool,
    /// How often a session makes sure that the consent is in force, seconds of the world's clock.
    pub check_every_s: u32,
    /// Whether a refresh token is asked for.
    pub access: Access,
}

/// `access_type` of ЕСИА.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// An access token alone: a session ends with it.
    Online,
    /// An access token and a refresh token.
    Offline,
}

impl Access {
    /// Returns the value of the parameter `access_type`.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

/// What an adult sees whom the register does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strangers {
    /// A page that refuses the sign-in.
    Refuse,
    /// A desk without the diary's icon, and why (R004.3). Minors too.
    Desk,
    /// A desk where one applies for access (R003.5).
    Application,
}

/// A service of the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Name on the page.
    pub title: String,
    /// URL of the service.
    pub url: String,
}

/// The text of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Text {
    /// First, to the letter. «форму обратной связи» at the end is a link to that form.
    pub text: String,
    /// Reason of the refusal, one sentence.
    pub reason: String,
    /// What the person can do next.
    pub next_step: String,
}
