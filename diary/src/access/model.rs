//! Applications for access to a child's diary (R003.5): conditions for filing, and the school's decision. Pure.

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

/// Maximum number of undecided applications of one person.
const WAITING_LIMIT: usize = 20;
/// Maximum length of the school's reason, characters.
pub(super) const REASON_LIMIT: usize = 500;

/// Reason why an application is not filed or not decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApplicationError {
    /// The profile has no applications, or this person may not file one.
    #[error("Подать заявление на доступ к дневнику здесь нельзя")]
    NotHere,
    /// The register has no pupil with these data.
    #[error("Ученик с указанными данными не найден")]
    NoPupil,
    /// Several pupils match, and no СНИЛС was given to distinguish them.
    #[error("Учеников с такими именем и датой рождения несколько")]
    Ambiguous,
    /// The form holds the applicant's own data instead of the child's.
    #[error("Это ваши собственные данные, а нужны данные ребёнка")]
    Yourself,
    /// The same application is already waiting.
    #[error("Заявление уже подано")]
    Already,
    /// The diary is already open to the applicant.
    #[error("Доступ к дневнику этого ребёнка у вас уже есть")]
    HasAccess,
    /// The applicant has the maximum number of waiting applications.
    #[error("На рассмотрении уже {WAITING_LIMIT} ваших заявлений")]
    TooMany,
    /// No such application, or it belongs to another person or school.
    #[error("Такого заявления нет")]
    Unknown,
    /// The application has already been decided.
    #[error("Решение по этому заявлению уже принято")]
    Decided,
    /// The applicant's СНИЛС belongs to a parent of another name, whose children would be opened to the applicant.
    #[error("СНИЛС заявителя в журнале записан за другим человеком: {0}")]
    SnilsTaken(FullName),
}

impl Register {
    /// Returns the pupils with a name and birthday, by the profile's rule for names.
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

    /// Returns the parent with this СНИЛС.
    pub(crate) fn parent_with(&self, snils: Snils) -> Option<(&str, &Parent)> {
        self.with_snils(snils).find_map(|id| match id {
            PersonId::Parent(key) => self.parent(key).map(|parent| (key.as_str(), parent)),
            PersonId::Pupil(_) | PersonId::Staff(_) => None,
        })
    }
}

impl Diary {
    /// Returns the pupil whom a parent describes.
    ///
    /// # Errors
    /// Fails if no pupil matches, or several.
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

    /// Files an application. A search that finds no pupil is recorded as an event too, so that testers see what was
    /// searched for.
    ///
    /// # Errors
    /// Fails as listed in [`ApplicationError`].
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

    /// Returns an application to the employee's school.
    ///
    /// # Errors
    /// Fails if the school has no such application.
    pub(super) fn application_to(&self, staff: &Staff, id: u32) -> Result<&Application, ApplicationError> {
        let own = |one: &&Application| self.register.pupil(&one.pupil).is_some_and(|it| it.school == staff.school);
        self.access.applications.get(&id).filter(own).ok_or(ApplicationError::Unknown)
    }

    /// Returns the number of applications waiting at the employee's school.
    pub(crate) fn waiting_at(&self, staff: &Staff) -> usize {
        let all = self.access.applications.iter().filter(|(_, one)| one.stage == Stage::Waiting);
        all.filter(|(id, _)| self.application_to(staff, **id).is_ok()).count()
    }

    /// Accepts an application, or declines it with a reason.
    ///
    /// # Errors
    /// Fails as listed in [`ApplicationError`]; the second of two simultaneous decisions fails.
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
