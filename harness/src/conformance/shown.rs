//! Page as reports keep it.

use crate::browser::Page;

/// Page on which a sign-in ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Shown {
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) title: String,
    pub(super) text: String,
    /// Kinds of content that no page should show: a token, a stack trace.
    pub(super) leaks: Vec<&'static str>,
    /// Whether the page has a link or button, so that the person can try again.
    pub(super) goes_on: bool,
}

/// Longest part of a page's text in a report, in letters.
const KEPT: usize = 2_000;

/// Extracts what a report keeps of a page.
pub(super) fn shown(page: &Page) -> Shown {
    let text = page.main_text();
    Shown {
        url: page.url().to_string(),
        status: page.status().unwrap_or_default(),
        title: page.title(),
        leaks: leaks(&page.text()),
        goes_on: page.finds("a[href], button, input[type=submit]"),
        text: text.chars().take(KEPT).collect(),
    }
}

/// Beginnings of stack traces in several programming languages.
const TRACES: [&str; 7] = [
    "Traceback (most recent call last)",
    "stack backtrace:",
    "panicked at",
    "Exception in thread",
    "    at Object.",
    "node_modules/",
    "java.lang.",
];

fn leaks(text: &str) -> Vec<&'static str> {
    // Header and claims of a JSON Web Token begin with `{"`, which is `eyJ` in base64url.
    let is_token = |word: &str| word.matches("eyJ").count() > 1 && word.matches('.').count() > 1;
    let token = text.split(|sign: char| !(sign.is_ascii_alphanumeric() || "-_.".contains(sign))).any(is_token);
    let trace = TRACES.iter().any(|trace| text.contains(trace));
    token.then_some("token").into_iter().chain(trace.then_some("trace")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_traces_on_a_page_are_found_and_words_are_not() {
        assert_eq!(leaks("маркер: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"), ["token"]);
        assert_eq!(leaks("Internal error\nTraceback (most recent call last):\n  File"), ["trace"]);
        assert!(leaks("eyJ — начало маркера. Вход не выполнен. Попробуйте ещё раз.").is_empty());
    }
}
