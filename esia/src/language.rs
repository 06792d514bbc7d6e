//! The two languages of what developers read: messages of refusals, verdicts, timelines. A text stands in the code in both,
//! with [`tr!`] or [`pick`], and is told in the language that is spoken around it.
//!
//! What is spoken belongs to the thread and holds while a call lasts: [`speaking`]. Whoever answers a request says so once,
//! and no function has to hand a language down. Unless something else is said it is Russian, so what is quoted from
//! documents stays as it is.

use std::{
    cell::Cell,
    pin::{Pin, pin},
    task::{Context, Poll},
};

/// A language that somebody reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Russian, unless something else is asked for.
    #[default]
    Russian,
    /// English, `en` in `Accept-Language`.
    English,
}

impl Language {
    /// As `Accept-Language` and `lang` in HTML have it: `ru` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Russian => "ru",
            Self::English => "en",
        }
    }
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::Russian) };
}

/// The language in which something is told here and now.
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// Puts back what was spoken before, whatever ends the call.
struct Before(Language);

impl Drop for Before {
    fn drop(&mut self) {
        SPOKEN.set(self.0);
    }
}

/// Calls a function while a language is spoken.
pub fn speaking<T>(language: Language, tell: impl FnOnce() -> T) -> T {
    let _before = Before(SPOKEN.replace(language));
    tell()
}

/// Awaits an answer while a language is spoken, whatever thread it goes on in.
pub async fn answering_in<F: Future>(language: Language, answer: F) -> F::Output {
    let mut answer = pin!(answer);
    let next = |context: &mut Context<'_>| -> Poll<F::Output> {
        let answer: Pin<&mut F> = answer.as_mut();
        speaking(language, || answer.poll(context))
    };
    std::future::poll_fn(next).await
}

/// The one of two fixed texts that is in the language that is spoken.
pub fn pick<'t>(russian: &'t str, english: &'t str) -> &'t str {
    match spoken() {
        Language::Russian => russian,
        Language::English => english,
    }
}

/// A text in the language that is spoken: the Russian and the English format string, with the same values.
#[macro_export]
macro_rules! tr {
    ($russian:literal, $english:literal $(, $($value:tt)*)?) => {
        match $crate::language::spoken() {
            $crate::language::Language::Russian => format!($russian $(, $($value)*)?),
            $crate::language::Language::English => format!($english $(, $($value)*)?),
        }
    };
}
pub use tr;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Wrong {
        #[error("{}", tr!("слишком длинно: {_0}", "too long: {_0}"))]
        Long(usize),
        #[error("{}", tr!("нет знака {sign}", "no character {sign}"))]
        Lacks { sign: char },
    }

    #[test]
    fn a_text_is_told_in_the_language_that_is_spoken() {
        let told =
            || [Wrong::Long(7).to_string(), Wrong::Lacks { sign: '@' }.to_string(), pick("да", "yes").to_owned()];
        assert_eq!(told(), ["слишком длинно: 7", "нет знака @", "да"]);
        assert_eq!(speaking(Language::English, told), ["too long: 7", "no character @", "yes"]);
        let _ = std::panic::catch_unwind(|| speaking(Language::English, || panic!("on purpose")));
        assert_eq!(spoken(), Language::Russian, "what was spoken before is spoken again");
    }
}
