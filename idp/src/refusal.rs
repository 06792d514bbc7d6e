//! Why an endpoint for programs does not give what was asked for.

use web::Problem;
use worlds::store::StoreError;

/// A refusal in the words of a protocol, or a failure of the server.
pub(crate) enum Refusal<E> {
    /// The client hears the protocol's own error.
    Client(E),
    /// The client hears that the server has failed; the reason is for the log.
    Problem(Problem),
}

impl<E> From<Problem> for Refusal<E> {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl<E> From<StoreError> for Refusal<E> {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}
