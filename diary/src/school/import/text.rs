//! Decoding of files: encodings, line ends and separators of the programs that save registers.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1251};
use esia::text::composed;

use super::LineFault;

/// Column separators in the order of preference.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// Text of a file: letters composed (NFC), lines ended by LF.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) text: String,
    pub(super) separator: u8,
    /// Line of the file on which the text begins, from 1; 2 after a line such as `sep=;`.
    pub(super) first_line: u64,
}

impl Sheet {
    /// Returns the text for another upload, with its `sep=` line.
    pub(super) fn into_text(self) -> String {
        if self.first_line == 1 { self.text } else { format!("sep={}\n{}", char::from(self.separator), self.text) }
    }
}

/// Decodes a file: UTF-8 with or without a byte order mark, UTF-16 with one, or windows-1251; separated by `;`, `,` or
/// tabs, or by the separator of a first line such as `sep=;`.
///
/// # Errors
/// Fails if the file is not text, or mixes two encodings.
pub(super) fn sheet(bytes: &[u8]) -> Result<Sheet, LineFault> {
    let text = decoded(bytes)?;
    if let Some(at) = text.find('\0') {
        let message = "это не текст: сохраните таблицу как «CSV UTF-8»";
        return Err(LineFault::new(line_of(text[..at].as_bytes()), "файл", message));
    }
    let text = composed(&text).replace("\r\n", "\n").replace('\r', "\n");
    let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
    if let Some(separator) = said(head) {
        return Ok(Sheet { text: rest.to_owned(), separator, first_line: 2 });
    }
    let separator = seen(head);
    Ok(Sheet { text, separator, first_line: 1 })
}

/// Returns the separator of a `sep=` line.
fn said(line: &str) -> Option<u8> {
    let line = line.trim_matches('"');
    let (name, separator) = line.split_at_checked(4)?;
    // A spreadsheet that saves the file pads this line with its own separators.
    match separator.as_bytes() {
        [one, rest @ ..] if name.eq_ignore_ascii_case("sep=") && rest.iter().all(|byte| b"\";,\t".contains(byte)) => {
            Some(*one).filter(|one| *one != b'"')
        }
        _ => None,
    }
}

/// Returns the most frequent separator of a line, outside of quotes.
fn seen(line: &str) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for byte in line.bytes() {
        is_quoted ^= byte == b'"';
        if let Some(at) = SEPARATORS.iter().position(|one| *one == byte && !is_quoted) {
            counts[at] += 1;
        }
    }
    // When counts are equal, the first separator wins.
    let most = (0..SEPARATORS.len()).rev().max_by_key(|at| counts[*at]).unwrap_or_default();
    SEPARATORS[most]
}

fn line_of(before: &[u8]) -> u64 {
    u64::try_from(before.split(|byte| *byte == b'\n').count()).unwrap_or(u64::MAX)
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, LineFault> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let message = "это книга Excel: сохраните таблицу как «CSV UTF-8» и загрузите тот файл";
        return Err(LineFault::new(1, "файл", message));
    }
    let with = |encoding: &'static Encoding, bytes| {
        let read = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        read.ok_or_else(|| LineFault::new(1, "файл", format!("файл повреждён: это не {}", encoding.name())))
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return with(UTF_16LE, rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return with(UTF_16BE, rest);
    }
    let (has_mark, bytes) = bytes.strip_prefix(b"\xEF\xBB\xBF").map_or((false, bytes), |rest| (true, rest));
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.into()),
        Err(error) => error,
    };
    let good = &bytes[..error.valid_up_to()];
    if has_mark || !good.is_ascii() {
        let message = "здесь файл не в UTF-8, хотя выше — в UTF-8: сохраните его целиком как «CSV UTF-8»";
        return Err(LineFault::new(line_of(good), "файл", message));
    }
    with(WINDOWS_1251, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_each_encoding_that_programs_save_it_in() {
        let text = "Имя;Класс\nЙод Ёж;7А";
        let utf16 = |little: bool| {
            let units =
                text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            let mark: &[u8] = if little { b"\xFF\xFE" } else { b"\xFE\xFF" };
            [mark.to_vec(), units.collect()].concat()
        };
        let (cyrillic, ..) = WINDOWS_1251.encode(text);
        let mac = text.replace('\n', "\r");
        let apart = text.replace('Й', "И\u{306}").replace('Ё', "Е\u{308}");
        for bytes in [
            text.as_bytes(),
            format!("\u{feff}{text}").as_bytes(),
            text.replace('\n', "\r\n").as_bytes(),
            mac.as_bytes(),
            apart.as_bytes(),
            &utf16(true),
            &utf16(false),
            &cyrillic,
        ] {
            assert_eq!(sheet(bytes).unwrap(), Sheet { text: text.to_owned(), separator: b';', first_line: 1 });
        }
    }

    #[test]
    fn a_separator_is_said_or_seen() {
        let of =
            |text: &str| sheet(text.as_bytes()).map(|sheet| (char::from(sheet.separator), sheet.first_line)).unwrap();
        assert_eq!(
            (of("а;б,в;г"), of("а,б"), of("а\tб"), of("а"), of("")),
            ((';', 1), (',', 1), ('\t', 1), (';', 1), (';', 1))
        );
        assert_eq!(of("\"а;б;в\",г"), (',', 1), "not within quotes");
        for said in ["sep=,\nа;б", "SEP=,\r\nа", "\"sep=,\"\nа", "sep=,;;;\nа"] {
            assert_eq!(of(said), (',', 2), "{said}");
        }
        assert_eq!(of("sep=\t\nа;б"), ('\t', 2));
        assert_eq!(of("sep=\nа;б"), (';', 1));
    }

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        let odd: &[u8] = b"\xFF\xFEa";
        let told = [
            b"PK\x03\x04\x14".as_slice(),
            b"a\nb\0",
            odd,
            &["Имя\n".as_bytes(), b"\xcf\xe5"].concat(),
            b"\xEF\xBB\xBFa\n\n\xcf",
        ]
        .map(|bytes| sheet(bytes).unwrap_err())
        .map(|fault| format!("{} {}: {}", fault.line, fault.field, fault.message));
        insta::assert_snapshot!(told.join("\n"), @r#"
    1 файл: это книга Excel: сохраните таблицу как «CSV UTF-8» и загрузите тот файл
    2 файл: это не текст: сохраните таблицу как «CSV UTF-8»
    1 файл: файл повреждён: это не UTF-16LE
    2 файл: здесь файл не в UTF-8, хотя выше — в UTF-8: сохраните его целиком как «CSV UTF-8»
    3 файл: здесь файл не в UTF-8, хотя выше — в UTF-8: сохраните его целиком как «CSV UTF-8»
    "#);
    }
}
