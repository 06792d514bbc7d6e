//! Reading the texts of a seed.

use std::{fmt::Display, str::FromStr};

use chrono::NaiveDate;
use esia::{BirthCertificate, Certificate, FullName, Mnemonic, Snils};
use url::Url;
use worlds::SeedError;

use super::{PasswordLogin, ProviderSeed, PupilSeed, Seed};
use crate::{
    register::{Attendance, Lessons, Mark, Parent, PersonId, Pupil, Register, Staff},
    state::{Provider, School},
};

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
