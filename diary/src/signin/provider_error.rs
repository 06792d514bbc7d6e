//! What goes wrong between the diary and its provider.

use axum::http::StatusCode;
use esia::{
    KeyError,
    language::{Told, Words, pick, tr},
    token::TokenVerifyError,
};

use super::esia_tokens::TokensError;

/// Why Gosuslugi did not help. Whoever signs in reads what to do; the details are the tester's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// Neither the world nor the server says where they are.
    #[error("{}", pick("дневник не знает адреса Госуслуг", "the diary does not know the address of Gosuslugi"))]
    NoAddress,
    /// No answer in time.
    #[error("{}", tr!("{_0}: нет ответа вовремя", "{_0}: no answer in time"))]
    Silent(Words),
    /// No connection, or it broke.
    #[error("{}", tr!("{what}: нет связи: {error}", "{what}: no connection: {error}"))]
    Unreachable {
        what: Words,
        /// The library's words.
        error: String,
    },
    /// An answer that is not a success.
    #[error("{}", tr!("{what}: ответ {status} {body}", "{what}: answer {status} {body}"))]
    Refused {
        what: Words,
        status: StatusCode,
        /// The beginning of the body.
        body: String,
    },
    /// An answer that does not read.
    #[error("{}", tr!("{what}: ответ не читается: {reason}", "{what}: the answer cannot be read: {reason}"))]
    Junk { what: Words, reason: Told },
    /// Tokens that fail a check.
    #[error("{}", tr!("маркерам нельзя верить: {_0}", "the tokens cannot be believed: {_0}"))]
    Tokens(#[from] TokensError),
    /// An answer that fails another check.
    #[error("{}", tr!("ответу нельзя верить: {_0}", "the answer cannot be believed: {_0}"))]
    Distrusted(Told),
    /// A token that is not good yet, or no longer.
    #[error("{}", tr!("маркер ещё или уже не действует: {_0}", "the token is not yet or no longer in force: {_0}"))]
    Untimely(Told),
    /// Tokens for one person were exchanged for another's.
    #[error("{}", pick("маркер обновлён на маркер другого человека", "the token was renewed by another person's"))]
    OtherPerson,
    /// The sign-in began before the diary was told to use OpenID Connect.
    #[error("{}", pick("вход начат по другому протоколу", "the sign-in was begun by another protocol"))]
    OtherProtocol,
    /// The diary's own key failed.
    #[error("{}", tr!("запрос не подписан: {_0}", "the request was not signed: {_0}"))]
    Signing(#[from] KeyError),
}

impl ProviderError {
    /// Whether it comes from two worlds whose clocks were not moved together: ЕСИА says ESIA-007015 of a request's time, and
    /// tokens are from the future or long over.
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
