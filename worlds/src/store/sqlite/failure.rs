//! What an error of `SQLite` means.

use sqlx::error::DatabaseError;

use super::file::DataFile;
use crate::store::{Failure, FailureKind};

/// Result codes (<https://sqlite.org/rescode.html>).
mod code {
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const NOTADB: u32 = 26;
    pub(super) const READONLY_DBMOVED: u32 = 1032;
    /// No room for the index of the log.
    pub(super) const IOERR_SHMSIZE: u32 = 4874;
}

/// What an error of the file `file` means.
pub(super) fn told(file: &DataFile, error: &sqlx::Error) -> Failure {
    // Whatever the library says of a file that is not there any more: that is why.
    if let Err(lost) = file.check() {
        return lost;
    }
    file.failure(kind(error), reason(error))
}

fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}

fn kind(error: &sqlx::Error) -> FailureKind {
    let code = match error {
        sqlx::Error::Database(error) => number(&**error),
        sqlx::Error::PoolTimedOut => return FailureKind::Busy,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => return FailureKind::Damaged,
        _ => return FailureKind::Other,
    };
    match (code, code & 0xff) {
        (code::READONLY_DBMOVED, _) => FailureKind::Lost,
        (code::IOERR_SHMSIZE, _) | (_, code::FULL) => FailureKind::Full,
        (_, code::BUSY | code::LOCKED) => FailureKind::Busy,
        (_, code::READONLY | code::CANTOPEN) => FailureKind::ReadOnly,
        (_, code::CORRUPT | code::NOTADB) => FailureKind::Damaged,
        _ => FailureKind::Other,
    }
}

fn number(error: &dyn DatabaseError) -> u32 {
    error.code().and_then(|code| code.parse().ok()).unwrap_or_default()
}
