//! Second factor: its kinds, TOTP codes (RFC 6238) and events.

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};

use super::OneTimeCode;

/// Second factor, which a person chooses in «Безопасность».
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SecondFactor {
    #[default]
    None,
    /// Code sent by SMS.
    Sms,
    /// TOTP code of an authenticator application (RFC 6238).
    Totp {
        /// Shared secret in Base32.
        secret: String,
        /// Last 30-second step whose code was accepted; no code is accepted twice (RFC 6238 §5.2).
        used: u64,
    },
}

/// Returns the world's time in seconds since 1970, as RFC 6238 counts it.
fn unix(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

/// Creates the code generator of a Base32 secret; `None` for an invalid secret.
pub(crate) fn totp(secret: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let builder = Builder::new().with_secret(secret).with_issuer(Some("Мок Госуслуг")).with_account_name(account);
    builder.build().ok()
}

/// Returns the code that an application shows now, and the time of the next code.
pub(crate) fn totp_now(secret: &str, now: DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
    let totp = totp(secret, "")?;
    let next = i64::try_from(totp.next_step(unix(now))).ok()?;
    Some((totp.generate(unix(now)).to_string(), DateTime::from_timestamp(next, 0)?))
}

/// Returns the time step of a right code that is later than the last accepted one; `None` for any other code.
pub(super) fn totp_step(secret: &str, used: u64, typed: &str, now: DateTime<Utc>) -> Option<u64> {
    totp(secret, "")?.check(typed, unix(now)).filter(|step| *step > used)
}

/// Event of a second factor or an unfinished sign-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum FactorEvent {
    /// A person chose a second factor, or none.
    Chosen { oid: Oid, factor: SecondFactor },
    /// A TOTP secret was shown; it takes effect with its first code.
    TotpOffered {
        oid: Oid,
        /// Shared secret in Base32.
        secret: String,
        expires_at: DateTime<Utc>,
    },
    /// The password was right, and another input is needed.
    EntryOpened {
        /// Secret identifier of the sign-in.
        entry: String,
        /// Person who signs in.
        oid: Oid,
        /// Code sent by SMS, if that is the second factor.
        code: Option<OneTimeCode>,
        /// Expiry of the sign-in.
        expires_at: DateTime<Utc>,
    },
    /// Another SMS was sent; the earlier code is no longer accepted.
    CodeSent { entry: String, code: OneTimeCode },
    /// A wrong code was entered.
    CodeMissed {
        entry: String,
        /// Person who signs in.
        oid: Oid,
    },
    /// The second factor was passed.
    Passed {
        entry: String,
        /// Person who signs in.
        oid: Oid,
        /// Time step of a TOTP code.
        step: Option<u64>,
    },
    /// The sign-in ended in a session.
    EntryClosed { entry: String },
}
