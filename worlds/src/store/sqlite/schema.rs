//! What must stand in a file before worlds are kept in it, and whose file it is. A file that is not ours is not touched.

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{
    failure::told,
    file::{DataFile, Header},
};
use crate::store::{Failure, FailureKind};

/// «esia»: `application_id` of our files.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"esia");
/// Version of the tables; 0 in files from before it was written. Files of earlier versions get the tables that they lack.
const VERSION: u32 = 4;

/// `size` is what a world takes, kept up to date by triggers, so that no question about it reads a log. `probe` holds nothing: it is rewritten to see whether there is room.
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
create table if not exists checkpoint (
    world text primary key references world (name) on delete cascade,
    seq integer not null,
    at text not null,
    rng integer not null,
    clock text not null,
    state blob not null
);
create table if not exists touched (
    world text primary key references world (name) on delete cascade,
    at integer not null
) without rowid;
create table if not exists size (
    world text primary key references world (name) on delete cascade,
    bytes integer not null
) without rowid;
create trigger if not exists world_made after insert on world begin
    insert into size (world, bytes) values (new.name, octet_length(new.genesis));
end;
create trigger if not exists event_added after insert on event begin
    update size set bytes = bytes + octet_length(new.event) where world = new.world;
end;
create trigger if not exists event_forgotten after delete on event begin
    update size set bytes = bytes - octet_length(old.event) where world = old.world;
end;
create trigger if not exists checkpoint_put after insert on checkpoint begin
    update size set bytes = bytes + octet_length(new.state) where world = new.world;
end;
create trigger if not exists checkpoint_replaced after update of state on checkpoint begin
    update size set bytes = bytes + octet_length(new.state) - octet_length(old.state) where world = new.world;
end;
insert into size (world, bytes)
    select name, octet_length(genesis)
        + coalesce((select sum(octet_length(event)) from event where world = name), 0)
        + coalesce((select octet_length(state) from checkpoint where world = name), 0)
    from world where name not in (select world from size);
create table if not exists probe (id integer primary key, room blob not null);
";

/// Tables without which a file is damaged, and their columns.
const TABLES: [(&str, &[&str]); 2] =
    [("world", &["name", "genesis"]), ("event", &["world", "seq", "at", "rng", "event"])];

/// Makes the file ours if it is empty or from before versions, and sees that it is whole.
///
/// # Errors
/// Another application's, a newer version's, or damaged; it has not been touched then.
pub(super) async fn prepare(file: &DataFile, options: &SqliteConnectOptions) -> Result<(), Failure> {
    let is_whole = match file.header()? {
        Header::Empty => false,
        Header::Unknown => return Err(file.failure(FailureKind::Foreign, "is not a SQLite file")),
        Header::Sqlite { application_id: APPLICATION_ID, user_version } if user_version > VERSION => {
            let reason = format!("is of version {user_version}, and this program knows {VERSION}: use a newer one");
            return Err(file.failure(FailureKind::Foreign, reason));
        }
        Header::Sqlite { application_id: APPLICATION_ID, .. } => true,
        Header::Sqlite { application_id: 0, .. } => look_untouched(file).await?,
        Header::Sqlite { application_id, .. } => {
            let reason = format!("belongs to another application (application_id {application_id:#010x})");
            return Err(file.failure(FailureKind::Foreign, reason));
        }
    };
    file.make_private();
    // Whatever the state of a new file, its first page says whose it is: it is not left to the log beside it.
    let options = if is_whole { options.clone() } else { options.clone().journal_mode(SqliteJournalMode::Delete) };
    let mut connection = options.connect().await.map_err(|error| told(file, &error))?;
    if is_whole {
        check_tables(file, &mut connection).await?;
    }
    let ours = format!(
        "begin immediate; {SCHEMA} pragma application_id = {APPLICATION_ID}; pragma user_version = {VERSION}; commit"
    );
    sqlx::raw_sql(AssertSqlSafe(ours)).execute(&mut connection).await.map_err(|error| told(file, &error))?;
    sqlx::Connection::close(connection).await.map_err(|error| told(file, &error))
}

/// Whether a file that does not say whose it is has our tables, as those from before versions do; `false` when it has none.
async fn look_untouched(file: &DataFile) -> Result<bool, Failure> {
    // Changes that are not in the file yet are seen by way of the log alone; without one nothing at all is written.
    let has_log = std::fs::metadata(file.beside("-wal")).is_ok_and(|log| log.len() > 0);
    let options = SqliteConnectOptions::new().filename(file.path()).read_only(true).immutable(!has_log);
    let mut connection = options.connect().await.map_err(|error| told(file, &error))?;
    let tables: Vec<String> =
        sqlx::query_scalar("select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")
            .fetch_all(&mut connection)
            .await
            .map_err(|error| told(file, &error))?;
    if tables.is_empty() {
        return Ok(false);
    }
    if !tables.iter().all(|table| TABLES.iter().any(|(name, _)| name == table)) {
        let reason = format!("belongs to another application: it has a table «{}»", tables.join("», «"));
        return Err(file.failure(FailureKind::Foreign, reason));
    }
    check_tables(file, &mut connection).await?;
    Ok(true)
}

async fn check_tables(file: &DataFile, connection: &mut SqliteConnection) -> Result<(), Failure> {
    for (table, columns) in TABLES {
        let found: Vec<String> = sqlx::query_scalar("select name from pragma_table_info(?)")
            .bind(table)
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| told(file, &error))?;
        if found.is_empty() {
            return Err(file.failure(FailureKind::Damaged, format!("the table `{table}` is missing")));
        }
        if let Some(column) = columns.iter().find(|column| !found.iter().any(|found| found == *column)) {
            return Err(file.failure(FailureKind::Damaged, format!("the column `{table}.{column}` is missing")));
        }
    }
    Ok(())
}
