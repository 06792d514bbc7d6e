//! The bare signature of the second and third versions (ESIA §2.2).

use crate::certificate::{Certificate, KeyError, PublicKey};
use crate::language::{Words, pick, tr};

/// How long bare signatures are, bytes, and what makes them (in Russian in the genitive).
pub(super) const RAW_SIZES: [(usize, Words); 5] = [
    (64, Words { russian: "ключа ГОСТ Р 34.10-2012 (256)", english: "a key of GOST R 34.10-2012 (256)" }),
    (128, Words { russian: "ключа ГОСТ Р 34.10-2012 (512)", english: "a key of GOST R 34.10-2012 (512)" }),
    (256, Words { russian: "ключа RSA 2048 бит", english: "a key of RSA with 2048 bits" }),
    (384, Words { russian: "ключа RSA 3072 бит", english: "a key of RSA with 3072 bits" }),
    (512, Words { russian: "ключа RSA 4096 бит", english: "a key of RSA with 4096 bits" }),
];

/// Why a bare signature is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RawError {
    /// Not as long as this key's signatures are, in bytes.
    #[error(
        "{}",
        tr!(
            "подпись длиной {got} байт, у этого ключа {expected}",
            "the signature has {got} bytes, this key's have {expected}"
        )
    )]
    Length {
        /// 64 and 128 for ГОСТ, the length of the modulus for RSA.
        expected: usize,
        /// Length after decoding, bytes.
        got: usize,
    },
    /// It holds with its bytes in the reverse order, as `CryptoPro` writes them.
    #[error(
        "{}",
        pick(
            "байты подписи записаны в обратном порядке: их нужно развернуть",
            "the bytes of the signature are in the reverse order: turn them round"
        )
    )]
    Reversed,
    /// It holds as `r ‖ s`.
    #[error(
        "{}",
        pick(
            "половины подписи переставлены: нужно s ‖ r, а записано r ‖ s",
            "the halves of the signature have changed places: needed is s ‖ r, written is r ‖ s"
        )
    )]
    Swapped,
    /// Another key, or another string.
    #[error(
        "{}",
        tr!(
            "подпись не сходится с ключом сертификата {subject}",
            "the signature does not hold by the key of the certificate {subject}"
        )
    )]
    Mismatch {
        /// The certificate's subject (RFC 4514).
        subject: String,
    },
    /// The certificate cannot be used.
    #[error("{}", tr!("сертификат: {_0}", "the certificate: {_0}"))]
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
