//! One mistake: its id, cause and remedy.

use serde::Serialize;

use super::{Language, term};

/// A sentence or two in both languages. `{}` stands for the value after `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The Russian text.
    pub ru: &'static str,
    /// The English text.
    pub en: &'static str,
}

/// One known mistake of a client's developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// Stable name, as `slip-order`.
    pub id: &'static str,
    /// What went wrong.
    pub cause: Text,
    /// How to mend it.
    pub remedy: Text,
}

/// One row of a table: id, cause and remedy, each as Russian and English.
pub(super) const fn mistake(id: &'static str, cause: [&'static str; 2], remedy: [&'static str; 2]) -> Mistake {
    let ([cause_ru, cause_en], [remedy_ru, remedy_en]) = (cause, remedy);
    Mistake { id, cause: Text { ru: cause_ru, en: cause_en }, remedy: Text { ru: remedy_ru, en: remedy_en } }
}

impl Text {
    /// In a language, with the value where it belongs.
    pub fn told(&self, language: Language, value: Option<&str>) -> String {
        let text = match language {
            Language::Russian => self.ru,
            Language::English => self.en,
        };
        let spelled = value.and_then(|value| kind(value, language).or_else(|| term::spelled(value, language)));
        text.replace("{}", spelled.as_deref().or(value).unwrap_or("…"))
    }
}

/// Kinds of tokens that stand as values, in words: value, Russian, English.
const KINDS: [(&str, &str, &str); 9] = [
    ("esia-access-token", "маркер доступа ЕСИА", "an access token of ESIA"),
    ("esia-id-token", "id_token ЕСИА", "an id token of ESIA"),
    ("esia-code", "код ЕСИА", "a code of ESIA"),
    ("esia-refresh-token", "маркер обновления ЕСИА", "a refresh token of ESIA"),
    ("openid-access-token", "маркер доступа OpenID Connect", "an access token of OpenID Connect"),
    ("openid-id-token", "id_token OpenID Connect", "an id token of OpenID Connect"),
    ("openid-code", "код OpenID Connect", "a code of OpenID Connect"),
    ("openid-refresh-token", "маркер обновления OpenID Connect", "a refresh token of OpenID Connect"),
    ("openid-logout-token", "logout_token OpenID Connect", "a logout token of OpenID Connect"),
];

fn kind(value: &str, language: Language) -> Option<String> {
    let (_, ru, en) = KINDS.iter().find(|(name, ..)| *name == value)?;
    Some(if language == Language::English { en } else { ru }.to_string())
}
