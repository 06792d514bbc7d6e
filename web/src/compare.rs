//! Two texts side by side: where they differ first, and what in them does not print.

use esia::visible::visible;

/// Two texts cut at their first difference, invisible characters shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDifference {
    /// What both begin with; a long one is cut at its front.
    pub common: String,
    /// The rest of what would have been right, its first character apart.
    pub expected: (String, String),
    /// The rest of what came, its first character apart.
    pub got: (String, String),
    /// Characters before the difference.
    pub at: usize,
}

/// How much of the common beginning is kept, characters.
const KEPT: usize = 60;

/// Compares character by character; `None` when there is no difference.
pub fn compare(expected: &str, got: &str) -> Option<TextDifference> {
    if expected == got {
        return None;
    }
    let at = expected.chars().zip(got.chars()).take_while(|(expected, got)| expected == got).count();
    let common: Vec<char> = expected.chars().take(at).collect();
    let cut = common.len().saturating_sub(KEPT);
    let front = if cut > 0 { "…" } else { "" };
    let common = format!("{front}{}", visible(&common.iter().skip(cut).collect::<String>()));
    Some(TextDifference { common, expected: rest(expected, at), got: rest(got, at), at })
}

fn rest(text: &str, at: usize) -> (String, String) {
    let mut rest = text.chars().skip(at);
    let first = rest.next().map_or_else(|| "∅".to_owned(), |sign| visible(sign.encode_utf8(&mut [0; 4])));
    (first, visible(&rest.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_marked_and_what_does_not_print_is_shown() {
        let found = compare("KLIENT", "KLIENT\n").unwrap();
        assert_eq!((found.common.as_str(), found.at), ("KLIENT", 6));
        assert_eq!((found.expected.0.as_str(), found.got.0.as_str()), ("∅", "␊"));
        let found = compare("openid fullname", "openid\u{a0}fullname").unwrap();
        assert_eq!(
            (found.common.as_str(), found.got.0.as_str(), found.got.1.as_str()),
            ("openid", "⟨U+00A0⟩", "fullname")
        );
        assert_eq!(found.expected.0, "␠");
        assert_eq!(compare("same", "same"), None);
        let long = "x".repeat(200);
        let found = compare(&format!("{long}a"), &format!("{long}b")).unwrap();
        assert_eq!((found.at, found.common.chars().count()), (200, KEPT + 1));
    }

    #[test]
    fn invisible_signs_are_shown_and_the_rest_is_left_alone() {
        assert_eq!(visible("Анна Сергеевна"), "Анна Сергеевна");
        assert_eq!(visible(" a\t\r\n\0"), "␠a␉␍␊␀");
        assert_eq!(visible("\u{feff}a\u{200b}"), "⟨U+FEFF⟩a⟨U+200B⟩");
    }
}
