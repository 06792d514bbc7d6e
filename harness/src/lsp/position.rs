//! Places in a text: an editor counts code units of UTF-16 from 0, this program letters from 1.

use lsp_types::{Position, Range};

/// Number of letters of a line before a place of an editor.
pub(super) fn letters(line: &str, units: u32) -> usize {
    let units = usize::try_from(units).unwrap_or(usize::MAX);
    let mut before = 0;
    line.chars()
        .take_while(|letter| {
            let fits = before + letter.len_utf16() <= units;
            before += letter.len_utf16();
            fits
        })
        .count()
}

/// Code units of UTF-16 in the first letters of a line.
pub(super) fn units(line: &str, letters: usize) -> u32 {
    let units = line.chars().take(letters).map(char::len_utf16).sum::<usize>();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Letters of a line, from one on up to another.
pub(super) fn within(number: usize, line: &str, letters: std::ops::Range<usize>) -> Range {
    let at = |letters| Position { line: u32::try_from(number).unwrap_or(u32::MAX), character: units(line, letters) };
    Range { start: at(letters.start), end: at(letters.end) }
}

/// The rest of a line, from a letter on, without blanks at its end.
pub(super) fn rest(number: usize, line: &str, from: usize) -> Range {
    let end = line.trim_end().chars().count();
    within(number, line, from.min(end)..end.max(from.min(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_code_units_are_told_apart() {
        let line = "И 🙂 Анна";
        assert_eq!((units(line, 3), letters(line, 4)), (4, 3));
        assert_eq!((units(line, 99), letters(line, 99)), (9, 8));
        assert_eq!(letters(line, 3), 2, "in the middle of a letter");
    }
}
