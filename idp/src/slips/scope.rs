//! Mistakes in a list of scopes.

use esia::scope::all_known;
use worlds::mistakes::named;

use super::unknown::nearest;

/// Scopes of OpenID Connect that ЕСИА does not have, and what to use there instead.
const STANDARD: [(&str, &str); 4] = [
    ("profile", "fullname birthdate gender"),
    ("phone", "mobile"),
    ("address", "addresses"),
    ("offline_access", "access_type=offline"),
];

/// Names mistakes that are tolerated although no document allows them: a repeated scope, superfluous spaces.
pub(crate) fn tolerated(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.split(' ').any(str::is_empty) && !text.is_empty() {
        found.push("scope-blanks".to_owned());
    }
    let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let doubled = words.iter().enumerate().find(|(at, word)| words[..*at].contains(word));
    found.extend(doubled.map(|(_, word)| named("scope-doubled", word)));
    found
}

/// Names the reason why a list of scopes cannot be parsed: another separator, a second URL encoding, quotation marks.
pub(crate) fn malformed(text: &str) -> Option<String> {
    let separator = [(',', ","), (';', ";"), ('+', "+"), ('\n', "\n"), ('\t', "\t"), ('|', "|"), ('\u{a0}', "\u{a0}")];
    let between =
        separator.iter().find(|(sign, _)| text.contains(*sign)).map(|(_, sign)| named("scope-separator", sign));
    between
        .or_else(|| super::value::plain(text).map(|_| named("parameter-encoded-twice", "scope")))
        .or_else(|| super::value::unquoted(text).map(|_| named("parameter-quoted", "scope")))
}

/// Names the mistake of an unknown scope, with the scope of ЕСИА that was probably meant.
pub(crate) fn unknown(word: &str) -> String {
    if let Some((_, meant)) = STANDARD.iter().find(|(name, _)| *name == word) {
        return named("scope-of-openid", &format!("{word}->{meant}"));
    }
    match nearest(word, all_known().map(|known| known.name)) {
        Some(meant) => named("scope-misspelt", &format!("{word}->{meant}")),
        None => named("scope-unknown", word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_a_list_of_scopes_are_named() {
        assert_eq!(tolerated("openid  fullname openid").join(" "), "scope-blanks scope-doubled=openid");
        assert_eq!(tolerated("openid fullname "), ["scope-blanks"]);
        assert_eq!(tolerated("openid fullname"), [""; 0]);
        assert_eq!(malformed("openid,fullname").as_deref(), Some("scope-separator=,"));
        assert_eq!(malformed("openid+fullname").as_deref(), Some("scope-separator=+"));
        assert_eq!(malformed("openid%20fullname").as_deref(), Some("parameter-encoded-twice=scope"));
        assert_eq!(malformed("\"openid fullname\"").as_deref(), Some("parameter-quoted=scope"));
        assert_eq!(unknown("profile"), "scope-of-openid=profile->fullname%20birthdate%20gender");
        assert_eq!(unknown("OpenID"), "scope-misspelt=OpenID->openid");
        assert_eq!(unknown("full_name"), "scope-misspelt=full_name->fullname");
        assert_eq!(unknown("birth_date"), "scope-misspelt=birth_date->birthdate");
        assert_eq!(unknown("horoscope_of_the_day"), "scope-unknown=horoscope_of_the_day");
    }
}
