//! Section `diary` of a seed document. Values are texts here and are read by [`Seed::check`], so that a mistake is told
//! with its place: `diary.pupils.ваня.snils`.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use chrono::NaiveDate;
use esia::{BirthCertificate, Certificate, FullName, Mnemonic, Snils};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;
use worlds::SeedError;

use crate::{
    register::{Attendance, Lessons, Mark, Parent, PersonId, Pupil, Register, Staff},
    state::{Provider, School},
};

/// Section `diary` of a seed document: the provider and the school's register.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Seed {
    /// Gosuslugi, as this diary knows them.
    pub provider: ProviderSeed,
    /// The school.
    pub school: SchoolSeed,
    /// The first day without passwords, `ГГГГ-ММ-ДД`; 2024-04-01 by default (R000.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_until: Option<String>,
    /// Parents in the school's journal by key.
    pub parents: BTreeMap<String, ParentSeed>,
    /// Pupils by key.
    pub pupils: BTreeMap<String, PupilSeed>,
    /// Administrators of the school's side by key.
    pub staff: BTreeMap<String, StaffSeed>,
    /// Classes by name, as `7А`.
    pub classes: BTreeMap<String, ClassSeed>,
    /// Marks.
    pub marks: Vec<MarkSeed>,
    /// Lessons that were missed, or begun late.
    pub attendance: Vec<AttendanceSeed>,
}

/// The provider of sign-ins.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ProviderSeed {
    /// Base URL. Default: the server's `--idp`, and `/w/{name}` for any world but `main`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// This diary's `client_id`; `RYAZAN-DIARY` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mnemonic: Option<String>,
    /// `iss` of the tokens; `http://esia.gosuslugi.ru/` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Certificate that tokens are checked with, PEM. Default: fetched from `/public/RSA_TESIA.cer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// How long an answer is waited for, milliseconds; 10000 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
}

/// The school.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SchoolSeed {
    /// Its name.
    pub name: String,
    /// Where the feedback form is: a path of this server or another address. Default: the diary's own, `/feedback`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback_url: Option<String>,
}

/// The diary's own sign-in, good until `password-until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PasswordLogin {
    /// «Имя пользователя».
    pub login: String,
    /// «Пароль».
    pub password: String,
}

/// A parent in the school's journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ParentSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Whether the administrator has made the parent an active user; not by default (R000.2).
    #[serde(default)]
    pub active: bool,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// Series and number of a birth certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateSeed {
    /// `I-ОО`.
    pub series: String,
    /// Six digits.
    pub number: String,
}

/// A pupil in the school's journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PupilSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// Date of birth, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub born: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Birth certificate as the school has it. Without one it is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<CertificateSeed>,
    /// Name of the class.
    #[serde(default)]
    pub class: String,
    /// Keys of the parents on the pupil's card.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// An administrator of the school's side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StaffSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// A day of the school week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    #[serde(rename = "понедельник")]
    Monday,
    #[serde(rename = "вторник")]
    Tuesday,
    #[serde(rename = "среда")]
    Wednesday,
    #[serde(rename = "четверг")]
    Thursday,
    #[serde(rename = "пятница")]
    Friday,
    #[serde(rename = "суббота")]
    Saturday,
}

impl Weekday {
    /// The day in Russian.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "понедельник",
            Self::Tuesday => "вторник",
            Self::Wednesday => "среда",
            Self::Thursday => "четверг",
            Self::Friday => "пятница",
            Self::Saturday => "суббота",
        }
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassSeed {
    /// Lessons of each day in order.
    pub timetable: BTreeMap<Weekday, Vec<String>>,
}

/// A mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSeed {
    /// Key of the pupil.
    pub pupil: String,
    /// Subject.
    pub subject: String,
    /// Day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub mark: u8,
}

/// Why a pupil was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendanceStatus {
    /// Was not there.
    Absent,
    /// Came late.
    Late,
    /// Was ill.
    Ill,
}

/// A lesson missed, or begun late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceSeed {
    /// Key of the pupil.
    pub pupil: String,
    /// Day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// Subject.
    pub subject: String,
    /// What was the matter.
    pub status: AttendanceStatus,
}

/// The first day without passwords in Ryazan region (R000.1).
const PASSWORD_UNTIL: &str = "2024-04-01";
/// The mnemonic of the diary in the documented worlds.
const MNEMONIC: &str = "RYAZAN-DIARY";

impl Seed {
    /// Reads every value.
    ///
    /// # Errors
    /// The first mistake, with its place and the rule that it breaks.
    pub fn check(&self) -> Result<(), SeedError> {
        self.provider.read()?;
        self.password_until()?;
        self.register()?;
        self.lessons()?;
        Ok(())
    }

    pub(crate) fn password_until(&self) -> Result<NaiveDate, SeedError> {
        date("diary.password-until", self.password_until.as_deref().unwrap_or(PASSWORD_UNTIL))
    }

    pub(crate) fn school(&self) -> School {
        let name = if self.school.name.is_empty() { "Школа" } else { &self.school.name };
        let feedback_url = self.school.feedback_url.clone().unwrap_or_else(|| "/feedback".to_owned());
        School { name: name.to_owned(), feedback_url }
    }

    pub(crate) fn register(&self) -> Result<Register, SeedError> {
        let mut register = Register::default();
        let mut passwords = Vec::new();
        for (key, seed) in &self.parents {
            let at = person_path("parents", key)?;
            let (name, snils) = identity(&at, &seed.name, &seed.snils)?;
            let id = PersonId::Parent(key.clone());
            unique(&at, &register, snils, &id)?;
            register.put_parent(key, Parent { name, snils, active: seed.active, children: [].into() });
            passwords.push((at, id, seed.password_login.as_ref()));
        }
        for (key, seed) in &self.staff {
            let at = person_path("staff", key)?;
            let (name, snils) = identity(&at, &seed.name, &seed.snils)?;
            let id = PersonId::Staff(key.clone());
            unique(&at, &register, snils, &id)?;
            register.put_staff(key, Staff { name, snils });
            passwords.push((at, id, seed.password_login.as_ref()));
        }
        for (key, seed) in &self.pupils {
            let at = person_path("pupils", key)?;
            let pupil = seed.read(&at)?;
            let id = PersonId::Pupil(key.clone());
            unique(&at, &register, pupil.snils, &id)?;
            register.put_pupil(key, pupil);
            for parent in &seed.parents {
                if !self.parents.contains_key(parent) {
                    let message = format!("в diary.parents нет ключа «{parent}»");
                    return Err(SeedError::at(format!("{at}.parents"), &message));
                }
                register.attach(key, parent);
            }
            passwords.push((at, id, seed.password_login.as_ref()));
        }
        for (at, id, login) in passwords {
            let Some(PasswordLogin { login, password }) = login else { continue };
            if login.is_empty() || password.is_empty() || !register.put_login(login, password, id) {
                let message = "имя пользователя и пароль не пусты, имя не повторяется";
                return Err(SeedError::at(format!("{at}.password-login"), &message));
            }
        }
        Ok(register)
    }

    pub(crate) fn lessons(&self) -> Result<Lessons, SeedError> {
        let mut lessons = Lessons::default();
        for (name, class) in &self.classes {
            lessons.timetables.insert(name.clone(), class.timetable.clone());
        }
        for (number, seed) in self.marks.iter().enumerate() {
            let at = format!("diary.marks.{number}");
            self.known_pupil(&at, &seed.pupil)?;
            if !(1..=5).contains(&seed.mark) {
                return Err(SeedError::at(format!("{at}.mark"), &"оценка — от 1 до 5"));
            }
            let mark = Mark { date: date(&format!("{at}.date"), &seed.date)?, mark: seed.mark };
            let subjects = lessons.marks.entry(seed.pupil.clone()).or_default();
            subjects.entry(seed.subject.clone()).or_default().push(mark);
        }
        for (number, seed) in self.attendance.iter().enumerate() {
            let at = format!("diary.attendance.{number}");
            self.known_pupil(&at, &seed.pupil)?;
            let date = date(&format!("{at}.date"), &seed.date)?;
            let missed = Attendance { date, subject: seed.subject.clone(), status: seed.status };
            lessons.attendance.entry(seed.pupil.clone()).or_default().push(missed);
        }
        Ok(lessons)
    }

    fn known_pupil(&self, at: &str, key: &str) -> Result<(), SeedError> {
        let unknown = || SeedError::at(format!("{at}.pupil"), &format!("в diary.pupils нет ключа «{key}»"));
        self.pupils.contains_key(key).then_some(()).ok_or_else(unknown)
    }
}

impl ProviderSeed {
    pub(crate) fn read(&self) -> Result<Provider, SeedError> {
        let url = self.url.as_deref().map(|url| {
            let read = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            read.ok_or_else(|| SeedError::at("diary.provider.url", &format!("«{url}» — не адрес http или https")))
        });
        let url = url.transpose()?;
        let certificate = match &self.certificate {
            None => None,
            Some(pem) => {
                let certificate: Certificate = read("diary.provider.certificate", pem)?;
                certificate.public_key().map_err(|error| SeedError::at("diary.provider.certificate", &error))?;
                Some(certificate)
            }
        };
        let mnemonic: Mnemonic = read("diary.provider.mnemonic", self.mnemonic.as_deref().unwrap_or(MNEMONIC))?;
        let issuer = self.issuer.clone().unwrap_or_else(|| esia::token::DEFAULT_ISSUER.to_owned());
        let timeout_ms = self.timeout_ms.unwrap_or(10_000);
        if timeout_ms == 0 {
            return Err(SeedError::at("diary.provider.timeout-ms", &"больше нуля"));
        }
        Ok(Provider { url, mnemonic, issuer, certificate, timeout_ms })
    }
}

impl PupilSeed {
    fn read(&self, at: &str) -> Result<Pupil, SeedError> {
        let (name, snils) = identity(at, &self.name, &self.snils)?;
        let certificate = self.birth_certificate.as_ref().map(|certificate| {
            BirthCertificate::new(&certificate.series, &certificate.number)
                .map_err(|error| SeedError::at(format!("{at}.birth-certificate"), &error))
        });
        Ok(Pupil {
            name,
            born: date(&format!("{at}.born"), &self.born)?,
            snils,
            certificate: certificate.transpose()?,
            class: self.class.clone(),
            parents: Vec::new(),
        })
    }
}

/// Keys stand in URLs and in scenarios: letters, digits, `-` and `_`.
fn person_path(section: &str, key: &str) -> Result<String, SeedError> {
    let fits = (1..=64).contains(&key.chars().count())
        && key.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_'));
    let at = format!("diary.{section}.{key}");
    if fits {
        Ok(at)
    } else {
        Err(SeedError::at(at, &"в ключе от 1 до 64 букв, цифр, «-» и «_»"))
    }
}

fn identity(at: &str, name: &str, snils: &str) -> Result<(FullName, Snils), SeedError> {
    let name = read(&format!("{at}.name"), name)?;
    let at = format!("{at}.snils");
    let snils: Snils = read(&at, snils)?;
    if snils.is_reserved() {
        Ok((name, snils))
    } else {
        Err(SeedError::at(at, &"такой СНИЛС может быть у настоящего человека: берите до 001-001-998"))
    }
}

fn unique(at: &str, register: &Register, snils: Snils, id: &PersonId) -> Result<(), SeedError> {
    let taken = || SeedError::at(format!("{at}.snils"), &format!("СНИЛС {snils} в этом разделе уже есть"));
    (!register.is_taken(snils, id)).then_some(()).ok_or_else(taken)
}

fn date(at: &str, text: &str) -> Result<NaiveDate, SeedError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| SeedError::at(at, &format!("«{text}» — не дата: записывается ГГГГ-ММ-ДД")))
}

fn read<T: FromStr<Err: Display>>(at: &str, text: &str) -> Result<T, SeedError> {
    text.parse().map_err(|error| SeedError::at(at, &error))
}
