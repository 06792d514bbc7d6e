use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};

use crate::language::{pick, tr};

/// Why a text is not base64 of any known kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Base64Error {
    /// Nothing to decode.
    #[error("{}", pick("значение base64 пусто", "the base64 value is empty"))]
    Empty,
    /// A character of neither alphabet.
    #[error("{}", tr!("в base64 недопустим знак «{_0}»", "base64 may not have «{_0}»"))]
    Character(char),
    /// A number of characters that no bytes encode to.
    #[error(
        "{}",
        tr!(
            "значение base64 обрезано: {_0} значащих знаков",
            "the base64 value is cut off: {_0} characters"
        )
    )]
    Length(usize),
}

impl Base64Error {
    /// Stable name for logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "base64-empty",
            Self::Character(_) => "base64-character",
            Self::Length(_) => "base64-length",
        }
    }
}

/// Bits that the last character leaves over are ignored: a trailing digit of `UrlTokenEncode` shifts them.
const ANY: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Decodes every way in which real clients write `client_secret`: either alphabet, with, without or with a part of the
/// padding, over several lines, `+` turned into a space by a form, and .NET's `UrlTokenEncode` with its trailing digit.
///
/// That digit cannot always be told from data, so one or two bytes may follow the value: CMS ignores what follows the
/// outer element, and a raw signature has a known length.
///
/// # Errors
/// When something else than base64 is there, or a part of it is lost.
pub fn decode_base64_any(text: &str) -> Result<Vec<u8>, Base64Error> {
    let text = text.trim();
    // As it should be written, and nearly always is.
    if let Ok(bytes) = URL_SAFE_NO_PAD.decode(text)
        && !bytes.is_empty()
    {
        return Ok(bytes);
    }
    // A space was a `+` only where neither a `+` nor the other alphabet is left.
    let space_was_plus = !text.contains(['+', '-', '_']);
    let mut standard = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '-' => standard.push('+'),
            '_' => standard.push('/'),
            ' ' if space_was_plus => standard.push('+'),
            '=' | ' ' | '\r' | '\n' | '\t' => {}
            '+' | '/' | '0'..='9' | 'A'..='Z' | 'a'..='z' => standard.push(sign),
            other => return Err(Base64Error::Character(other)),
        }
    }
    if standard.is_empty() {
        return Err(Base64Error::Empty);
    }
    if standard.len() > 1 && standard.len() % 4 == 1 && standard.ends_with(['0', '1', '2']) {
        standard.pop();
    }
    ANY.decode(&standard).map_err(|_| Base64Error::Length(standard.len()))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_decoded_or_refused(text in ".*", near in "[A-Za-z0-9+/_= \n-]*") {
            let _ = decode_base64_any(&text);
            let _ = decode_base64_any(&near);
        }

        #[test]
        fn every_variant_reads_back(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
            let (url, padded) = (URL_SAFE_NO_PAD.encode(&bytes), URL_SAFE.encode(&bytes));
            let pads = padded.len() - url.len();
            let lines = STANDARD.encode(&bytes).as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\r\n").collect();
            for variant in [url.clone(), padded.clone(), padded.replacen('=', "", 1), STANDARD.encode(&bytes), lines] {
                prop_assert_eq!(decode_base64_any(&variant), Ok(bytes.clone()), "{}", variant);
            }
            let with_digit = decode_base64_any(&format!("{url}{pads}")).unwrap();
            prop_assert!(with_digit.starts_with(&bytes) && with_digit.len() <= bytes.len() + 2);
        }
    }

    #[test]
    fn a_plus_that_came_as_a_space_is_a_plus() {
        assert_eq!(decode_base64_any("  + /"), decode_base64_any("+/"));
        assert_eq!(decode_base64_any("a b/").unwrap(), STANDARD.decode("a+b/").unwrap());
    }

    #[test]
    fn each_mistake_is_named() {
        let check = |text: &str, code| assert_eq!(decode_base64_any(text).unwrap_err().code(), code, "{text}");
        check("", "base64-empty");
        check("==", "base64-empty");
        check("A", "base64-length");
        check(" 0 ", "base64-length");
        check("AAAAA", "base64-length");
        check("AA*A", "base64-character");
        check("ключ", "base64-character");
    }
}
