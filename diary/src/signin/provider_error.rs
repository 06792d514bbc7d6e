//! Errors between the diary and its provider.

use axum::http::StatusCode;
use esia::{
    KeyError,
    language::{Told, Words, pick, tr},
    token::TokenVerifyError,
};

use super::esia_tokens::TokensError;

/// Error of a request to Gosuslugi. The visitor sees what to do next; the details are for the tester.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// Neither the world nor the server has an address of the provider.
    #[error("{}", pick("дневник не знает адреса Госуслуг", "the diary does not know the address of Gosuslugi"))]
    NoAddress,
    /// The provider did not answer in time.
    #[error("{}", tr!("{_0}: нет ответа вовремя", "{_0}: no answer in time"))]
    Silent(Words),
    /// The connection failed or broke.
    #[error("{}", tr!("{what}: нет связи: {error}", "{what}: no connection: {error}"))]
    Unreachable {
        what: Words,
        /// Text of the HTTP library's error.
        error: String,
    },
    /// The response has an error status.
    #[error("{}", tr!("{what}: ответ {status} {body}", "{what}: answer {status} {body}"))]
    Refused {
        what: Words,
        status: StatusCode,
        /// Beginning of the response body.
        body: String,
    },
    /// The response cannot be parsed.
    #[error("{}", tr!("{what}: ответ не читается: {reason}", "{what}: the answer cannot be read: {reason}"))]
    Junk { what: Words, reason: Told },
    /// The tokens fail a check.
    #[error("{}", tr!("маркерам нельзя верить: {_0}", "the tokens cannot be believed: {_0}"))]
    Tokens(#[from] TokensError),
    /// The response fails another check.
    #[error("{}", tr!("ответу нельзя верить: {_0}", "the answer cannot be believed: {_0}"))]
    Distrusted(Told),
    /// A token is not yet or no longer valid.
    #[error("{}", tr!("маркер ещё или уже не действует: {_0}", "the token is not yet or no longer in force: {_0}"))]
    Untimely(Told),
    /// A refresh token of one person was exchanged for tokens of another.
    #[error("{}", pick("маркер обновлён на маркер другого человека", "the token was renewed by another person's"))]
    OtherPerson,
    /// The sign-in began before the diary was configured for OpenID Connect.
    #[error("{}", pick("вход начат по другому протоколу", "the sign-in was begun by another protocol"))]
    OtherProtocol,
    /// Signing with the diary's own key failed.
    #[error("{}", tr!("запрос не подписан: {_0}", "the request was not signed: {_0}"))]
    Signing(#[from] KeyError),
}

impl ProviderError {
    /// Checks whether the error comes from two worlds whose clocks were not advanced together: ЕСИА answers ESIA-007015
    /// to the time of a request, or tokens are from the future or expired.
    pub(crate) fn is_about_clocks(&self) -> bool {
        match self {
            Self::Refused { body, .. } => body.contains("ESIA-007015"),
            Self::Tokens(TokensError::Token { error, .. }) => {
                matches!(error, TokenVerifyError::NotYet { .. } | TokenVerifyError::Expired { .. })
            }
            Self::Untimely(_) => true,
            _ => false,
        }
    }
}
