//! What a profile says: sign-in, matching, accounts, consents, strangers and texts of one region.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::register::PersonId;

/// What differs from region to region, in the form of a file of `profiles/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// Where things are so.
    pub title: String,
    /// The diary's `client_id` there, unless the world says another.
    pub mnemonic: String,
    /// What is asked of Gosuslugi, in the order that is signed.
    pub scopes: Vec<String>,
    /// How one signs in.
    pub sign_in: SignIn,
    /// Who somebody from Gosuslugi is in the register.
    pub matching: Matching,
    /// What an account must be.
    pub account: Account,
    /// How consents are come by.
    pub consent: Consent,
    /// What becomes of a grown-up whom the register does not know.
    pub strangers: Strangers,
    /// Title of the icon that opens the diary.
    pub icon: String,
    /// The school's other services.
    pub services: Vec<Service>,
    /// What people read when they are not let in, by the refusal's name.
    pub texts: BTreeMap<String, Text>,
}

/// How one signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SignIn {
    /// Text of the button that leads to Gosuslugi.
    pub button: String,
    /// Pupils and parents.
    pub families: Audience,
    /// Whoever works at the school.
    pub staff: Audience,
}

impl SignIn {
    /// The audience that a person of the register belongs to.
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
    /// Not at all.
    Never,
    /// This is the first day without them.
    Until(NaiveDate),
}

impl Passwords {
    /// Whether they work on a day.
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
    /// Of a pupil.
    pub pupil: Vec<Compared>,
    /// Of a parent.
    pub parent: Vec<Compared>,
    /// Of whoever works at the school.
    pub staff: Vec<Compared>,
    /// When two names are the same.
    pub names: Names,
}

/// Something that register and account must agree in.
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

/// When two names are the same. Spaces at the ends and runs of spaces never matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// To the letter: ё is not е, case matters, a hyphen is not a space.
    Exact,
    /// ё is е, case does not matter, a hyphen is a space.
    Forgiving,
}

/// What an account must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Account {
    /// From this age a child account is not enough, years.
    pub confirmed_from: u32,
    /// What it must hold, verified.
    pub required: Vec<Required>,
}

/// Something that an account must hold (R003.2).
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
    /// What a refusal calls it, in Russian.
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

/// How consents are come by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Consent {
    /// Whether guardians are asked when a minor without a consent signs in.
    pub ask_guardians: bool,
    /// Whether a paper consent at the secretary's desk attaches a representative (R004.3).
    pub at_school: bool,
    /// How often a session makes sure that the consent is in force, seconds of the world's clock.
    pub check_every_s: u32,
    /// With a refresh token or without.
    pub access: Access,
}

/// `access_type` of ЕСИА.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// An access token alone: a session ends with it.
    Online,
    /// And a refresh token.
    Offline,
}

impl Access {
    /// On the wire.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

/// What becomes of a grown-up whom the register does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strangers {
    /// They are refused.
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
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// What a person reads who is not let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Text {
    /// First, to the letter. «форму обратной связи» at the end is a link to that form.
    pub text: String,
    /// Reason of the refusal, one sentence.
    pub reason: String,
    /// What to do.
    pub next_step: String,
}
