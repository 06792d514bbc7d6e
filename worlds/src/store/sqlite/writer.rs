//! The one connection that writes. One whose transaction did not end as it should is never used again.

use std::time::Duration;

use parking_lot::Mutex;
use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{Mutex as Turns, MutexGuard};

use super::{failure::told, file::DataFile};
use crate::{
    WorldName,
    store::{Failure, FailureKind, StoreError},
};

/// How long a write waits for another one, or for another program.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Writers take turns here, and not within `SQLite`.
#[derive(Debug)]
pub(super) struct Writer {
    options: SqliteConnectOptions,
    connection: Turns<Option<SqliteConnection>>,
    /// Why the last write failed, if it did.
    failing: Mutex<Option<FailureKind>>,
    #[cfg(test)]
    pub(super) most_pages: std::sync::atomic::AtomicU32,
}

/// A transaction under way. Dropped, it takes its connection with it.
pub(super) struct Turn<'w> {
    writer: &'w Writer,
    file: &'w DataFile,
    world: &'w WorldName,
    place: MutexGuard<'w, Option<SqliteConnection>>,
    pub(super) connection: SqliteConnection,
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            connection: Turns::default(),
            failing: Mutex::default(),
            #[cfg(test)]
            most_pages: std::sync::atomic::AtomicU32::default(),
        }
    }

    /// Why the last write failed, if it did.
    pub(super) fn failing(&self) -> Option<FailureKind> {
        *self.failing.lock()
    }

    /// Begins to write about a world.
    ///
    /// # Errors
    /// The file's.
    pub(super) async fn begin<'w>(&'w self, file: &'w DataFile, world: &'w WorldName) -> Result<Turn<'w>, StoreError> {
        let begun = self.try_begin(file, world).await;
        begun.map_err(|failure| self.note(failure.of(world)))
    }

    async fn try_begin<'w>(&'w self, file: &'w DataFile, world: &'w WorldName) -> Result<Turn<'w>, Failure> {
        let turn = tokio::time::timeout(PATIENCE, self.connection.lock()).await;
        let mut place = turn.map_err(|_| file.failure(FailureKind::Busy, "other writes take too long"))?;
        file.check()?;
        let mut connection = match place.take() {
            Some(connection) => connection,
            None => self.connect().await.map_err(|error| told(file, &error))?,
        };
        sqlx::query("begin immediate").execute(&mut connection).await.map_err(|error| told(file, &error))?;
        Ok(Turn { writer: self, file, world, place, connection })
    }

    async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        let connection = self.options.connect().await?;
        #[cfg(test)]
        let connection = limited(connection, self.most_pages.load(std::sync::atomic::Ordering::Relaxed)).await?;
        Ok(connection)
    }

    /// The place of the connection, to put another one there.
    #[cfg(test)]
    pub(super) async fn forget(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        self.connection.lock().await
    }

    fn note(&self, failure: Failure) -> StoreError {
        *self.failing.lock() = Some(failure.kind);
        failure.into()
    }
}

/// A disk of so many pages; 0 is as many as there are.
#[cfg(test)]
async fn limited(mut connection: SqliteConnection, pages: u32) -> Result<SqliteConnection, sqlx::Error> {
    if pages > 0 {
        let limit = sqlx::AssertSqlSafe(format!("pragma max_page_count = {pages}"));
        sqlx::raw_sql(limit).execute(&mut connection).await?;
    }
    Ok(connection)
}

impl Turn<'_> {
    /// Keeps what was written, if all of it was; after a refusal nothing is kept, and nothing has failed.
    ///
    /// # Errors
    /// The refusal, or the file's.
    pub(super) async fn end<T>(mut self, written: Result<T, Unwritten>) -> Result<T, StoreError> {
        let failure = match written {
            Ok(value) => match self.say("commit").await {
                Ok(()) => return Ok(self.over(value)),
                Err(failure) => failure,
            },
            Err(Unwritten::Refused(refusal)) => match self.say("rollback").await {
                Ok(()) => return Err(self.over(refusal)),
                Err(failure) => failure,
            },
            Err(Unwritten::Failed(error)) => told(self.file, &error),
        };
        // `SQLite` may have rolled back by itself, or may not: the connection goes, and what it held with it.
        let (writer, failure) = (self.writer, failure.of(self.world));
        let _ = sqlx::Connection::close(self.connection).await;
        drop(self.place);
        Err(writer.note(failure))
    }

    async fn say(&mut self, what: &'static str) -> Result<(), Failure> {
        sqlx::query(what).execute(&mut self.connection).await.map_err(|error| told(self.file, &error))?;
        // Looked at after the fact, so that nothing is acknowledged that went into a file that is gone.
        self.file.check()
    }

    fn over<T>(self, value: T) -> T {
        let Self { writer, mut place, connection, .. } = self;
        *place = Some(connection);
        *writer.failing.lock() = None;
        value
    }
}

/// Why a transaction did not do what it was for.
pub(super) enum Unwritten {
    /// The rules say no; the medium is well.
    Refused(StoreError),
    /// The medium failed.
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for Unwritten {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Unwritten {
    fn from(refusal: StoreError) -> Self {
        Self::Refused(refusal)
    }
}
