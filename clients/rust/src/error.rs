//! What can go wrong with the stand itself.

use crate::Server;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the stand did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is not there or does not start. The text tells the way out.
    #[error("{0}")]
    NotStarted(String),
    /// A CA that was named cannot be read, or no HTTP client can be made.
    #[error("{0}")]
    NoClient(String),
    /// A server is silent.
    #[error("{server} at {url} does not answer: {source}")]
    NoAnswer {
        /// The server that was asked.
        server: Server,
        /// The address that was asked.
        url: String,
        /// Why nothing came.
        source: reqwest::Error,
    },
    /// The control API refuses.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// An answer is not what the control API answers with.
    #[error("{server} answers {url} with what cannot be read: {source}")]
    Unreadable {
        /// The server that answered.
        server: Server,
        /// The address that was asked.
        url: String,
        /// Where it stops making sense.
        source: serde_json::Error,
    },
    /// The stand was named without its diary.
    #[error("the stand was named without its diary: set ESIA_STAND_DIARY beside ESIA_STAND_URL")]
    NoDiary,
    /// The world has no such person.
    #[error("nobody in the world {world} is called «{key}»; there are: {known}")]
    Nobody {
        /// The world that was asked.
        world: String,
        /// The key or login that was said.
        key: String,
        /// The keys that there are, with commas between.
        known: String,
    },
    /// A letter or an SMS did not come in time.
    #[error("no message with «{containing}» within five seconds; there are others: {others}")]
    NoMessage {
        /// What was looked for.
        containing: String,
        /// Subjects and texts of those that are there.
        others: String,
    },
    /// An answer whose verdict was asked for comes from elsewhere.
    #[error("{0} is not of the world {1}")]
    Elsewhere(String, String),
}

/// A refusal of the control API (RFC 9457).
#[derive(Debug, Clone, thiserror::Error)]
#[error("{server} at {url} refuses with {status}: {title}{}", way_out.as_ref().map(|way_out| format!(". {way_out}")).unwrap_or_default())]
pub struct Refusal {
    /// The server that refuses.
    pub server: Server,
    /// The address that was asked.
    pub url: String,
    /// HTTP status code.
    pub status: u16,
    /// The stable name of the refusal; empty where the answer is none of the control API.
    pub code: String,
    /// One sentence about what is wrong.
    pub title: String,
    /// What would do, where that is known.
    pub way_out: Option<String>,
}
