//! What is wrong with bytes that are no certificate.

use crate::der_length::der_length;

/// What is wrong with bytes that are no certificate, in words of our own.
pub(super) fn problem(der: &[u8]) -> String {
    match (der, der_length(der)) {
        ([], _) => "нет ни одного байта".to_owned(),
        (_, Some(length)) if length > der.len() => {
            format!("обрезан: по заголовку {length} байт, есть {}", der.len())
        }
        (_, Some(length)) if length < der.len() => {
            format!("после сертификата лишние байты: {} из {}", der.len() - length, der.len())
        }
        ([0x30, ..], _) => "это DER, но не сертификат X.509".to_owned(),
        ([first, ..], _) => format!("первый байт {first:02x}, а DER сертификата начинается с 30"),
    }
}
