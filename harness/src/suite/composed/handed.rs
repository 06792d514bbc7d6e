//! Places of a body that stand for what is under the step where it is said, in either language.

const TABLE_UNDER: [&str; 2] = ["таблица под шагом", "table under the step"];
const TEXT_UNDER: [&str; 2] = ["текст под шагом", "text under the step"];

/// Whether a place stands for the table under the sentence.
pub(super) fn is_table_under(place: &str) -> bool {
    TABLE_UNDER.contains(&place)
}

/// Whether a place stands for the text under the sentence.
pub(super) fn is_text_under(place: &str) -> bool {
    TEXT_UNDER.contains(&place)
}
