//! Worlds in a database, for any number of replicas: each change is appended under the number that is expected.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::{
    ConnectOptions as _, PgPool, Postgres, Row,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
};
use tokio::sync::{broadcast, mpsc};

use super::{
    changes::listen,
    failure::{failure, told},
    requests::{Shared, write},
    schema,
};
use crate::{
    Checkpoint, Genesis, Record, WorldName,
    log_event::clock_of,
    store::{
        FORKED, Failure, FailureKind, Glance, Incarnation, NewLog, SharedRequest, Size, Store, StoreChange, StoreError,
    },
};

/// How long is waited for a connection.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long is waited for what each request does, before it is refused with "try again".
const QUICK: Duration = Duration::from_secs(4);
/// How long is waited for what reads or writes a whole world.
const LONG: Duration = Duration::from_mins(1);
/// Connections of one replica.
const CONNECTIONS: u32 = 16;
/// A connection that was idle for so long is asked whether it is still good.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// The log goes on: the world's line moves only if it is where it was expected, and the records come along, or nothing does.
/// The others are told when this is committed.
const APPEND: &str = "
with head as (
    update world set seq = $3, last_at = $4, clock = coalesce($5, clock), bytes = bytes + $10
    where id = $1 and seq = $2 returning id
), told as (
    select pg_notify(current_schema(), id::text) from head
), added as (
    insert into event (world, seq, at, rng, event)
    select id, record.* from head, unnest($6::bigint[], $7::text[], $8::bigint[], $9::text[]) as record
    returning 1
)
select (select count(*) from added), (select count(*) from told)
";

/// All records after a number, and the world's line even if there are none: no line is no such world.
const NEWS: &str = "
select event.seq, event.at, event.rng, event.event
from world left join event on event.world = world.id and event.seq > $2
where world.id = $1 order by event.seq
";

/// Drops a world, or only one that was last asked for before an instant. Whoever waits at another replica for events of that
/// world hears that it is over.
const DELETE: &str = "
with gone as (delete from world where name = $1 and ($2 is null or touched_at < $2) returning id)
select pg_notify(current_schema(), id::text) is not null from gone
";

/// Keeps worlds in a database that replicas share.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
    changes: broadcast::Sender<StoreChange>,
    /// The number of this process among all that have used the database.
    replica: i64,
    requests: mpsc::Sender<Shared>,
}

impl PostgresStore {
    /// Opens the database of that address (`postgres://user:password@host/database`) for a server, `idp` or `diary`, and brings
    /// its tables to the version of this program.
    ///
    /// # Errors
    /// [`StoreError::Medium`]: a wrong address, a database that does not answer, or one of a newer version.
    pub async fn open(url: &str, server: &str) -> Result<Self, StoreError> {
        let wrong = |error: sqlx::Error| StoreError::from(failure(FailureKind::Other, format!("the address: {error}")));
        let options: PgConnectOptions = url.parse().map_err(wrong)?;
        let schema = schema::name_of(server);
        let limit = format!("{}s", LONG.as_secs());
        let options = options
            .application_name(&format!("esia-stand {server}"))
            .options([("search_path", schema.as_str()), ("statement_timeout", &limit), ("lock_timeout", &limit)])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(
                    async move { Ok(meta.idle_for < FRESH_FOR || sqlx::Connection::ping(connection).await.is_ok()) },
                )
            })
            .connect_lazy_with(options.clone());
        // The first connection says why there is none; the pool would only say that it has waited.
        let first = async {
            let connection = options.connect().await.map_err(|error| told(&error))?;
            Ok(sqlx::Connection::close(connection).await.map_err(|error| told(&error))?)
        };
        within(LONG, first).await?;
        within(LONG, async { schema::prepare(&pool, server).await.map_err(StoreError::from) }).await?;
        let numbered = async {
            let number = sqlx::query_scalar("select nextval('replica')").fetch_one(&pool).await;
            Ok(number.map_err(|error| told(&error))?)
        };
        let replica = within(LONG, numbered).await?;
        let (changes, requests) = (listen(pool.clone(), schema), write(pool.clone(), replica));
        Ok(Self { pool, changes, replica, requests })
    }

    async fn insert_world(
        transaction: &mut sqlx::PgTransaction<'_>,
        name: &WorldName,
        genesis: &Genesis,
        log: NewLog<'_>,
    ) -> Result<i64, StoreError> {
        let text = serde_json::to_string(genesis).map_err(|error| StoreError::Failed(Box::new(error)))?;
        let (clock, (seq, last_at)) = (log.clock(genesis), log.end(genesis));
        let state = log.checkpoint.map_or(0, |checkpoint| checkpoint.state.len());
        let bytes = i64::try_from(text.len() + state).unwrap_or(i64::MAX).saturating_add(bytes_of(log.records));
        let added = sqlx::query_scalar(
            "insert into world (name, title, genesis, clock, last_at, seq, bytes) values ($1, $2, $3, $4, $5, $6, $7)
            returning id",
        )
        .bind(name.as_str())
        .bind(&genesis.seed.title)
        .bind(text)
        .bind(serde_json::to_string(&clock).map_err(|error| StoreError::Failed(Box::new(error)))?)
        .bind(last_at.to_rfc3339())
        .bind(seq.cast_signed())
        .bind(bytes)
        .fetch_one(&mut **transaction)
        .await;
        match added {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(StoreError::Exists(name.clone())),
            added => Ok(added.map_err(|error| told(&error).of(name))?),
        }
    }

    async fn create_with(
        &self,
        name: &WorldName,
        genesis: &Genesis,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError> {
        let of_world = |error: sqlx::Error| told(&error).of(name);
        let mut transaction = self.pool.begin().await.map_err(of_world)?;
        let id = Self::insert_world(&mut transaction, name, genesis, log).await?;
        if let Some(checkpoint) = log.checkpoint {
            put_checkpoint(id, checkpoint)?.execute(&mut *transaction).await.map_err(of_world)?;
        }
        let added = sqlx::query(
            "insert into event (world, seq, at, rng, event)
            select $1, record.* from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[]) as record",
        );
        with_records(added.bind(id), log.records).execute(&mut *transaction).await.map_err(of_world)?;
        transaction.commit().await.map_err(of_world)?;
        Ok(id.cast_unsigned())
    }

    async fn replace_by(&self, name: &WorldName, genesis: &Genesis) -> Result<Incarnation, StoreError> {
        let of_world = |error: sqlx::Error| told(&error).of(name);
        let mut transaction = self.pool.begin().await.map_err(of_world)?;
        // Of two replicas that do it at once, the second finds what the first has put there.
        sqlx::query("select pg_advisory_xact_lock(hashtextextended(current_schema() || '.' || $1, 0))")
            .bind(name.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(of_world)?;
        if !delete(&mut *transaction, name, None).await? {
            return Err(StoreError::Gone(name.clone()));
        }
        let id = Self::insert_world(&mut transaction, name, genesis, NewLog::default()).await?;
        transaction.commit().await.map_err(of_world)?;
        Ok(id.cast_unsigned())
    }

    async fn fork_of(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        let of_world = |error: sqlx::Error| told(&error).of(name);
        let mut transaction = self.pool.begin().await.map_err(of_world)?;
        let parent_row: Option<(i64, String)> =
            sqlx::query_as("select id, genesis from world where name = $1 for share")
                .bind(parent.as_str())
                .fetch_optional(&mut *transaction)
                .await
                .map_err(of_world)?;
        let (parent_id, genesis) = parent_row.ok_or_else(|| StoreError::Gone(parent.clone()))?;
        let genesis: Genesis = serde_json::from_str(&genesis).map_err(|error| damaged(parent, "genesis", error))?;
        let id =
            Self::insert_world(&mut transaction, name, &genesis, NewLog { checkpoint: None, records: more }).await?;
        let copied: Option<i64> = sqlx::query_scalar(
            "insert into checkpoint select $1, seq, at, rng, clock, state from checkpoint where world = $2 returning seq",
        )
        .bind(id)
        .bind(parent_id)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(of_world)?;
        let checkpoint = copied.unwrap_or(0).cast_unsigned();
        if checkpoint > upto {
            return Err(StoreError::Raced);
        }
        let added = sqlx::query(
            "insert into event (world, seq, at, rng, event)
            select $1, seq, at, rng, event from event where world = $2 and seq > $3 and seq <= $4
            union all select $1, record.* from unnest($5::bigint[], $6::text[], $7::bigint[], $8::text[]) as record",
        );
        let from = checkpoint.saturating_sub(FORKED).cast_signed();
        with_records(added.bind(id).bind(parent_id).bind(from).bind(upto.cast_signed()), more)
            .execute(&mut *transaction)
            .await
            .map_err(of_world)?;
        // Its clock runs as the parent's does; it ends where its log does.
        sqlx::query(
            "update world set clock = parent.clock, seq = coalesce(last.seq, 0), last_at = coalesce(last.at, world.last_at),
                bytes = octet_length(world.genesis)
                    + coalesce((select sum(octet_length(event)) from event where event.world = $1), 0)
                    + coalesce((select octet_length(state) from checkpoint where checkpoint.world = $1), 0)
            from world as parent left join lateral (
                select seq, at from event where event.world = $1 order by seq desc limit 1
            ) as last on true
            where world.id = $1 and parent.id = $2",
        )
        .bind(id)
        .bind(parent_id)
        .execute(&mut *transaction)
        .await
        .map_err(of_world)?;
        transaction.commit().await.map_err(of_world)?;
        Ok(id.cast_unsigned())
    }

    async fn append_to(&self, name: &WorldName, id: i64, expected: u64, records: &[Record]) -> Result<(), StoreError> {
        let Some(last) = records.last() else { return Ok(()) };
        let clock = records.iter().rev().find_map(|record| clock_of(record.event.get()));
        let clock = clock.map(|clock| serde_json::to_string(&clock)).transpose();
        let clock = clock.map_err(|error| StoreError::Failed(Box::new(error)))?;
        let append = sqlx::query(APPEND).bind(id).bind(expected.cast_signed()).bind(last.seq.cast_signed());
        let append = with_records(append.bind(last.at.to_rfc3339()).bind(clock), records).bind(bytes_of(records));
        let row = append.fetch_one(&self.pool).await.map_err(|error| told(&error).of(name))?;
        let added: i64 = row.try_get(0).map_err(|error| told(&error).of(name))?;
        if added > 0 {
            return Ok(());
        }
        let is_there: bool = sqlx::query_scalar("select exists (select from world where id = $1)")
            .bind(id)
            .fetch_one(&self.pool)
            .await
            .map_err(|error| told(&error).of(name))?;
        Err(if is_there { StoreError::Raced } else { StoreError::Gone(name.clone()) })
    }
}

/// A statement of sqlx for PostgreSQL.
type Statement<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

/// The next four arguments of a statement: what `unnest` makes records of, each a column.
fn with_records<'q>(statement: Statement<'q>, records: &[Record]) -> Statement<'q> {
    let of = |number: fn(&Record) -> u64| records.iter().map(|record| number(record).cast_signed()).collect::<Vec<_>>();
    let texts = |text: fn(&Record) -> String| records.iter().map(text).collect::<Vec<_>>();
    let (seqs, rngs) = (of(|record| record.seq), of(|record| record.rng));
    let (ats, events) = (texts(|record| record.at.to_rfc3339()), texts(|record| record.event.get().to_owned()));
    statement.bind(seqs).bind(ats).bind(rngs).bind(events)
}

fn bytes_of(records: &[Record]) -> i64 {
    let lengths = records.iter().map(|record| i64::try_from(record.event.get().len()).unwrap_or(i64::MAX));
    lengths.fold(0, i64::saturating_add)
}

async fn bytes_of_checkpoint(transaction: &mut sqlx::PgTransaction<'_>, id: i64) -> Result<i64, sqlx::Error> {
    let bytes = sqlx::query_scalar("select octet_length(state)::bigint from checkpoint where world = $1");
    Ok(bytes.bind(id).fetch_optional(&mut **transaction).await?.unwrap_or(0))
}

/// Keeps a checkpoint in the place of an earlier one.
fn put_checkpoint(id: i64, checkpoint: &Checkpoint) -> Result<Statement<'_>, StoreError> {
    let clock = serde_json::to_string(&checkpoint.clock).map_err(|error| StoreError::Failed(Box::new(error)))?;
    let put = sqlx::query(
        "insert into checkpoint (world, seq, at, rng, clock, state)
        select $1, $2, $3, $4, $5, $6 where exists (select from world where id = $1)
        on conflict (world) do update set seq = excluded.seq, at = excluded.at, rng = excluded.rng,
            clock = excluded.clock, state = excluded.state where excluded.seq > checkpoint.seq",
    );
    let put = put.bind(id).bind(checkpoint.seq.cast_signed()).bind(checkpoint.at.to_rfc3339());
    Ok(put.bind(checkpoint.rng.cast_signed()).bind(clock).bind(&*checkpoint.state))
}

fn checkpoint(name: &WorldName, row: &PgRow) -> Result<Checkpoint, StoreError> {
    let column = |error: sqlx::Error| told(&error).of(name);
    let number = |of: &str| row.try_get::<i64, _>(of).map(i64::cast_unsigned).map_err(column);
    let (clock, at): (&str, &str) = (row.try_get("clock").map_err(column)?, row.try_get("at").map_err(column)?);
    let clock = serde_json::from_str(clock).map_err(|error| damaged(name, "clock", error))?;
    let at = at.parse().map_err(|error: chrono::ParseError| damaged(name, "at", error))?;
    let state = row.try_get::<&[u8], _>("state").map_err(column)?.into();
    Ok(Checkpoint { seq: number("seq")?, at, rng: number("rng")?, clock, state })
}

/// A value that cannot be read: somebody else has written to the tables.
fn damaged(name: &WorldName, what: &str, reason: impl std::fmt::Display) -> Failure {
    failure(FailureKind::Damaged, format!("{what}: {reason}")).of(name)
}

fn record(name: &WorldName, row: &PgRow) -> Result<Record, StoreError> {
    let seq = row.try_get::<i64, _>("seq").map_err(|error| told(&error).of(name))?.cast_unsigned();
    let of_event = |failure: Failure| Failure { event: Some(seq), ..failure };
    let column = |error: sqlx::Error| of_event(told(&error).of(name));
    let (at, event): (&str, String) = (row.try_get("at").map_err(column)?, row.try_get("event").map_err(column)?);
    Ok(Record {
        seq,
        at: at.parse().map_err(|error: chrono::ParseError| of_event(damaged(name, "at", error)))?,
        rng: row.try_get::<i64, _>("rng").map_err(column)?.cast_unsigned(),
        event: RawValue::from_string(event).map_err(|error| of_event(damaged(name, "event", error)))?.into(),
    })
}

fn glance(row: &PgRow) -> Result<Glance, StoreError> {
    let column = |error: sqlx::Error| told(&error);
    let text: &str = row.try_get("name").map_err(column)?;
    let name: WorldName =
        text.parse().map_err(|error| failure(FailureKind::Damaged, format!("the name «{text}»: {error}")))?;
    let (clock, at): (&str, &str) = (row.try_get("clock").map_err(column)?, row.try_get("last_at").map_err(column)?);
    let last_at: DateTime<Utc> = at.parse().map_err(|error: chrono::ParseError| damaged(&name, "last_at", error))?;
    Ok(Glance {
        title: row.try_get("title").map_err(column)?,
        clock: serde_json::from_str(clock).map_err(|error| damaged(&name, "clock", error))?,
        last_at,
        seq: row.try_get::<i64, _>("seq").map_err(column)?.cast_unsigned(),
        touched_at: row
            .try_get::<Option<i64>, _>("touched_at")
            .map_err(column)?
            .and_then(DateTime::from_timestamp_millis),
        name,
    })
}

/// Nobody waits longer than is promised, even for a database that neither answers nor refuses.
async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, StoreError>> + Send) -> Result<T, StoreError> {
    let done = tokio::time::timeout(limit, work).await;
    done.unwrap_or_else(|_| Err(failure(FailureKind::Unreachable, "it does not answer").into()))
}

/// Drops a world as [`DELETE`] says. Whether there was one.
async fn delete(
    executor: impl sqlx::PgExecutor<'_>,
    name: &WorldName,
    touched_before: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let deleted = sqlx::query_scalar(DELETE).bind(name.as_str());
    let deleted = deleted.bind(touched_before.map(|before| before.timestamp_millis()));
    let gone: Option<bool> = deleted.fetch_optional(executor).await.map_err(|error| told(&error).of(name))?;
    Ok(gone.is_some())
}

#[async_trait]
impl Store for PostgresStore {
    async fn create(
        &self,
        name: &WorldName,
        genesis: &Arc<Genesis>,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError> {
        within(LONG, self.create_with(name, genesis, log)).await
    }

    async fn replace(&self, name: &WorldName, genesis: &Arc<Genesis>) -> Result<Incarnation, StoreError> {
        within(LONG, self.replace_by(name, genesis)).await
    }

    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        within(LONG, self.fork_of(parent, upto, name, more)).await
    }

    async fn append(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        expected: u64,
        records: &[Record],
    ) -> Result<(), StoreError> {
        within(QUICK, self.append_to(name, incarnation.cast_signed(), expected, records)).await
    }

    async fn checkpoint(&self, name: &WorldName) -> Result<Option<Checkpoint>, StoreError> {
        let row = async {
            let read = sqlx::query(
                "select checkpoint.seq, checkpoint.at, checkpoint.rng, checkpoint.clock, checkpoint.state
                from checkpoint join world on world.id = checkpoint.world where world.name = $1",
            );
            let read = read.bind(name.as_str()).fetch_optional(&self.pool).await;
            Ok(read.map_err(|error| told(&error).of(name))?)
        };
        within(LONG, row).await?.map(|row| checkpoint(name, &row)).transpose()
    }

    async fn put_checkpoint(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        checkpoint: &Checkpoint,
        forget_upto: u64,
    ) -> Result<(), StoreError> {
        let of_world = |error: sqlx::Error| told(&error).of(name);
        let put = async {
            let id = incarnation.cast_signed();
            let mut transaction = self.pool.begin().await.map_err(of_world)?;
            let before = bytes_of_checkpoint(&mut transaction, id).await.map_err(of_world)?;
            put_checkpoint(id, checkpoint)?.execute(&mut *transaction).await.map_err(of_world)?;
            let after = bytes_of_checkpoint(&mut transaction, id).await.map_err(of_world)?;
            let forget = sqlx::query(
                "with gone as (delete from event where world = $1 and seq <= $2 returning octet_length(event) as bytes)
                update world set bytes = bytes + $3 - coalesce((select sum(bytes) from gone), 0) where id = $1",
            );
            let forget = forget.bind(id).bind(forget_upto.cast_signed()).bind(after - before);
            forget.execute(&mut *transaction).await.map_err(of_world)?;
            Ok(transaction.commit().await.map_err(of_world)?)
        };
        within(LONG, put).await
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let rows = async {
            let read = sqlx::query(
                "select event.seq, event.at, event.rng, event.event from event join world on world.id = event.world
                where world.name = $1 and event.seq > $2 order by event.seq limit $3",
            )
            .bind(name.as_str())
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await;
            Ok(read.map_err(|error| told(&error).of(name))?)
        };
        within(LONG, rows).await?.iter().map(|row| record(name, row)).collect()
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<(Arc<Genesis>, Incarnation)>, StoreError> {
        let row = async {
            let read = sqlx::query_as("select genesis, id from world where name = $1").bind(name.as_str());
            let row: Option<(String, i64)> =
                read.fetch_optional(&self.pool).await.map_err(|error| told(&error).of(name))?;
            Ok(row)
        };
        let Some((genesis, id)) = within(QUICK, row).await? else { return Ok(None) };
        let genesis = serde_json::from_str(&genesis).map_err(|error| damaged(name, "genesis", error))?;
        Ok(Some((Arc::new(genesis), id.cast_unsigned())))
    }

    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError> {
        let rows = async {
            let read = sqlx::query(
                "select name, title, clock, last_at, seq, touched_at from world where name > $1 collate \"C\" order by name limit $2",
            )
            .bind(after.map_or("", WorldName::as_str))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX));
            Ok(read.fetch_all(&self.pool).await.map_err(|error| told(&error))?)
        };
        within(LONG, rows).await?.iter().map(glance).collect()
    }

    async fn size(&self) -> Result<Size, StoreError> {
        let row = async {
            let read = sqlx::query_as(
                "select (select count(*) from world), pg_total_relation_size('world') + pg_total_relation_size('event')",
            );
            let row: (i64, i64) = read.fetch_one(&self.pool).await.map_err(|error| told(&error))?;
            Ok(row)
        };
        Ok(within(QUICK, row).await?.into())
    }

    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        let row = async {
            // `.` comes after `-`, and stands in no name.
            let read = sqlx::query_as(
                "select count(*), coalesce(sum(bytes), 0)::bigint from world
                where name > $1 || '-' collate \"C\" and name < $1 || '.' collate \"C\"",
            );
            let row: (i64, i64) =
                read.bind(owner.as_str()).fetch_one(&self.pool).await.map_err(|error| told(&error))?;
            Ok(row)
        };
        Ok(within(QUICK, row).await?.into())
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        within(QUICK, delete(&self.pool, name, None)).await
    }

    async fn touch(&self, name: &WorldName, at: DateTime<Utc>) -> Result<(), StoreError> {
        let touched = async {
            let touched = sqlx::query("update world set touched_at = greatest(touched_at, $2) where name = $1");
            let touched = touched.bind(name.as_str()).bind(at.timestamp_millis());
            touched.execute(&self.pool).await.map_err(|error| told(&error).of(name))?;
            Ok(())
        };
        within(QUICK, touched).await
    }

    async fn idle(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<WorldName>, StoreError> {
        let names = async {
            let noted = sqlx::query("update world set touched_at = $1 where touched_at is null");
            noted.bind(now.timestamp_millis()).execute(&self.pool).await.map_err(|error| told(&error))?;
            let idle = sqlx::query_scalar("select name from world where touched_at < $1 order by name");
            let names: Vec<String> =
                idle.bind(before.timestamp_millis()).fetch_all(&self.pool).await.map_err(|error| told(&error))?;
            let name = |text: &String| {
                text.parse()
                    .map_err(|error| failure(FailureKind::Damaged, format!("the name «{text}»: {error}")).into())
            };
            names.iter().map(name).collect()
        };
        within(LONG, names).await
    }

    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError> {
        within(QUICK, delete(&self.pool, name, Some(before))).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        let asked = async {
            let recovering: bool = sqlx::query_scalar("select pg_is_in_recovery()")
                .fetch_one(&self.pool)
                .await
                .map_err(|error| told(&error))?;
            let read_only = || failure(FailureKind::ReadOnly, "this is a standby: nothing can be written to it");
            if recovering { Err(read_only().into()) } else { Ok(()) }
        };
        within(QUICK, asked).await
    }

    fn is_lasting(&self) -> bool {
        true
    }

    fn is_shared(&self) -> bool {
        true
    }

    async fn news(&self, name: &WorldName, incarnation: Incarnation, after: u64) -> Result<Vec<Record>, StoreError> {
        let rows = async {
            let read = sqlx::query(NEWS).bind(incarnation.cast_signed()).bind(after.cast_signed());
            Ok(read.fetch_all(&self.pool).await.map_err(|error| told(&error).of(name))?)
        };
        let rows = within(QUICK, rows).await?;
        let Some(first) = rows.first() else { return Err(StoreError::Gone(name.clone())) };
        let is_none = first.try_get::<Option<i64>, _>("seq").map_err(|error| told(&error).of(name))?.is_none();
        if is_none { Ok(Vec::new()) } else { rows.iter().map(|row| record(name, row)).collect() }
    }

    async fn secret(&self, incarnation: Incarnation, key: &str) -> Result<Option<(String, u64)>, StoreError> {
        let row = async {
            let read = sqlx::query_as("select value, version from secret where world = $1 and key = $2");
            let read = read.bind(incarnation.cast_signed()).bind(key).fetch_optional(&self.pool).await;
            let row: Option<(String, i64)> = read.map_err(|error| told(&error))?;
            Ok(row)
        };
        Ok(within(QUICK, row).await?.map(|(value, version)| (value, version.cast_unsigned())))
    }

    async fn put_secret(
        &self,
        incarnation: Incarnation,
        key: &str,
        value: &str,
        expected: Option<u64>,
    ) -> Result<bool, StoreError> {
        let kept = async {
            let put = match expected {
                None => sqlx::query(
                    "insert into secret (world, key, value) values ($1, $2, $3)
                    on conflict (world, key) do update
                    set value = excluded.value, version = secret.version + 1, put_at = now()",
                ),
                Some(_) => sqlx::query(
                    "update secret set value = $3, version = version + 1, put_at = now()
                    where world = $1 and key = $2 and version = $4",
                ),
            };
            let put = put.bind(incarnation.cast_signed()).bind(key).bind(value);
            let put = expected.into_iter().fold(put, |put, version| put.bind(version.cast_signed()));
            Ok(put.execute(&self.pool).await.map_err(|error| told(&error))?.rows_affected() > 0)
        };
        within(QUICK, kept).await
    }

    fn replica(&self) -> u64 {
        self.replica.cast_unsigned()
    }

    fn share_request(&self, incarnation: Incarnation, document: String) {
        // What is too much is not handed on: a journal is no log.
        drop(self.requests.try_send((incarnation, document)));
    }

    async fn shared_requests(&self, incarnation: Incarnation, after: u64) -> Result<Vec<SharedRequest>, StoreError> {
        let rows = async {
            let read = sqlx::query_as(
                // A journal has no room for more.
                "select mark, document from request where world = $1 and mark > $2 and replica <> $3
                order by mark desc limit 2000",
            );
            let read = read.bind(incarnation.cast_signed()).bind(after.cast_signed()).bind(self.replica);
            let rows: Vec<(i64, String)> = read.fetch_all(&self.pool).await.map_err(|error| told(&error))?;
            Ok(rows)
        };
        let request = |(mark, document): (i64, String)| SharedRequest { mark: mark.cast_unsigned(), document };
        Ok(within(QUICK, rows).await?.into_iter().rev().map(request).collect())
    }

    fn changes(&self) -> Option<broadcast::Receiver<StoreChange>> {
        Some(self.changes.subscribe())
    }
}
