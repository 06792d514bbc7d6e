//! The step that is meant in a body, before it is known with which values it will be said.

use super::{
    sentence::samples,
    vocabulary::{Reading, Vocabulary},
};

/// Reads a sentence of a body with samples in its places: the first reading that there is.
pub(super) fn meant(vocabulary: &Vocabulary, sentence: &str) -> Reading {
    let mut readings = samples(sentence).map(|said| vocabulary.read(&said));
    readings.find(|reading| !matches!(reading, Reading::Unknown)).unwrap_or(Reading::Unknown)
}
