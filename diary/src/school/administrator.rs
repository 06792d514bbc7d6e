//! Whoever may change the register.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use web::Trouble;

use crate::signin::Visitor;

/// A visitor who is one of the school's administrators.
pub(crate) struct Administrator(pub(crate) Visitor);

impl<S: Send + Sync> FromRequestParts<S> for Administrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        // Nobody leaves the staff of a world, so a session's word is enough.
        if visitor.who.staff.is_some() {
            return Ok(Self(visitor));
        }
        Err(Trouble::new(StatusCode::FORBIDDEN, "not-staff", "Журнал школы открыт только её администраторам")
            .or("Ваш дневник — на странице «Дневник»")
            .into_response())
    }
}
