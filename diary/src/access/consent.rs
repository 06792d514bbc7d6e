//! «Согласие на обработку персональных данных» on paper, recorded by the school's secretary: it attaches a
//! representative to a pupil, and its withdrawal detaches them (R004.3). Also the phone of the child account (R004.4).
//! Pure.

use esia::{Phone, Snils};

use super::{
    AccessEvent,
    data::{Paper, PaperConsent},
};
use crate::{
    register::{Pupil, Staff},
    state::Diary,
};

/// Reason why a paper consent is not recorded or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConsentError {
    /// The profile does not take consents at the school.
    #[error("Здесь согласие дают на Госуслугах, а не у секретаря школы")]
    NotHere,
    /// The secretary's school has no such pupil.
    #[error("Такого ученика в журнале нет")]
    NoPupil,
    /// The СНИЛС is the pupil's own, not that of a representative.
    #[error("Это СНИЛС самого ученика, а нужен СНИЛС представителя")]
    Pupils,
    /// A parent of another name has this СНИЛС.
    #[error("СНИЛС {0} в журнале уже у другого человека")]
    SnilsTaken(Snils),
    /// The date of signing is before the pupil's birth.
    #[error("согласие не могли подписать до рождения ученика")]
    TooEarly,
    /// A consent of this representative is in force, and they are attached.
    #[error("Согласие этого представителя уже принято")]
    InForce,
    /// The pupil has no such consent.
    #[error("Такого согласия нет")]
    Unknown,
    /// The consent has already been withdrawn.
    #[error("Это согласие уже отозвано")]
    Withdrawn,
}

impl ConsentError {
    /// Returns the form field at which the refusal is shown.
    pub(crate) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Pupils | Self::SnilsTaken(_) | Self::InForce => Some("snils"),
            Self::TooEarly => Some("signed_on"),
            Self::NotHere | Self::NoPupil | Self::Unknown | Self::Withdrawn => None,
        }
    }
}

impl Diary {
    /// Returns a pupil of the secretary's school, if the profile takes consents at the school.
    ///
    /// # Errors
    /// Fails if the profile takes no consents at the school, or if the school has no such pupil.
    pub(super) fn pupil_of_desk(&self, staff: &Staff, pupil: &str) -> Result<&Pupil, ConsentError> {
        if !self.config.profile.consent.at_school {
            return Err(ConsentError::NotHere);
        }
        let card = self.register.pupil(pupil).filter(|card| card.school == staff.school);
        card.ok_or(ConsentError::NoPupil)
    }

    /// Records a consent: puts the representative on the pupil's card and opens the diary to them.
    ///
    /// # Errors
    /// Fails as listed in [`ConsentError`].
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

    /// Records the withdrawal of a consent: detaches the representative from the pupil.
    ///
    /// # Errors
    /// Fails as listed in [`ConsentError`]; the second of two simultaneous withdrawals fails.
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

    /// Records the phone that the parents gave for the child account (R004.4); an unchanged phone produces no event.
    ///
    /// # Errors
    /// Fails as listed in [`ConsentError`].
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
