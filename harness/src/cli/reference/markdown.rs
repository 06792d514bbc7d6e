//! Pieces of Markdown.

use std::fmt::Write as _;

/// A text as it may stand in a cell: on one line, without what Markdown or HTML would take for a mark.
pub(super) fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|").replace('<', "\\<").replace('*', "\\*")
}

/// A name as code; in a table a bar must not end the cell.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// A table, or nothing where it would have no rows.
pub(super) fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text.push('\n');
    text
}

/// Lines as they are, which nothing runs.
pub(super) fn block(text: &str) -> String {
    format!("```text\n{}\n```\n\n", text.trim_end())
}
