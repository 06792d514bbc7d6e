//! Answers to an authorization request that the browser posts to the client.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use web::{Frame, Page};

/// An answer to an authorization request in a form (OAuth 2.0 Form Post Response Mode). The standard has a script press the
/// button; here a person does.
#[derive(Debug, Clone, Template)]
#[template(path = "oidc/form-post.html")]
pub(crate) struct FormPost {
    /// The page around it.
    pub(crate) frame: Frame,
    /// The address that it is posted to.
    pub(crate) to: String,
    /// Its parameters in order.
    pub(crate) fields: Vec<(String, String)>,
}

impl FormPost {
    /// The page, with the form beside it for whoever changes the answer.
    pub(crate) fn shown(self) -> Response {
        let mut response = Page(self.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
