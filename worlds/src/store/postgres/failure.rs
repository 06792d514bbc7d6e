//! What an error of the database means.

use crate::store::{Failure, FailureKind};

/// A failure of the database.
pub(super) fn failure(kind: FailureKind, reason: impl std::fmt::Display) -> Failure {
    Failure::new(kind, format!("PostgreSQL: {reason}"))
}

/// What an error means.
pub(super) fn told(error: &sqlx::Error) -> Failure {
    let reason = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::PoolTimedOut => "no connection in time".to_owned(),
        other => other.to_string(),
    };
    failure(kind(error), reason)
}

/// By the classes of codes (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn kind(error: &sqlx::Error) -> FailureKind {
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default().into_owned(),
        // A database that refuses connections is asked again until the time is over.
        sqlx::Error::PoolTimedOut
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed => {
            return FailureKind::Unreachable;
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => return FailureKind::Damaged,
        _ => return FailureKind::Other,
    };
    match code.as_str() {
        // Cancelled by `statement_timeout`, a lock that was not had, a conflict, a deadlock, no connection left.
        "57014" | "55P03" | "40001" | "40P01" | "53300" => FailureKind::Busy,
        // Starting, stopping, or stopped meanwhile.
        "57P01" | "57P02" | "57P03" => FailureKind::Unreachable,
        "25006" => FailureKind::ReadOnly,
        "53100" | "53200" | "54000" => FailureKind::Full,
        "42P01" | "42703" => FailureKind::Damaged,
        other if other.starts_with("08") => FailureKind::Unreachable,
        _ => FailureKind::Other,
    }
}
