//! Answers that are wrong on purpose: what the routes of a mock tell the front and the connection about them.

use std::time::Duration;

use axum::{body::Bytes, response::Response};

/// Names of the faults that have changed an answer. They stand in the extensions of the answer; the front takes them into the
/// journal and into the header `X-Esia-Stand-Fault`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultNames(pub Vec<String>);

impl FaultNames {
    /// Notes that a fault has had to do with an answer.
    pub(crate) fn note(answer: &mut Response, name: &str) {
        answer.extensions_mut().get_or_insert_default::<Self>().0.push(name.to_owned());
    }
}

/// What the connection does with an answer instead of carrying it as it is; it stands in the extensions of the answer. The
/// journal has the answer as it would have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wire {
    /// Nothing is sent, and the connection is reset (RST).
    Reset,
    /// These bytes in place of an answer, none of them for an empty one; then the connection is closed.
    Raw(Bytes),
    /// The head at once, then one byte of the body after each pause.
    Drip(Duration),
    /// The head with the length of the whole, so many bytes of the body, and the connection is closed.
    Cut(usize),
    /// The whole answer after a pause.
    Late(Duration),
}
