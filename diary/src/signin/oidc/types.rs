//! Types of `openidconnect` with the diary's parameters, and conversion of the library's errors.

use axum::http::StatusCode;
use esia::language::{Words, both};
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

use crate::signin::provider_error::ProviderError;

/// Endpoints of the discovery document that the library does not parse itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endpoints {
    /// Introspection endpoint (RFC 7662).
    pub(super) introspection_endpoint: Option<IntrospectionUrl>,
    /// End-session endpoint (OpenID Connect RP-Initiated Logout).
    pub(super) end_session_endpoint: Option<EndSessionUrl>,
    /// Whether authorization responses have the parameter `iss` (RFC 9207 §3).
    pub(super) authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for Endpoints {}

/// Discovery document of a provider with its keys.
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

/// Claims of an id token in addition to the standard ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SessionClaims {
    /// Session at the provider (OpenID Connect Back-Channel Logout §2.1).
    pub(super) sid: Option<String>,
    /// Not before, seconds since 1970 (RFC 7519 §4.1.5).
    pub(super) nbf: Option<i64>,
}

impl AdditionalClaims for SessionClaims {}

/// Response of the token endpoint.
pub(super) type TokenReply = StandardTokenResponse<
    IdTokenFields<
        SessionClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The diary as a client; authorization, introspection, token and userinfo endpoints are set.
pub(super) type Rp<Introspection = EndpointSet, Token = EndpointSet, UserInfo = EndpointSet> = Client<
    SessionClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenReply,
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

type TokenError = RequestTokenError<ProviderError, StandardErrorResponse<CoreErrorResponseType>>;

/// Converts an error of the token or the introspection endpoint. An error response (RFC 6749 §5.2) never holds a token.
pub(super) fn token_error(what: Words, error: TokenError) -> ProviderError {
    match error {
        TokenError::Request(error) => error,
        TokenError::ServerResponse(said) => {
            ProviderError::Refused { what, status: StatusCode::BAD_REQUEST, body: said.to_string() }
        }
        TokenError::Parse(error, _) => ProviderError::Junk { what, reason: error.to_string().into() },
        TokenError::Other(reason) => ProviderError::Junk { what, reason: reason.into() },
    }
}

/// Converts an error of the userinfo endpoint.
pub(super) fn userinfo_error(what: Words, error: UserInfoError<ProviderError>) -> ProviderError {
    match error {
        UserInfoError::Request(error) => error,
        UserInfoError::ClaimsVerification(error) => {
            ProviderError::Distrusted(both!("{what}: {error}", "{what}: {error}"))
        }
        UserInfoError::Response(status, body, _) if !status.is_success() => {
            let body = String::from_utf8_lossy(&body).chars().take(300).collect();
            ProviderError::Refused { what, status, body }
        }
        UserInfoError::Parse(error) => ProviderError::Junk { what, reason: error.to_string().into() },
        error => ProviderError::Junk { what, reason: error.to_string().into() },
    }
}
