//! The tables, by version. Each server has a schema of its own in the database: `esia_stand_idp`, `esia_stand_diary`.

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, PgPool, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use super::failure::{failure, told};
use crate::store::{Failure, FailureKind};

/// Each is applied once, in order, whichever replica comes first. One that was released is never changed.
const VERSIONS: &[(&str, &str)] = &[
    (
        "worlds and their logs",
        "
    create table world (
        id bigint generated always as identity primary key,
        name text collate \"C\" not null unique,
        title text not null,
        genesis text not null,
        -- What the list of worlds shows, so that it reads no log.
        clock text not null,
        last_at text not null,
        seq bigint not null
    );
    create table event (
        world bigint not null references world (id) on delete cascade,
        seq bigint not null,
        at text not null,
        rng bigint not null,
        event text not null,
        primary key (world, seq)
    );
    -- Each process that keeps worlds here takes a number.
    create sequence replica minvalue 0 start with 0;
    -- The newest requests, for the journals of the other replicas.
    create table request (
        mark bigint generated always as identity primary key,
        world bigint not null references world (id) on delete cascade,
        replica bigint not null,
        document text not null
    );
    -- Tokens of sessions, which stand in no log.
    create table secret (
        world bigint not null references world (id) on delete cascade,
        key text not null,
        value text not null,
        version bigint not null default 0,
        put_at timestamptz not null default now(),
        primary key (world, key)
    );
    create index secret_put_at on secret (put_at);
    create index request_of_world on request (world, mark);
    ",
    ),
    (
        "checkpoints",
        "
    -- The state of a world at one of its events.
    create table checkpoint (
        world bigint primary key references world (id) on delete cascade,
        seq bigint not null,
        at text not null,
        rng bigint not null,
        clock text not null,
        state bytea not null
    );
    ",
    ),
    (
        "worlds that nobody asks for",
        "
    -- When a world was last asked for, milliseconds of the Unix epoch.
    alter table world add column touched_at bigint;
    ",
    ),
    (
        "how much a world takes",
        "
    -- Bytes of its seed, its events and its checkpoint.
    alter table world add column bytes bigint not null default 0;
    update world set bytes = octet_length(genesis)
        + coalesce((select sum(octet_length(event)) from event where event.world = world.id), 0)
        + coalesce((select octet_length(state) from checkpoint where checkpoint.world = world.id), 0);
    ",
    ),
];

/// Name of the schema of a server.
pub(super) fn name_of(server: &str) -> String {
    format!("esia_stand_{server}")
}

/// Brings the schema of a server to the version of this program.
///
/// # Errors
/// A newer version's, one whose tables were changed by somebody else, or the database's.
pub(super) async fn prepare(pool: &PgPool, server: &str) -> Result<(), Failure> {
    let schema = name_of(server);
    let made = AssertSqlSafe(format!(
        // Two replicas that begin at once would both make it.
        "begin; select pg_advisory_xact_lock(hashtext('{schema}')); create schema if not exists {schema}; commit"
    ));
    sqlx::raw_sql(made).execute(pool).await.map_err(|error| told(&error))?;
    let migrations = VERSIONS.iter().zip(1..).map(|((description, sql), version)| {
        let description = Cow::Borrowed(*description);
        Migration::new(version, description, MigrationType::Simple, sql.into_sql_str(), false)
    });
    let run = Migrator::with_migrations(migrations.collect()).run(pool).await;
    run.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => told(&error),
        MigrateError::VersionMissing(version) => {
            let known = VERSIONS.len();
            let reason =
                format!("schema {schema} is of version {version}, and this program knows {known}: use a newer one");
            failure(FailureKind::Foreign, reason)
        }
        other => failure(FailureKind::Foreign, format!("schema {schema}: {other}")),
    })
}
