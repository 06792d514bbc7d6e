//! Appearance of outcomes: CSS class, sign and word.

use super::super::plan::Outcome;
use crate::{
    language::{pick, tr},
    scenario::StepEnd,
};

/// Appearance of an outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// CSS class of the outcome.
    pub(super) style: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
}

/// All outcomes, the worst first.
pub(super) const OUTCOMES: [Outcome; 7] = [
    Outcome::Failed,
    Outcome::Panicked,
    Outcome::NotAsked,
    Outcome::Flaky,
    Outcome::NotPlayed,
    Outcome::NotPossible,
    Outcome::Passed,
];

pub(super) fn of_outcome(outcome: Outcome) -> Mark {
    let mark = |style, sign, word| Mark { style, sign, word };
    match outcome {
        Outcome::Passed => mark("passed", "✔", pick("пройдено", "passed")),
        Outcome::Flaky => mark("unjudged", "≈", pick("неустойчиво", "flaky")),
        Outcome::Failed => mark("failed", "✘", pick("не пройдено", "failed")),
        Outcome::Panicked => {
            mark("failed", "!", pick("прервано ошибкой программы", "stopped by a fault of the program"))
        }
        Outcome::NotAsked => mark("unjudged", "?", pick("не удалось спросить", "could not ask")),
        Outcome::NotPossible => mark("other", "○", pick("здесь невозможно", "not possible here")),
        Outcome::NotPlayed => mark("other", "–", pick("не сыграно", "not played")),
    }
}

pub(super) fn of_step(end: Option<&StepEnd>) -> Mark {
    let mark = |style, sign, word| Mark { style, sign, word };
    match end {
        Some(StepEnd::Passed) => mark("passed", "✔", pick("пройдено", "passed")),
        Some(StepEnd::Unmet(_)) => mark("failed", "✘", pick("не пройдено", "failed")),
        Some(StepEnd::CouldNotAsk(_)) => mark("failed", "?", pick("не удалось спросить", "could not ask")),
        Some(StepEnd::Panicked(_)) => mark("failed", "!", pick("ошибка программы", "a fault of the program")),
        None => mark("other", "–", pick("не сыграно", "not played")),
    }
}

/// Duration as `340 мс`, `2,6 с`, `3 мин 20 с`.
pub(super) fn took(took: std::time::Duration) -> String {
    let (millis, seconds) = (took.as_millis(), took.as_secs());
    match seconds {
        0 => tr!("{millis} мс", "{millis} ms"),
        1..60 => {
            let exact = format!("{:.1}", took.as_secs_f32()).replace('.', pick(",", "."));
            tr!("{exact} с", "{exact} s")
        }
        _ => {
            let (minutes, seconds) = (seconds / 60, seconds % 60);
            tr!("{minutes} мин {seconds} с", "{minutes} min {seconds} s")
        }
    }
}
