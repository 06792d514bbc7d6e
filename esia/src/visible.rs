//! Text that people cannot see rightly, made visible: what does not print, letters of another alphabet that look the same,
//! and where two texts begin to differ.

use std::fmt::{self, Write as _};

use crate::language::{pick, tr};
use crate::text::{is_invisible, latin_look_alike};

/// A character that does not print, or not as what it is. An ordinary space is none.
fn needs_showing(sign: char) -> bool {
    sign != ' ' && (sign.is_whitespace() || is_invisible(sign))
}

/// The text with what does not print written out: `KLIENT␊`, `A⟨U+00A0⟩B`. A space at either end is shown as `␠`.
pub fn visible(text: &str) -> String {
    let (start, end) = (text.len() - text.trim_start_matches(' ').len(), text.trim_end_matches(' ').len());
    let mut shown = String::with_capacity(text.len());
    for (at, sign) in text.char_indices() {
        match sign {
            ' ' if at < start || at >= end => shown.push('␠'),
            // The pictures of control characters stand in their order.
            '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(sign))),
            '\u{7f}' => shown.push('␡'),
            sign if needs_showing(sign) => {
                let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(sign));
            }
            sign => shown.push(sign),
        }
    }
    shown
}

/// What a character is called when it is told of: `перевод строки (U+000A)`, `кириллическая «К» (U+041A)`.
pub fn name_of(sign: char) -> String {
    let code = u32::from(sign);
    match sign {
        '\n' => tr!("перевод строки (U+{code:04X})", "a line end (U+{code:04X})"),
        '\r' => tr!("возврат каретки (U+{code:04X})", "a carriage return (U+{code:04X})"),
        '\t' => tr!("табуляция (U+{code:04X})", "a tab (U+{code:04X})"),
        '\0' => tr!("нулевой байт (U+{code:04X})", "a zero byte (U+{code:04X})"),
        ' ' => pick("пробел", "a blank").to_owned(),
        '\u{a0}' => tr!("неразрывный пробел (U+{code:04X})", "a no-break space (U+{code:04X})"),
        '\u{feff}' => tr!("метка порядка байтов, BOM (U+{code:04X})", "a byte order mark, BOM (U+{code:04X})"),
        '\u{200b}' => tr!("пробел нулевой ширины (U+{code:04X})", "a zero-width space (U+{code:04X})"),
        sign if needs_showing(sign) => tr!("невидимый знак U+{code:04X}", "an invisible character U+{code:04X}"),
        'А'..='я' | 'Ё' | 'ё' | 'І' | 'і' | 'Ј' | 'ј' | 'Ѕ' | 'ѕ' => {
            tr!("кириллическая «{sign}» (U+{code:04X})", "the Cyrillic «{sign}» (U+{code:04X})")
        }
        'A'..='Z' | 'a'..='z' => tr!("латинская «{sign}»", "the Latin «{sign}»"),
        sign => format!("«{sign}»"),
    }
}

/// The text as it was meant: without what does not print and without blanks at its ends, look-alikes in Latin.
pub fn plain(text: &str) -> String {
    let seen = text.chars().filter(|sign| !needs_showing(*sign));
    let latin: String =
        seen.map(|sign| if sign == 'З' { '3' } else { latin_look_alike(sign).unwrap_or(sign) }).collect();
    latin.trim().to_owned()
}

/// Where two texts begin to differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first character that differs, counted from one.
    pub at: usize,
    /// The character expected there; none when the expected text ends before.
    pub expected: Option<char>,
    /// The character that came; none when what came ends before.
    pub got: Option<char>,
    /// The expected text, shown with a mark before that character.
    pub expected_marked: String,
    /// What came, shown likewise.
    pub got_marked: String,
}

/// The mark before the first difference.
pub const MARK: char = '▸';

/// Compares character by character. `None` when the texts are equal.
pub fn difference(expected: &str, got: &str) -> Option<Difference> {
    if expected == got {
        return None;
    }
    let same = expected.chars().zip(got.chars()).take_while(|(one, other)| one == other).count();
    let marked = |text: &str| {
        let place = text.char_indices().nth(same).map_or(text.len(), |(at, _)| at);
        let (before, after) = text.split_at(place);
        // Blanks at the seam are not at an end of the text.
        let shown = visible(&format!("{before}{MARK}{after}"));
        if after.is_empty() { tr!("{shown}⟨конец⟩", "{shown}⟨end⟩") } else { shown }
    };
    Some(Difference {
        at: same + 1,
        expected: expected.chars().nth(same),
        got: got.chars().nth(same),
        expected_marked: marked(expected),
        got_marked: marked(got),
    })
}

/// «с 7-го знака: ожидался конец, получен перевод строки (U+000A)»
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |sign: Option<char>| sign.map_or_else(|| pick("конец", "the end").to_owned(), name_of);
        let (expected, got) = (named(self.expected), named(self.got));
        f.write_str(&tr!(
            "отличие со знака {}: ожидалось — {expected}, получено — {got}",
            "they differ from character {} on: expected {expected}, got {got}",
            self.at
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_print_is_written_out() {
        let check = |text: &str, shown: &str| assert_eq!(visible(text), shown);
        check("KLIENT\n", "KLIENT␊");
        check("KLIENT\r\n", "KLIENT␍␊");
        check("A\u{a0}B", "A⟨U+00A0⟩B");
        check("A\0B\u{200b}", "A␀B⟨U+200B⟩");
        check(" a b ", "␠a b␠");
        check("   ", "␠␠␠");
        check("обычный текст", "обычный текст");
    }

    #[test]
    fn the_first_difference_is_marked_and_told() {
        let told = |expected: &str, got: &str| {
            let found = difference(expected, got).unwrap();
            format!("{found}\n{}\n{}", found.expected_marked, found.got_marked)
        };
        insta::assert_snapshot!(told("KLIENT", "KLIENT\n"), @r"
        отличие со знака 7: ожидалось — конец, получено — перевод строки (U+000A)
        KLIENT▸⟨конец⟩
        KLIENT▸␊
        ");
        insta::assert_snapshot!(told("DIARY-K", "DIARY-К"), @r"
        отличие со знака 7: ожидалось — латинская «K», получено — кириллическая «К» (U+041A)
        DIARY-▸K
        DIARY-▸К
        ");
        insta::assert_snapshot!(told("openid fullname", "openid\u{a0}fullname"), @r"
        отличие со знака 7: ожидалось — пробел, получено — неразрывный пробел (U+00A0)
        openid▸ fullname
        openid▸⟨U+00A0⟩fullname
        ");
        assert_eq!(difference("одно", "одно"), None);
    }

    #[test]
    fn a_text_is_understood_as_it_was_meant() {
        assert_eq!(plain("\u{feff} DIАRY\u{200b}\r\n"), "DIARY");
        assert_eq!(plain("Школа"), "Шкoлa");
    }

    proptest! {
        #[test]
        fn two_texts_are_marked_at_the_same_place(one in ".*", other in ".*") {
            match difference(&one, &other) {
                None => prop_assert_eq!(one, other),
                Some(found) => prop_assert!(found.expected != found.got),
            }
        }
    }
}
