//! Positions in a text: editors count UTF-16 code units from 0, this program counts letters from 1.

use lsp_types::{Position, Range};

/// Number of letters in a line before a position of the editor.
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

/// Number of UTF-16 code units in the first letters of a line.
pub(super) fn units(line: &str, letters: usize) -> u32 {
    let units = line.chars().take(letters).map(char::len_utf16).sum::<usize>();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Range of letters in a line.
pub(super) fn within(number: usize, line: &str, letters: std::ops::Range<usize>) -> Range {
    let at = |letters| Position { line: u32::try_from(number).unwrap_or(u32::MAX), character: units(line, letters) };
    Range { start: at(letters.start), end: at(letters.end) }
}

/// Range from a letter to the end of a line, without trailing blanks.
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
