//! History of consents and consent requests, as a person reads it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::Ending;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    /// A client requested a consent.
    Requested,
    Granted,
    Refused,
    /// The person or a guardian revoked the consent.
    Revoked,
    /// The consent ended without being revoked.
    Ended(Ending),
    /// The request was closed and can no longer be granted.
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

    /// Returns the Russian text for pages.
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

/// Entry in the history of a person's consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub at: DateTime<Utc>,
    pub what: What,
    /// Person who acted; `None` if a client requested or a term ended.
    pub by: Option<Oid>,
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Expiry of the consent or of the request.
    pub expires_at: DateTime<Utc>,
}
