//! Records of the agencies. An answer always follows from comparing with a record, never from a flag.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Snils};
use serde::{Deserialize, Serialize};

use super::{Act, BirthDocument};
use crate::portal::accounts::Passport;

/// Person in the records of the agencies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Citizen {
    /// Surname, name, patronymic.
    pub name: FullName,
    /// Day of birth.
    pub born: NaiveDate,
}

/// Records of all agencies in a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Records {
    #[serde(with = "worlds::pairs")]
    births: BTreeMap<BirthDocument, Citizen>,
    #[serde(with = "worlds::pairs")]
    acts: BTreeMap<(Act, BirthCertificate), Citizen>,
    insured: BTreeMap<Snils, Citizen>,
    #[serde(with = "worlds::pairs")]
    snils_of: BTreeMap<Citizen, Snils>,
    #[serde(with = "worlds::pairs")]
    passports: BTreeMap<(String, String), (Citizen, NaiveDate)>,
}

impl Records {
    /// Records a birth at ЗАГС. Returns `false` if another record has the certificate.
    pub(crate) fn record_birth(&mut self, document: BirthDocument, citizen: Citizen) -> bool {
        self.births.insert(document, citizen).is_none()
    }

    /// Records another act at ЗАГС. Returns `false` if another record has the certificate.
    pub(crate) fn record_act(&mut self, act: Act, certificate: BirthCertificate, citizen: Citizen) -> bool {
        self.acts.insert((act, certificate), citizen).is_none()
    }

    /// Records a СНИЛС at СФР. Returns `false` if another person has the number.
    pub(crate) fn insure(&mut self, snils: Snils, citizen: Citizen) -> bool {
        self.snils_of.insert(citizen.clone(), snils);
        self.insured.insert(snils, citizen).is_none()
    }

    /// Records a passport at МВД. Returns `false` if another record has the number.
    pub(crate) fn issue_passport(&mut self, passport: &Passport, citizen: Citizen) -> bool {
        let key = (passport.series.clone(), passport.number.clone());
        self.passports.insert(key, (citizen, passport.issued)).is_none()
    }

    /// Checks at ЗАГС whether the birth document exists, with its kind of issuer, and belongs to the person.
    pub(crate) fn check_birth(&self, document: &BirthDocument, citizen: &Citizen) -> bool {
        self.births.get(document) == Some(citizen)
    }

    /// Checks at ЗАГС whether the act exists and belongs to the person.
    pub(crate) fn check_act(&self, act: Act, certificate: &BirthCertificate, citizen: &Citizen) -> bool {
        self.acts.get(&(act, certificate.clone())) == Some(citizen)
    }

    /// Checks at СФР whether the СНИЛС belongs to the person.
    pub(crate) fn check_snils(&self, snils: &Snils, citizen: &Citizen) -> bool {
        self.insured.get(snils) == Some(citizen)
    }

    /// Searches СФР for a СНИЛС by name and day of birth.
    pub(crate) fn find_snils(&self, citizen: &Citizen) -> Option<Snils> {
        self.snils_of.get(citizen).copied()
    }

    /// Checks at МВД whether the passport (series, number, day of issue) belongs to the person.
    pub(crate) fn check_passport(&self, passport: &Passport, citizen: &Citizen) -> bool {
        let known = self.passports.get(&(passport.series.clone(), passport.number.clone()));
        known.is_some_and(|(owner, issued)| owner == citizen && *issued == passport.issued)
    }
}
