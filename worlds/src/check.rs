//! Checks of a request: what was looked at while it was answered, and how each check ended.

use std::borrow::Cow;

use esia::language::{Language, Told, Words};
use serde::{Deserialize, Serialize};

/// A rule of a protocol or of a document: its stable name, and the section that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<'r> {
    /// Stable name, as `client-signature`.
    pub name: &'r str,
    /// Where the rule stands, as `ESIA §2.1` or `RFC 6749 §4.1.2`.
    pub source: &'r str,
}

impl<'r> From<(&'r str, &'r str)> for Rule<'r> {
    fn from(rule: (&'r str, &'r str)) -> Self {
        Self { name: rule.0, source: rule.1 }
    }
}

/// How one check of a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as expected.
    Passed,
    /// Not as expected; the request was refused for it.
    Failed,
    /// Not as expected, and let through because the world is lenient.
    Tolerated,
}

/// One thing that was looked at while a request was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable name, as `client-signature`.
    pub rule: String,
    /// Where the rule stands, as `ESIA §2.1` or `RFC 6749 §4.1.2`.
    pub source: String,
    /// What would have been right.
    pub expected: Cow<'static, str>,
    /// What came instead.
    pub got: Cow<'static, str>,
    /// Both in English, where they are prose.
    #[serde(default, skip_serializing_if = "InEnglish::is_empty")]
    pub english: InEnglish,
    /// How it ended.
    pub outcome: Outcome,
    /// The protocol's code with which the request was refused for it, or would have been by a strict world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Stable names of known mistakes that explain it, as `slip-missing=state`: see [`crate::mistakes`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<String>,
    /// What else helps to mend it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

/// The texts of a check in English, those that are not the same in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InEnglish {
    /// What would have been right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Cow<'static, str>>,
    /// What came instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<Cow<'static, str>>,
}

impl InEnglish {
    fn is_empty(&self) -> bool {
        self.expected.is_none() && self.got.is_none()
    }
}

/// A value that helps to mend what a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Name of the value.
    pub name: String,
    /// The text itself, to the letter.
    pub text: Cow<'static, str>,
    /// The same in English, where it is prose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<Cow<'static, str>>,
}

/// Names of details in Russian, as checks write them, and in English.
const DETAILS: [Words; 14] = [
    Words { russian: "Нужно подписать", english: "To be signed" },
    Words { russian: "На самом деле подписано", english: "Signed instead" },
    Words { russian: "Первое отличие", english: "First difference" },
    Words { russian: "Сертификат подписи", english: "Certificate of the signature" },
    Words {
        russian: "Зарегистрированные сертификаты", english: "Registered certificates"
    },
    Words {
        russian: "Верные значения client_certificate_hash", english: "Right values of client_certificate_hash"
    },
    Words { russian: "В коде сказано", english: "The code says" },
    Words { russian: "В маркере сказано", english: "The token says" },
    Words { russian: "Другая версия", english: "Another version" },
    Words {
        russian: "Этот код использован запросом", english: "The request that used this code"
    },
    Words { russian: "Похоже на", english: "Looks like" },
    Words { russian: "Типы согласий системы", english: "The client's types of consent" },
    Words { russian: "Подпишите время", english: "Write the time as" },
    Words { russian: "Прислан", english: "Sent" },
];

impl Detail {
    /// For a reader of one language.
    fn told_in(self, language: Language) -> Self {
        let (name, text) = match language {
            Language::Russian => (self.name, self.text),
            Language::English => (detail_name(&self.name, language).to_owned(), self.english.unwrap_or(self.text)),
        };
        Self { name, text, english: None }
    }
}

/// What a detail is called in a language.
pub fn detail_name(name: &str, language: Language) -> &str {
    let known = DETAILS.iter().find(|known| known.russian == name && language == Language::English);
    known.map_or(name, |known| known.english)
}

impl Check {
    /// A rule that holds.
    pub fn passed<'r>(rule: impl Into<Rule<'r>>, expected: impl Into<Told>, got: impl Into<Told>) -> Self {
        Self::new(rule, expected, got, Outcome::Passed)
    }

    /// A rule that does not hold: the request is refused.
    pub fn failed<'r>(rule: impl Into<Rule<'r>>, expected: impl Into<Told>, got: impl Into<Told>) -> Self {
        Self::new(rule, expected, got, Outcome::Failed)
    }

    /// A rule that does not hold and lets the request through all the same.
    pub fn tolerated<'r>(rule: impl Into<Rule<'r>>, expected: impl Into<Told>, got: impl Into<Told>) -> Self {
        Self::new(rule, expected, got, Outcome::Tolerated)
    }

    /// [`Check::passed`] where the rule holds, [`Check::failed`] otherwise.
    pub fn of<'r>(rule: impl Into<Rule<'r>>, expected: impl Into<Told>, got: impl Into<Told>, holds: bool) -> Self {
        Self::new(rule, expected, got, if holds { Outcome::Passed } else { Outcome::Failed })
    }

    /// A check that ended in a given way, without mistakes and details.
    pub fn new<'r>(
        rule: impl Into<Rule<'r>>,
        expected: impl Into<Told>,
        got: impl Into<Told>,
        outcome: Outcome,
    ) -> Self {
        let Rule { name, source } = rule.into();
        let (expected, expected_in_english) = expected.into().into_texts();
        let (got, got_in_english) = got.into().into_texts();
        Self {
            rule: name.to_owned(),
            source: source.to_owned(),
            expected,
            got,
            english: InEnglish { expected: expected_in_english, got: got_in_english },
            outcome,
            error: None,
            mistakes: Vec::new(),
            details: Vec::new(),
        }
    }

    /// For a reader of one language: its texts are in that one alone.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        let InEnglish { expected, got } = std::mem::take(&mut self.english);
        if language == Language::English {
            self.expected = expected.unwrap_or(self.expected);
            self.got = got.unwrap_or(self.got);
        }
        self.details = self.details.into_iter().map(|detail| detail.told_in(language)).collect();
        self
    }

    /// Whether the rule holds.
    pub fn holds(&self) -> bool {
        self.outcome == Outcome::Passed
    }

    /// With the stable names of known mistakes that explain it.
    #[must_use]
    pub fn mistakes<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.mistakes.extend(names.into_iter().map(Into::into));
        self
    }

    /// With a named value that helps to mend it.
    #[must_use]
    pub fn detail(mut self, name: &str, text: impl Into<Told>) -> Self {
        let (text, english) = text.into().into_texts();
        self.details.push(Detail { name: name.to_owned(), text, english });
        self
    }
}

/// `failed client-signature; ESIA-007053; slip-missing=state; see http://127.0.0.1:8081/control/console/requests/17`: a
/// verdict in one line of ASCII, for a header. First `ok`, or the rules that failed or were tolerated; then the codes and the
/// known mistakes that there are, those that have a value as [`crate::mistakes::named`] writes it; then where the rest
/// stands: a page for a person, JSON for whoever accepts that alone. `None` when nothing was looked at.
pub fn verdict_line(verdict: &[Check], see: &str) -> Option<String> {
    if verdict.is_empty() {
        return None;
    }
    let of = |outcome| verdict.iter().filter(move |check| check.outcome == outcome);
    let rules = |outcome| of(outcome).map(|check| check.rule.as_str()).collect::<Vec<_>>().join(" ");
    let (failed, tolerated) = (rules(Outcome::Failed), rules(Outcome::Tolerated));
    let head = match (failed.as_str(), tolerated.as_str()) {
        ("", "") => "ok".to_owned(),
        ("", tolerated) => format!("tolerated {tolerated}"),
        (failed, _) => format!("failed {failed}"),
    };
    let wrong = || of(Outcome::Failed).chain(of(Outcome::Tolerated));
    let errors = wrong().filter_map(|check| check.error.as_deref()).collect::<Vec<_>>().join(" ");
    let mistakes = wrong().flat_map(|check| &check.mistakes).map(String::as_str).collect::<Vec<_>>().join(" ");
    let parts = [head, errors, mistakes, format!("see {see}")];
    let line = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    // Names are ASCII already; a header must be, whatever somebody may name one day.
    Some(line.chars().map(|sign| if sign == ' ' || sign.is_ascii_graphic() { sign } else { '?' }).collect())
}
