//! Who applies: somebody whom Gosuslugi have presented and the register does not attach, or a parent or employee who wants
//! one more child's diary.

use super::{data::Applicant, model::ApplicationError};
use crate::{
    profile::Strangers,
    signin::{Refusal, Visitor},
    state::Diary,
};

impl Visitor {
    /// Whether «Доступ к дневнику» stands on this visitor's desk.
    pub(crate) fn may_apply(&self, diary: &Diary) -> bool {
        self.applicant(diary).is_ok()
    }

    /// The visitor as an applicant.
    ///
    /// # Errors
    /// Where nobody applies, and for minors and unconfirmed accounts.
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
