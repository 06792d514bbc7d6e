//! Requests of a scenario's program: header fields, last answer and kept values.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;

use crate::wire::Reply;

/// Program that sends requests to the team's own site.
#[derive(Debug, Default)]
pub(crate) struct Program {
    /// Header fields of its further requests.
    pub(super) headers: HeaderMap,
    /// Answer to its last request.
    pub(super) answer: Option<Reply>,
    /// Values kept from answers, by the names that later steps use.
    pub(super) kept: BTreeMap<String, String>,
}
