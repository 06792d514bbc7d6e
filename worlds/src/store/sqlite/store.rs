//! Worlds in one SQLite file that survives `kill -9`. It belongs to one process.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::{
    Row, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

use super::{
    failure::told,
    file::DataFile,
    schema,
    writer::{PATIENCE, Turn, Unwritten, Writer},
};
use crate::{
    Checkpoint, Genesis, Record, WorldName,
    store::{FORKED, Failure, FailureKind, Glance, Incarnation, NewLog, Size, Store, StoreError},
};

/// Worlds in brief; the last subquery is answered by an index.
const LIST: &str = "
select
    name,
    coalesce(genesis ->> '$.seed.title', '') as title,
    coalesce((select seq from event where world = name order by seq desc limit 1), 0) as seq,
    coalesce((select at from event where world = name order by seq desc limit 1), genesis ->> '$.started_at') as at,
    coalesce((select event -> '$.clock' from event where world = name and event ->> 'type' = 'clock-changed'
        order by seq desc limit 1), (select clock from checkpoint where world = name), genesis -> '$.clock') as clock,
    (select at from touched where world = name) as touched_at
from world where name > ? order by name limit ?
";

/// Number of records in one statement.
const AT_ONCE: usize = 1_000;
/// Room that is looked for after a write has failed, bytes: more than an ordinary write takes.
const ROOM: i64 = 64 * 1024;

/// Keeps worlds in a SQLite file. Writing is synchronous and fully flushed: what was answered is on the disk.
#[derive(Debug, Clone)]
pub struct SqliteStore(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) writer: Writer,
    pub(super) readers: SqlitePool,
    file: DataFile,
}

impl SqliteStore {
    /// Opens the file, or makes it, and locks it: while this process lives, no other one keeps worlds in it.
    ///
    /// # Errors
    /// [`StoreError::Medium`]: another process has it; it is another application's, damaged or read-only, and has not been
    /// touched then.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let file = DataFile::take(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        schema::prepare(&file, &options).await?;
        let readers = SqlitePoolOptions::new().max_connections(3).acquire_timeout(PATIENCE);
        let readers = readers.connect_with(options.clone()).await.map_err(|error| told(&file, &error))?;
        file.make_private();
        Ok(Self(Arc::new(Inner { writer: Writer::new(options), readers, file })))
    }

    /// What an error while reading means.
    fn unread(&self, error: &sqlx::Error) -> Failure {
        told(&self.0.file, error)
    }

    /// A value that cannot be read: the file is damaged.
    fn damaged(&self, world: Option<&str>, reason: impl std::fmt::Display) -> Failure {
        let failure = self.0.file.failure(FailureKind::Damaged, reason);
        Failure { world: world.and_then(|name| name.parse().ok()), ..failure }
    }

    async fn begin<'w>(&'w self, world: &'w WorldName) -> Result<Turn<'w>, StoreError> {
        self.0.writer.begin(&self.0.file, world).await
    }

    fn record(&self, name: &WorldName, row: &SqliteRow) -> Result<Record, StoreError> {
        let seq = row.try_get::<i64, _>("seq").map_err(|error| self.unread(&error).of(name))?.cast_unsigned();
        let of_event = |failure: Failure| Failure { event: Some(seq), ..failure.of(name) };
        let column = |error: sqlx::Error| of_event(self.unread(&error));
        let event: String = row.try_get("event").map_err(column)?;
        let at: &str = row.try_get("at").map_err(column)?;
        Ok(Record {
            seq,
            at: instant(at).map_err(|error| of_event(self.damaged(None, format!("at: {error}"))))?,
            rng: row.try_get::<i64, _>("rng").map_err(column)?.cast_unsigned(),
            event: RawValue::from_string(event).map_err(|error| of_event(self.damaged(None, error)))?.into(),
        })
    }

    fn read_checkpoint(&self, name: &WorldName, row: &SqliteRow) -> Result<Checkpoint, StoreError> {
        let column = |error: sqlx::Error| self.unread(&error).of(name);
        let damaged = |reason: String| self.damaged(Some(name.as_str()), format!("checkpoint: {reason}"));
        let number = |column_name: &str| row.try_get::<i64, _>(column_name).map(i64::cast_unsigned).map_err(column);
        let at = instant(row.try_get("at").map_err(column)?).map_err(|error| damaged(format!("at: {error}")))?;
        let clock = serde_json::from_str(row.try_get("clock").map_err(column)?);
        let clock = clock.map_err(|error| damaged(format!("clock: {error}")))?;
        let state = row.try_get::<&[u8], _>("state").map_err(column)?.into();
        Ok(Checkpoint { seq: number("seq")?, at, rng: number("rng")?, clock, state })
    }

    fn glance(&self, row: &SqliteRow) -> Result<Glance, StoreError> {
        let column = |error: sqlx::Error| self.unread(&error);
        let name: &str = row.try_get("name").map_err(column)?;
        let damaged = |reason: String| self.damaged(Some(name), reason);
        Ok(Glance {
            title: row.try_get("title").map_err(column)?,
            clock: serde_json::from_str(row.try_get("clock").map_err(column)?)
                .map_err(|error| damaged(format!("clock: {error}")))?,
            last_at: instant(row.try_get("at").map_err(column)?).map_err(|error| damaged(format!("at: {error}")))?,
            seq: row.try_get::<i64, _>("seq").map_err(column)?.cast_unsigned(),
            name: name.parse().map_err(|error| damaged(format!("name: {error}")))?,
            touched_at: row
                .try_get::<Option<i64>, _>("touched_at")
                .map_err(column)?
                .and_then(DateTime::from_timestamp_millis),
        })
    }
}

/// As `DateTime::to_rfc3339` wrote it; unlike `parse_from_rfc3339` this reads a year of five digits too.
fn instant(text: &str) -> Result<DateTime<Utc>, chrono::ParseError> {
    text.parse()
}

/// Inserts records; a sequence number that is there already means that somebody else was first.
async fn insert(connection: &mut SqliteConnection, name: &WorldName, records: &[Record]) -> Result<(), Unwritten> {
    for part in records.chunks(AT_ONCE) {
        let row = |record: &Record| {
            (record.seq.cast_signed(), record.at.to_rfc3339(), record.rng.cast_signed(), record.event.get().to_owned())
        };
        let rows = serde_json::to_string(&part.iter().map(row).collect::<Vec<_>>());
        let rows = rows.map_err(|error| StoreError::Failed(Box::new(error)))?;
        let added = sqlx::query(
            "insert into event (world, seq, at, rng, event)
            select ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?)",
        );
        let added = added.bind(name.as_str()).bind(rows).execute(&mut *connection).await;
        match added {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(StoreError::Raced.into()),
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                return Err(StoreError::Gone(name.clone()).into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Inserts a world, with a genesis or with that of another one.
async fn insert_world(
    connection: &mut SqliteConnection,
    name: &WorldName,
    genesis: Result<String, &WorldName>,
) -> Result<(), Unwritten> {
    let added = match &genesis {
        Ok(genesis) => sqlx::query("insert into world (name, genesis) values (?, ?)").bind(name.as_str()).bind(genesis),
        Err(parent) => sqlx::query("insert into world (name, genesis) select ?, genesis from world where name = ?")
            .bind(name.as_str())
            .bind(parent.as_str()),
    };
    match (added.execute(connection).await, genesis) {
        (Ok(added), Err(parent)) if added.rows_affected() == 0 => Err(StoreError::Gone(parent.clone()).into()),
        (Ok(_), _) => Ok(()),
        (Err(sqlx::Error::Database(error)), _) if error.is_unique_violation() => {
            Err(StoreError::Exists(name.clone()).into())
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// How a world began, as its column holds it.
fn written(genesis: &Genesis) -> Result<String, StoreError> {
    serde_json::to_string(genesis).map_err(|error| StoreError::Failed(Box::new(error)))
}

async fn create(
    connection: &mut SqliteConnection,
    name: &WorldName,
    genesis: String,
    log: NewLog<'_>,
) -> Result<(), Unwritten> {
    insert_world(connection, name, Ok(genesis)).await?;
    if let Some(checkpoint) = log.checkpoint {
        put_checkpoint(connection, name, checkpoint).await?;
    }
    insert(connection, name, log.records).await
}

/// Drops a world with all that is kept of it. Whether there was one.
async fn delete(connection: &mut SqliteConnection, name: &WorldName) -> Result<bool, Unwritten> {
    let gone = sqlx::query("delete from world where name = ?").bind(name.as_str()).execute(connection).await?;
    Ok(gone.rows_affected() > 0)
}

async fn replace(connection: &mut SqliteConnection, name: &WorldName, genesis: String) -> Result<(), Unwritten> {
    if !delete(connection, name).await? {
        return Err(StoreError::Gone(name.clone()).into());
    }
    create(connection, name, genesis, NewLog::default()).await
}

/// Keeps a checkpoint in the place of an earlier one.
async fn put_checkpoint(
    connection: &mut SqliteConnection,
    name: &WorldName,
    checkpoint: &Checkpoint,
) -> Result<(), Unwritten> {
    let clock = serde_json::to_string(&checkpoint.clock).map_err(|error| StoreError::Failed(Box::new(error)))?;
    sqlx::query(
        "insert into checkpoint (world, seq, at, rng, clock, state) values (?, ?, ?, ?, ?, ?)
        on conflict (world) do update set seq = excluded.seq, at = excluded.at, rng = excluded.rng,
            clock = excluded.clock, state = excluded.state where excluded.seq > checkpoint.seq",
    )
    .bind(name.as_str())
    .bind(checkpoint.seq.cast_signed())
    .bind(checkpoint.at.to_rfc3339())
    .bind(checkpoint.rng.cast_signed())
    .bind(clock)
    .bind(&*checkpoint.state)
    .execute(connection)
    .await?;
    Ok(())
}

async fn fork(
    connection: &mut SqliteConnection,
    parent: &WorldName,
    upto: u64,
    name: &WorldName,
    more: &[Record],
) -> Result<(), Unwritten> {
    insert_world(connection, name, Err(parent)).await?;
    let checkpoint: Option<i64> = sqlx::query_scalar("select seq from checkpoint where world = ?")
        .bind(parent.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    let checkpoint = checkpoint.unwrap_or(0).cast_unsigned();
    if checkpoint > upto {
        return Err(StoreError::Raced.into());
    }
    sqlx::query("insert into checkpoint select ?, seq, at, rng, clock, state from checkpoint where world = ?")
        .bind(name.as_str())
        .bind(parent.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into event (world, seq, at, rng, event)
        select ?, seq, at, rng, event from event where world = ? and seq > ? and seq <= ?",
    )
    .bind(name.as_str())
    .bind(parent.as_str())
    .bind(checkpoint.saturating_sub(FORKED).cast_signed())
    .bind(upto.cast_signed())
    .execute(&mut *connection)
    .await?;
    insert(connection, name, more).await
}

async fn append(
    connection: &mut SqliteConnection,
    name: &WorldName,
    expected: u64,
    records: &[Record],
) -> Result<(), Unwritten> {
    let last: Option<i64> = sqlx::query_scalar("select max(seq) from event where world = ?")
        .bind(name.as_str())
        .fetch_one(&mut *connection)
        .await?;
    if last.unwrap_or(0).cast_unsigned() != expected {
        return Err(StoreError::Raced.into());
    }
    insert(connection, name, records).await
}

#[async_trait]
impl Store for SqliteStore {
    async fn create(
        &self,
        name: &WorldName,
        genesis: &Arc<Genesis>,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError> {
        let genesis = written(genesis)?;
        let mut turn = self.begin(name).await?;
        let created = create(&mut turn.connection, name, genesis, log).await;
        turn.end(created.map(|()| 0)).await
    }

    async fn replace(&self, name: &WorldName, genesis: &Arc<Genesis>) -> Result<Incarnation, StoreError> {
        let genesis = written(genesis)?;
        let mut turn = self.begin(name).await?;
        let replaced = replace(&mut turn.connection, name, genesis).await;
        turn.end(replaced.map(|()| 0)).await
    }

    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        let mut turn = self.begin(name).await?;
        let forked = fork(&mut turn.connection, parent, upto, name, more).await;
        turn.end(forked.map(|()| 0)).await
    }

    async fn append(
        &self,
        name: &WorldName,
        _: Incarnation,
        expected: u64,
        records: &[Record],
    ) -> Result<(), StoreError> {
        let mut turn = self.begin(name).await?;
        let appended = append(&mut turn.connection, name, expected, records).await;
        turn.end(appended).await
    }

    async fn checkpoint(&self, name: &WorldName) -> Result<Option<Checkpoint>, StoreError> {
        let row = sqlx::query("select seq, at, rng, clock, state from checkpoint where world = ?")
            .bind(name.as_str())
            .fetch_optional(&self.0.readers)
            .await
            .map_err(|error| self.unread(&error).of(name))?;
        row.map(|row| self.read_checkpoint(name, &row)).transpose()
    }

    async fn put_checkpoint(
        &self,
        name: &WorldName,
        _: Incarnation,
        checkpoint: &Checkpoint,
        forget_upto: u64,
    ) -> Result<(), StoreError> {
        let mut turn = self.begin(name).await?;
        let put = async {
            put_checkpoint(&mut turn.connection, name, checkpoint).await?;
            let forget = sqlx::query("delete from event where world = ? and seq <= ?");
            forget.bind(name.as_str()).bind(forget_upto.cast_signed()).execute(&mut turn.connection).await?;
            Ok(())
        };
        let put = put.await;
        turn.end(put).await
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let rows =
            sqlx::query("select seq, at, rng, event from event where world = ? and seq > ? order by seq limit ?")
                .bind(name.as_str())
                .bind(i64::try_from(after).unwrap_or(i64::MAX))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.0.readers)
                .await
                .map_err(|error| self.unread(&error).of(name))?;
        rows.iter().map(|row| self.record(name, row)).collect()
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<(Arc<Genesis>, Incarnation)>, StoreError> {
        let genesis: Option<String> = sqlx::query_scalar("select genesis from world where name = ?")
            .bind(name.as_str())
            .fetch_optional(&self.0.readers)
            .await
            .map_err(|error| self.unread(&error).of(name))?;
        if genesis.is_none() {
            // A connection from before may still read what was moved away: that there is no such world is told of the file
            // in its place alone.
            self.0.file.check()?;
        }
        let read = |text: String| serde_json::from_str(&text).map(|genesis| (Arc::new(genesis), 0));
        let read = genesis.map(read).transpose();
        Ok(read.map_err(|error| self.damaged(Some(name.as_str()), format!("genesis: {error}")))?)
    }

    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError> {
        let rows = sqlx::query(LIST)
            .bind(after.map_or("", WorldName::as_str))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await
            .map_err(|error| self.unread(&error))?;
        rows.iter().map(|row| self.glance(row)).collect()
    }

    async fn size(&self) -> Result<Size, StoreError> {
        let query = "select (select count(*) from world), (pages.page_count - free.freelist_count) * size.page_size
            from pragma_page_count() as pages, pragma_freelist_count() as free, pragma_page_size() as size";
        let row: (i64, i64) =
            sqlx::query_as(query).fetch_one(&self.0.readers).await.map_err(|error| self.unread(&error))?;
        Ok(row.into())
    }

    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        // `.` comes after `-`, and stands in no name.
        let row: (i64, i64) = sqlx::query_as(
            "select count(*), coalesce(sum(bytes), 0) from size where world > ?1 || '-' and world < ?1 || '.'",
        )
        .bind(owner.as_str())
        .fetch_one(&self.0.readers)
        .await
        .map_err(|error| self.unread(&error))?;
        Ok(row.into())
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        let mut turn = self.begin(name).await?;
        let deleted = delete(&mut turn.connection, name).await;
        turn.end(deleted).await
    }

    async fn touch(&self, name: &WorldName, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut turn = self.begin(name).await?;
        let touched = sqlx::query(
            "insert into touched (world, at) select name, ?2 from world where name = ?1
            on conflict (world) do update set at = max(at, excluded.at)",
        );
        let touched = touched.bind(name.as_str()).bind(at.timestamp_millis()).execute(&mut turn.connection).await;
        turn.end(touched.map(|_| ()).map_err(Unwritten::Failed)).await
    }

    async fn idle(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<WorldName>, StoreError> {
        let main = WorldName::main();
        let mut turn = self.begin(&main).await?;
        let noted = sqlx::query("insert or ignore into touched (world, at) select name, ? from world");
        let noted = noted.bind(now.timestamp_millis()).execute(&mut turn.connection).await;
        turn.end(noted.map(|_| ()).map_err(Unwritten::Failed)).await?;
        let names: Vec<String> = sqlx::query_scalar("select world from touched where at < ? order by world")
            .bind(before.timestamp_millis())
            .fetch_all(&self.0.readers)
            .await
            .map_err(|error| self.unread(&error))?;
        let name = |text: &String| text.parse().map_err(|error| self.damaged(None, format!("name: {error}")).into());
        names.iter().map(name).collect()
    }

    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut turn = self.begin(name).await?;
        let gone = sqlx::query(
            "delete from world where name = ?1 and exists (select 1 from touched where world = ?1 and at < ?2)",
        );
        let gone = gone.bind(name.as_str()).bind(before.timestamp_millis()).execute(&mut turn.connection).await;
        turn.end(gone.map(|gone| gone.rows_affected() > 0).map_err(Unwritten::Failed)).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.0.file.check()?;
        if self.0.writer.failing().is_none() {
            return Ok(());
        }
        let main = WorldName::main();
        let mut turn = self.begin(&main).await?;
        let probe = sqlx::query("insert or replace into probe (id, room) values (1, zeroblob(?))").bind(ROOM);
        let probe = probe.execute(&mut turn.connection).await.map_err(Unwritten::Failed);
        turn.end(probe.map(|_| ())).await
    }

    fn file(&self) -> Option<&Path> {
        Some(self.0.file.path())
    }
}
