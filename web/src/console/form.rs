//! Fields of forms and queries.

/// What was typed, without blanks around it; nothing for a field that was left empty.
pub(super) fn set(field: Option<String>) -> Option<String> {
    field.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
