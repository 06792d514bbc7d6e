//! Authorization responses that the browser posts to the client.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use web::{Frame, Page};

/// Page with an authorization response in a form (OAuth 2.0 Form Post Response Mode). The standard submits the form by
/// a script; here the person presses its button.
#[derive(Debug, Clone, Template)]
#[template(path = "oidc/form-post.html")]
pub(crate) struct FormPost {
    /// Common frame of the page.
    pub(crate) frame: Frame,
    /// Address of the form: the redirect URI.
    pub(crate) to: String,
    /// Names and values of the response parameters, in order.
    pub(crate) fields: Vec<(String, String)>,
}

impl FormPost {
    /// Renders the page and stores the form in the response's extensions, where a fault finds it to change it.
    pub(crate) fn shown(self) -> Response {
        let mut response = Page(self.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
