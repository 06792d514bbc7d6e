//! The steps that a file may use: the program's own, and those composed of others.

use std::sync::Arc;

use super::{definition::ComposedStep, sentence::samples};
use crate::steps::{self, StepDefinition, canonical, likeness};

/// How like a composed step a sentence is that may have been meant to be one.
const ALIKE: f64 = 0.6;

/// Composed steps that a file may use besides the program's own.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary(Vec<Arc<ComposedStep>>);

/// Result of looking a sentence up.
#[derive(Debug)]
pub enum Reading {
    /// It is this step of the program, said of these.
    Known(&'static StepDefinition, Vec<String>),
    /// It is this composed step, said of these.
    Composed(Arc<ComposedStep>, Vec<String>),
    /// It may be either of these composed steps.
    Either(Arc<ComposedStep>, Arc<ComposedStep>),
    /// No step is said so.
    Unknown,
}

impl Vocabulary {
    /// The same with more steps.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Arc<ComposedStep>>) -> Self {
        Self(self.0.iter().cloned().chain(more).collect())
    }

    /// The composed steps, in the order in which they were read.
    pub fn composed(&self) -> &[Arc<ComposedStep>] {
        &self.0
    }

    /// Whether a sentence, however its quotes are typed, is said so, be it with parameters in braces.
    pub fn knows(&self, sentence: &str) -> bool {
        samples(&canonical(sentence)).any(|said| !matches!(self.read(&said), Reading::Unknown))
    }

    /// Looks a sentence up. Of several readings that with most words of its own is right.
    pub fn read(&self, sentence: &str) -> Reading {
        let mut own: Vec<_> = self.0.iter().filter_map(|step| Some((step, step.sentence.values(sentence)?))).collect();
        own.sort_by_key(|(step, _)| std::cmp::Reverse(step.sentence.own_words));
        let most = own.first().map_or(0, |(step, _)| step.sentence.own_words);
        let known = steps::read(sentence);
        if let Some((known, values)) = known.filter(|(known, _)| steps::own_words(known) >= most) {
            return Reading::Known(known, values);
        }
        let mut best = own.into_iter().filter(|(step, _)| step.sentence.own_words == most);
        match (best.next(), best.next()) {
            (Some((one, _)), Some((other, _))) => Reading::Either(Arc::clone(one), Arc::clone(other)),
            (Some((step, values)), None) => Reading::Composed(Arc::clone(step), values),
            (None, _) => Reading::Unknown,
        }
    }

    /// Composed steps that read most like a sentence, two at most.
    pub(in super::super) fn like(&self, sentence: &str) -> Vec<String> {
        let scored = self.0.iter().filter_map(|step| {
            let said = samples(&step.sentence.text).next()?;
            Some((likeness(sentence, &said), step.sentence.text.clone()))
        });
        let mut scored: Vec<_> = scored.filter(|(likeness, _)| *likeness > ALIKE).collect();
        scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        scored.into_iter().take(2).map(|(_, text)| text).collect()
    }
}
