//! Origin of the words with which scenarios quote pages.

/// Origin of the words with which scenarios quote the pages of a diary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wording {
    /// Words of the documented diary; the description of a foreign diary translates them (`words`).
    #[default]
    Documented,
    /// Words of the diary under test itself: its team wrote the scenarios.
    TheirOwn,
}
