//! Error of an endpoint for programs.

use web::Problem;
use worlds::store::StoreError;

/// Either an error of the protocol or a failure of the server.
pub(crate) enum Refusal<E> {
    /// Error that the client receives in the protocol's own format.
    Client(E),
    /// Failure of the server. The client receives only the fact; the reason goes to the log.
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
