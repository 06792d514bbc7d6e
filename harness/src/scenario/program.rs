//! What the program of a scenario has said, heard and kept.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;

use crate::wire::Reply;

/// The program that asks the team's own site.
#[derive(Debug, Default)]
pub(crate) struct Program {
    /// Header fields that its requests have from now on.
    pub(super) headers: HeaderMap,
    /// The answer to its last request.
    pub(super) answer: Option<Reply>,
    /// Values that were kept of answers, by the names that later steps use.
    pub(super) kept: BTreeMap<String, String>,
}
