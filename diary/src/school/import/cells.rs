//! Parsing of cells, and of the changes that spreadsheets make to them: numbers without leading zeros, phones without a
//! plus.

use std::fmt::Display;

use esia::{
    Phone, Snils,
    ids::SnilsError,
    text::{foreign_letter, is_invisible},
};

/// Removes from a cell what spreadsheets put around a text: surrounding blanks of any kind, and the apostrophe or
/// `="…"` that prevents reading it as a formula or a number.
pub(super) fn plain(cell: &str) -> String {
    let cell = cell.trim_matches(|sign: char| sign.is_whitespace() || is_invisible(sign));
    let cell = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell);
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    };
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces every typographic hyphen, dash and minus by the ASCII hyphen.
fn typed_hyphens(text: &str) -> String {
    text.replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'], "-")
}

/// Returns the digits of a whole number as a spreadsheet writes it, without a trailing `,0` or `.0`.
fn digits(text: &str) -> Option<&str> {
    let text = text.strip_suffix(",0").or_else(|| text.strip_suffix(".0")).unwrap_or(text);
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// Checks whether a spreadsheet wrote a long number in scientific notation: `1,00002E+08`.
fn is_power(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e', 'Е', 'е']) else { return false };
    let is_number =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b",.+".contains(&byte));
    is_number(number) && is_number(power)
}

fn power_told(text: &str, what: &str) -> String {
    format!("таблица сделала из {what} число «{text}»: сделайте столбец текстовым и введите его заново")
}

/// Parses a СНИЛС.
///
/// # Errors
/// Explains what a spreadsheet did to the value, if that is the cause.
pub(super) fn snils(cell: &str) -> Result<Snils, String> {
    let cell = typed_hyphens(cell);
    let error = match cell.parse::<Snils>() {
        Ok(snils) => return Ok(snils),
        Err(error @ SnilsError::CheckNumber { .. }) => return Err(error.to_string()),
        Err(error) => error,
    };
    if is_power(&cell) {
        return Err(power_told(&cell, "СНИЛС"));
    }
    let Some(digits) = digits(&cell).filter(|digits| digits.len() <= 11) else { return Err(error.to_string()) };
    let count = digits.len();
    Err(match format!("{digits:0>11}").parse::<Snils>() {
        Ok(whole) if count == 11 => format!("«{cell}» записан числом: должно быть {whole}"),
        Ok(whole) => format!("цифр {count} вместо 11: таблица потеряла нули в начале, должно быть {whole}"),
        Err(_) => format!("цифр {count} вместо 11: {error}"),
    })
}

/// Checks the number of a birth certificate for lost leading zeros, which would make it another number.
///
/// # Errors
/// Fails on a number in scientific notation, or with fewer than six digits.
pub(super) fn certificate_number(cell: &str) -> Result<String, String> {
    if is_power(cell) {
        return Err(power_told(cell, "номера"));
    }
    match digits(cell) {
        Some(digits) if digits.len() < 6 => Err(format!(
            "цифр {} вместо 6: если таблица потеряла нули в начале, должно быть {digits:0>6}",
            digits.len()
        )),
        _ => Ok(cell.to_owned()),
    }
}

/// Returns the series of a birth certificate with ASCII hyphens.
pub(super) fn series(cell: &str) -> String {
    typed_hyphens(cell)
}

/// Parses a phone. A spreadsheet reads `+79001234567` as a number and drops the plus.
///
/// # Errors
/// Returns what is wrong with the number.
pub(super) fn phone(cell: &str) -> Result<Phone, String> {
    let cell = typed_hyphens(cell);
    if is_power(&cell) {
        return Err(power_told(&cell, "телефона"));
    }
    let is_bare = digits(&cell).is_some_and(|digits| digits.len() == 11 && digits.starts_with('7'));
    let text = if is_bare { format!("+{}", digits(&cell).unwrap_or_default()) } else { cell };
    text.parse().map_err(|error: esia::ids::PhoneError| error.to_string())
}

/// Parses Russian text with `read` after checking its letters.
///
/// # Errors
/// Fails on a Latin letter in a Russian word, or if `read` fails.
pub(super) fn words<T, E: Display>(cell: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, String> {
    if let Some((letter, at)) = foreign_letter(cell) {
        return Err(format!("в русском слове латинская буква «{letter}», {at}-й знак: наберите его по-русски"));
    }
    read(cell).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_put_around_a_cell_is_dropped() {
        for cell in ["7А", " 7А\t", "\u{a0}7А\u{200b}", "=\"7А\"", "\u{feff}7А"] {
            assert_eq!(plain(cell), "7А", "{cell:?}");
        }
        assert_eq!(
            (plain("'+7"), plain("'7"), plain("001-000-020\u{a0}00")),
            ("+7".into(), "'7".into(), "001-000-020 00".into())
        );
    }

    #[test]
    fn a_snils_is_read_or_told_what_became_of_it() {
        for cell in ["001-000-020 00", "00100002000", "001–000–020 00"] {
            assert_eq!(snils(cell).unwrap().to_string(), "001-000-020 00", "{cell}");
        }
        let wrong = [
            "100002000",
            "100002000,0",
            "00100002000.0",
            "1,00002E+08",
            "1e8",
            "12345678901",
            "123",
            "001-000-020-00",
            "112-233-445 96",
            "x",
        ];
        insta::assert_snapshot!(wrong.map(|cell| format!("{cell}: {}", snils(cell).unwrap_err())).join("\n"), @r#"
    100002000: цифр 9 вместо 11: таблица потеряла нули в начале, должно быть 001-000-020 00
    100002000,0: цифр 9 вместо 11: таблица потеряла нули в начале, должно быть 001-000-020 00
    00100002000.0: «00100002000.0» записан числом: должно быть 001-000-020 00
    1,00002E+08: таблица сделала из СНИЛС число «1,00002E+08»: сделайте столбец текстовым и введите его заново
    1e8: таблица сделала из СНИЛС число «1e8»: сделайте столбец текстовым и введите его заново
    12345678901: контрольное число СНИЛС не сходится: ожидалось 64, получено 01
    123: цифр 3 вместо 11: таблица потеряла нули в начале, должно быть 000-000-001 23
    001-000-020-00: СНИЛС записывается как 000-000-000 00 или 11 цифрами подряд
    112-233-445 96: контрольное число СНИЛС не сходится: ожидалось 95, получено 96
    x: СНИЛС записывается как 000-000-000 00 или 11 цифрами подряд
    "#);
    }

    #[test]
    fn a_phone_without_its_plus_and_a_number_without_its_zeros() {
        assert_eq!(phone("70000000001").unwrap(), phone("+7(000)0000001").unwrap());
        assert!(phone("9001234567").is_err() && phone("7,00E+10").unwrap_err().contains("число"));
        assert_eq!(certificate_number("000101").unwrap(), "000101");
        assert!(certificate_number("101").unwrap_err().ends_with("должно быть 000101"));
        assert!(words("Ивaнов Иван Ильич", str::parse::<esia::FullName>).unwrap_err().contains("«a», 3-й знак"));
    }
}
