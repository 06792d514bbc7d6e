//! The language of everything that the program prints: one for a whole run.

use std::sync::OnceLock;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of help, messages and reports. Data stay as they are: sentences of steps, names of people, documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Help, messages and reports in Russian.
    Ru,
    /// Help, messages and reports in English.
    En,
}

impl Language {
    /// The language of a locale, as `ru_RU.UTF-8`, `en` or `C`. Of no locale, and of `C` and `POSIX` (which containers and CI
    /// runners have), it is Russian: what a pipeline already reads stays as it is.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default().to_ascii_lowercase();
        match language.as_str() {
            "" | "c" | "posix" | "ru" => Self::Ru,
            _ => Self::En,
        }
    }
}

impl From<Language> for worlds::mistakes::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Ru => Self::Russian,
            Language::En => Self::English,
        }
    }
}

static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Chooses the language of this process. The first choice holds.
pub fn choose(language: Language) {
    CHOSEN.get_or_init(|| language);
}

/// The language of this process: Russian until one is chosen.
pub fn current() -> Language {
    #[cfg(test)]
    if let Some(language) = tests::FORCED.get() {
        return language;
    }
    CHOSEN.get().copied().unwrap_or(Language::Ru)
}

/// The one of two fixed texts that is in the language of this process.
pub fn pick(russian: &'static str, english: &'static str) -> &'static str {
    match current() {
        Language::Ru => russian,
        Language::En => english,
    }
}

/// A text in the language of this process: the Russian and the English format string, with the same values.
macro_rules! tr {
    ($russian:literal, $english:literal $(, $value:expr)* $(,)?) => {
        match $crate::language::current() {
            $crate::language::Language::Ru => format!($russian $(, $value)*),
            $crate::language::Language::En => format!($english $(, $value)*),
        }
    };
}
pub(crate) use tr;

#[cfg(test)]
pub(crate) use tests::in_english;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        pub(super) static FORCED: Cell<Option<Language>> = const { Cell::new(None) };
    }

    /// Calls a function with English chosen, on this thread alone.
    pub(crate) fn in_english<T>(ask: impl FnOnce() -> T) -> T {
        let before = FORCED.replace(Some(Language::En));
        let answer = ask();
        FORCED.set(before);
        answer
    }

    #[test]
    fn a_locale_of_no_language_is_russian() {
        for russian in ["", "C", "C.UTF-8", "POSIX", "ru", "ru_RU", "ru_RU.UTF-8", "ru-RU", "RU_ru@latin"] {
            assert_eq!(Language::of_locale(russian), Language::Ru, "{russian}");
        }
        for english in ["en", "en_US.UTF-8", "de_DE", "rue_UA"] {
            assert_eq!(Language::of_locale(english), Language::En, "{english}");
        }
    }

    #[test]
    fn a_text_is_in_the_language_of_the_process() {
        let number = 2;
        let told = || tr!("строка {number}, {}", "line {number}, {}", number + 1);
        assert_eq!([told(), in_english(told)], ["строка 2, 3", "line 2, 3"]);
    }
}
