//! The bare signature of the second and third versions (ESIA §2.2).

use crate::certificate::{Certificate, KeyError, PublicKey};

/// How long bare signatures are, bytes, and what makes them.
pub(super) const RAW_SIZES: [(usize, &str); 5] = [
    (64, "ключа ГОСТ Р 34.10-2012 (256)"),
    (128, "ключа ГОСТ Р 34.10-2012 (512)"),
    (256, "ключа RSA 2048 бит"),
    (384, "ключа RSA 3072 бит"),
    (512, "ключа RSA 4096 бит"),
];

/// Why a bare signature is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RawError {
    /// Not as long as this key's signatures are, in bytes.
    #[error("подпись длиной {got} байт, у этого ключа {expected}")]
    Length {
        /// 64 and 128 for ГОСТ, the length of the modulus for RSA.
        expected: usize,
        /// Length after decoding, bytes.
        got: usize,
    },
    /// It holds with its bytes in the reverse order, as `CryptoPro` writes them.
    #[error("байты подписи записаны в обратном порядке: их нужно развернуть")]
    Reversed,
    /// It holds as `r ‖ s`.
    #[error("половины подписи переставлены: нужно s ‖ r, а записано r ‖ s")]
    Swapped,
    /// Another key, or another string.
    #[error("подпись не сходится с ключом сертификата {subject}")]
    Mismatch {
        /// The certificate's subject (RFC 4514).
        subject: String,
    },
    /// The certificate cannot be used.
    #[error("сертификат: {0}")]
    Certificate(#[source] KeyError),
}

impl RawError {
    /// Stable name for verdicts and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "raw-length",
            Self::Reversed => "raw-reversed",
            Self::Swapped => "raw-swapped",
            Self::Mismatch { .. } => "raw-mismatch",
            Self::Certificate(_) => "raw-certificate",
        }
    }
}

/// Checks `client_secret` of the second and third versions (ESIA §2.2): a signature value and nothing else, ГОСТ as `s ‖ r`,
/// both big-endian. A byte that .NET's `UrlTokenEncode` left at the end is dropped.
///
/// # Errors
/// The reason for which it does not hold.
pub fn verify_raw(certificate: &Certificate, message: &[u8], signature: &[u8]) -> Result<(), RawError> {
    let (key, signature) = trim(certificate, signature)?;
    let holds = |signature: &[u8]| key.verifies(key.algorithm().hash(), message, signature);
    if holds(signature) {
        return Ok(());
    }
    let (left, right) = signature.split_at(signature.len() / 2);
    if holds(&signature.iter().rev().copied().collect::<Vec<_>>()) {
        Err(RawError::Reversed)
    } else if holds(&[right, left].concat()) {
        Err(RawError::Swapped)
    } else {
        Err(RawError::Mismatch { subject: certificate.subject().to_owned() })
    }
}

fn trim<'a, 'b>(certificate: &'a Certificate, signature: &'b [u8]) -> Result<(&'a PublicKey, &'b [u8]), RawError> {
    let key = certificate.public_key().map_err(RawError::Certificate)?;
    let expected = key.signature_size();
    match signature.len() {
        length if length == expected => Ok((key, signature)),
        length if length == expected + 1 => Ok((key, &signature[..expected])),
        got => Err(RawError::Length { expected, got }),
    }
}
