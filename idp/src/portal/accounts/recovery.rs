//! Password recovery («Восстановить»): state and errors (R004.2, R002.7). The link of an e-mail or an SMS code allows a
//! new password.

use chrono::{DateTime, Utc};
use esia::{Oid, Phone};
use serde::{Deserialize, Serialize};
use worlds::{Expiring, Limit, Term};

use super::{OneTimeCode, code::CodeError};

/// Limit of recovery links and pages, by account and overall, so that requests for one account do not displace others.
pub(super) const WAITING: Limit = Limit { each: 20, all: 10_000 };

/// Limit of phones to which recovery codes were sent.
pub(super) const CODES: Limit = Limit { each: 10_000, all: 10_000 };

/// Recoveries that wait for a new password or for an SMS code.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Recoveries {
    /// Account and the password to be replaced, by the secret of the link or page.
    pub(super) waiting: Expiring<(Oid, String)>,
    pub(super) codes: Expiring<SentCode>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SentCode {
    pub(super) code: Option<OneTimeCode>,
    pub(super) sent: u32,
}

/// Kind of message sent for a recovery, if the account exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    Letter,
    Sms,
}

/// Reason why a recovery is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// The link or page is unknown, used or expired.
    #[error("Ссылка не действует: срок истёк или она уже использована")]
    Lapsed,
    /// Five codes were sent to this phone within an hour.
    #[error("На этот телефон отправлено слишком много кодов. Повторите через час")]
    TooManyCodes,
    /// The code is not accepted.
    #[error(transparent)]
    Code(#[from] CodeError),
}

impl Recoveries {
    pub(super) fn code_asked(
        &mut self,
        phone: Phone,
        code: &OneTimeCode,
        counted_until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) {
        let key = phone.to_string();
        if self.codes.get(&key, at).is_none() {
            let sent = SentCode { code: Some(code.clone()), sent: 1 };
            self.codes.insert_within((key, sent), Term { owner: "", ends_at: counted_until }, CODES, at);
        } else if let Some(known) = self.codes.get_mut(&key) {
            known.sent += 1;
            known.code = Some(code.clone());
        }
    }

    pub(super) fn code_missed(&mut self, phone: Phone) {
        if let Some(code) = self.codes.get_mut(&phone.to_string()).and_then(|sent| sent.code.as_mut()) {
            code.miss();
        }
    }

    pub(super) fn code_used(&mut self, phone: Phone) {
        if let Some(sent) = self.codes.get_mut(&phone.to_string()) {
            sent.code = None;
        }
    }

    pub(super) fn used(&mut self, token: &str) {
        self.waiting.remove(token);
    }
}
