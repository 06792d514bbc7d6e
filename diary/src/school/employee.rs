//! Employees of a school, and the cards that they may see and correct.

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

/// A visitor who works at a school.
pub(crate) struct Employee {
    pub(crate) visitor: Visitor,
    /// Key in the register.
    pub(super) key: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Employee {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        // Nobody leaves the staff of a world, so a session's word is enough.
        if let Some(key) = visitor.who.staff.clone() {
            return Ok(Self { visitor, key });
        }
        Err(Problem::new(StatusCode::FORBIDDEN, "not-staff", "Журнал школы открыт только её работникам")
            .or("Ваш дневник — на странице «Дневник»")
            .into_response())
    }
}

impl Employee {
    /// The entry in the register.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn staff<'d>(&self, diary: &'d Diary) -> Result<&'d Staff, RegisterError> {
        diary.register.staff(&self.key).ok_or(RegisterError::NotYours)
    }

    /// The same, if the employee has a role.
    ///
    /// # Errors
    /// 403 for everybody else at the school.
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

    /// A pupil whose card is open to this employee.
    ///
    /// # Errors
    /// There is no such pupil at this school, or not in this class.
    pub(super) fn card<'d>(&self, diary: &'d Diary, pupil: &str) -> Result<&'d Pupil, RegisterError> {
        let staff = self.staff(diary)?;
        let card = diary.register.pupil(pupil).filter(|card| staff.may_see(card));
        card.ok_or(RegisterError::NoPupil)
    }

    /// The same, if the employee may correct it as well.
    ///
    /// # Errors
    /// As [`Self::card`], and that it is not this employee's to correct.
    pub(super) fn own_card<'d>(&self, diary: &'d Diary, pupil: &str) -> Result<&'d Pupil, RegisterError> {
        let card = self.card(diary, pupil)?;
        if self.staff(diary)?.may_correct(card) { Ok(card) } else { Err(RegisterError::NotYours) }
    }
}
