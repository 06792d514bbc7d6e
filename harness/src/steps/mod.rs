//! The vocabulary: every step that a scenario may use, with what it does. What `esia-stand steps` prints, what scenarios
//! are checked against and what is run is this one list.

mod diary;
mod gosuslugi;
mod letters;
#[cfg(test)]
mod mutants;
mod pages;
mod pattern;
mod school;
mod story;
#[cfg(test)]
mod tests;

use std::{fmt::Write as _, sync::LazyLock};

use futures::future::LocalBoxFuture;

use crate::{browser::BrowserError, control::ControlError, play::Play};
use pattern::Pattern;
pub(crate) use story::morning;

/// How a step ends.
pub type Done = Result<(), StepError>;

/// What a step is about: a chapter of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    /// Worlds and time.
    World,
    /// Gosuslugi.
    Gosuslugi,
    /// Anything that is done on a page.
    Pages,
    /// What is seen on a page.
    Sight,
    /// Notifications, letters, messages.
    Letters,
    /// The diary.
    Diary,
    /// The school's side of the diary.
    School,
}

impl Chapter {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::World => "Мир и время",
            Self::Gosuslugi => "Госуслуги",
            Self::Pages => "На странице",
            Self::Sight => "Что видно",
            Self::Letters => "Уведомления и письма",
            Self::Diary => "Дневник",
            Self::School => "Школа",
        }
    }
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The answer is not the one expected.
    #[error("{0}")]
    Unmet(String),
    /// Nothing could be asked: a server or a browser is gone.
    #[error("{0}")]
    CouldNotAsk(String),
}

impl From<BrowserError> for StepError {
    fn from(error: BrowserError) -> Self {
        match error {
            BrowserError::NotThere(what) => Self::Unmet(what),
            BrowserError::Unreachable(why) => Self::CouldNotAsk(why),
        }
    }
}

impl From<ControlError> for StepError {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Refused { .. } => Self::Unmet(error.to_string()),
            _ => Self::CouldNotAsk(error.to_string()),
        }
    }
}

/// What a step's sentence and table say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args {
    /// The values of the pattern's places, in order.
    pub values: Vec<String>,
    /// The rows of the table under the step.
    pub table: Vec<Vec<String>>,
}

impl Args {
    /// The value of a place; empty when there is none.
    pub fn get(&self, place: usize) -> &str {
        self.values.get(place).map_or("", String::as_str)
    }
}

type Run = for<'a> fn(&'a mut Play, &'a Args) -> LocalBoxFuture<'a, Done>;

/// One sentence that scenarios may use.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Where it stands in the vocabulary.
    pub chapter: Chapter,
    /// The sentence, as `{кто} нажимает {текст}`.
    pub pattern: &'static str,
    /// One use of it.
    pub example: &'static str,
    /// What it does.
    pub run: Run,
    /// Whether it looks at something and fails when that is otherwise.
    pub checks: bool,
    /// What it has to do with the page of the person whom it is said of.
    pub page: PageUse,
    /// The table that belongs under it.
    pub table: Table,
}

/// What a step has to do with the page of the person whom it is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageUse {
    /// Nothing.
    Nothing,
    /// Opens one.
    Opens,
    /// Is about the one that is open.
    Needs,
}

/// The table that belongs under a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// None.
    Nothing,
    /// Two columns: a field and what is typed into it.
    Fields,
    /// A table of any columns, the first row being their names.
    Rows,
}

impl Step {
    /// The same, looking at something.
    const fn checks(self) -> Self {
        Self { checks: true, ..self }
    }

    /// The same, opening a page.
    const fn opens(self) -> Self {
        Self { page: PageUse::Opens, ..self }
    }

    /// The same, on an open page.
    const fn on_page(self) -> Self {
        Self { page: PageUse::Needs, ..self }
    }

    /// The same, with a table under it.
    const fn with(self, table: Table) -> Self {
        Self { table, ..self }
    }
}

/// Makes a [`Step`] of an async function.
macro_rules! step {
    ($chapter:ident, $pattern:literal, $example:literal, $run:path) => {
        $crate::steps::Step {
            chapter: $crate::steps::Chapter::$chapter,
            pattern: $pattern,
            example: $example,
            run: |play, args| Box::pin($run(play, args)),
            checks: false,
            page: $crate::steps::PageUse::Nothing,
            table: $crate::steps::Table::Nothing,
        }
    };
}
use step;

/// All steps, chapter by chapter.
pub fn all() -> impl Iterator<Item = &'static Step> {
    [story::STEPS, gosuslugi::STEPS, pages::STEPS, letters::STEPS, diary::STEPS, school::STEPS].into_iter().flatten()
}

static VOCABULARY: LazyLock<Vec<(Pattern, &'static Step)>> =
    LazyLock::new(|| all().map(|step| (Pattern::compile(step.pattern), step)).collect());

/// What is known about a sentence.
#[derive(Debug)]
pub enum Found {
    /// It is this step, said of these.
    Step(&'static Step, Vec<String>),
    /// No step is said so.
    Unknown(Unknown),
}

/// Help with a sentence that no step is said by.
#[derive(Debug, Default)]
pub struct Unknown {
    /// The nearest steps.
    pub near: Vec<&'static Step>,
    /// A place of a step that is filled in otherwise than it may be: what stands there, and what may.
    pub misfit: Option<(String, &'static str)>,
}

/// Looks a sentence up. Of several readings the one with the shortest names of people is right: in «Анна не видит …»
/// nobody is called «Анна не».
pub fn find(sentence: &str) -> Found {
    let small = pattern::begun_small(sentence);
    let read = |sentence: &str| {
        let read = VOCABULARY.iter().filter_map(|(pattern, step)| Some((*step, pattern.read(sentence)?)));
        read.min_by_key(|(step, values)| people_of(step, values).iter().map(String::len).sum::<usize>())
    };
    match read(sentence).or_else(|| read(&small)) {
        Some((step, values)) => Found::Step(step, values),
        None => Found::Unknown(Unknown { near: nearest(sentence), misfit: misfit(&small) }),
    }
}

/// What does not fit in its place, of the sentence that has most words of its own in common.
fn misfit(sentence: &str) -> Option<(String, &'static str)> {
    // The last of equals is taken, and the first in the vocabulary is the plainest.
    let fitting = VOCABULARY.iter().rev().filter_map(|(pattern, step)| Some((step, pattern.misfit(sentence)?)));
    let most = |(step, _): &(&&Step, _)| pattern::own_words(step.pattern);
    fitting.max_by_key(most).map(|(_, misfit)| misfit)
}

/// Up to three steps that read most like the sentence.
fn nearest(sentence: &str) -> Vec<&'static Step> {
    let sentence = pattern::outline(sentence);
    let mut scored: Vec<_> = all()
        .map(|step| (strsim::normalized_damerau_levenshtein(&sentence, &pattern::outline(step.example)), step))
        .filter(|(likeness, _)| *likeness > 0.45)
        .collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    scored.into_iter().take(3).map(|(_, step)| step).collect()
}

/// The names of people whom a sentence mentions, as it spells them.
pub fn people_of(step: &Step, values: &[String]) -> Vec<String> {
    pattern::places(step.pattern).zip(values).filter(|(place, _)| *place == "кто").map(|(_, who)| who.clone()).collect()
}

const HOW_TEXTS_ARE_COMPARED: &str = "
Как сравнивают тексты
  «видит {текст}»: текст целиком — строка, ячейка, выделенные слова или несколько строк подряд; часть строки
      проверяют шагом «видит текст, где сказано {текст}».
  «получает отказ {текст}»: заголовок отказа целиком; его часть, причину или совет — «получает отказ, где сказано».
  «где сказано»: целые слова, а не части слов.
  «не видит …»: только на открытой странице, на которой сервер не ответил ошибкой; текста не должно быть нигде.
  Кнопки и поля ищут по названию целиком (у поля может быть добавка: «Телефон (необязательно)»), ссылку — по
      названию целиком или по целым словам из него, если такая ссылка одна.
  Пробелы, неразрывные пробелы, мягкие переносы и переводы строк не различаются; буквы, ё и регистр различаются.
  Кавычки подходят любые: «…», \"…\", „…“, “…”, '…'.
";

/// A sentence as the vocabulary writes it: guillemets for other quotation marks, single blanks, no full stop at the end.
pub fn canonical(sentence: &str) -> String {
    pattern::canonical(sentence)
}

/// A person's name, as sentences begin with it, of the key in the seed.
pub fn name(key: &str) -> String {
    let mut characters = key.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The texts that a sentence looks for or names, each with what may stand in its place; typed values are not among them.
pub fn texts_of<'v>(step: &Step, values: &'v [String]) -> impl Iterator<Item = (&'v str, &'static str)> {
    let texts = pattern::places(step.pattern).zip(values).filter(|(place, _)| *place == "текст");
    let texts: Vec<_> = texts.map(|(_, text)| (text.as_str(), pattern::what("текст"))).collect();
    texts.into_iter()
}

/// The vocabulary as a text for people.
pub fn vocabulary() -> String {
    let mut text = String::new();
    let mut chapter = None;
    for step in all() {
        if chapter != Some(step.chapter) {
            let gap = if chapter.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", step.chapter.title());
            chapter = Some(step.chapter);
        }
        let _ = writeln!(text, "  {}\n      {}", step.pattern, step.example);
    }
    let _ = writeln!(text, "\nЧто пишут на месте скобок");
    for (place, what) in pattern::explained() {
        let _ = writeln!(text, "  {{{place}}}: {what}");
    }
    text + HOW_TEXTS_ARE_COMPARED
}
