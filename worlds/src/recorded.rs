//! How events came into a log: when, and which request they were decided for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How an event came into the log, as this process knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Number of the event.
    pub(crate) seq: u64,
    /// When it was recorded, by the machine's clock: what under a frozen clock alone tells which of two servers' events came
    /// first.
    pub at: DateTime<Utc>,
    /// The request that it was decided for, as the world's journal numbers it; none for what fell due by itself.
    pub request: Option<u64>,
}

tokio::task_local! {
    /// The request that is being answered.
    static REQUEST: u64;
}

/// Answers a request: events that are decided on the way are known to be its own.
pub async fn answering<F: Future>(request: u64, answer: F) -> F::Output {
    REQUEST.scope(request, answer).await
}

/// The request that is being answered here, if one is.
pub(crate) fn request() -> Option<u64> {
    REQUEST.try_with(|request| *request).ok()
}
