//! The types of `openidconnect` as this diary fills them in, and its errors in our words.

use axum::http::StatusCode;
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, Client, EmptyExtraTokenFields, EndSessionUrl, EndpointNotSet,
    EndpointSet, IdTokenFields, IntrospectionUrl, ProviderMetadata, RequestTokenError, StandardErrorResponse,
    StandardTokenResponse, UserInfoError,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};

use crate::signin::fault::GosuslugiError;

/// Endpoints of the discovery document that the library leaves to its user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endpoints {
    /// RFC 7662.
    pub(super) introspection_endpoint: Option<IntrospectionUrl>,
    /// OpenID Connect RP-Initiated Logout.
    pub(super) end_session_endpoint: Option<EndSessionUrl>,
}

impl AdditionalProviderMetadata for Endpoints {}

/// What a provider says of itself, with its keys.
pub(crate) type Metadata = ProviderMetadata<
    Endpoints,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Claims of an id token beside the standard ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfSession {
    /// The session at the provider (OpenID Connect Back-Channel Logout §2.1).
    pub(super) sid: Option<String>,
}

impl AdditionalClaims for OfSession {}

/// The answer of the token endpoint.
pub(super) type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        OfSession,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The diary as a client. Authorization, introspection, token and userinfo endpoints are known.
pub(super) type Rp<Introspection = EndpointSet, Token = EndpointSet, UserInfo = EndpointSet> = Client<
    OfSession,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    Introspection,
    EndpointNotSet,
    Token,
    UserInfo,
>;

type TokenError = RequestTokenError<GosuslugiError, StandardErrorResponse<CoreErrorResponseType>>;

/// An error of the token or the introspection endpoint. Its body is an error's (RFC 6749 §5.2), never a token.
pub(super) fn token_error(what: &'static str, error: TokenError) -> GosuslugiError {
    match error {
        TokenError::Request(error) => error,
        TokenError::ServerResponse(said) => {
            GosuslugiError::Refused { what, status: StatusCode::BAD_REQUEST, body: said.to_string() }
        }
        TokenError::Parse(error, _) => GosuslugiError::Junk { what, reason: error.to_string() },
        TokenError::Other(reason) => GosuslugiError::Junk { what, reason },
    }
}

/// An error of the userinfo endpoint.
pub(super) fn userinfo_error(what: &'static str, error: UserInfoError<GosuslugiError>) -> GosuslugiError {
    match error {
        UserInfoError::Request(error) => error,
        UserInfoError::ClaimsVerification(error) => GosuslugiError::Distrusted(format!("{what}: {error}")),
        UserInfoError::Response(status, body, _) if !status.is_success() => {
            let body = String::from_utf8_lossy(&body).chars().take(300).collect();
            GosuslugiError::Refused { what, status, body }
        }
        UserInfoError::Parse(error) => GosuslugiError::Junk { what, reason: error.to_string() },
        error => GosuslugiError::Junk { what, reason: error.to_string() },
    }
}
