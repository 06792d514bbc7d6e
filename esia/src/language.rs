//! The two languages of what developers read: messages of refusals, verdicts, timelines. A text stands in the code in both,
//! with [`tr!`] or [`pick`], and is told in the language that is spoken around it.
//!
//! What is spoken belongs to the thread and holds while a call lasts: [`speaking`]. Whoever answers a request says so once,
//! and no function has to hand a language down. A program that prints for one reader says so once for all its threads:
//! [`speak`]. Unless something else is said it is Russian, so what is quoted from documents stays as it is.

use std::{
    borrow::Cow,
    cell::Cell,
    fmt,
    pin::{Pin, pin},
    sync::OnceLock,
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

/// What is spoken where nothing was said on the thread.
static OF_THE_PROCESS: OnceLock<Language> = OnceLock::new();

thread_local! {
    static SPOKEN: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Says what is spoken in this process from now on, where [`speaking`] says nothing else. The first choice holds.
pub fn speak(language: Language) {
    OF_THE_PROCESS.get_or_init(|| language);
}

/// The language in which something is told here and now.
pub fn spoken() -> Language {
    SPOKEN.get().or_else(|| OF_THE_PROCESS.get().copied()).unwrap_or_default()
}

/// Puts back what was spoken before, whatever ends the call.
struct Before(Option<Language>);

impl Drop for Before {
    fn drop(&mut self) {
        SPOKEN.set(self.0);
    }
}

/// Calls a function while a language is spoken.
pub fn speaking<T>(language: Language, tell: impl FnOnce() -> T) -> T {
    let _before = Before(SPOKEN.replace(Some(language)));
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

/// A fixed text in both languages. It displays in the one that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The Russian text.
    pub russian: &'static str,
    /// The English text.
    pub english: &'static str,
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(pick(self.russian, self.english))
    }
}

/// A [`Told`] of a Russian and an English format string with the same values, each in its language. Where there are no values
/// nothing is made.
#[macro_export]
macro_rules! both {
    ($russian:literal, $english:literal $(, $($value:tt)*)?) => {
        $crate::language::Told::in_each(
            || $crate::language::written(format_args!($russian $(, $($value)*)?)),
            || $crate::language::written(format_args!($english $(, $($value)*)?)),
        )
    };
}
pub use both;

/// What a format string says; itself where it has no values.
pub fn written(text: fmt::Arguments<'_>) -> Cow<'static, str> {
    text.as_str().map_or_else(|| Cow::Owned(text.to_string()), Cow::Borrowed)
}

/// A text that is kept, and told later to readers of either language. It displays in the one that is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    russian: Cow<'static, str>,
    /// Where it is prose, which differs.
    english: Option<Cow<'static, str>>,
}

impl Told {
    /// What a function tells in the language that is spoken, in each.
    pub fn of(tell: impl Fn() -> String) -> Self {
        Self::in_each(|| Cow::Owned(tell()), || Cow::Owned(tell()))
    }

    /// What is told in each language.
    pub fn in_each(russian: impl FnOnce() -> Cow<'static, str>, english: impl FnOnce() -> Cow<'static, str>) -> Self {
        let (russian, english) = (speaking(Language::Russian, russian), speaking(Language::English, english));
        Self { english: (english != russian).then_some(english), russian }
    }

    /// What displays itself in the language that is spoken, as errors do.
    pub fn from_display(what: impl fmt::Display) -> Self {
        Self::of(|| what.to_string())
    }

    /// In a language.
    pub fn in_language(&self, language: Language) -> &str {
        match (language, &self.english) {
            (Language::English, Some(english)) => english,
            _ => &self.russian,
        }
    }

    /// The Russian text, and the English one where it differs, as an event keeps them.
    pub fn into_kept(self) -> (String, Option<String>) {
        let (russian, english) = self.into_texts();
        (russian.into_owned(), english.map(Cow::into_owned))
    }

    /// The Russian text, and the English one where it differs.
    pub fn into_texts(self) -> (Cow<'static, str>, Option<Cow<'static, str>>) {
        (self.russian, self.english)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_language(spoken()))
    }
}

/// A value, which is the same in both languages.
impl From<String> for Told {
    fn from(value: String) -> Self {
        Self { russian: Cow::Owned(value), english: None }
    }
}

impl From<&str> for Told {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl From<&String> for Told {
    fn from(value: &String) -> Self {
        value.clone().into()
    }
}

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
        let wrong = Wrong::Long(7);
        let both = both!("отказ: {wrong}", "refused: {wrong}");
        assert_eq!(both.in_language(Language::English), "refused: too long: 7");
        assert_eq!(both.to_string(), "отказ: слишком длинно: 7");
        assert_eq!(Told::from_display(&wrong).in_language(Language::English), "too long: 7");
        assert_eq!(Told::from("openid").into_texts(), ("openid".into(), None), "a value is kept once");
        let constant = both!("да", "yes").into_texts();
        assert!(matches!(constant, (Cow::Borrowed("да"), Some(Cow::Borrowed("yes")))), "{constant:?}");
    }
}
