//! The parsers of foreign text that have no endpoint of their own, for `fuzz/`: what is inside is nobody else's business.

/// `embed` of `/rs` (ESIA §4.3): how many collections it names. Every text is read somehow.
pub fn embed(query: &str) -> usize {
    crate::protocols::rs::embedded(query)
}

/// `permissions` (ESIA §5.2): how many consents it asks for; none when it cannot be read.
pub fn permissions(text: &str) -> Option<usize> {
    crate::protocols::esia::permissions_asked(text)
}
