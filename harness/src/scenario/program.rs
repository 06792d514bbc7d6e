//! What the program of a scenario has said and heard.

use reqwest::header::HeaderMap;

use crate::wire::Reply;

/// The program that asks the team's own site.
#[derive(Debug, Default)]
pub(crate) struct Program {
    /// Header fields that its requests have from now on.
    pub(super) headers: HeaderMap,
    /// The answer to its last request.
    pub(super) answer: Option<Reply>,
}
