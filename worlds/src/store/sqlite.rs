//! One SQLite file that survives `kill -9`.

use std::{path::Path, str::FromStr, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{
    Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

use super::{Glance, Store, StoreError};
use crate::{Genesis, Record, WorldName};

const SCHEMA: &str = "
create table if not exists world (
    name text primary key,
    genesis text not null
) without rowid;
create table if not exists event (
    world text not null references world (name) on delete cascade,
    seq integer not null,
    at text not null,
    rng integer not null,
    event text not null,
    primary key (world, seq)
) without rowid;
create index if not exists clock_changed on event (world, seq) where event ->> 'type' = 'clock-changed';
";

/// A world in brief; the last subquery is answered by the index.
const GLANCE: &str = "
select
    genesis,
    (select seq from event where world = name order by seq desc limit 1) as seq,
    (select at from event where world = name order by seq desc limit 1) as at,
    (select event from event where world = name and event ->> 'type' = 'clock-changed' order by seq desc limit 1) as clock
from world where name = ?
";

/// Keeps worlds in a SQLite file. Writing is synchronous and fully flushed: what was answered is on the disk.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pool: SqlitePool,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Failed(Box::new(error))
}

impl SqliteStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it cannot be opened or is not such a file.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self { pool })
    }
}

/// Inserts records; a sequence number that is there already means that somebody else was first.
async fn insert(
    connection: &mut sqlx::SqliteConnection,
    name: &WorldName,
    records: &[Record],
) -> Result<(), StoreError> {
    for record in records {
        let added = sqlx::query("insert into event (world, seq, at, rng, event) values (?, ?, ?, ?, ?)")
            .bind(name.as_str())
            .bind(record.seq.cast_signed())
            .bind(record.at.to_rfc3339())
            .bind(record.rng.cast_signed())
            .bind(record.event.get())
            .execute(&mut *connection)
            .await;
        match added {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(StoreError::Raced),
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                return Err(StoreError::Gone(name.clone()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// As `DateTime::to_rfc3339` wrote it; unlike `parse_from_rfc3339` this reads a year of five digits too.
fn instant(text: &str) -> Result<DateTime<Utc>, StoreError> {
    text.parse().map_err(unreadable)
}

fn record(row: &SqliteRow) -> Result<Record, StoreError> {
    let event: String = row.try_get("event")?;
    Ok(Record {
        seq: row.try_get::<i64, _>("seq")?.cast_unsigned(),
        at: instant(row.try_get("at")?)?,
        rng: row.try_get::<i64, _>("rng")?.cast_unsigned(),
        event: serde_json::value::RawValue::from_string(event).map_err(unreadable)?.into(),
    })
}

#[async_trait]
impl Store for SqliteStore {
    async fn create(&self, name: &WorldName, genesis: &Genesis, records: &[Record]) -> Result<(), StoreError> {
        let genesis = serde_json::to_string(genesis).map_err(unreadable)?;
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let added = sqlx::query("insert into world (name, genesis) values (?, ?)")
            .bind(name.as_str())
            .bind(genesis)
            .execute(&mut *transaction)
            .await;
        match added {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                return Err(StoreError::Exists(name.clone()));
            }
            Err(error) => return Err(error.into()),
        }
        insert(&mut transaction, name, records).await?;
        Ok(transaction.commit().await?)
    }

    async fn append(&self, name: &WorldName, expected: u64, records: &[Record]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let last: Option<i64> = sqlx::query_scalar("select max(seq) from event where world = ?")
            .bind(name.as_str())
            .fetch_one(&mut *transaction)
            .await?;
        if last.unwrap_or(0).cast_unsigned() != expected {
            return Err(StoreError::Raced);
        }
        insert(&mut transaction, name, records).await?;
        Ok(transaction.commit().await?)
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let rows =
            sqlx::query("select seq, at, rng, event from event where world = ? and seq > ? order by seq limit ?")
                .bind(name.as_str())
                .bind(i64::try_from(after).unwrap_or(i64::MAX))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.pool)
                .await?;
        rows.iter().map(record).collect()
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<Genesis>, StoreError> {
        let genesis: Option<String> = sqlx::query_scalar("select genesis from world where name = ?")
            .bind(name.as_str())
            .fetch_optional(&self.pool)
            .await?;
        genesis.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }

    async fn names(&self) -> Result<Vec<WorldName>, StoreError> {
        let names: Vec<String> =
            sqlx::query_scalar("select name from world order by name").fetch_all(&self.pool).await?;
        names.iter().map(|name| WorldName::from_str(name).map_err(unreadable)).collect()
    }

    async fn count(&self) -> Result<usize, StoreError> {
        let count: i64 = sqlx::query_scalar("select count(*) from world").fetch_one(&self.pool).await?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    async fn glance(&self, name: &WorldName) -> Result<Option<Glance>, StoreError> {
        let row = sqlx::query(GLANCE).bind(name.as_str()).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let genesis = serde_json::from_str(row.try_get("genesis")?).map_err(unreadable)?;
        let last = match row.try_get::<Option<i64>, _>("seq")? {
            None => None,
            Some(seq) => Some((seq.cast_unsigned(), instant(row.try_get("at")?)?)),
        };
        Glance::new(genesis, last, row.try_get("clock")?).map(Some)
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        let gone = sqlx::query("delete from world where name = ?").bind(name.as_str()).execute(&self.pool).await?;
        Ok(gone.rows_affected() > 0)
    }
}
