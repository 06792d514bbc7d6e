//! One-time codes sent by SMS.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use esia::Phone;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use worlds::WorldRng;

use crate::portal::outbox::{Channel, Message, OutboxEvent};

/// Life of a code.
const CODE_FOR: TimeDelta = TimeDelta::minutes(10);

/// Number of wrong attempts after which the code is no longer accepted.
const MAX_FAILURES: u32 = 5;

/// One-time code of six digits, sent to a phone. Secret: `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OneTimeCode {
    digits: String,
    /// Expiry of the code.
    pub expires_at: DateTime<Utc>,
    /// Number of wrong attempts so far; not stored, because it follows from later events.
    #[serde(skip)]
    failures: u32,
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Reason why a code is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The input is not six digits; it does not count as an attempt.
    #[error("Код состоит из шести цифр")]
    NotACode,
    /// The code has expired, or there were too many wrong attempts.
    #[error("Код больше не действует: срок истёк или исчерпаны попытки. Запросите новый код")]
    Lapsed,
    #[error("Неверный код. Осталось попыток: {left}")]
    Wrong {
        /// Number of attempts left.
        left: u32,
    },
}

impl CodeError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotACode => "not-a-code",
            Self::Lapsed => "code-lapsed",
            Self::Wrong { .. } => "wrong-code",
        }
    }
}

/// Returns the six digits of a code, without white space.
///
/// # Errors
/// [`CodeError::NotACode`] for anything but six digits.
pub(crate) fn six_digits(text: &str) -> Result<String, CodeError> {
    let digits: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let fits = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
    if fits { Ok(digits) } else { Err(CodeError::NotACode) }
}

impl OneTimeCode {
    /// Creates a random code.
    pub(crate) fn new(now: DateTime<Utc>, rng: &mut WorldRng) -> Self {
        Self { digits: rng.digits(6), expires_at: now + CODE_FOR, failures: 0 }
    }

    /// Checks an entered code. After [`CodeError::Wrong`] the caller records a miss and calls [`OneTimeCode::miss`].
    ///
    /// # Errors
    /// Every [`CodeError`]: the input, the term or the digits are wrong.
    pub(crate) fn check(&self, typed: &str, now: DateTime<Utc>) -> Result<(), CodeError> {
        let typed = six_digits(typed)?;
        if now >= self.expires_at || self.failures >= MAX_FAILURES {
            Err(CodeError::Lapsed)
        } else if bool::from(typed.as_bytes().ct_eq(self.digits.as_bytes())) {
            Ok(())
        } else {
            Err(CodeError::Wrong { left: MAX_FAILURES - self.failures - 1 })
        }
    }

    /// Returns the number of attempts left.
    pub(crate) fn tries_left(&self) -> u32 {
        MAX_FAILURES.saturating_sub(self.failures)
    }

    /// Counts a wrong attempt.
    pub(crate) fn miss(&mut self) {
        self.failures += 1;
    }

    /// Returns the SMS with the code.
    pub(crate) fn sms(&self, to: Phone) -> OutboxEvent {
        let text = format!("Код подтверждения: {}. Действует 10 минут, никому его не сообщайте", self.digits);
        let message = Message { channel: Channel::Sms, to: to.to_string(), subject: None, text, link: None };
        OutboxEvent::Sent { message }
    }
}
