//! What is wrong with bytes that are no certificate.

use crate::der_length::der_length;
use crate::language::{pick, tr};

/// What is wrong with bytes that are no certificate, in words of our own.
pub(super) fn problem(der: &[u8]) -> String {
    match (der, der_length(der)) {
        ([], _) => pick("нет ни одного байта", "there is not one byte").to_owned(),
        (_, Some(length)) if length > der.len() => {
            tr!(
                "обрезан: по заголовку {length} байт, есть {}",
                "it is cut off: {length} bytes by its header, {} are there",
                der.len()
            )
        }
        (_, Some(length)) if length < der.len() => {
            tr!(
                "после сертификата лишние байты: {} из {}",
                "bytes too many after the certificate: {} of {}",
                der.len() - length,
                der.len()
            )
        }
        ([0x30, ..], _) => pick("это DER, но не сертификат X.509", "this is DER, but no X.509 certificate").to_owned(),
        ([first, ..], _) => tr!(
            "первый байт {first:02x}, а DER сертификата начинается с 30",
            "the first byte is {first:02x}, and DER of a certificate begins with 30"
        ),
    }
}
