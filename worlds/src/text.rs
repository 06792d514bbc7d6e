//! Texts as people bring them: the one way in for text files, and what counts as the same text.

use esia::language::pick;

pub use esia::text::{composed, in_cyrillic, normal};

/// Bytes that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", pick("файл не в UTF-8: сохраните его в кодировке UTF-8", "the file is not UTF-8: save it as UTF-8"))]
pub struct NotText {
    /// Line of the first byte that is no text, from 1.
    pub line: usize,
}

/// Reads the bytes of a text file: UTF-8, or UTF-16 with its mark, and then as [`tidy`] leaves it.
///
/// # Errors
/// Bytes of another encoding.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => std::str::from_utf8(bytes)
            .map_err(|error| NotText { line: line_at(bytes.get(..error.valid_up_to()).unwrap_or_default()) })?
            .to_owned(),
    };
    Ok(tidy(&text))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let units: Vec<_> = bytes.as_chunks().0.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).map_err(|_| NotText { line: 1 })
}

fn line_at(before: &[u8]) -> usize {
    before.split(|byte| *byte == b'\n').count()
}

/// A text without byte order mark, its lines ended by `\n`, its letters composed (NFC): «й» is one character.
pub fn tidy(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    composed(&text.replace("\r\n", "\n").replace('\r', "\n")).into_owned()
}

/// The Latin letters of words that are Cyrillic otherwise («Лoгин»), or that are a number and look-alikes («7A»).
pub fn strangers(text: &str) -> String {
    let is_mixed = |word: &&str| {
        let latin = word.chars().any(|c| c.is_ascii_alphabetic());
        let cyrillic = word.chars().any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
        let class = word.starts_with(|c: char| c.is_ascii_digit()) && in_cyrillic(word) != **word;
        latin && (cyrillic || class)
    };
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(is_mixed);
    words.flat_map(str::chars).filter(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_file_is_read_whatever_wrote_it() {
        let utf16 =
            |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { "\u{feff}Сад\r\n".encode_utf16().flat_map(unit).collect() };
        assert_eq!(decode("\u{feff}Сад\r\nи\rогород\n".as_bytes()).unwrap(), "Сад\nи\nогород\n");
        assert_eq!(decode(&utf16(u16::to_le_bytes)).unwrap(), "Сад\n");
        assert_eq!(decode(&utf16(u16::to_be_bytes)).unwrap(), "Сад\n");
        assert_eq!(decode("лишнии\u{306}, е\u{308}ж".as_bytes()).unwrap(), "лишний, ёж");
        // «Сад» as Windows-1251 writes it.
        assert_eq!(decode(b"one\ntwo\n\xd1\xe0\xe4"), Err(NotText { line: 3 }));
    }

    #[test]
    fn white_space_and_what_nobody_sees_make_no_difference() {
        assert_eq!(normal(" №\u{a0}15\u{202f}и\n\t16 "), "№ 15 и 16");
        assert_eq!(normal("при\u{ad}вя\u{200b}зать"), "привязать");
    }

    #[test]
    fn latin_letters_among_cyrillic_ones_are_found() {
        assert_eq!(strangers("Лoгин и пaроль, e-mail, SMS"), "oa");
        assert_eq!(strangers("7A и 7А, 10B; A4, 15 min"), "AB");
        assert_eq!(in_cyrillic("7A"), "7А");
        assert_eq!(strangers("Телефон / Email / СНИЛС"), "");
    }
}
