//! Employees of a school, and the cards that they may read and correct.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use web::Problem;

use crate::{
    register::{Pupil, RegisterError, Role, Staff},
    signin::Visitor,
    state::Diary,
};

/// Visitor who works at a school.
pub(crate) struct Employee {
    pub(crate) visitor: Visitor,
    /// Key of the employee in the register.
    pub(super) key: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Employee {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        // No employee leaves the staff of a world, so the session's data suffice.
        if let Some(key) = visitor.who.staff.clone() {
            return Ok(Self { visitor, key });
        }
        Err(Problem::new(StatusCode::FORBIDDEN, "not-staff", "Журнал школы открыт только её работникам")
            .or("Ваш дневник — на странице «Дневник»")
            .into_response())
    }
}

impl Employee {
    /// Returns the employee's entry in the register.
    ///
    /// # Errors
    /// Fails if the register has no such entry.
    pub(crate) fn staff<'d>(&self, diary: &'d Diary) -> Result<&'d Staff, RegisterError> {
        diary.register.staff(&self.key).ok_or(RegisterError::NotYours)
    }

    /// Returns the employee's entry if the employee has the role.
    ///
    /// # Errors
    /// 403 if the employee does not have the role.
    pub(crate) fn staff_as<'d>(&self, diary: &'d Diary, role: Role) -> Result<&'d Staff, Problem> {
        let staff = self.staff(diary)?;
        if staff.is(role) {
            return Ok(staff);
        }
        let who = match role {
            Role::Administrator => "администратору журнала",
            Role::ClassTeacher => "классному руководителю",
            Role::Secretary => "секретарю школы",
            Role::Teacher => "учителю",
        };
        Err(Problem::new(StatusCode::FORBIDDEN, "not-your-role", format!("Этот раздел открыт только {who}"))
            .or("Ваши разделы — на странице «Журнал школы»"))
    }

    /// Returns a pupil whose card the employee may read.
    ///
    /// # Errors
    /// Fails if there is no such pupil at this school or in the employee's classes.
    pub(super) fn card<'d>(&self, diary: &'d Diary, pupil: &str) -> Result<&'d Pupil, RegisterError> {
        let staff = self.staff(diary)?;
        let card = diary.register.pupil(pupil).filter(|card| staff.may_see(card));
        card.ok_or(RegisterError::NoPupil)
    }

    /// Returns a pupil whose card the employee may correct.
    ///
    /// # Errors
    /// Fails as [`Self::card`] does, and if the employee may only read the card.
    pub(super) fn own_card<'d>(&self, diary: &'d Diary, pupil: &str) -> Result<&'d Pupil, RegisterError> {
        let card = self.card(diary, pupil)?;
        if self.staff(diary)?.may_correct(card) { Ok(card) } else { Err(RegisterError::NotYours) }
    }
}
