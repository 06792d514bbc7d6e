//! How languages and libraries encode a value into a URL, a form or a page.

use std::fmt::{self, Write as _};

use crate::language::pick;

/// How programs write a value into an address or a page. Each language has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `URLEncoder` in Java, `urlencode` in PHP, `quote_plus` in Python, `url.QueryEscape` in Go: a blank is `+`.
    Form,
    /// `HttpUtility.UrlEncode` in C#: the same with small digits.
    FormLower,
    /// `rawurlencode` in PHP, `Uri.EscapeDataString` in C#: a blank is `%20`.
    Percent,
    /// The same with small digits.
    PercentLower,
    /// `encodeURIComponent` in JavaScript.
    Component,
    /// `encodeURI` in JavaScript: an address stays one.
    Uri,
    /// `quote` in Python: slashes stay.
    Path,
    /// Blanks alone, as `%20`.
    BlankPercent,
    /// Blanks alone, as `+`.
    BlankPlus,
    /// `+` alone, as `%2B`.
    PlusPercent,
    /// `&amp;` and the like.
    Html,
    /// As in a JSON text: `\/`.
    JsonSlash,
}

impl Encoding {
    /// Every encoding, the likeliest first.
    pub(super) const ALL: [Self; 12] = [
        Self::Form,
        Self::Percent,
        Self::Component,
        Self::FormLower,
        Self::PercentLower,
        Self::Uri,
        Self::Path,
        Self::BlankPercent,
        Self::BlankPlus,
        Self::PlusPercent,
        Self::Html,
        Self::JsonSlash,
    ];

    pub(super) fn encode(self, value: &str) -> String {
        match self {
            Self::Form => percent(value, "*-._", Digits::Upper, Space::Plus),
            Self::FormLower => percent(value, "!*()-_.", Digits::Lower, Space::Plus),
            Self::Percent => percent(value, "-._~", Digits::Upper, Space::Percent),
            Self::PercentLower => percent(value, "-._~", Digits::Lower, Space::Percent),
            Self::Component => percent(value, "-_.!~*'()", Digits::Upper, Space::Percent),
            Self::Uri => percent(value, "-_.!~*'();/?:@&=+$,#", Digits::Upper, Space::Percent),
            Self::Path => percent(value, "-._~/", Digits::Upper, Space::Percent),
            Self::BlankPercent => value.replace(' ', "%20"),
            Self::BlankPlus => value.replace(' ', "+"),
            Self::PlusPercent => value.replace('+', "%2B"),
            Self::Html => value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
            Self::JsonSlash => value.replace('/', "\\/"),
        }
    }
}

/// Case of the hexadecimal digits.
#[derive(Clone, Copy)]
enum Digits {
    Upper,
    Lower,
}

/// What a space becomes.
#[derive(Clone, Copy)]
enum Space {
    Plus,
    Percent,
}

fn percent(value: &str, kept: &str, digits: Digits, space: Space) -> String {
    let mut encoded = String::with_capacity(value.len() * 2);
    for byte in value.bytes() {
        let sign = char::from(byte);
        match sign {
            ' ' if matches!(space, Space::Plus) => encoded.push('+'),
            sign if sign.is_ascii_alphanumeric() || sign.is_ascii() && kept.contains(sign) => encoded.push(sign),
            _ => {
                let _ = match digits {
                    Digits::Upper => write!(encoded, "%{byte:02X}"),
                    Digits::Lower => write!(encoded, "%{byte:02x}"),
                };
            }
        }
    }
    encoded
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => pick(
                "как для формы, пробел стал «+»: URLEncoder, urlencode, quote_plus, QueryEscape",
                "as for a form, a blank became «+»: URLEncoder, urlencode, quote_plus, QueryEscape",
            ),
            Self::FormLower => pick(
                "как для формы, строчными цифрами: HttpUtility.UrlEncode",
                "as for a form, in small digits: HttpUtility.UrlEncode",
            ),
            Self::Percent => pick(
                "пробел стал «%20»: rawurlencode, EscapeDataString",
                "a blank became «%20»: rawurlencode, EscapeDataString",
            ),
            Self::PercentLower => pick("пробел стал «%20», строчными цифрами", "a blank became «%20», in small digits"),
            Self::Component => "encodeURIComponent",
            Self::Uri => "encodeURI",
            Self::Path => pick("quote из Python", "quote of Python"),
            Self::BlankPercent => pick("пробелы стали «%20»", "blanks became «%20»"),
            Self::BlankPlus => pick("пробелы стали «+»", "blanks became «+»"),
            Self::PlusPercent => pick("«+» стал «%2B»", "«+» became «%2B»"),
            Self::Html => pick("для HTML: «&amp;» вместо «&»", "for HTML: «&amp;» in place of «&»"),
            Self::JsonSlash => pick("для JSON: «\\/» вместо «/»", "for JSON: «\\/» in place of «/»"),
        })
    }
}
