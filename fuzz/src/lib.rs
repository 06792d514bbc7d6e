//! What the targets share: the registered certificates, and a clock that stands.

pub mod stand;

use std::{str::FromStr, sync::LazyLock};

use chrono::{DateTime, Utc};
use esia::{Certificate, PublicKey, keys};

/// Certificates of a client system, RSA and ГОСТ.
pub static REGISTERED: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    [keys::DIARY_CERTIFICATE_PEM, keys::DIARY_GOST_CERTIFICATE_PEM].map(|pem| Certificate::from_pem(pem).unwrap())
});

/// The provider's keys, RSA and ГОСТ.
pub static PROVIDER: LazyLock<[PublicKey; 2]> = LazyLock::new(|| {
    [keys::PROVIDER_CERTIFICATE_PEM, keys::PROVIDER_GOST_CERTIFICATE_PEM]
        .map(|pem| Certificate::from_pem(pem).unwrap().public_key().unwrap().clone())
});

/// The time in every target: 2 September 2024, 09:00 in Moscow.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_725_256_800, 0).unwrap()
}

/// What is read is written so that it reads back the same.
pub fn reads_back<T: FromStr + ToString + PartialEq>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        let written = read.to_string();
        assert!(written.parse::<T>().is_ok_and(|again| again == read), "{text:?} was written as {written:?}");
    }
}
