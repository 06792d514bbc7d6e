//! Recognition of a person from Gosuslugi in the register. СНИЛС must always be equal; the profile's matching says what
//! else is compared. Parsing trims and collapses spaces, and unifies letters of a certificate's series that look alike
//! in both alphabets. Beyond that `names: exact` compares letter by letter (R001.2, R001.5, R001.7), and `names:
//! forgiving` treats ё as е, ignores case, and treats a hyphen as a space.

use std::fmt::Display;

use chrono::NaiveDate;
use esia::{
    BirthCertificate, FullName, Oid, Phone, Snils,
    language::{Told, Words, both, pick},
    text::likeness,
};
use serde::{Deserialize, Serialize};

use super::{PersonId, Register, Relation, Who};
use crate::{
    profile::{Compared, Names, Profile, Required},
    signin::{DataFault, Refusal},
};

/// Age in years until which a birth certificate is the identity document (R003.2, R000.3).
const PASSPORT_FROM: u32 = 14;
/// Age of majority in years.
const ADULT_FROM: u32 = 18;

/// Data of a person as Gosuslugi present them.
#[expect(clippy::struct_excessive_bools, reason = "so Gosuslugi say it")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Presented {
    pub(crate) oid: Oid,
    pub(crate) name: Option<FullName>,
    pub(crate) snils: Option<Snils>,
    pub(crate) born: Option<NaiveDate>,
    pub(crate) certificates: Vec<BirthCertificate>,
    #[serde(default)]
    pub(crate) phones: Vec<Phone>,
    /// Whether the account holds the identity document for the person's age.
    #[serde(default)]
    pub(crate) has_document: bool,
    /// Whether the identity document has been verified.
    #[serde(default)]
    pub(crate) has_verified_document: bool,
    /// Whether the account is confirmed.
    pub(crate) is_trusted: bool,
    /// Whether it is a child account (`KD`), which needs no confirmation below the profile's age (R000.3).
    pub(crate) is_child_account: bool,
}

// Words of a comparison in place of a value of the register or of Gosuslugi. The Russian ones are recorded.
const NONE: Words = Words { russian: "нет", english: "no" };
const YES: Words = Words { russian: "да", english: "yes" };
const THERE: Words = Words { russian: "есть", english: "it is there" };
const UNVERIFIED: Words = Words { russian: "не подтверждено", english: "not verified" };
const CONFIRMED: Words = Words { russian: "подтверждённая", english: "confirmed" };
const UNCONFIRMED: Words = Words { russian: "не подтверждена", english: "not confirmed" };
const ON_CARD: Words = Words {
    russian: "родитель в карточке ученика",
    english: "the parent is on the card of a pupil",
};
const OF_REGISTER: Words = Words { russian: "СНИЛС из журнала", english: "a SNILS of the register" };
const NOT_IN_REGISTER: Words = Words { russian: "в журнале нет", english: "the register has none" };
const REPRESENTATIVE: Words = Words {
    russian: "мать, отец или законный представитель",
    english: "mother, father or legal representative",
};

/// All words that a comparison may record, to find their English text.
const WORDS: [Words; 14] = [
    NONE,
    YES,
    THERE,
    UNVERIFIED,
    CONFIRMED,
    UNCONFIRMED,
    ON_CARD,
    OF_REGISTER,
    NOT_IN_REGISTER,
    REPRESENTATIVE,
    Relation::Mother.words(),
    Relation::Father.words(),
    Relation::Representative.words(),
    Relation::Other.words(),
];

/// Returns a recorded value in the current language.
fn in_words(recorded: &str) -> &str {
    let word = WORDS.iter().find(|word| word.russian == recorded);
    word.map_or(recorded, |word| pick(word.russian, word.english))
}

/// A value of the register compared with the value from Gosuslugi. Shown to the tester, never to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// Name of the field: `snils`, `name`, `birth-certificate`, …
    pub(crate) what: String,
    /// Value that the rule requires, usually that of the register.
    pub(crate) expected: String,
    /// Value from Gosuslugi.
    pub(crate) got: String,
    /// Whether the rule is met.
    pub(crate) same: bool,
}

impl Comparison {
    fn of(what: &str, expected: &dyn Display, got: Option<String>, same: bool) -> Self {
        let got = got.filter(|got| !got.is_empty()).unwrap_or_else(|| NONE.russian.to_owned());
        Self { what: what.to_owned(), expected: expected.to_string(), got, same }
    }

    /// Returns the expected and the received value in the current language.
    pub(crate) fn values(&self) -> [&str; 2] {
        [in_words(&self.expected), in_words(&self.got)]
    }

    /// Returns both values for a verdict; the received one explains a difference that is hard to see.
    pub(crate) fn told(&self) -> (Told, Told) {
        let got = Told::of(|| {
            let why = self.likeness().map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{}{why}", in_words(&self.got))
        });
        (both!("{}", "{}", in_words(&self.expected)), got)
    }

    /// Describes a difference that is hard to see: ё, a letter of another alphabet. `None` if there is no such
    /// difference.
    pub(crate) fn likeness(&self) -> Option<String> {
        if self.same { None } else { likeness(&self.got, &self.expected) }
    }
}

/// State of one attempt to recognise a person.
struct Recognition<'a> {
    register: &'a Register,
    profile: &'a Profile,
    person: &'a Presented,
    age: Option<u32>,
    compared: Vec<Comparison>,
    /// Refusal for a person whose СНИЛС matches and who fails a comparison that has a screen of its own.
    refusal: Option<Refusal>,
}

impl Register {
    /// Finds a person in the register and returns all comparisons made.
    ///
    /// # Errors
    /// Returns the refusal to show, together with the comparisons.
    pub(crate) fn recognise(
        &self,
        person: &Presented,
        profile: &Profile,
        today: NaiveDate,
    ) -> (Result<Who, Refusal>, Vec<Comparison>) {
        let age = person.born.and_then(|born| today.years_since(born));
        let mut recognition = Recognition { register: self, profile, person, age, compared: Vec::new(), refusal: None };
        let verdict = recognition.judge();
        (verdict, recognition.compared)
    }

    /// Checks that the parent is on a card and is an active user (R000.2). Anyone who is not a parent passes.
    ///
    /// # Errors
    /// Fails with the refusal for the first unmet condition.
    pub(crate) fn admit_parent(&self, who: &Who, compared: &mut Vec<Comparison>) -> Result<(), Refusal> {
        let Some(parent) = who.parent.as_ref().and_then(|key| self.parent(key)) else { return Ok(()) };
        let on_card = !parent.children.is_empty();
        let got = Some(parent.children.iter().cloned().collect::<Vec<_>>().join(", "));
        compared.push(Comparison::of("card", &ON_CARD.russian, got, on_card));
        if !on_card {
            return Err(Refusal::ParentNotOnCard);
        }
        let got = if parent.active { YES.russian } else { NONE.russian };
        compared.push(Comparison::of("active-user", &YES.russian, Some(got.to_owned()), parent.active));
        if parent.active { Ok(()) } else { Err(Refusal::UserNotActive) }
    }
}

impl Recognition<'_> {
    fn is_below(&self, years: u32) -> bool {
        self.age.is_some_and(|age| age < years)
    }

    fn judge(&mut self) -> Result<Who, Refusal> {
        self.require()?;
        let person = self.person;
        let is_small = self.is_below(self.profile.account.confirmed_from);
        let is_confirmed = person.is_trusted || (is_small && person.is_child_account);
        let level = if person.is_trusted { CONFIRMED.russian } else { UNCONFIRMED.russian };
        self.compared.push(Comparison::of("account", &CONFIRMED.russian, Some(level.to_owned()), is_confirmed));
        if !is_confirmed {
            return Err(Refusal::AccountNotConfirmed);
        }
        let mut who = self.find();
        if who.is_nobody() {
            let not_found = if self.is_below(ADULT_FROM) { Refusal::ChildNotFound } else { Refusal::AdultNotFound };
            return Err(self.refusal.take().unwrap_or(not_found));
        }
        if let Err(refusal) = self.register.admit_parent(&who, &mut self.compared) {
            who.parent = None;
            if who.is_nobody() {
                return Err(refusal);
            }
        }
        Ok(who)
    }

    /// Checks that the account holds all data that the profile requires (R003.2), and collects every fault.
    fn require(&mut self) -> Result<(), Refusal> {
        let person = self.person;
        let name = person.name.as_ref();
        let mut faults = Vec::new();
        for &what in &self.profile.account.required {
            let (is_there, is_verified) = match what {
                Required::LastName | Required::FirstName => (name.is_some(), true),
                Required::MiddleName => (name.is_some_and(|name| name.middle().is_some()), true),
                Required::BirthDate => (person.born.is_some(), true),
                Required::Snils => (person.snils.is_some(), true),
                Required::IdentityDocument => {
                    (person.has_document, person.has_verified_document || !person.has_document)
                }
            };
            let got = match (is_there, is_verified) {
                (false, _) => NONE.russian,
                (true, false) => UNVERIFIED.russian,
                (true, true) => THERE.russian,
            };
            let is_good = is_there && is_verified;
            self.compared.push(Comparison::of(what.name(), &THERE.russian, Some(got.to_owned()), is_good));
            if !is_good {
                faults.push(DataFault { what, unverified: is_there });
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Refusal::DataMissing { faults }) }
    }

    fn find(&mut self) -> Who {
        let (register, person) = (self.register, self.person);
        let mut who = Who { name: person.name.as_ref().map(ToString::to_string).unwrap_or_default(), ..Who::default() };
        let candidates: Vec<&PersonId> =
            person.snils.into_iter().flat_map(|snils| register.with_snils(snils)).collect();
        for id in &candidates {
            if self.is_same(id) {
                who.add(id);
            }
        }
        if candidates.is_empty() {
            let snils = person.snils.map(|snils| snils.to_string());
            let before = self.compared.len();
            let namesakes = person.name.iter().flat_map(|name| register.with_name(name));
            for (_, other) in namesakes.filter_map(|id| register.identity(id)) {
                self.compared.push(Comparison::of("snils", &other, snils.clone(), false));
            }
            if self.compared.len() == before {
                self.compared.push(Comparison::of("snils", &OF_REGISTER.russian, snils, false));
            }
        }
        who
    }

    fn is_same(&mut self, id: &PersonId) -> bool {
        let Some((_, snils)) = self.register.identity(id) else { return false };
        self.compared.push(Comparison::of("snils", &snils, self.person.snils.map(|snils| snils.to_string()), true));
        let matching = &self.profile.matching;
        let wanted = match id {
            PersonId::Pupil(_) => &matching.pupil,
            PersonId::Parent(_) => &matching.parent,
            PersonId::Staff(_) => &matching.staff,
        };
        wanted.iter().all(|&compared| self.agrees(id, compared))
    }

    fn agrees(&mut self, id: &PersonId, compared: Compared) -> bool {
        let found = match compared {
            Compared::Name => self.name(id),
            Compared::BirthDate => self.birth_date(id),
            Compared::BirthCertificate => self.certificate(id),
            Compared::Phone => self.phone(id),
            Compared::Relation => self.relation(id),
        };
        let Some(comparison) = found else { return true };
        let same = comparison.same;
        if !same {
            match compared {
                Compared::Phone => self.refusal = Some(Refusal::PhoneDiffers),
                Compared::Relation => self.refusal = Some(Refusal::NoRelation),
                Compared::Name | Compared::BirthDate | Compared::BirthCertificate => {}
            }
        }
        self.compared.push(comparison);
        same
    }

    fn name(&self, id: &PersonId) -> Option<Comparison> {
        let (name, _) = self.register.identity(id)?;
        let same =
            self.person.name.as_ref().is_some_and(|other| is_same_name(self.profile.matching.names, name, other));
        Some(Comparison::of("name", name, self.person.name.as_ref().map(ToString::to_string), same))
    }

    fn birth_date(&self, id: &PersonId) -> Option<Comparison> {
        let PersonId::Pupil(key) = id else { return None };
        let born = self.register.pupil(key)?.born;
        let got = self.person.born.map(|born| born.to_string());
        Some(Comparison::of("birth-date", &born, got, self.person.born == Some(born)))
    }

    fn certificate(&self, id: &PersonId) -> Option<Comparison> {
        let PersonId::Pupil(key) = id else { return None };
        let certificate = self.register.pupil(key)?.certificate.as_ref()?;
        let got = self.person.certificates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let same = self.person.certificates.contains(certificate);
        Some(Comparison::of("birth-certificate", certificate, Some(got), same))
    }

    fn phone(&self, id: &PersonId) -> Option<Comparison> {
        let PersonId::Pupil(key) = id else { return None };
        if !self.is_below(ADULT_FROM) {
            return None;
        }
        let phone = self.register.pupil(key)?.phone;
        let got = self.person.phones.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let same = phone.is_some_and(|phone| self.person.phones.contains(&phone));
        let expected = phone.map_or_else(|| NOT_IN_REGISTER.russian.to_owned(), |phone| phone.to_string());
        Some(Comparison::of("phone", &expected, Some(got), same))
    }

    fn relation(&self, id: &PersonId) -> Option<Comparison> {
        let PersonId::Parent(key) = id else { return None };
        let relation = self.register.parent(key)?.relation;
        let same = relation.is_some_and(Relation::is_representative);
        let got = relation.map(|relation| relation.name().to_owned());
        Some(Comparison::of("relation", &REPRESENTATIVE.russian, got, same))
    }
}

/// Checks whether the identity document must be a passport at this age; an unknown age requires one.
pub(crate) fn needs_passport(age: Option<u32>) -> bool {
    age.is_none_or(|age| age >= PASSPORT_FROM)
}

/// Checks whether two names are equal by the profile's rule.
pub(crate) fn is_same_name(names: Names, one: &FullName, other: &FullName) -> bool {
    match names {
        Names::Exact => one == other,
        Names::Forgiving => folded(one) == folded(other),
    }
}

fn folded(name: &FullName) -> String {
    name.to_string().to_lowercase().replace('ё', "е").replace('-', " ")
}
