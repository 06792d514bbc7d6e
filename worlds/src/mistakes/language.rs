//! The two languages of verdicts.

/// The language that somebody reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Russian, unless something else is asked for.
    #[default]
    Russian,
    /// English, `en` in `Accept-Language`.
    English,
}
