//! What came in place of a `client_secret` that cannot be read as one: how it is wrapped, cut, or what else it is.

use der::{Decode as _, Tag, Tagged as _, asn1::Uint};

use super::{raw::RAW_SIZES, wrapping::Wrapping};
use crate::{Certificate, base64_any::decode_base64_any, certificate::AnyHash, cms, der_length::der_length, visible};

/// What a `client_secret` should be, and what it may be mistaken for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// A CMS; otherwise a bare signature.
    pub is_cms: bool,
    /// Lengths of bare signatures of the registered keys, bytes.
    pub sizes: &'a [usize],
    /// The string that must be signed.
    pub string: &'a str,
    /// `client_certificate_hash`, where it came.
    pub certificate_hash: Option<&'a str>,
}

/// Words that programs, templates and documents write in place of a value.
const PLACEHOLDERS: [&str; 16] = [
    "undefined",
    "null",
    "none",
    "nil",
    "nan",
    "true",
    "false",
    "[object object]",
    "<nil>",
    "client_secret",
    "secret",
    "changeme",
    "your_client_secret",
    "todo",
    "signature",
    "[object arraybuffer]",
];
/// Shorter text than this is no base64 of a signature.
const MIN_TEXT: usize = 80;

/// What came, if it is not what is wanted.
pub fn look(text: &str, wanted: &Wanted<'_>) -> Option<Wrapping> {
    let decoded = decode_base64_any(text);
    // Nothing that `of_text` looks for is the base64 of a CMS.
    let is_wanted = wanted.is_cms && decoded.as_ref().is_ok_and(|bytes| is_cms(bytes));
    if !is_wanted && let Some(found) = of_text(text, wanted) {
        return Some(found);
    }
    match decoded {
        Ok(bytes) => of_bytes(&bytes, wanted),
        Err(_) => Some(not_base64(text)),
    }
}

/// What a text is that is not base64 of a signature, or not of it alone.
fn of_text(text: &str, wanted: &Wanted<'_>) -> Option<Wrapping> {
    let bare = text.trim();
    let has = |part: &str| bare.contains(part);
    let between = |open: &str, close: &str| bare.len() > 1 && bare.starts_with(open) && bare.ends_with(close);
    Some(match () {
        () if bare.is_empty() => Wrapping::Empty,
        () if bare == "[object Promise]" || bare.starts_with("Promise {") => Wrapping::Promise,
        () if is_placeholder(bare) => Wrapping::Placeholder(visible::visible(bare)),
        () if bare == wanted.string.trim() => Wrapping::String,
        () if has("-----BEGIN ") => of_pem(bare),
        () if has("MIME-Version:") || has("Content-Type:") => Wrapping::Smime,
        () if between("b'", "'") || between("b\"", "\"") => Wrapping::PythonBytes,
        () if between("\"", "\"") || between("'", "'") || between("`", "`") => Wrapping::Quoted,
        () if is_numbers(bare) => Wrapping::Numbers,
        () if between("{", "}") || between("[", "]") => Wrapping::Json,
        () if bare.starts_with("data:") => Wrapping::DataUrl,
        () if is_jwt(bare) => Wrapping::Jwt,
        () if is_percent(bare) => Wrapping::Percent,
        () if has("&#") || has("&amp;") => Wrapping::Html,
        () => return of_hex(bare, wanted),
    })
}

fn is_placeholder(text: &str) -> bool {
    let pairs = [("{", "}"), ("${", "}"), ("{{", "}}"), ("<", ">"), ("%", "%"), ("#{", "}"), ("$(", ")")];
    let is_short = text.len() < MIN_TEXT;
    let is_name =
        |inside: &str| !inside.is_empty() && inside.chars().all(|sign| sign.is_alphanumeric() || " _-.".contains(sign));
    let is_template = |(open, close): (&str, &str)| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name)
    };
    let lower = text.to_lowercase();
    is_short
        && (PLACEHOLDERS.contains(&lower.as_str())
            || pairs.into_iter().any(is_template)
            || lower.len() > 2 && lower.chars().all(|sign| matches!(sign, 'x' | '*' | '.'))
            || text.strip_prefix('$').is_some_and(is_name))
}

fn of_pem(text: &str) -> Wrapping {
    let label = text.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----"));
    match label.map(|(label, _)| label).unwrap_or_default() {
        "CERTIFICATE" => Wrapping::Certificate,
        label if label.ends_with("PRIVATE KEY") => Wrapping::PrivateKey,
        label => Wrapping::Pem(label.chars().take(40).collect()),
    }
}

/// `48, 130, 5` or `[48,130,5]`: what `String(array)` of bytes gives.
fn is_numbers(text: &str) -> bool {
    let parts: Vec<_> = text.trim_matches(['[', ']', '{', '}']).split(',').collect();
    parts.len() >= 16
        && parts.iter().all(|part| part.trim().parse::<i16>().is_ok_and(|byte| (-128..256).contains(&byte)))
}

fn is_jwt(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    matches!(parts.len(), 3 | 5) && decode_base64_any(parts[0]).is_ok_and(|header| header.starts_with(b"{"))
}

fn is_percent(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).any(|three| three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit))
}

fn of_hex(text: &str, wanted: &Wanted<'_>) -> Option<Wrapping> {
    let digits: String = text.chars().filter(|sign| !matches!(sign, ':' | ' ' | '\n' | '\r')).collect();
    let digits = digits.strip_prefix("0x").unwrap_or(&digits);
    let bytes = hex::decode(digits).ok().filter(|bytes| bytes.len() >= 16)?;
    let is_of_certificate = wanted.certificate_hash.is_some_and(|hash| hash.trim().eq_ignore_ascii_case(text));
    Some(match () {
        () if is_of_certificate => Wrapping::CertificateHash,
        () => match of_hash(&bytes, wanted) {
            Some(hash) => Wrapping::Hash(hash),
            // A bare signature of 64 bytes may be any hash of that length.
            None if matches!(bytes.len(), 16 | 20 | 28 | 32 | 48) => Wrapping::LikeHash(bytes.len()),
            None if is_cms(&bytes) || RAW_SIZES.iter().any(|(size, _)| *size == bytes.len()) => Wrapping::Hex,
            // Base64 may have such characters alone.
            None => return None,
        },
    })
}

fn of_hash(bytes: &[u8], wanted: &Wanted<'_>) -> Option<AnyHash> {
    let mut hashes = AnyHash::ALL.into_iter().filter(|hash| hash.size() == bytes.len());
    hashes.find(|hash| hash.digest(wanted.string.as_bytes()) == bytes)
}

fn not_base64(text: &str) -> Wrapping {
    let bare = text.trim();
    let is_of_base64 = |sign: char| sign.is_ascii_alphanumeric() || "+/-_= \r\n\t".contains(sign);
    let foreign = bare.chars().enumerate().find(|(_, sign)| !is_of_base64(*sign));
    match foreign {
        // Words and sentences; what is nearly base64 has one odd sign.
        Some(_) if bare.len() < MIN_TEXT => Wrapping::Text(visible::visible(bare)),
        Some((at, sign)) => Wrapping::Character(sign, at + 1),
        None => Wrapping::CutText(bare.chars().filter(|sign| !"= \r\n\t".contains(*sign)).count()),
    }
}

fn of_bytes(bytes: &[u8], wanted: &Wanted<'_>) -> Option<Wrapping> {
    let is_raw = wanted.sizes.iter().any(|size| bytes.len() == *size || bytes.len() == size + 1);
    if is_cms(bytes) {
        let cut = der_length(bytes).filter(|length| *length > bytes.len());
        return match cut {
            Some(length) => Some(Wrapping::Cut(length, bytes.len())),
            None => (!wanted.is_cms).then_some(Wrapping::CmsForRaw),
        };
    }
    if wanted.is_cms && is_other_cms(bytes) {
        return None;
    }
    if let Some(found) = inner_text(bytes, wanted) {
        return Some(found);
    }
    if is_raw && !wanted.is_cms {
        return None;
    }
    if let Some(hash) = of_hash(bytes, wanted) {
        return Some(Wrapping::Hash(hash));
    }
    if let Some(found) = of_der(bytes) {
        return Some(found);
    }
    let like = RAW_SIZES.iter().find(|(size, _)| bytes.len() == *size || bytes.len() == size + 1);
    match (like, wanted.is_cms) {
        (Some((_, like)), true) => Some(Wrapping::RawForCms(*like)),
        // What is wrong with a length is told with the signature.
        (_, false) => None,
        (None, true) => Some(Wrapping::Unknown(bytes.len(), hex::encode(&bytes[..bytes.len().min(8)]))),
    }
}

/// `SignedData` of RFC 5652, by its identifier near the beginning: BER lengths differ.
pub fn is_cms(bytes: &[u8]) -> bool {
    begins_with_type(bytes, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2])
}

/// A CMS of any kind, to be told which.
fn is_other_cms(bytes: &[u8]) -> bool {
    begins_with_type(bytes, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7])
}

fn begins_with_type(bytes: &[u8], oid: &[u8]) -> bool {
    bytes.first() == Some(&0x30) && bytes.windows(oid.len()).take(12).any(|part| part == oid)
}

/// Text in place of bytes: what was encoded was no signature, or one that was encoded before.
fn inner_text(bytes: &[u8], wanted: &Wanted<'_>) -> Option<Wrapping> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() >= 12)?;
    if text.matches(char::REPLACEMENT_CHARACTER).count() >= 3 {
        return Some(Wrapping::Damaged);
    }
    let has_high = !text.is_ascii();
    if has_high && text.chars().any(|sign| sign.is_control() && !sign.is_whitespace()) {
        return text.chars().all(|sign| u32::from(sign) < 0x100).then_some(Wrapping::AsUtf8);
    }
    if text.chars().any(|sign| sign.is_control() && !sign.is_whitespace()) {
        return None;
    }
    if text.trim() == wanted.string.trim() {
        return Some(Wrapping::Inside(Box::new(Wrapping::String)));
    }
    if let Some(inner) = of_text(text, wanted) {
        return Some(Wrapping::Inside(Box::new(inner)));
    }
    Some(match decode_base64_any(text) {
        Ok(inner) if is_cms(&inner) || RAW_SIZES.iter().any(|(size, _)| *size == inner.len()) => Wrapping::Twice,
        _ => Wrapping::Inside(Box::new(Wrapping::Text(visible::visible(&text.chars().take(60).collect::<String>())))),
    })
}

/// Another structure in DER.
fn of_der(bytes: &[u8]) -> Option<Wrapping> {
    let length = der_length(bytes)?;
    if length > bytes.len() {
        return Some(Wrapping::Cut(length, bytes.len()));
    }
    let whole = &bytes[..length];
    if Certificate::from_der(whole).is_ok() {
        return Some(Wrapping::Certificate);
    }
    if Vec::<Uint>::from_der(whole).is_ok_and(|numbers| numbers.len() == 2) {
        return Some(Wrapping::DerSequence);
    }
    if cms::is_bare_signed_data(whole) {
        return Some(Wrapping::BareSignedData);
    }
    let parts = Vec::<der::Any>::from_der(whole).ok()?;
    let [version, second, ..] = parts.as_slice() else { return None };
    match (version.tag(), version.value(), second.tag()) {
        (Tag::Integer, [3], Tag::Sequence) => Some(Wrapping::Pkcs12),
        (Tag::Integer, [0], Tag::Sequence | Tag::Integer) => Some(Wrapping::PrivateKey),
        _ => None,
    }
}
