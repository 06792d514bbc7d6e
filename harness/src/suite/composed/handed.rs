//! Placeholders of a body for the table and the text under a call, in Russian and English.

const TABLE_UNDER: [&str; 2] = ["таблица под шагом", "table under the step"];
const TEXT_UNDER: [&str; 2] = ["текст под шагом", "text under the step"];

/// Checks whether a placeholder stands for the table under the call.
pub(super) fn is_table_under(place: &str) -> bool {
    TABLE_UNDER.contains(&place)
}

/// Checks whether a placeholder stands for the text under the call.
pub(super) fn is_text_under(place: &str) -> bool {
    TEXT_UNDER.contains(&place)
}
