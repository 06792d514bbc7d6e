//! Responses to an authorization request: a redirect, or a form that the browser posts.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use web::Frame;

use super::error::OidcError;
use crate::grants::{AuthorizationRequest, FormPost, RedirectUri, RequestDetails, ResponseMode};

/// Redirect URI, response mode and parameters of every response to an authorization request.
#[derive(Debug, Clone)]
pub(super) struct ReplyTo {
    pub(super) redirect_uri: RedirectUri,
    pub(super) mode: ResponseMode,
    /// Parameter `state` of the request.
    pub(super) state: Option<String>,
    /// Issuer, as the browser has called the provider (RFC 9207).
    pub(super) iss: String,
}

impl ReplyTo {
    /// Takes the values from a stored authorization request. One of another protocol is answered with a redirect.
    pub(super) fn of(request: AuthorizationRequest) -> Self {
        let AuthorizationRequest { redirect_uri, state, details, .. } = request;
        let (mode, iss) = match details {
            RequestDetails::Oidc(details) => (details.mode, details.iss),
            RequestDetails::Esia(_) => (ResponseMode::Query, String::new()),
        };
        Self { redirect_uri, mode, state, iss }
    }

    /// Sends the browser to the client with a code.
    pub(super) fn code(&self, frame: Frame, code: &str) -> Response {
        self.send(frame, &[("code", code)])
    }

    /// Sends the browser to the client with an error.
    pub(super) fn refuse(&self, frame: Frame, error: &OidcError) -> Response {
        self.send(frame, &[("error", error.error), ("error_description", &error.description)])
    }

    /// Adds `state` and `iss` (RFC 9207) to the parameters, and responds in the mode of the request.
    fn send(&self, frame: Frame, parameters: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        let all = parameters.iter().copied().chain(state).chain([("iss", self.iss.as_str())]);
        match self.mode {
            ResponseMode::Query => {
                let to = self.redirect_uri.with(all);
                let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-store".to_owned())];
                (StatusCode::FOUND, headers).into_response()
            }
            ResponseMode::FormPost => {
                let fields = all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                FormPost { frame, to: self.redirect_uri.as_str().to_owned(), fields }.shown()
            }
        }
    }
}
