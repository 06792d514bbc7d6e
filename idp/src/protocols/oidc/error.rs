//! Errors of OpenID Connect, and the responses that carry them.

use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::ErrorCode;
use serde::Serialize;
use web::Checks;
use worlds::{Check, Outcome, mistakes::named};

use crate::grants::GrantError;

/// Error in the words of RFC 6749 §4.1.2.1, §5.2 and OpenID Connect Core §3.1.2.6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OidcError {
    /// Value of the parameter `error`.
    pub(super) error: &'static str,
    /// Value of `error_description`, in English because only ASCII is allowed (RFC 6749 §5.2).
    pub(super) description: String,
    /// The request came without any credentials.
    is_bare: bool,
}

impl ErrorCode for OidcError {
    fn error_code(&self) -> &'static str {
        self.error
    }
}

impl OidcError {
    pub(super) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into(), is_bare: false }
    }

    pub(super) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    pub(super) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(super) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description)
    }

    /// A request without any token.
    pub(super) fn no_token() -> Self {
        Self { is_bare: true, ..Self::invalid_token("Authorization: Bearer with an access token is needed") }
    }

    pub(super) fn invalid_token(description: impl Into<String>) -> Self {
        Self::new("invalid_token", description)
    }

    /// Converts the reason why a code or a refresh token gives no tokens (RFC 6749 §5.2).
    pub(super) fn of_grant(error: &GrantError) -> Self {
        match error {
            GrantError::Unknown => Self::invalid_grant("unknown to this issuer"),
            GrantError::Used { .. } => Self::invalid_grant("already used; everything that came from it is revoked"),
            GrantError::Revoked => Self::invalid_grant("revoked"),
            GrantError::Expired(_) => Self::invalid_grant("expired"),
            GrantError::OtherClient(_) => Self::invalid_grant("issued to another client"),
            GrantError::OtherRedirect { .. } => {
                Self::invalid_grant("redirect_uri is not that of the authorization request")
            }
            GrantError::NoVerifier(_) => Self::invalid_grant("code_verifier is missing"),
            GrantError::NoChallenge => {
                Self::invalid_grant("code_verifier without a code_challenge in the authorization request")
            }
            GrantError::OtherVerifier { .. } => Self::invalid_grant("code_verifier does not match code_challenge"),
            GrantError::SessionGone => Self::invalid_grant("the session has ended"),
            GrantError::NothingLeft => Self::invalid_grant("no consent is left for the scopes"),
            GrantError::Wider(_) => Self::new("invalid_scope", "scope exceeds that of the original grant"),
        }
    }

    /// Builds the response of an endpoint at which clients authenticate. It has `WWW-Authenticate` only if the request
    /// had `Authorization` (RFC 6749 §5.2).
    pub(super) fn to_client(&self, headers: &HeaderMap) -> Response {
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut response = no_store(status, &Body { error: self.error, error_description: &self.description });
        if status == StatusCode::UNAUTHORIZED && headers.contains_key(header::AUTHORIZATION) {
            let basic = HeaderValue::from_static(r#"Basic realm="esia-stand", charset="UTF-8""#);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        }
        response
    }

    /// Builds the response of an endpoint that takes access tokens (RFC 6750 §3).
    pub(super) fn to_bearer(&self) -> Response {
        let status = match self.error {
            "invalid_request" => StatusCode::BAD_REQUEST,
            "insufficient_scope" => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        };
        let mut response = no_store(status, &Body { error: self.error, error_description: &self.description });
        let why =
            format!(r#", error="{}", error_description="{}""#, self.error, self.description.replace(['"', '\\'], "'"));
        // Who has shown no credentials is told the scheme alone (RFC 6750 §3.1).
        let text = format!(r#"Bearer realm="esia-stand"{}"#, if self.is_bare { "" } else { &why });
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}

#[derive(Debug, Serialize)]
struct Body<'e> {
    error: &'e str,
    error_description: &'e str,
}

/// Reason why a request is refused.
pub(super) type Refusal = crate::protocols::Refusal<OidcError>;

impl From<OidcError> for Refusal {
    fn from(error: OidcError) -> Self {
        Self::Client(error)
    }
}

impl Refusal {
    /// Builds the response as [`OidcError::to_client`] does.
    pub(super) fn into_client(self, headers: &HeaderMap) -> Response {
        match self {
            Self::Client(error) => error.to_client(headers),
            Self::Problem(problem) => problem.into_response(),
        }
    }

    /// Builds the response as [`OidcError::to_bearer`] does.
    pub(super) fn into_bearer(self) -> Response {
        match self {
            Self::Client(error) => error.to_bearer(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

/// Builds a JSON response that must not be stored (RFC 6749 §5.1).
pub(super) fn no_store(status: StatusCode, body: &impl Serialize) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    (status, headers, axum::Json(body)).into_response()
}

/// Answers requests with another method than `POST`.
pub(super) async fn wrong_method(checks: Checks, method: Method) -> Response {
    let rule = ("method", "RFC 6749 §3.2; RFC 7009 §2.1; RFC 7662 §2.1");
    let check = Check::new(rule, "POST", method.as_str(), Outcome::Failed);
    checks.record(check.mistakes([named("method-wrong", method.as_str())]));
    let error = OidcError::invalid_request("this endpoint is asked with POST");
    let mut response = error.to_client(&HeaderMap::new());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}
