//! Finds the step that a sentence in the body of a composed step means, before the values of its parameters are known.

use super::{
    sentence::samples,
    vocabulary::{Reading, Vocabulary},
};

/// Looks up a sentence of a body with samples in place of its parameters, and returns the first reading that is known.
pub(super) fn meant(vocabulary: &Vocabulary, sentence: &str) -> Reading {
    let mut readings = samples(sentence).map(|said| vocabulary.read(&said));
    readings.find(|reading| !matches!(reading, Reading::Unknown)).unwrap_or(Reading::Unknown)
}
