//! The vocabulary: every step that a scenario may use, with what it does. What `esia-stand steps` prints, what scenarios
//! are checked against and what is run is this one list.

mod diary;
mod gosuslugi;
mod letters;
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
            ControlError::Silent { .. } => Self::CouldNotAsk(error.to_string()),
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
}

/// Makes a [`Step`] of an async function.
macro_rules! step {
    ($chapter:ident, $pattern:literal, $example:literal, $run:path) => {
        $crate::steps::Step {
            chapter: $crate::steps::Chapter::$chapter,
            pattern: $pattern,
            example: $example,
            run: |play, args| Box::pin($run(play, args)),
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
    /// No step is said so; these are the nearest.
    Unknown(Vec<&'static Step>),
}

/// Looks a sentence up.
pub fn find(sentence: &str) -> Found {
    let matching = VOCABULARY.iter().find_map(|(pattern, step)| Some((*step, pattern.read(sentence)?)));
    match matching {
        Some((step, values)) => Found::Step(step, values),
        None => Found::Unknown(nearest(sentence)),
    }
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
    text
}
