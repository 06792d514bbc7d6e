//! Worlds that nobody asks for.

use std::sync::Arc;

use chrono::TimeDelta;
use postgres_for_tests::Postgres;

use super::ledger::{Ledger, at, file, frozen, name, one, wall};
use crate::{
    Limits, WallClock as _, Worlds,
    store::{MemoryStore, NewLog, PostgresStore, Store, StoreError},
    wall::FakeWall,
};

/// A server that drops worlds which nobody has asked for in a week. It is told once an hour who was asked for.
fn over(store: &Arc<dyn Store>, wall: &Arc<FakeWall>) -> Worlds<Ledger> {
    let limits = Limits { idle: Some(TimeDelta::days(7)), ..Limits::default() };
    Worlds::new("diary", Arc::clone(store), Arc::clone(wall) as _, limits)
}

fn pass(wall: &FakeWall, time: TimeDelta) {
    wall.set(wall.now() + time);
}

#[tokio::test]
async fn the_memory_the_file_and_the_database_know_alike_who_was_asked_for() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Postgres::start());
    let (_worlds, world) = one().await;
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let file: Arc<dyn Store> = Arc::new(file(folder.path()).await);
    let database: Arc<dyn Store> = Arc::new(PostgresStore::open(&server.url(), "diary").await.unwrap());
    let [monday, tuesday, friday] = ["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-06T09:00:00Z"].map(at);
    for store in [memory, file, database] {
        for text in ["one", "two", "three"] {
            store.create(&name(text), world.genesis(), NewLog::default()).await.unwrap();
        }
        store.touch(&name("one"), monday).await.unwrap();
        store.touch(&name("two"), friday).await.unwrap();
        store.touch(&name("two"), monday).await.unwrap();
        store.touch(&name("none"), monday).await.unwrap();
        assert_eq!(store.list(None, 9).await.unwrap().len(), 3);
        assert_eq!(store.idle(tuesday, tuesday).await.unwrap(), [name("one")], "the third counts as asked for now");
        assert_eq!(store.idle(friday, friday).await.unwrap(), [name("one"), name("three")]);
        let told: Vec<_> = store.list(None, 9).await.unwrap().into_iter().map(|glance| glance.touched_at).collect();
        assert_eq!(told, [Some(monday), Some(tuesday), Some(friday)]);
        assert!(!store.delete_idle(&name("two"), friday).await.unwrap());
        assert!(!store.delete_idle(&name("none"), friday).await.unwrap());
        assert!(store.delete_idle(&name("one"), friday).await.unwrap());
        assert_eq!(store.size().await.unwrap().worlds, 2);
    }
}

#[tokio::test]
async fn a_world_that_nobody_asks_for_is_dropped_and_main_never() {
    let folder = tempfile::tempdir().unwrap();
    let stores: [Arc<dyn Store>; 2] = [Arc::new(MemoryStore::default()), Arc::new(file(folder.path()).await)];
    for store in stores {
        let wall = wall();
        let worlds = over(&store, &wall);
        for text in ["main", "asked", "silent"] {
            worlds.create(name(text), frozen()).await.unwrap();
        }
        let silent = worlds.get(&name("silent")).await.unwrap();
        pass(&wall, TimeDelta::days(5));
        worlds.get(&name("asked")).await.unwrap();
        pass(&wall, TimeDelta::days(2));
        assert_eq!(worlds.drop_idle().await.unwrap(), [], "within the hour of grace");
        let soon: Vec<_> = worlds.list().await.unwrap().into_iter().map(|world| world.drops_at).collect();
        let begun = at("2026-03-02T09:00:00Z");
        let grace = TimeDelta::days(7) + TimeDelta::hours(1);
        assert_eq!(soon, [Some(begun + TimeDelta::days(5) + grace), None, Some(begun + grace)]);

        pass(&wall, TimeDelta::hours(2));
        assert_eq!(worlds.drop_idle().await.unwrap(), [name("silent")]);
        assert!(matches!(worlds.get(&name("silent")).await, Err(StoreError::Gone(_))));
        assert!(matches!(silent.read(|_, _| ()).await, Err(StoreError::Gone(_))));
        worlds.create(name("silent"), frozen()).await.unwrap();
        assert_eq!(worlds.drop_idle().await.unwrap(), [], "a new one of that name is none of the old");
        pass(&wall, TimeDelta::days(30));
        assert_eq!(worlds.drop_idle().await.unwrap(), [name("asked"), name("silent")]);
    }
}

#[tokio::test]
async fn what_is_asked_for_at_a_replica_is_kept_by_all_and_a_file_of_before_begins_now() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(file(folder.path()).await);
    let wall = wall();
    let before = Worlds::<Ledger>::new("diary", Arc::clone(&store), Arc::clone(&wall) as _, Limits::default());
    before.create(name("old"), frozen()).await.unwrap();
    pass(&wall, TimeDelta::days(99));
    let (here, there) = (over(&store, &wall), over(&store, &wall));
    assert_eq!(here.drop_idle().await.unwrap(), []);
    pass(&wall, TimeDelta::days(6));
    there.get(&name("old")).await.unwrap();
    pass(&wall, TimeDelta::days(6));
    assert_eq!(here.drop_idle().await.unwrap(), []);
    pass(&wall, TimeDelta::days(2));
    assert_eq!(here.drop_idle().await.unwrap(), [name("old")]);
    assert_eq!(before.drop_idle().await.unwrap(), [], "nothing is dropped where nobody says so");
}
