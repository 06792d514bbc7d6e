//! What ЕСИА answers when it refuses (ESIA §1.4, §1.5 and §4.9).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A refusal of the authorization or of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EsiaError {
    /// 007002: the certificate is not this client's, or the client has none.
    CertificateNotOfClient,
    /// 007003: a required parameter is missing, wrong or given twice.
    InvalidRequest,
    /// 007004: the person or the service refused.
    AccessDenied,
    /// 007005: the client may not get tokens this way.
    UnauthorizedClient,
    /// 007006: a scope is wrong, unknown or malformed.
    InvalidScope,
    /// 007007: internal error.
    ServerError,
    /// 007008: overloaded or under maintenance.
    TemporarilyUnavailable,
    /// 007009: this `response_type` is not supported.
    UnsupportedResponseType,
    /// 007011: the code or refresh token is invalid, expired, used, another's, or for another redirect.
    InvalidGrant,
    /// 007012: this `grant_type` is not supported.
    UnsupportedGrantType,
    /// 007013: no scope in the request.
    NoScope,
    /// 007014: a mandatory parameter is missing (or `timestamp` is malformed). Holds its name.
    MissingParameter(String),
    /// 007015: `timestamp` is outside the window.
    WrongTime,
    /// 007019: the client has no permission for the scope.
    NoGrants,
    /// 007023: `redirect_uri` is not among those allowed.
    RedirectNotAllowed,
    /// 007038: the parameters cannot be read.
    UnreadableParameters,
    /// 007039: `code_verifier` without a `code_challenge` before.
    VerifierWithoutChallenge,
    /// 007040: `code_verifier` does not match.
    VerifierMismatch,
    /// 007046: the scope demands a second factor that the person cannot give.
    SecondFactorImpossible,
    /// 007053: `client_secret` is wrong: string, certificate or system do not match, or the certificate is not active.
    ClientSecretWrong,
    /// 007055: a confirmed account is required.
    AccountNotConfirmed,
    /// 007060: bad `roles`.
    BadRoles,
    /// 007061: bad `obj_type`.
    BadObjectType,
    /// 007062: bad type or role of the person.
    BadSubjectType,
    /// 007194: the organisation does not employ the person.
    NotEmployed,
    /// 008010: the system could not be authenticated.
    ClientNotAuthenticated,
    /// 0367xx: `permissions` cannot be granted as it is asked for.
    Permissions(PermissionsError),
}

/// What is wrong with `permissions` (ESIA §1.5, §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PermissionsError {
    /// 036700: no mnemonic of a consent type.
    NoType,
    /// 036701: no such consent type.
    UnknownType,
    /// 036702: a mandatory scope is missing.
    MandatoryScope,
    /// 036703: scopes exceed those of the type.
    ExcessScopes,
    /// 036704: scopes are forbidden for the type.
    ForbiddenScopes,
    /// 036705: at least one action.
    NoAction,
    /// 036706: unknown action.
    UnknownAction,
    /// 036707: at least one purpose.
    NoPurpose,
    /// 036716: bad term.
    BadExpiry,
    /// 036726: unknown purpose.
    UnknownPurpose,
    /// 036727: exactly one purpose.
    OnePurpose,
}

impl PermissionsError {
    const fn code(self) -> &'static str {
        match self {
            Self::NoType => "ESIA-036700",
            Self::UnknownType => "ESIA-036701",
            Self::MandatoryScope => "ESIA-036702",
            Self::ExcessScopes => "ESIA-036703",
            Self::ForbiddenScopes => "ESIA-036704",
            Self::NoAction => "ESIA-036705",
            Self::UnknownAction => "ESIA-036706",
            Self::NoPurpose => "ESIA-036707",
            Self::BadExpiry => "ESIA-036716",
            Self::UnknownPurpose => "ESIA-036726",
            Self::OnePurpose => "ESIA-036727",
        }
    }

    /// None of these texts is public: they are ours.
    const fn text(self) -> &'static str {
        match self {
            Self::NoType => "The mnemonic of the consent type is missing.",
            Self::UnknownType => "The consent type is not found.",
            Self::MandatoryScope => "A mandatory scope of the consent type is missing.",
            Self::ExcessScopes => "The scopes exceed those of the consent type.",
            Self::ForbiddenScopes => "The scopes are forbidden for the consent type.",
            Self::NoAction => "At least one action is required.",
            Self::UnknownAction => "The action is unknown.",
            Self::NoPurpose => "At least one purpose is required.",
            Self::BadExpiry => "The expiry of the consent is wrong.",
            Self::UnknownPurpose => "The purpose is unknown.",
            Self::OnePurpose => "Exactly one purpose is required.",
        }
    }
}

/// An error for which a protocol has a code.
pub trait ErrorCode {
    /// The code on the wire, as `ESIA-007014` or `invalid_grant`.
    fn error_code(&self) -> &'static str;
}

impl ErrorCode for EsiaError {
    fn error_code(&self) -> &'static str {
        self.code()
    }
}

impl ErrorCode for RestError {
    fn error_code(&self) -> &'static str {
        self.code()
    }
}

impl EsiaError {
    /// The code on the wire, as `ESIA-007014`.
    pub const fn code(&self) -> &'static str {
        self.row().0
    }

    /// The OAuth `error`: `invalid_request`.
    pub const fn oauth_error(&self) -> &'static str {
        self.row().1
    }

    /// The OAuth `error_description`. It always begins with the code, a colon and a space: clients cut it there.
    pub fn description(&self) -> String {
        let (code, text) = (self.code(), self.text());
        match self {
            Self::MissingParameter(name) => format!("{code}: {text} [{name}]."),
            _ => format!("{code}: {text}"),
        }
    }

    /// Code and OAuth error.
    const fn row(&self) -> (&'static str, &'static str) {
        match self {
            Self::CertificateNotOfClient => ("ESIA-007002", "unauthorized_client"),
            Self::InvalidRequest => ("ESIA-007003", "invalid_request"),
            Self::AccessDenied => ("ESIA-007004", "access_denied"),
            Self::UnauthorizedClient => ("ESIA-007005", "unauthorized_client"),
            Self::InvalidScope => ("ESIA-007006", "invalid_scope"),
            Self::ServerError => ("ESIA-007007", "server_error"),
            Self::TemporarilyUnavailable => ("ESIA-007008", "temporarily_unavailable"),
            Self::UnsupportedResponseType => ("ESIA-007009", "unsupported_response_type"),
            Self::InvalidGrant => ("ESIA-007011", "invalid_grant"),
            Self::UnsupportedGrantType => ("ESIA-007012", "unsupported_grant_type"),
            Self::NoScope => ("ESIA-007013", "invalid_scope"),
            Self::MissingParameter(_) => ("ESIA-007014", "invalid_request"),
            Self::WrongTime => ("ESIA-007015", "invalid_request"),
            Self::NoGrants => ("ESIA-007019", "invalid_scope"),
            Self::RedirectNotAllowed => ("ESIA-007023", "invalid_request"),
            Self::UnreadableParameters => ("ESIA-007038", "invalid_request"),
            Self::VerifierWithoutChallenge => ("ESIA-007039", "invalid_request"),
            Self::VerifierMismatch => ("ESIA-007040", "invalid_grant"),
            Self::SecondFactorImpossible => ("ESIA-007046", "access_denied"),
            Self::ClientSecretWrong => ("ESIA-007053", "access_denied"),
            Self::AccountNotConfirmed => ("ESIA-007055", "access_denied"),
            Self::BadRoles => ("ESIA-007060", "invalid_request"),
            Self::BadObjectType => ("ESIA-007061", "invalid_request"),
            Self::BadSubjectType => ("ESIA-007062", "invalid_request"),
            Self::NotEmployed => ("ESIA-007194", "invalid_scope"),
            Self::ClientNotAuthenticated => ("ESIA-008010", "unauthorized_client"),
            Self::Permissions(error) => (error.code(), "invalid_request"),
        }
    }

    /// Recorded texts are those of 007004, 007005, 007011, 007014, 007019 and 007053; as three of them quote RFC 6749,
    /// the others quote it too where it has a sentence, and the rest are ours.
    const fn text(&self) -> &'static str {
        match self {
            Self::CertificateNotOfClient => {
                "The certificate does not belong to the client system or the client system has no certificate."
            }
            Self::InvalidRequest => {
                "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed."
            }
            Self::AccessDenied => "The resource owner or authorization server denied the request.",
            Self::UnauthorizedClient => "The client is not authorized to request an access token using this method.",
            Self::InvalidScope => "The requested scope is invalid, unknown, or malformed.",
            Self::ServerError => {
                "The authorization server encountered an unexpected condition that prevented it from fulfilling the request."
            }
            Self::TemporarilyUnavailable => {
                "The authorization server is currently unable to handle the request due to a temporary overloading or maintenance of the server."
            }
            Self::UnsupportedResponseType => {
                "The authorization server does not support obtaining an access token using this method."
            }
            Self::InvalidGrant => {
                "The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
            }
            Self::UnsupportedGrantType => "The authorization grant type is not supported by the authorization server.",
            Self::NoScope => "The request doesn't contain a scope.",
            Self::MissingParameter(_) => "The request doesn't contain the mandatory parameter",
            Self::WrongTime => "The time of the request is wrong.",
            Self::NoGrants => "OAuthErrorEnum.noGrants",
            Self::RedirectNotAllowed => "The redirect_uri is not allowed for the client system.",
            Self::UnreadableParameters => "The parameters of the request cannot be read.",
            Self::VerifierWithoutChallenge => {
                "The request contains code_verifier, but the authorization request had no code_challenge."
            }
            Self::VerifierMismatch => "The code_verifier does not match the code_challenge.",
            Self::SecondFactorImpossible => {
                "The scope demands two-factor authentication, which is not available to the user."
            }
            Self::ClientSecretWrong => "OAuthErrorEnum.clientSecretWrong",
            Self::AccountNotConfirmed => "A confirmed account is required.",
            Self::BadRoles => "The parameter roles is wrong.",
            Self::BadObjectType => "The parameter obj_type is wrong.",
            Self::BadSubjectType => "The type or the role of the user is wrong.",
            Self::NotEmployed => "The organization does not employ the user.",
            Self::ClientNotAuthenticated => "The client system could not be authenticated.",
            Self::Permissions(error) => error.text(),
        }
    }
}

/// A refusal of `/rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RestError {
    /// No token, or not one of ours.
    InvalidToken,
    /// The token is out of date.
    ExpiredToken,
    /// The token opens something else.
    ScopeNotAllowed,
    /// No such person or element. Real ЕСИА's body is not public; the code and the message are ours.
    NotFound,
}

impl RestError {
    /// Status of the HTTP answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidToken | Self::ExpiredToken => 401,
            Self::ScopeNotAllowed => 403,
            Self::NotFound => 404,
        }
    }

    /// The code on the wire, as `ESIA-005011`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidToken => "ESIA-005011",
            Self::ExpiredToken => "ESIA-005013",
            Self::ScopeNotAllowed => "ESIA-005029",
            Self::NotFound => "ESIA-005404",
        }
    }

    /// The body of the answer.
    pub fn body(self) -> RestErrorBody {
        let message = match self {
            Self::InvalidToken => "SecurityErrorEnum.invalidToken",
            Self::ExpiredToken => "SecurityErrorEnum.expiredToken",
            Self::ScopeNotAllowed => "SecurityErrorEnum.scopeNotAllowed",
            Self::NotFound => "SecurityErrorEnum.notFound",
        };
        RestErrorBody { code: self.code().to_owned(), message: message.to_owned() }
    }
}

/// Body of an error of `/rs`: `{"code":"ESIA-005011","message":"SecurityErrorEnum.invalidToken"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RestErrorBody {
    /// The code, as `ESIA-005011`.
    pub code: String,
    /// Name of the error.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_descriptions_are_reproduced() {
        insta::assert_snapshot!(EsiaError::MissingParameter("timestamp".to_owned()).description(), @"ESIA-007014: The request doesn't contain the mandatory parameter [timestamp].");
        insta::assert_snapshot!(EsiaError::ClientSecretWrong.description(), @"ESIA-007053: OAuthErrorEnum.clientSecretWrong");
        insta::assert_snapshot!(EsiaError::AccessDenied.description(), @"ESIA-007004: The resource owner or authorization server denied the request.");
        insta::assert_snapshot!(EsiaError::NoGrants.oauth_error(), @"invalid_scope");
    }

    #[test]
    fn a_rest_error_has_the_recorded_body() {
        let body = serde_json::to_string(&RestError::ScopeNotAllowed.body()).unwrap();
        insta::assert_snapshot!(body, @r#"{"code":"ESIA-005029","message":"SecurityErrorEnum.scopeNotAllowed"}"#);
        assert_eq!(RestError::ScopeNotAllowed.status(), 403);
    }
}
