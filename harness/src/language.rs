//! The language of everything that the program prints: one for a whole run, chosen by an option or by the locale.

use clap::ValueEnum;
pub(crate) use esia::language::{Language, pick, spoken, tr};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The language of help, messages and reports, as an option names it. Data stay as they are: sentences of steps, names of
/// people, documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Language")]
pub enum LanguageChoice {
    /// Help, messages and reports in Russian.
    Ru,
    /// Help, messages and reports in English.
    En,
}

impl LanguageChoice {
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

impl From<LanguageChoice> for Language {
    fn from(choice: LanguageChoice) -> Self {
        match choice {
            LanguageChoice::Ru => Self::Russian,
            LanguageChoice::En => Self::English,
        }
    }
}

#[cfg(test)]
pub(crate) use tests::in_english;

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls a function while English is spoken on this thread.
    pub(crate) fn in_english<T>(ask: impl FnOnce() -> T) -> T {
        esia::language::speaking(Language::English, ask)
    }

    #[test]
    fn a_locale_of_no_language_is_russian() {
        for russian in ["", "C", "C.UTF-8", "POSIX", "ru", "ru_RU", "ru_RU.UTF-8", "ru-RU", "RU_ru@latin"] {
            assert_eq!(LanguageChoice::of_locale(russian), LanguageChoice::Ru, "{russian}");
        }
        for english in ["en", "en_US.UTF-8", "de_DE", "rue_UA"] {
            assert_eq!(LanguageChoice::of_locale(english), LanguageChoice::En, "{english}");
        }
    }
}
