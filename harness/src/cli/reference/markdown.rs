//! Building blocks of Markdown pages.

use std::fmt::Write as _;

/// Escapes a text for a table cell: on one line, without characters that Markdown or HTML would interpret.
pub(super) fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|").replace('<', "\\<").replace('*', "\\*")
}

/// Formats a name as code; a bar is escaped, because it would end a table cell.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// Formats a table; empty without rows.
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

/// Formats lines as a code block that no test runs.
pub(super) fn block(text: &str) -> String {
    format!("```text\n{}\n```\n\n", text.trim_end())
}
