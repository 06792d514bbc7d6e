//! Steps that a file may use: built-in and composed ones.

use std::sync::Arc;

use super::{definition::ComposedStep, sentence::samples};
use crate::steps::{self, StepDefinition, canonical, likeness};

/// Smallest likeness to a composed step (0 to 1) at which it is offered as a hint.
const ALIKE: f64 = 0.6;

/// Composed steps that a file may use in addition to the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary(Vec<Arc<ComposedStep>>);

/// Result of looking up a sentence.
#[derive(Debug)]
pub enum Reading {
    /// Built-in step, with the values of its parameters.
    Known(&'static StepDefinition, Vec<String>),
    /// Composed step, with the values of its parameters.
    Composed(Arc<ComposedStep>, Vec<String>),
    /// Ambiguous: either of these composed steps.
    Either(Arc<ComposedStep>, Arc<ComposedStep>),
    /// Sentence of no known step.
    Unknown,
}

impl Vocabulary {
    /// Returns the vocabulary with more composed steps.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Arc<ComposedStep>>) -> Self {
        Self(self.0.iter().cloned().chain(more).collect())
    }

    /// Composed steps, in the order in which they were read.
    pub fn composed(&self) -> &[Arc<ComposedStep>] {
        &self.0
    }

    /// Checks whether a sentence belongs to a known step, whatever its quotation marks, and also with parameters in
    /// braces.
    pub fn knows(&self, sentence: &str) -> bool {
        samples(&canonical(sentence)).any(|said| !matches!(self.read(&said), Reading::Unknown))
    }

    /// Looks up a sentence. Of several steps that match, the one with the most text of its own is chosen.
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

    /// Returns the sentences of the composed steps most like the given one, two at most.
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
