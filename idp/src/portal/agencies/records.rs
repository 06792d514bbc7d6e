//! What the agencies know. What they answer follows from comparing with a record, never from a flag.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Snils};
use serde::{Deserialize, Serialize};

use super::{Act, BirthDocument};
use crate::portal::accounts::Passport;

/// A person as agencies know them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Citizen {
    /// Surname, name, patronymic.
    pub name: FullName,
    /// Day of birth.
    pub born: NaiveDate,
}

/// The records of all agencies.
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
    /// ЗАГС records a birth. `false` when the certificate is somebody's already.
    pub(crate) fn record_birth(&mut self, document: BirthDocument, citizen: Citizen) -> bool {
        self.births.insert(document, citizen).is_none()
    }

    /// ЗАГС records an act. `false` when the certificate is somebody's already.
    pub(crate) fn record_act(&mut self, act: Act, certificate: BirthCertificate, citizen: Citizen) -> bool {
        self.acts.insert((act, certificate), citizen).is_none()
    }

    /// СФР opens an account. `false` when the number is somebody's already.
    pub(crate) fn insure(&mut self, snils: Snils, citizen: Citizen) -> bool {
        self.snils_of.insert(citizen.clone(), snils);
        self.insured.insert(snils, citizen).is_none()
    }

    /// МВД issues a passport. `false` when the number is somebody's already.
    pub(crate) fn issue_passport(&mut self, passport: &Passport, citizen: Citizen) -> bool {
        let key = (passport.series.clone(), passport.number.clone());
        self.passports.insert(key, (citizen, passport.issued)).is_none()
    }

    /// ЗАГС: is there such a certificate, issued by such an office, and is it this person's?
    pub(crate) fn check_birth(&self, document: &BirthDocument, citizen: &Citizen) -> bool {
        self.births.get(document) == Some(citizen)
    }

    /// ЗАГС: is there such an act about this person?
    pub(crate) fn check_act(&self, act: Act, certificate: &BirthCertificate, citizen: &Citizen) -> bool {
        self.acts.get(&(act, certificate.clone())) == Some(citizen)
    }

    /// СФР: is this the person's СНИЛС?
    pub(crate) fn check_snils(&self, snils: &Snils, citizen: &Citizen) -> bool {
        self.insured.get(snils) == Some(citizen)
    }

    /// СФР: a СНИЛС by name and day of birth.
    pub(crate) fn find_snils(&self, citizen: &Citizen) -> Option<Snils> {
        self.snils_of.get(citizen).copied()
    }

    /// МВД: is this passport (series, number, day of issue) the person's?
    pub(crate) fn check_passport(&self, passport: &Passport, citizen: &Citizen) -> bool {
        let known = self.passports.get(&(passport.series.clone(), passport.number.clone()));
        known.is_some_and(|(owner, issued)| owner == citizen && *issued == passport.issued)
    }
}
