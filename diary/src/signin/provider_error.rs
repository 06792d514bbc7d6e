//! What goes wrong between the diary and its provider.

use axum::http::StatusCode;
use esia::{KeyError, token::TokenVerifyError};

use super::esia_tokens::TokensError;

/// Why Gosuslugi did not help. Whoever signs in reads what to do; the details are the tester's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// Neither the world nor the server says where they are.
    #[error("дневник не знает адреса Госуслуг")]
    NoAddress,
    /// No answer in time.
    #[error("{0}: нет ответа вовремя")]
    Silent(&'static str),
    /// No connection, or it broke.
    #[error("{what}: нет связи: {error}")]
    Unreachable {
        what: &'static str,
        /// The library's words.
        error: String,
    },
    /// An answer that is not a success.
    #[error("{what}: ответ {status} {body}")]
    Refused {
        what: &'static str,
        status: StatusCode,
        /// The beginning of the body.
        body: String,
    },
    /// An answer that does not read.
    #[error("{what}: ответ не читается: {reason}")]
    Junk { what: &'static str, reason: String },
    /// Tokens that fail a check.
    #[error("маркерам нельзя верить: {0}")]
    Tokens(#[from] TokensError),
    /// An answer that fails another check.
    #[error("ответу нельзя верить: {0}")]
    Distrusted(String),
    /// A token that is not good yet, or no longer.
    #[error("маркер ещё или уже не действует: {0}")]
    Untimely(String),
    /// Tokens for one person were exchanged for another's.
    #[error("маркер обновлён на маркер другого человека")]
    OtherPerson,
    /// The sign-in began before the diary was told to use OpenID Connect.
    #[error("вход начат по другому протоколу")]
    OtherProtocol,
    /// The diary's own key failed.
    #[error("запрос не подписан: {0}")]
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
