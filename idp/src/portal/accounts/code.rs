//! One-time codes that go by SMS.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use esia::Phone;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use worlds::WorldRng;

use crate::portal::outbox::{Channel, Message, OutboxEvent};

/// How long a code works.
const CODE_FOR: TimeDelta = TimeDelta::minutes(10);

/// Wrong codes before the right one stops working.
const MAX_FAILURES: u32 = 5;

/// Six digits that prove a phone. Secret: `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OneTimeCode {
    digits: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// Wrong codes typed so far: follows from later events.
    #[serde(skip)]
    failures: u32,
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Why a code was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not six digits; does not count as a try.
    #[error("Код состоит из шести цифр")]
    NotACode,
    /// Its term ended, or too many wrong ones were typed.
    #[error("Код больше не действует: срок истёк или исчерпаны попытки. Запросите новый код")]
    Lapsed,
    #[error("Неверный код. Осталось попыток: {left}")]
    Wrong {
        /// How many more tries it allows.
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

/// Six digits, however they are spaced.
///
/// # Errors
/// [`CodeError::NotACode`].
pub(crate) fn six_digits(text: &str) -> Result<String, CodeError> {
    let digits: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let fits = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
    if fits { Ok(digits) } else { Err(CodeError::NotACode) }
}

impl OneTimeCode {
    /// A new code.
    pub(crate) fn new(now: DateTime<Utc>, rng: &mut WorldRng) -> Self {
        Self { digits: rng.digits(6), expires_at: now + CODE_FOR, failures: 0 }
    }

    /// Whether this is the code. After [`CodeError::Wrong`] the caller records a miss and calls [`OneTimeCode::miss`].
    ///
    /// # Errors
    /// As [`CodeError`] says.
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

    /// How many more wrong codes it allows.
    pub(crate) fn tries_left(&self) -> u32 {
        MAX_FAILURES.saturating_sub(self.failures)
    }

    /// Counts a wrong code.
    pub(crate) fn miss(&mut self) {
        self.failures += 1;
    }

    /// The SMS that carries it.
    pub(crate) fn sms(&self, to: Phone) -> OutboxEvent {
        let text = format!("Код подтверждения: {}. Действует 10 минут, никому его не сообщайте", self.digits);
        let message = Message { channel: Channel::Sms, to: to.to_string(), subject: None, text, link: None };
        OutboxEvent::Sent { message }
    }
}
