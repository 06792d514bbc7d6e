//! ЗАГС and СФР: simulated agencies with records of their own. What they answer follows from comparing a card with a
//! record, never from a flag on the card.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Snils};

use super::{CardData, CheckStatus};

/// A person as agencies know them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citizen {
    /// Surname, name, patronymic.
    pub name: FullName,
    /// Day of birth.
    pub born: NaiveDate,
}

/// The records of both agencies.
#[derive(Debug, Clone, Default)]
pub struct Agencies {
    births: BTreeMap<BirthCertificate, Citizen>,
    insured: BTreeMap<Snils, Citizen>,
    snils_of: BTreeMap<Citizen, Snils>,
}

impl Agencies {
    /// ЗАГС records a birth. `false` when the certificate is somebody's already.
    pub(crate) fn record_birth(&mut self, certificate: BirthCertificate, citizen: Citizen) -> bool {
        self.births.insert(certificate, citizen).is_none()
    }

    /// СФР opens an account. `false` when the number is somebody's already.
    pub(crate) fn insure(&mut self, snils: Snils, citizen: Citizen) -> bool {
        self.snils_of.insert(citizen.clone(), snils);
        self.insured.insert(snils, citizen).is_none()
    }

    /// ЗАГС: is there such a certificate, and is it this child's?
    pub fn check_birth(&self, data: &CardData) -> CheckStatus {
        let known = data.certificate.as_ref().and_then(|certificate| self.births.get(certificate));
        if known.is_some_and(|citizen| is(citizen, data)) { CheckStatus::Confirmed } else { CheckStatus::NotInZags }
    }

    /// СФР: is this the child's СНИЛС? Without one, it looks for it by name and day of birth.
    pub fn check_snils(&self, data: &CardData) -> (CheckStatus, Option<Snils>) {
        let found = match &data.snils {
            Some(snils) => self.insured.get(snils).filter(|citizen| is(citizen, data)).map(|_| snils),
            None => self.snils_of.get(&Citizen { name: data.name.clone(), born: data.born }),
        };
        match found {
            Some(snils) => (CheckStatus::Confirmed, Some(*snils)),
            None => (CheckStatus::NotInSfr, data.snils),
        }
    }
}

fn is(citizen: &Citizen, data: &CardData) -> bool {
    citizen.name == data.name && citizen.born == data.born
}
