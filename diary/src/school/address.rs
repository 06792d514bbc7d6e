//! Paths and query strings of the school's pages.

/// Returns the path of a pupil's card.
pub(crate) fn card_path(key: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    format!("/school/pupils/{encoded}")
}

/// Returns a percent-encoded query string of the pairs.
pub(super) fn query_of(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
