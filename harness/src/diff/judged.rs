//! A comparison in the light of what is known.

use super::{
    compare::{Comparison, Difference},
    known::KnownDifference,
};

/// What a comparison has found, and what was expected.
#[derive(Debug, Default)]
pub struct Judged {
    /// Differences that nobody knows.
    pub unknown: Vec<Difference>,
    /// Those that somebody knows, each with who and why.
    pub known: Vec<(Difference, KnownDifference)>,
    /// Known ones that are not there any more.
    pub vanished: Vec<KnownDifference>,
    /// Scenarios that were compared.
    pub compared: Vec<String>,
    /// Scenarios of the first recording alone, and of the second alone.
    pub alone: [Vec<String>; 2],
}

impl Judged {
    /// A comparison, with these differences known.
    pub fn of(comparison: Comparison, known: &[KnownDifference]) -> Self {
        let Comparison { differences, compared, alone } = comparison;
        let mut judged = Self { compared, alone, ..Self::default() };
        let is_there = |known: &KnownDifference| differences.iter().any(|difference| difference.id == known.id);
        judged.vanished = known.iter().filter(|known| !is_there(known)).cloned().collect();
        for difference in differences {
            match known.iter().find(|known| known.id == difference.id) {
                Some(known) => judged.known.push((difference, known.clone())),
                None => judged.unknown.push(difference),
            }
        }
        judged
    }

    /// Whether nothing is otherwise than it is known to be.
    pub fn is_as_known(&self) -> bool {
        self.unknown.is_empty() && self.vanished.is_empty()
    }
}
