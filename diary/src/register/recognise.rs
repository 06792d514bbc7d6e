//! Who somebody from Gosuslugi is in the register: СНИЛС, ФИО and, for pupils, the birth certificate must be the same to
//! the letter (R001.2, R001.5, R001.7). Nothing is normalised but what reading the values does: spaces at the ends and
//! runs of them, and letters of a certificate's series that look alike in both alphabets.

use std::fmt::Display;

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Oid, Snils};
use serde::{Deserialize, Serialize};

use super::{PersonId, Register, Who};
use crate::signin::Refusal;

/// Years at which an account must be confirmed (R000.5).
const CONFIRMED_FROM: u32 = 14;
/// Years at which one answers for oneself.
const ADULT_FROM: u32 = 18;

/// A person as Gosuslugi presents them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Presented {
    pub(crate) oid: Oid,
    pub(crate) name: Option<FullName>,
    pub(crate) snils: Option<Snils>,
    pub(crate) born: Option<NaiveDate>,
    pub(crate) certificates: Vec<BirthCertificate>,
    /// A confirmed account.
    pub(crate) is_trusted: bool,
    /// A child account (`KD`), which needs no confirmation under 14 (R000.3).
    pub(crate) is_child_account: bool,
}

/// One value of the register beside the one from Gosuslugi. Goes to the tester, never to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// `snils`, `name`, `birth-certificate`, …
    pub(crate) what: String,
    /// What the rule demands, mostly the register's value.
    pub(crate) expected: String,
    /// What Gosuslugi say.
    pub(crate) got: String,
    /// Whether they are the same.
    pub(crate) same: bool,
}

impl Comparison {
    fn of(what: &str, expected: &dyn Display, got: Option<String>, same: bool) -> Self {
        let got = got.unwrap_or_else(|| "нет".to_owned());
        Self { what: what.to_owned(), expected: expected.to_string(), got, same }
    }
}

impl Register {
    /// Finds a person, and says what was compared.
    ///
    /// # Errors
    /// The refusal to show.
    pub(crate) fn recognise(&self, person: &Presented, today: NaiveDate) -> (Result<Who, Refusal>, Vec<Comparison>) {
        let age = person.born.and_then(|born| today.years_since(born));
        let mut compared = Vec::new();
        let verdict = self.judge(person, age, &mut compared);
        (verdict, compared)
    }

    fn judge(&self, person: &Presented, age: Option<u32>, compared: &mut Vec<Comparison>) -> Result<Who, Refusal> {
        let is_small = age.is_some_and(|age| age < CONFIRMED_FROM);
        let is_confirmed = person.is_trusted || (is_small && person.is_child_account);
        let level = if person.is_trusted { "подтверждённая" } else { "не подтверждена" };
        compared.push(Comparison::of("account", &"подтверждённая", Some(level.to_owned()), is_confirmed));
        if !is_confirmed {
            return Err(Refusal::AccountNotConfirmed);
        }
        let mut who = self.find(person, compared);
        if who.is_nobody() {
            let is_minor = age.is_some_and(|age| age < ADULT_FROM);
            return Err(if is_minor { Refusal::ChildNotFound } else { Refusal::AdultNotFound });
        }
        if let Err(refusal) = self.admit_parent(&who, compared) {
            who.parent = None;
            if who.is_nobody() {
                return Err(refusal);
            }
        }
        Ok(who)
    }

    /// R000.2: on a card, and an active user.
    ///
    /// # Errors
    /// The condition that is missing.
    pub(crate) fn admit_parent(&self, who: &Who, compared: &mut Vec<Comparison>) -> Result<(), Refusal> {
        let Some(parent) = who.parent.as_ref().and_then(|key| self.parent(key)) else { return Ok(()) };
        let on_card = !parent.children.is_empty();
        let got = Some(parent.children.iter().cloned().collect::<Vec<_>>().join(", ")).filter(|got| !got.is_empty());
        compared.push(Comparison::of("card", &"родитель в карточке ученика", got, on_card));
        if !on_card {
            return Err(Refusal::ParentNotOnCard);
        }
        let got = if parent.active { "да" } else { "нет" };
        compared.push(Comparison::of("active-user", &"да", Some(got.to_owned()), parent.active));
        if parent.active { Ok(()) } else { Err(Refusal::UserNotActive) }
    }

    fn find(&self, person: &Presented, compared: &mut Vec<Comparison>) -> Who {
        let mut who = Who { name: person.name.as_ref().map(ToString::to_string).unwrap_or_default(), ..Who::default() };
        let snils = person.snils.map(|snils| snils.to_string());
        let candidates: Vec<&PersonId> = person.snils.into_iter().flat_map(|snils| self.with_snils(snils)).collect();
        for id in &candidates {
            if self.is_same(id, person, compared) {
                who.add(id);
            }
        }
        if candidates.is_empty() {
            let namesakes = person.name.iter().flat_map(|name| self.with_name(name));
            for (_, other) in namesakes.filter_map(|id| self.identity(id)) {
                compared.push(Comparison::of("snils", &other, snils.clone(), false));
            }
            if compared.iter().all(|comparison| comparison.same) {
                compared.push(Comparison::of("snils", &"СНИЛС из журнала", snils, false));
            }
        }
        who
    }

    fn is_same(&self, id: &PersonId, person: &Presented, compared: &mut Vec<Comparison>) -> bool {
        let Some((name, snils)) = self.identity(id) else { return false };
        compared.push(Comparison::of("snils", &snils, person.snils.map(|snils| snils.to_string()), true));
        let has_name = person.name.as_ref() == Some(name);
        compared.push(Comparison::of("name", name, person.name.as_ref().map(ToString::to_string), has_name));
        let PersonId::Pupil(key) = id else { return has_name };
        let Some(certificate) = self.pupil(key).and_then(|pupil| pupil.certificate.as_ref()) else { return has_name };
        let has_certificate = person.certificates.contains(certificate);
        let got = person.certificates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let got = Some(got).filter(|got| !got.is_empty());
        compared.push(Comparison::of("birth-certificate", certificate, got, has_certificate));
        has_name && has_certificate
    }
}
