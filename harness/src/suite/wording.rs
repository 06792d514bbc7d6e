//! Whose words scenarios are written in.

/// Words in which scenarios quote the pages of a diary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wording {
    /// Those of the documented diary: a foreign one has its own for them.
    #[default]
    Documented,
    /// Those of the very diary that is played: the scenarios are its team's.
    TheirOwn,
}
