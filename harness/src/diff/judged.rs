//! Comparison judged against the list of known differences.

use super::{
    compare::{Comparison, Difference},
    known::KnownDifference,
};

/// Result of a comparison, sorted by what is known.
#[derive(Debug, Default)]
pub struct Judged {
    /// Differences that are not in the list.
    pub unknown: Vec<Difference>,
    /// Differences that are in the list, with their entries.
    pub known: Vec<(Difference, KnownDifference)>,
    /// Entries of the list for differences that no longer exist.
    pub vanished: Vec<KnownDifference>,
    /// Scenarios that were compared.
    pub compared: Vec<String>,
    /// Scenarios that only the first, and only the second, recording has.
    pub alone: [Vec<String>; 2],
}

impl Judged {
    /// Sorts the differences of a comparison by a list of known ones.
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

    /// Checks whether there are neither unknown nor vanished differences.
    pub fn is_as_known(&self) -> bool {
        self.unknown.is_empty() && self.vanished.is_empty()
    }
}
