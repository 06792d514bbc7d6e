//! Formats of a report: JSON, `JUnit` XML, HTML, and one line for people.

use super::{html, junit, report::Report, screen};

/// Counts in one line for people.
pub fn counted(report: &Report) -> String {
    screen::counted(&report.counts)
}

/// Report as JSON.
///
/// # Errors
/// Fails if the report cannot be serialized.
pub fn as_json(report: &Report) -> Result<String, String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// Report as `JUnit` XML.
///
/// # Errors
/// Fails if the report cannot be serialized.
pub fn as_junit(report: &Report) -> Result<String, String> {
    junit::xml(report).map_err(|error| error.to_string())
}

/// Report as one HTML page that needs no other file.
///
/// # Errors
/// Fails if the template cannot be rendered.
pub fn as_html(report: &Report) -> Result<String, String> {
    html::page(report).map_err(|error| error.to_string())
}
