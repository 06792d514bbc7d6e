//! The forms in which a report is written.

use super::{html, junit, report::Report, screen};

/// One line for people.
pub fn counted(report: &Report) -> String {
    screen::counted(&report.counts)
}

/// The report as JSON.
///
/// # Errors
/// When it cannot be written so.
pub fn as_json(report: &Report) -> Result<String, String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// The report as `JUnit` XML.
///
/// # Errors
/// When it cannot be written so.
pub fn as_junit(report: &Report) -> Result<String, String> {
    junit::xml(report).map_err(|error| error.to_string())
}

/// The report as one page that needs nothing else.
///
/// # Errors
/// When it cannot be written so.
pub fn as_html(report: &Report) -> Result<String, String> {
    html::page(report).map_err(|error| error.to_string())
}
