//! The second factor: what it is, and what happens to it.

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};

use super::OneTimeCode;

/// What is asked for after the password: the person's own setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SecondFactor {
    #[default]
    None,
    /// A code from an SMS.
    Sms,
    /// A code from an application (RFC 6238).
    Totp {
        /// The shared secret in Base32.
        secret: String,
        /// The last 30-second step whose code was taken: none is taken twice (RFC 6238 §5.2).
        used: u64,
    },
}

/// The world's time as RFC 6238 counts it.
fn unix(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

/// The generator of a secret; none for a text that is not a secret.
pub(crate) fn totp(secret: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let builder = Builder::new().with_secret(secret).with_issuer(Some("Мок Госуслуг")).with_account_name(account);
    builder.build().ok()
}

/// The code that an application shows now, and when the next one comes.
pub(crate) fn totp_now(secret: &str, now: DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
    let totp = totp(secret, "")?;
    let next = i64::try_from(totp.next_step(unix(now))).ok()?;
    Some((totp.generate(unix(now)).to_string(), DateTime::from_timestamp(next, 0)?))
}

/// The step of a code, when it is right and later than the last one taken.
pub(super) fn totp_step(secret: &str, used: u64, typed: &str, now: DateTime<Utc>) -> Option<u64> {
    totp(secret, "")?.check(typed, unix(now)).filter(|step| *step > used)
}

/// What happens to second factors and to sign-ins under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum FactorEvent {
    /// A person chose a second factor, or none.
    Chosen { oid: Oid, factor: SecondFactor },
    /// A secret for an application is shown and waits for its first code.
    TotpOffered {
        oid: Oid,
        /// The secret in Base32.
        secret: String,
        expires_at: DateTime<Utc>,
    },
    /// The password was right; more is asked for.
    EntryOpened {
        /// The secret name of this sign-in.
        entry: String,
        /// Who signs in.
        oid: Oid,
        /// The code that went by SMS.
        code: Option<OneTimeCode>,
        /// Until when it may be finished.
        expires_at: DateTime<Utc>,
    },
    /// Another SMS was asked for; the earlier code no longer works.
    CodeSent { entry: String, code: OneTimeCode },
    /// A wrong code was typed.
    CodeMissed {
        entry: String,
        /// Who signs in.
        oid: Oid,
    },
    /// The second factor was passed.
    Passed {
        entry: String,
        /// Who signs in.
        oid: Oid,
        /// The step of an application's code.
        step: Option<u64>,
    },
    /// The sign-in ended in a session.
    EntryClosed { entry: String },
}
