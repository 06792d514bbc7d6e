//! «Согласие на обработку персональных данных» on paper, at the school's secretary: it attaches a representative to a
//! pupil, and withdrawn it detaches them (R004.3). And the phone of the child account (R004.4). Pure.

use esia::{Phone, Snils};

use super::{
    AccessEvent,
    data::{Paper, PaperConsent},
};
use crate::{
    register::{Pupil, Staff},
    state::Diary,
};

/// Why a consent is not taken or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConsentError {
    /// The profile takes no consents at the school.
    #[error("Здесь согласие дают на Госуслугах, а не у секретаря школы")]
    NotHere,
    /// No such pupil at this school.
    #[error("Такого ученика в журнале нет")]
    NoPupil,
    /// A pupil does not represent themselves.
    #[error("Это СНИЛС самого ученика, а нужен СНИЛС представителя")]
    Pupils,
    /// Somebody of another name has it.
    #[error("СНИЛС {0} в журнале уже у другого человека")]
    SnilsTaken(Snils),
    /// Signed before there was anybody to sign for.
    #[error("согласие не могли подписать до рождения ученика")]
    TooEarly,
    /// One is in force, and the representative is attached.
    #[error("Согласие этого представителя уже принято")]
    InForce,
    /// No such consent for this pupil.
    #[error("Такого согласия нет")]
    Unknown,
    /// It has been withdrawn.
    #[error("Это согласие уже отозвано")]
    Withdrawn,
}

impl ConsentError {
    /// The field at which it is told.
    pub(crate) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Pupils | Self::SnilsTaken(_) | Self::InForce => Some("snils"),
            Self::TooEarly => Some("signed_on"),
            Self::NotHere | Self::NoPupil | Self::Unknown | Self::Withdrawn => None,
        }
    }
}

impl Diary {
    /// A pupil of the secretary's school, where consents are taken there.
    ///
    /// # Errors
    /// The profile takes no consents at the school, or there is no such pupil.
    pub(super) fn pupil_of_desk(&self, staff: &Staff, pupil: &str) -> Result<&Pupil, ConsentError> {
        if !self.config.profile.consent.at_school {
            return Err(ConsentError::NotHere);
        }
        let card = self.register.pupil(pupil).filter(|card| card.school == staff.school);
        card.ok_or(ConsentError::NoPupil)
    }

    /// Takes a consent: the representative stands on the pupil's card and may come in.
    ///
    /// # Errors
    /// As [`ConsentError`] says.
    pub(super) fn take_consent(
        &self,
        staff: &Staff,
        pupil: &str,
        paper: &Paper,
    ) -> Result<Vec<AccessEvent>, ConsentError> {
        let card = self.pupil_of_desk(staff, pupil)?;
        if card.snils == paper.snils {
            return Err(ConsentError::Pupils);
        }
        if paper.signed_on < card.born {
            return Err(ConsentError::TooEarly);
        }
        let parent = match self.register.parent_with(paper.snils) {
            Some((_, kept)) if kept.name != paper.name => return Err(ConsentError::SnilsTaken(paper.snils)),
            Some((key, kept)) => {
                let of_both = |one: &PaperConsent| one.pupil == pupil && one.parent == key && one.withdrawn.is_none();
                if kept.children.contains(pupil) && self.access.consents.values().any(of_both) {
                    return Err(ConsentError::InForce);
                }
                key.to_owned()
            }
            None => self.register.free_parent_key(&[].into()),
        };
        let id = self.access.consents.keys().next_back().map_or(1, |last| last + 1);
        let (by, pupil, paper) = (staff.name.to_string(), pupil.to_owned(), paper.clone());
        Ok(vec![AccessEvent::ConsentTaken { by, id, pupil, parent, paper }])
    }

    /// Withdraws a consent: the representative is detached.
    ///
    /// # Errors
    /// As [`ConsentError`] says; of two who withdraw at once the second.
    pub(super) fn withdraw_consent(
        &self,
        staff: &Staff,
        pupil: &str,
        id: u32,
    ) -> Result<Vec<AccessEvent>, ConsentError> {
        self.pupil_of_desk(staff, pupil)?;
        let kept = self.access.consents.get(&id).filter(|one| one.pupil == pupil).ok_or(ConsentError::Unknown)?;
        if kept.withdrawn.is_some() {
            return Err(ConsentError::Withdrawn);
        }
        Ok(vec![AccessEvent::ConsentWithdrawn { by: staff.name.to_string(), id }])
    }

    /// Notes the phone that the parents gave for the child account (R004.4); the same one is no event.
    ///
    /// # Errors
    /// As [`ConsentError`] says.
    pub(super) fn give_phone(
        &self,
        staff: &Staff,
        pupil: &str,
        phone: Option<Phone>,
    ) -> Result<Vec<AccessEvent>, ConsentError> {
        if self.pupil_of_desk(staff, pupil)?.phone == phone {
            return Ok(Vec::new());
        }
        Ok(vec![AccessEvent::PhoneGiven { by: staff.name.to_string(), pupil: pupil.to_owned(), phone }])
    }
}
