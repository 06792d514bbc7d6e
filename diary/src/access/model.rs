//! Applications for access to a child's diary (R003.5): what may be applied for, and what the school may decide. Pure.

use chrono::NaiveDate;
use esia::{FullName, Snils};

use super::{
    AccessEvent,
    data::{Applicant, Application, Request, Stage},
};
use crate::{
    profile::{Names, Strangers},
    register::{NameRange, Parent, PersonId, Pupil, Register, Staff, is_same_name},
    state::Diary,
};

/// One person has so many applications before a school at most.
const WAITING_LIMIT: usize = 20;
/// The longest reason of a school, characters.
pub(super) const REASON_LIMIT: usize = 500;

/// Why an application is not taken or not decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApplicationError {
    /// The profile knows no applications, or this person cannot make one.
    #[error("Подать заявление на доступ к дневнику здесь нельзя")]
    NotHere,
    /// No such pupil.
    #[error("Ученик с указанными данными не найден")]
    NoPupil,
    /// Several, and nothing that tells them apart.
    #[error("Учеников с такими именем и датой рождения несколько")]
    Ambiguous,
    /// One's own data in place of the child's.
    #[error("Это ваши собственные данные, а нужны данные ребёнка")]
    Yourself,
    /// It is on its way.
    #[error("Заявление уже подано")]
    Already,
    /// The diary is open already.
    #[error("Доступ к дневнику этого ребёнка у вас уже есть")]
    HasAccess,
    /// Enough for one person.
    #[error("На рассмотрении уже {WAITING_LIMIT} ваших заявлений")]
    TooMany,
    /// No such application, or another's.
    #[error("Такого заявления нет")]
    Unknown,
    /// It has been decided.
    #[error("Решение по этому заявлению уже принято")]
    Decided,
    /// The applicant's СНИЛС stands in the register under another name, and with it the children of that name.
    #[error("СНИЛС заявителя в журнале записан за другим человеком: {0}")]
    SnilsTaken(FullName),
}

impl Register {
    /// Pupils of a name and birthday, by the profile's rule of names.
    fn children(&self, names: Names, name: &FullName, born: NaiveDate) -> Vec<(&str, &Pupil)> {
        let exact = self.with_name(name).filter_map(|id| match id {
            PersonId::Pupil(key) => self.pupil(key).map(|pupil| (key.as_str(), pupil)),
            PersonId::Parent(_) | PersonId::Staff(_) => None,
        });
        let is_born = |(_, pupil): &(&str, &Pupil)| pupil.born == born;
        match names {
            Names::Exact => exact.filter(is_born).collect(),
            Names::Forgiving => {
                let everybody = NameRange::default();
                let all = self.pupils(&everybody).filter(is_born);
                all.filter(|(_, pupil)| is_same_name(names, &pupil.name, name)).collect()
            }
        }
    }

    /// The parent with a СНИЛС.
    pub(crate) fn parent_with(&self, snils: Snils) -> Option<(&str, &Parent)> {
        self.with_snils(snils).find_map(|id| match id {
            PersonId::Parent(key) => self.parent(key).map(|parent| (key.as_str(), parent)),
            PersonId::Pupil(_) | PersonId::Staff(_) => None,
        })
    }
}

impl Diary {
    /// The pupil whom a parent describes.
    ///
    /// # Errors
    /// None, or several.
    fn sought(&self, request: &Request) -> Result<(&str, &Pupil), ApplicationError> {
        let names = self.config.profile.matching.names;
        let mut found = self.register.children(names, &request.child, request.born);
        if let Some(snils) = request.child_snils {
            found.retain(|(_, pupil)| pupil.snils == snils);
        }
        match found.as_slice() {
            [] => Err(ApplicationError::NoPupil),
            [only] => Ok(*only),
            _ => Err(ApplicationError::Ambiguous),
        }
    }

    /// Files an application. A search without a pupil is an event as well: testers see what was looked for.
    ///
    /// # Errors
    /// As [`ApplicationError`] says.
    pub(super) fn file(
        &self,
        applicant: &Applicant,
        request: &Request,
    ) -> Result<(Vec<AccessEvent>, Result<u32, ApplicationError>), ApplicationError> {
        if self.config.profile.strangers != Strangers::Application {
            return Err(ApplicationError::NotHere);
        }
        let (key, pupil) = match self.sought(request) {
            Ok(found) => found,
            Err(error) => {
                let (by, child) = (applicant.name.to_string(), request.child.clone());
                return Ok((vec![AccessEvent::PupilSoughtInVain { by, child, born: request.born }], Err(error)));
            }
        };
        if pupil.snils == applicant.snils {
            return Err(ApplicationError::Yourself);
        }
        let parent = self.register.parent_with(applicant.snils);
        let is_let_in =
            |parent: &Parent| parent.active && parent.name == applicant.name && parent.children.contains(key);
        if parent.is_some_and(|(_, parent)| is_let_in(parent)) {
            return Err(ApplicationError::HasAccess);
        }
        let waiting = || self.access.of(applicant.snils).filter(|(_, one)| one.stage == Stage::Waiting);
        if waiting().any(|(_, one)| one.pupil == key) {
            return Err(ApplicationError::Already);
        }
        if waiting().count() >= WAITING_LIMIT {
            return Err(ApplicationError::TooMany);
        }
        let id = self.access.applications.keys().next_back().map_or(1, |last| last + 1);
        let (applicant, request, pupil) = (applicant.clone(), request.clone(), key.to_owned());
        Ok((vec![AccessEvent::ApplicationFiled { id, applicant, request, pupil }], Ok(id)))
    }

    /// An application to the school of an employee.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn application_to(&self, staff: &Staff, id: u32) -> Result<&Application, ApplicationError> {
        let own = |one: &&Application| self.register.pupil(&one.pupil).is_some_and(|it| it.school == staff.school);
        self.access.applications.get(&id).filter(own).ok_or(ApplicationError::Unknown)
    }

    /// How many applications wait at the school of an employee.
    pub(crate) fn waiting_at(&self, staff: &Staff) -> usize {
        let all = self.access.applications.iter().filter(|(_, one)| one.stage == Stage::Waiting);
        all.filter(|(id, _)| self.application_to(staff, **id).is_ok()).count()
    }

    /// The school accepts an application, or declines it with a reason.
    ///
    /// # Errors
    /// As [`ApplicationError`] says; of two who decide at once the second.
    pub(super) fn decide_application(
        &self,
        staff: &Staff,
        id: u32,
        declined: Option<&str>,
    ) -> Result<Vec<AccessEvent>, ApplicationError> {
        let Application { applicant, stage, .. } = self.application_to(staff, id)?;
        if *stage != Stage::Waiting {
            return Err(ApplicationError::Decided);
        }
        let by = staff.name.to_string();
        if let Some(reason) = declined {
            return Ok(vec![AccessEvent::ApplicationDeclined { by, id, reason: reason.to_owned() }]);
        }
        let parent = match self.register.parent_with(applicant.snils) {
            Some((_, kept)) if kept.name != applicant.name => {
                return Err(ApplicationError::SnilsTaken(kept.name.clone()));
            }
            Some((key, _)) => key.to_owned(),
            None => self.register.free_parent_key(&[].into()),
        };
        Ok(vec![AccessEvent::ApplicationAccepted { by, id, parent }])
    }
}
