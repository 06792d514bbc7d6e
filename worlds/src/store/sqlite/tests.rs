//! A file that is full, held, gone, replaced, foreign, damaged, not to be written: each is told apart, and got over.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

use insta::assert_snapshot;
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use super::SqliteStore;
use crate::{
    ActError, Limits, World, Worlds,
    store::{FailureKind, Store as _, StoreError},
    tests::ledger::{Ledger, frozen, name, wall},
};

struct Rig {
    folder: TempDir,
    store: SqliteStore,
    worlds: Worlds<Ledger>,
    world: Arc<World<Ledger>>,
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("worlds.sqlite")
}

fn worlds(store: &SqliteStore) -> Worlds<Ledger> {
    Worlds::new("diary", Arc::new(store.clone()), wall() as _, Limits::default())
}

async fn rig() -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&path(&folder)).await.unwrap();
    let worlds = worlds(&store);
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    Rig { folder, store, worlds, world }
}

impl Rig {
    fn path(&self) -> PathBuf {
        path(&self.folder)
    }

    /// Ends it, and so the lock of its file.
    async fn end(self) -> TempDir {
        let Self { folder, store, worlds, world } = self;
        drop((worlds, world));
        close(store).await;
        folder
    }
}

/// Lets a file go, and waits until it is gone from memory: its log is in it then.
async fn close(store: SqliteStore) {
    let connection = store.0.writer.forget().await.take();
    if let Some(connection) = connection {
        sqlx::Connection::close(connection).await.unwrap();
    }
    store.0.readers.close().await;
}

/// Opens a file and lets it go.
async fn made(path: &Path) {
    close(SqliteStore::open(path).await.unwrap()).await;
}

fn kind(error: StoreError) -> FailureKind {
    match error {
        StoreError::Medium(failure) => failure.kind,
        other => panic!("{other}"),
    }
}

async fn deposit(world: &World<Ledger>) -> Option<FailureKind> {
    match world.deposit(1).await {
        Ok(()) => None,
        Err(ActError::Store(error)) => Some(kind(error)),
        Err(error) => panic!("{error}"),
    }
}

async fn sql(path: &Path, sql: &str) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection
}

/// Runs SQL on a file that nobody has open.
async fn alone(path: &Path, text: &str) {
    sqlx::Connection::close(sql(path, text).await).await.unwrap();
}

/// Why a file is not opened; it must be as it was, and nothing beside it.
async fn refused(path: &Path) -> (FailureKind, String) {
    let look = || {
        let folder = fs::read_dir(path.parent().unwrap()).unwrap();
        let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
        files.sort();
        let content = |file: &PathBuf| (file.clone(), fs::read(file).unwrap_or_default(), mode(file));
        files.iter().map(content).collect::<Vec<_>>()
    };
    let before = look();
    let error = SqliteStore::open(path).await.unwrap_err();
    assert!(look() == before, "touched");
    let told = error.to_string().replace(path.parent().unwrap().to_str().unwrap(), "");
    (kind(error), told)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// Takes away what is kept about the sizes of worlds.
const WITHOUT_SIZES: &str = "drop trigger world_made; drop trigger event_added; drop trigger event_forgotten;
    drop trigger checkpoint_put; drop trigger checkpoint_replaced; drop table size;";

#[tokio::test]
async fn a_file_from_before_sizes_were_kept_learns_what_its_worlds_take() {
    let rig = rig().await;
    rig.worlds.create(name("one-1"), frozen()).await.unwrap().deposit(1).await.unwrap();
    let size = rig.store.size_of(&name("one")).await.unwrap();
    assert!(size.worlds == 1 && size.bytes > 0, "{size:?}");
    let folder = rig.end().await;
    alone(&path(&folder), &format!("{WITHOUT_SIZES} pragma user_version = 3")).await;
    let store = SqliteStore::open(&path(&folder)).await.unwrap();
    assert_eq!(store.size_of(&name("one")).await.unwrap(), size);
}

#[tokio::test]
async fn a_full_disk_is_told_and_writes_succeed_again_when_there_is_room() {
    let rig = rig().await;
    rig.world.deposit(1).await.unwrap();
    rig.store.check().await.unwrap();
    // From the next connection on; the one that is open is thrown away by a failure.
    rig.store.0.writer.most_pages.store(1, Ordering::Relaxed);
    *rig.store.0.writer.forget().await = None;
    let big = crate::SeedDocument { title: "x".repeat(100_000), ..frozen() };
    for _ in 0..3 {
        let made = rig.worlds.create(name("big"), big.clone()).await;
        let Err(crate::WorldError::Store(error)) = made else { panic!("made") };
        assert!(error.to_string().contains("worlds.sqlite: world «big»: "), "{error}");
        assert_eq!(kind(error), FailureKind::Full);
        assert_eq!(kind(rig.store.check().await.unwrap_err()), FailureKind::Full);
    }
    rig.store.0.writer.most_pages.store(0, Ordering::Relaxed);
    rig.store.check().await.unwrap();
    rig.worlds.create(name("big"), big).await.unwrap();
    rig.world.deposit(1).await.unwrap();
    let (folder, total) = (rig.world.state().await.total, 102);
    assert_eq!(folder, total);
    let folder = rig.end().await;
    let again = worlds(&SqliteStore::open(&path(&folder)).await.unwrap());
    assert_eq!(again.get(&name("one")).await.unwrap().state().await.total, total);
}

#[tokio::test]
async fn a_world_that_cannot_begin_anew_stays_as_it_was() {
    let rig = rig().await;
    rig.world.deposit(1).await.unwrap();
    let refuse = "create trigger no before insert on world begin select raise(abort, 'no more worlds'); end";
    alone(&rig.path(), refuse).await;
    let Err(crate::WorldError::Store(error)) = rig.worlds.reset(&name("one")).await else { panic!("begun anew") };
    assert!(error.to_string().contains("no more worlds"), "{error}");
    assert_eq!(rig.worlds.get(&name("one")).await.unwrap().state().await.total, 101);
    alone(&rig.path(), "drop trigger no").await;
    assert_eq!(rig.worlds.reset(&name("one")).await.unwrap().state().await.total, 100);
    let folder = rig.end().await;
    let again = worlds(&SqliteStore::open(&path(&folder)).await.unwrap());
    assert_eq!(again.get(&name("one")).await.unwrap().state().await.total, 100);
}

#[tokio::test]
async fn a_file_that_another_program_holds_is_busy_until_it_lets_go() {
    let rig = rig().await;
    let mut other = sql(&rig.path(), "begin immediate").await;
    assert_eq!(deposit(&rig.world).await, Some(FailureKind::Busy));
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    rig.store.check().await.unwrap();
    assert_eq!(deposit(&rig.world).await, None);
    assert_eq!(rig.world.state().await.total, 101);
}

#[tokio::test]
async fn nothing_is_acknowledged_into_a_file_that_was_deleted_or_replaced() {
    let deleted = rig().await;
    fs::remove_file(deleted.path()).unwrap();
    assert_eq!(kind(deleted.store.check().await.unwrap_err()), FailureKind::Lost);
    assert_eq!(deposit(&deleted.world).await, Some(FailureKind::Lost));
    assert_eq!(deposit(&deleted.world).await, Some(FailureKind::Lost));
    assert_eq!(deleted.world.state().await.total, 100);

    let replaced = rig().await;
    fs::copy(replaced.path(), replaced.folder.path().join("copy")).unwrap();
    fs::rename(replaced.folder.path().join("copy"), replaced.path()).unwrap();
    assert_eq!(deposit(&replaced.world).await, Some(FailureKind::Lost));
    let told = replaced.worlds.create(name("two"), frozen()).await.err().unwrap().to_string();
    assert!(told.ends_with("another file has been put in its place: what would be written now is lost"), "{told}");
}

#[tokio::test]
async fn a_file_belongs_to_one_store_at_a_time() {
    let rig = rig().await;
    let (second, told) = refused(&rig.path()).await;
    assert_eq!(second, FailureKind::Taken);
    assert_snapshot!(told, @"store /worlds.sqlite: another process keeps its worlds in this file: stop that one, or give this one a file of its own");
    // By whatever name.
    std::os::unix::fs::symlink(rig.path(), rig.folder.path().join("link")).unwrap();
    let by_link = SqliteStore::open(&rig.folder.path().join("link")).await.unwrap_err();
    assert_eq!(kind(by_link), FailureKind::Taken);
    assert_eq!(deposit(&rig.world).await, None);
    let folder = rig.end().await;
    SqliteStore::open(&path(&folder)).await.unwrap();
}

#[tokio::test]
async fn what_is_not_ours_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let file = path(&folder);
    let mut told = Vec::new();
    let mut note = |(kind, text): (FailureKind, String)| told.push(format!("{}: {text}", kind.code()));
    fs::write(&file, "name;class\n").unwrap();
    note(refused(&file).await);
    fs::write(&file, [0; 4096]).unwrap();
    note(refused(&file).await);
    fs::remove_file(&file).unwrap();
    alone(&file, "create table note (text); pragma user_version = 7").await;
    note(refused(&file).await);
    alone(&file, "pragma application_id = 252006673").await;
    note(refused(&file).await);
    fs::remove_file(&file).unwrap();
    made(&file).await;
    alone(&file, "pragma user_version = 5").await;
    note(refused(&file).await);
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    note(refused(&file).await);
    assert_snapshot!(told.join("\n"), @"
    store-foreign: store /worlds.sqlite: is not a SQLite file
    store-foreign: store /worlds.sqlite: is not a SQLite file
    store-foreign: store /worlds.sqlite: belongs to another application: it has a table «note»
    store-foreign: store /worlds.sqlite: belongs to another application (application_id 0x0f055111)
    store-foreign: store /worlds.sqlite: is of version 5, and this program knows 4: use a newer one
    store-foreign: store /worlds.sqlite: is not a file
    ");
}

#[tokio::test]
async fn a_damaged_file_is_told_from_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = path(&folder);
    let mut told = Vec::new();
    for harm in ["drop table event", "drop table world", "alter table event drop column rng"] {
        made(&file).await;
        alone(&file, &format!("pragma foreign_keys = off; drop index clock_changed; {harm}")).await;
        let error = SqliteStore::open(&file).await.unwrap_err();
        told.push(error.to_string().replace(folder.path().to_str().unwrap(), ""));
        assert_eq!(kind(error), FailureKind::Damaged);
        fs::remove_file(&file).unwrap();
    }
    assert_snapshot!(told.join("\n"), @"
    store /worlds.sqlite: the table `event` is missing
    store /worlds.sqlite: the table `world` is missing
    store /worlds.sqlite: the column `event.rng` is missing
    ");
    // Empty ones, on the other hand, are made ours.
    fs::write(&file, "").unwrap();
    made(&file).await;
    fs::remove_file(&file).unwrap();
    alone(&file, "vacuum").await;
    SqliteStore::open(&file).await.unwrap();
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_named_by_file_world_and_number() {
    let rig = rig().await;
    for _ in 0..3 {
        rig.world.deposit(1).await.unwrap();
    }
    let folder = rig.end().await;
    let file = path(&folder);
    let mut told = Vec::new();
    for harm in ["event = '{\"type\":\"deposited\"}'", "at = 'noon'", "rng = 'x'"] {
        alone(&file, &format!("update event set {harm} where seq = 2")).await;
        let store = SqliteStore::open(&file).await.unwrap();
        let worlds = worlds(&store);
        let error = worlds.get(&name("one")).await.err().unwrap();
        told.push(error.to_string().replace(folder.path().to_str().unwrap(), ""));
        assert_eq!(kind(error), FailureKind::Damaged);
        worlds.create(name("other"), frozen()).await.unwrap();
        assert!(worlds.delete(&name("other")).await.unwrap());
        drop(worlds);
        close(store).await;
        alone(&file, "update event set event = '{\"type\":\"deposited\",\"amount\":1}', at = '2026-03-02T09:00:00Z', rng = 0 where seq = 2").await;
    }
    assert_snapshot!(told.join("\n"), @r#"
    store /worlds.sqlite: world «one»: event 2: deposited: missing field `amount`
    store /worlds.sqlite: world «one»: event 2: at: input contains invalid characters
    store /worlds.sqlite: world «one»: event 2: error occurred while decoding column "rng": mismatched types; Rust type `i64` (as SQL type `INTEGER`) is not compatible with SQL type `TEXT`
    "#);
    let worlds = worlds(&SqliteStore::open(&file).await.unwrap());
    assert_eq!(worlds.get(&name("one")).await.unwrap().state().await.total, 103);
}

#[tokio::test]
async fn a_file_from_before_versions_is_taken_with_its_worlds() {
    let rig = rig().await;
    rig.world.deposit(1).await.unwrap();
    let folder = rig.end().await;
    let file = path(&folder);
    let older = "drop table probe; drop table touched; drop table checkpoint; pragma application_id = 0; pragma user_version = 0";
    alone(&file, &format!("{WITHOUT_SIZES} {older}")).await;
    let store = SqliteStore::open(&file).await.unwrap();
    let worlds = worlds(&store);
    assert_eq!(worlds.get(&name("one")).await.unwrap().state().await.total, 101);
    drop(worlds);
    close(store).await;
    assert_eq!(fs::read(&file).unwrap()[68..72], *b"esia");
}

#[tokio::test]
async fn a_file_that_may_not_be_written_is_not_opened() {
    let folder = rig().await.end().await;
    let file = path(&folder);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    let (kind, told) = refused(&file).await;
    assert_eq!(kind, FailureKind::ReadOnly);
    assert_snapshot!(told, @"store /worlds.sqlite: it is read-only, and worlds could not be kept in it");
}

#[tokio::test]
async fn only_the_owner_may_read_the_file_and_what_is_beside_it() {
    let rig = rig().await;
    let all = |folder: &TempDir| {
        let modes = ["", "-wal", "-shm"].map(|end| mode(&folder.path().join(format!("worlds.sqlite{end}"))));
        assert_eq!(modes, [0o600; 3]);
    };
    all(&rig.folder);
    let folder = rig.end().await;
    // One that was left open to others is taken from them.
    fs::set_permissions(path(&folder), fs::Permissions::from_mode(0o644)).unwrap();
    let store = SqliteStore::open(&path(&folder)).await.unwrap();
    worlds(&store).create(name("two"), frozen()).await.unwrap();
    all(&folder);
}

#[tokio::test]
async fn a_fork_of_a_long_world_is_one_statement_and_others_go_on() {
    let rig = rig().await;
    for _ in 0..3 {
        rig.world.deposit(1).await.unwrap();
    }
    let long = "with recursive n(i) as (select 4 union all select i + 1 from n where i < 60000)
        insert into event select 'one', i, '2026-03-02T09:00:00+00:00', 0, '{\"type\":\"deposited\",\"amount\":1}' from n";
    alone(&rig.path(), long).await;
    let worlds = Arc::new(worlds(&rig.store));
    let other = worlds.create(name("other"), frozen()).await.unwrap();
    worlds.get(&name("one")).await.unwrap();
    let parent = name("one");
    let (forked, deposited) = tokio::join!(worlds.fork(&parent, name("two")), deposit(&other));
    assert_eq!(deposited, None);
    let fork = forked.unwrap();
    assert_eq!((fork.seq(), fork.state().await.total), (60_001, 60_100));
    let read = rig.store.read(&name("two"), 59_999, 9).await.unwrap();
    assert_eq!(read.len(), 2);
}
