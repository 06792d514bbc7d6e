//! Parsers of untrusted text that have no endpoint of their own, exported for `fuzz/` only; not a stable API.

/// Returns the number of collections that `embed` of `/rs` names (ESIA §4.3). The parser accepts any text.
pub fn embed(query: &str) -> usize {
    crate::protocols::rs::embedded(query)
}

/// Returns the number of consents that `permissions` asks for (ESIA §5.2), or `None` if the text cannot be parsed.
pub fn permissions(text: &str) -> Option<usize> {
    crate::protocols::esia::permissions_asked(text)
}
