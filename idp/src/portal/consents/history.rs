//! What became of consents and requests: the history that a person reads.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::Ending;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    /// A system asked.
    Requested,
    Granted,
    Refused,
    /// Somebody took the consent back.
    Revoked,
    /// The consent ended by itself.
    Ended(Ending),
    /// The request can be granted no more.
    Closed(Ending),
}

impl What {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
            Self::Ended(Ending::Term) => "expired",
            Self::Ended(_) => "ended",
            Self::Closed(Ending::Term) => "request-expired",
            Self::Closed(_) => "request-closed",
        }
    }

    /// In words, for a person.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Requested => "Согласие запрошено".to_owned(),
            Self::Granted => "Согласие выдано".to_owned(),
            Self::Refused => "Отказ".to_owned(),
            Self::Revoked => "Согласие отозвано".to_owned(),
            Self::Ended(why) => format!("Согласие прекращено: {}", why.text()),
            Self::Closed(why) => format!("Запрос закрыт: {}", why.text()),
        }
    }
}

/// One line of the history of a person's consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub at: DateTime<Utc>,
    pub what: What,
    /// Who did it; nobody when a system asked or a term ended.
    pub by: Option<Oid>,
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// The term of the consent or of the request.
    pub expires_at: DateTime<Utc>,
}
