//! Parsing of the texts of a seed.

use std::{collections::BTreeMap, fmt::Display, str::FromStr, sync::Arc};

use chrono::NaiveDate;
use esia::{
    BirthCertificate, Certificate, Email, FullName, Mnemonic, Phone, Snils,
    language::{pick, tr},
};
use url::Url;
use worlds::{SeedError, read_day};

use super::{ClassSeed, PasswordLogin, ProviderSeed, PupilSeed, Seed, StaffSeed};
use crate::{
    config::{ProviderConfig, School, WorldConfig},
    lessons::{Attendance, Homework, Lessons, MadeUp, Mark, Term},
    profile::{self, Passwords, Profile},
    register::{Parent, PersonId, Pupil, Register, Staff, class_lessons, generate},
};

impl Seed {
    /// Parses every value, for a world that begins on `today`.
    ///
    /// # Errors
    /// Fails at the first invalid value, with its place and the rule that it breaks.
    pub fn check(&self, today: NaiveDate) -> Result<(), SeedError> {
        self.build(0, today).map(|_| ())
    }

    /// Builds the configuration of a world and its initial register. `random` is the world's random seed.
    pub(crate) fn build(&self, random: u64, today: NaiveDate) -> Result<(WorldConfig, Register), SeedError> {
        self.check_birthdays(today)?;
        let profile = self.profile()?;
        let provider = self.provider.read(&profile)?;
        let mut register = self.register()?;
        let mut lessons = self.lessons()?;
        if let Some(wanted) = self.generate {
            if !(1..=20_000).contains(&wanted.pupils) {
                return Err(SeedError::at("diary.generate.pupils", &pick("от 1 до 20000", "1 to 20000")));
            }
            let pupils = usize::try_from(wanted.pupils).unwrap_or_default();
            for (number, class) in generate(&mut register, pupils, random, today).into_iter().enumerate() {
                let class = (String::new(), class);
                lessons.timetables.entry(class.clone()).or_insert_with(|| class_lessons(number));
                lessons.generated.insert(class);
            }
            lessons.made_up = Some(MadeUp { seed: random });
        }
        let schools = self.schools(&profile);
        Ok((WorldConfig { profile, provider, schools, lessons }, register))
    }

    /// Refuses pupils born after the day on which the world begins.
    fn check_birthdays(&self, today: NaiveDate) -> Result<(), SeedError> {
        let mut pupils = self.pupils.iter();
        let ahead = pupils.find(|(_, pupil)| read_day(&pupil.born).is_ok_and(|born| born > today));
        ahead.map_or(Ok(()), |(key, _)| {
            Err(SeedError::at(
                format!("diary.pupils.{key}.born"),
                &pick("дата рождения в будущем этого мира", "the birthday is in the future of this world"),
            ))
        })
    }

    fn profile(&self) -> Result<Arc<Profile>, SeedError> {
        let profile = profile::whole(self.profile.as_ref())?;
        let Some(day) = &self.password_until else { return Ok(profile) };
        let passwords = Passwords::Until(date("diary.password-until", day)?);
        let mut own = (*profile).clone();
        (own.sign_in.families.passwords, own.sign_in.staff.passwords) = (passwords, passwords);
        Ok(Arc::new(own))
    }

    /// Returns the schools by key; the key of the first school is empty.
    fn schools(&self, profile: &Profile) -> BTreeMap<String, School> {
        let name = if self.school.name.is_empty() { "Школа" } else { &self.school.name };
        let feedback_url = self.school.feedback_url.clone().unwrap_or_else(|| "/feedback".to_owned());
        let first = (String::new(), (name.to_owned(), &self.school.services));
        let others = self.schools.iter().map(|(key, seed)| {
            let name = if seed.name.is_empty() { key } else { &seed.name };
            (key.clone(), (name.clone(), &seed.services))
        });
        let schools = std::iter::once(first).chain(others).map(|(key, (name, services))| {
            let services = profile.services.iter().chain(services).cloned().collect();
            (key, School { name, feedback_url: feedback_url.clone(), services })
        });
        schools.collect()
    }

    fn register(&self) -> Result<Register, SeedError> {
        let mut register = Register::default();
        let mut passwords = Vec::new();
        for (key, seed) in &self.parents {
            let at = person_path("parents", key)?;
            let (name, snils) = identity(&at, &seed.name, &seed.snils)?;
            let id = PersonId::Parent(key.clone());
            unique(&at, &register, snils, &id)?;
            let (active, relation) = (seed.active, seed.relation);
            register.put_parent(key, Parent { name, snils, active, relation, children: [].into() });
            passwords.push((at, id, seed.password_login.as_ref()));
        }
        for (key, seed) in &self.staff {
            let at = person_path("staff", key)?;
            self.known_school(&at, &seed.school)?;
            let staff = seed.read(&at)?;
            let id = PersonId::Staff(key.clone());
            unique(&at, &register, staff.snils, &id)?;
            register.put_staff(key, staff);
            passwords.push((at, id, seed.password_login.as_ref()));
        }
        for (key, seed) in &self.pupils {
            let at = person_path("pupils", key)?;
            self.known_school(&at, &seed.school)?;
            let pupil = seed.read(&at)?;
            let id = PersonId::Pupil(key.clone());
            unique(&at, &register, pupil.snils, &id)?;
            register.put_pupil(key, pupil);
            for parent in &seed.parents {
                if !self.parents.contains_key(parent) {
                    let message =
                        tr!("в diary.parents нет ключа «{parent}»", "there is no key «{parent}» in diary.parents");
                    return Err(SeedError::at(format!("{at}.parents"), &message));
                }
                register.attach(key, parent);
            }
            passwords.push((at, id, seed.password_login.as_ref()));
        }
        for (at, id, login) in passwords {
            let Some(given) = login else { continue };
            put_login(&mut register, &at, given, id)?;
        }
        Ok(register)
    }

    fn lessons(&self) -> Result<Lessons, SeedError> {
        let mut lessons = Lessons::default();
        let first = self.classes.iter().map(|(name, class)| (String::new(), name, class));
        let others = self.schools.iter();
        let others =
            others.flat_map(|(key, school)| school.classes.iter().map(|(name, class)| (key.clone(), name, class)));
        for (school, name, ClassSeed { timetable }) in first.chain(others) {
            lessons.timetables.insert((school, name.clone()), timetable.clone());
        }
        for (number, seed) in self.marks.iter().enumerate() {
            let at = format!("diary.marks.{number}");
            self.known_pupil(&at, &seed.pupil)?;
            if !(1..=5).contains(&seed.mark) {
                return Err(SeedError::at(format!("{at}.mark"), &pick("оценка — от 1 до 5", "a mark is 1 to 5")));
            }
            if !(1..=10).contains(&seed.weight) {
                return Err(SeedError::at(format!("{at}.weight"), &pick("вес — от 1 до 10", "a weight is 1 to 10")));
            }
            let date = date(&format!("{at}.date"), &seed.date)?;
            let mark = Mark { date, mark: seed.mark, weight: seed.weight, work: seed.work.clone() };
            lessons.add_mark(&seed.pupil, &seed.subject, mark);
        }
        for (number, seed) in self.attendance.iter().enumerate() {
            let at = format!("diary.attendance.{number}");
            self.known_pupil(&at, &seed.pupil)?;
            let date = date(&format!("{at}.date"), &seed.date)?;
            let missed = Attendance { date, subject: seed.subject.clone(), status: seed.status };
            lessons.attendance.entry(seed.pupil.clone()).or_default().push(missed);
        }
        for (number, seed) in self.homework.iter().enumerate() {
            let at = format!("diary.homework.{number}");
            self.known_school(&at, &seed.school)?;
            let date = date(&format!("{at}.date"), &seed.date)?;
            let new = Homework { date, subject: seed.subject.clone(), text: seed.text.clone() };
            lessons.add_homework((seed.school.clone(), seed.class.clone()), new);
        }
        lessons.terms = self.terms()?;
        Ok(lessons)
    }

    fn terms(&self) -> Result<Vec<Term>, SeedError> {
        let mut terms: Vec<Term> = Vec::new();
        for (number, seed) in self.terms.iter().enumerate() {
            let at = format!("diary.terms.{number}");
            let (from, to) = (date(&format!("{at}.from"), &seed.from)?, date(&format!("{at}.to"), &seed.to)?);
            if to < from || terms.last().is_some_and(|before| before.to >= from) {
                return Err(SeedError::at(
                    at,
                    &pick("четверти идут по порядку и не пересекаются", "terms are in order and do not overlap"),
                ));
            }
            terms.push(Term { title: seed.title.clone(), from, to });
        }
        Ok(terms)
    }

    fn known_school(&self, at: &str, key: &str) -> Result<(), SeedError> {
        let unknown = || {
            SeedError::at(
                format!("{at}.school"),
                &tr!("в diary.schools нет ключа «{key}»", "there is no key «{key}» in diary.schools"),
            )
        };
        (key.is_empty() || self.schools.contains_key(key)).then_some(()).ok_or_else(unknown)
    }

    fn known_pupil(&self, at: &str, key: &str) -> Result<(), SeedError> {
        let unknown = || {
            SeedError::at(
                format!("{at}.pupil"),
                &tr!("в diary.pupils нет ключа «{key}»", "there is no key «{key}» in diary.pupils"),
            )
        };
        self.pupils.contains_key(key).then_some(()).ok_or_else(unknown)
    }
}

impl ProviderSeed {
    fn read(&self, profile: &Profile) -> Result<ProviderConfig, SeedError> {
        let url = self.url.as_deref().map(|url| {
            let read = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            read.ok_or_else(|| {
                SeedError::at(
                    "diary.provider.url",
                    &tr!("«{url}» — не адрес http или https", "«{url}» is no address of http or https"),
                )
            })
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
        let mnemonic: Mnemonic =
            read("diary.provider.mnemonic", self.mnemonic.as_deref().unwrap_or(&profile.mnemonic))?;
        let issuer = self.issuer.clone().unwrap_or_else(|| esia::token::DEFAULT_ISSUER.to_owned());
        let timeout_ms = self.timeout_ms.unwrap_or(10_000);
        if timeout_ms == 0 {
            return Err(SeedError::at("diary.provider.timeout-ms", &pick("больше нуля", "more than zero")));
        }
        let secret = self.secret.clone().unwrap_or_else(|| esia::keys::DIARY_SECRET.to_owned());
        Ok(ProviderConfig { url, mnemonic, issuer, certificate, timeout_ms, protocol: self.protocol, secret })
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
            school: self.school.clone(),
            class: self.class.clone(),
            phone: self.phone.as_deref().map(|phone| reserved_phone(&format!("{at}.phone"), phone)).transpose()?,
            parents: Vec::new(),
        })
    }
}

impl StaffSeed {
    fn read(&self, at: &str) -> Result<Staff, SeedError> {
        let (name, snils) = identity(at, &self.name, &self.snils)?;
        Ok(Staff {
            name,
            snils,
            school: self.school.clone(),
            roles: self.roles.iter().copied().collect(),
            classes: self.classes.iter().cloned().collect(),
            teaches: self.teaches.iter().map(|one| (one.class.clone(), one.subject.clone())).collect(),
        })
    }
}

fn put_login(register: &mut Register, at: &str, given: &PasswordLogin, id: PersonId) -> Result<(), SeedError> {
    let at = format!("{at}.password-login");
    let email = given.email.as_deref().map(|email| read::<Email>(&format!("{at}.email"), email)).transpose()?;
    if email.as_ref().is_some_and(|email| !email.is_reserved()) {
        return Err(SeedError::at(
            format!("{at}.email"),
            &pick(
                "такая почта может быть у настоящего человека: берите .test",
                "this e-mail may be a real person's: take .test",
            ),
        ));
    }
    if given.login.is_empty() || given.password.is_empty() || !register.put_login(given, email, id) {
        return Err(SeedError::at(
            at,
            &pick(
                "имя пользователя и пароль не пусты, имя не повторяется",
                "user name and password are not empty, the name is not repeated",
            ),
        ));
    }
    Ok(())
}

fn reserved_phone(at: &str, text: &str) -> Result<Phone, SeedError> {
    let phone: Phone = read(at, text)?;
    if phone.is_reserved() {
        Ok(phone)
    } else {
        Err(SeedError::at(
            at,
            &pick(
                "такой телефон может быть у настоящего человека: берите +7(000)…",
                "this phone may be a real person's: take +7(000)…",
            ),
        ))
    }
}

/// Returns the place of a person in the document if the key is valid. Keys are used in URLs and in scenarios: 1 to 64
/// letters, digits, `-` and `_`.
fn person_path(section: &str, key: &str) -> Result<String, SeedError> {
    let fits = (1..=64).contains(&key.chars().count())
        && key.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_'));
    let at = format!("diary.{section}.{key}");
    if fits {
        Ok(at)
    } else {
        Err(SeedError::at(
            at,
            &pick("в ключе от 1 до 64 букв, цифр, «-» и «_»", "a key has 1 to 64 letters, digits, «-» and «_»"),
        ))
    }
}

fn identity(at: &str, name: &str, snils: &str) -> Result<(FullName, Snils), SeedError> {
    let name = read(&format!("{at}.name"), name)?;
    let at = format!("{at}.snils");
    let snils: Snils = read(&at, snils)?;
    if snils.is_reserved() {
        Ok((name, snils))
    } else {
        Err(SeedError::at(
            at,
            &pick(
                "такой СНИЛС может быть у настоящего человека: берите до 001-001-998",
                "this SNILS may be a real person's: take one up to 001-001-998",
            ),
        ))
    }
}

fn unique(at: &str, register: &Register, snils: Snils, id: &PersonId) -> Result<(), SeedError> {
    let taken = || {
        SeedError::at(
            format!("{at}.snils"),
            &tr!("СНИЛС {snils} в этом разделе уже есть", "SNILS {snils} is in this section already"),
        )
    };
    (!register.is_taken(snils, id)).then_some(()).ok_or_else(taken)
}

fn date(at: &str, text: &str) -> Result<NaiveDate, SeedError> {
    read_day(text).map_err(|error| SeedError::at(at, &error))
}

fn read<T: FromStr<Err: Display>>(at: &str, text: &str) -> Result<T, SeedError> {
    text.parse().map_err(|error| SeedError::at(at, &error))
}
