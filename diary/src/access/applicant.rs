//! Applicants: people presented by Gosuslugi whom the register does not attach to a pupil, and parents or employees who
//! want the diary of one more child.

use super::{data::Applicant, model::ApplicationError};
use crate::{
    profile::Strangers,
    signin::{Refusal, Visitor},
    state::Diary,
};

impl Visitor {
    /// Checks whether the visitor's desk shows «Доступ к дневнику».
    pub(crate) fn may_apply(&self, diary: &Diary) -> bool {
        self.applicant(diary).is_ok()
    }

    /// Returns the visitor as an applicant.
    ///
    /// # Errors
    /// Fails where the profile has no applications, and for minors and unconfirmed accounts.
    pub(super) fn applicant(&self, diary: &Diary) -> Result<Applicant, ApplicationError> {
        if diary.config.profile.strangers != Strangers::Application {
            return Err(ApplicationError::NotHere);
        }
        if let Some(stranger) = &self.stranger {
            let person = &stranger.person;
            let of_age = matches!(stranger.refusal, Refusal::AdultNotFound | Refusal::ParentNotOnCard);
            return match (&person.name, person.snils) {
                (Some(name), Some(snils)) if of_age => {
                    let (name, phone) = (name.clone(), person.phones.first().copied());
                    Ok(Applicant { name, snils, oid: Some(person.oid), born: person.born, phone })
                }
                _ => Err(ApplicationError::NotHere),
            };
        }
        let parent = self.who.parent.as_ref().and_then(|key| diary.register.parent(key));
        let staff = self.who.staff.as_ref().and_then(|key| diary.register.staff(key));
        let known = parent.map(|it| (&it.name, it.snils)).or(staff.map(|it| (&it.name, it.snils)));
        let (name, snils) = known.ok_or(ApplicationError::NotHere)?;
        Ok(Applicant { name: name.clone(), snils, oid: self.oid, born: None, phone: None })
    }
}
