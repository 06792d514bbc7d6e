//! Worlds made, found, listed, imported and dropped.

use std::sync::Arc;

use chrono::TimeDelta;
use insta::assert_snapshot;
use postgres_for_tests::Postgres;
use serde_json::{Value, json};

use super::ledger::{Ledger, at, file, frozen, in_file, in_memory, name, one, seed, wall, worlds};
use crate::{
    ActError, ClockChange, Limits, Record, SeedDocument, Summary, World, WorldError, Worlds,
    store::{MemoryStore, NewLog, PostgresStore, Size, Store, StoreError},
};

/// All that one can do with a world.
pub(super) async fn assert_gone(world: &World<Ledger>) {
    assert!(matches!(world.deposit(1).await, Err(ActError::Store(StoreError::Gone(_)))));
    assert!(matches!(world.read(|_, _| ()).await, Err(StoreError::Gone(_))));
    assert!(matches!(world.timeline(0, 9).await, Err(StoreError::Gone(_))));
    let moved = world.change_clock(&ClockChange::Advance(TimeDelta::seconds(1))).await;
    assert!(matches!(moved, Err(ActError::Store(StoreError::Gone(_)))));
}

async fn assert_name_can_be_used_again(worlds: Worlds<Ledger>) {
    let old = worlds.create(name("one"), frozen()).await.unwrap();
    old.deposit(1).await.unwrap();
    assert!(worlds.delete(&name("one")).await.unwrap());
    assert!(!worlds.delete(&name("one")).await.unwrap());
    assert!(matches!(worlds.get(&name("one")).await, Err(StoreError::Gone(_))));
    assert_gone(&old).await;
    let new = worlds.create(name("one"), frozen()).await.unwrap();
    assert_gone(&old).await;
    assert_eq!((new.seq(), new.state().await.total), (0, 100));
    new.deposit(2).await.unwrap();
    assert!(Arc::ptr_eq(&new, &worlds.get(&name("one")).await.unwrap()));
    assert_eq!(new.state().await.total, 102);
}

#[tokio::test]
async fn a_dropped_world_is_gone_for_its_holders_and_its_name_is_free() {
    let folder = tempfile::tempdir().unwrap();
    assert_name_can_be_used_again(in_memory()).await;
    assert_name_can_be_used_again(in_file(folder.path(), &wall()).await).await;
}

#[tokio::test]
async fn a_world_that_another_replica_dropped_is_gone_at_the_next_act_and_found_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path()).await;
    let (here, there) = (worlds(store.clone(), &wall()), worlds(store, &wall()));
    for acts in [0, 3] {
        let old = here.create(name("one"), frozen()).await.unwrap();
        for _ in 0..acts {
            old.deposit(1).await.unwrap();
        }
        there.delete(&name("one")).await.unwrap();
        assert!(matches!(old.deposit(1).await, Err(ActError::Store(StoreError::Gone(_)))));
        assert!(matches!(here.get(&name("one")).await, Err(StoreError::Gone(_))));
        let new = there.create(name("one"), frozen()).await.unwrap();
        new.deposit(7).await.unwrap();
        assert_eq!(here.get(&name("one")).await.unwrap().state().await.total, 107);
        here.delete(&name("one")).await.unwrap();
    }
}

#[tokio::test]
async fn a_taken_name_a_full_server_and_a_bad_seed_make_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { worlds: 2, ..Limits::default() };
    let store = file(folder.path()).await;
    let refused = async |worlds: &Worlds<Ledger>, text: &str, seed| match worlds.create(name(text), seed).await {
        Ok(_) => panic!("made"),
        Err(error) => error.to_string(),
    };
    let worlds = Worlds::new("diary", Arc::new(store.clone()), wall() as _, limits.clone());
    worlds.create(name("one"), frozen()).await.unwrap();
    assert_snapshot!(refused(&worlds, "one", frozen()).await, @"мир «one» уже есть");
    let unknown = SeedDocument { diary: json!({"closing": 1}), ..frozen() };
    assert_snapshot!(refused(&worlds, "two", unknown).await, @"diary.closing: unknown field `closing`, expected `opening`");
    let far = seed(&json!({"frozen": "+12000-01-01T00:00:00Z"}));
    assert_snapshot!(refused(&worlds, "two", far).await, @"clock: год от 1 до 9999");
    worlds.create(name("two"), frozen()).await.unwrap();
    let full = "миров уже 2: больше этот сервер не держит, удалите ненужные";
    assert_eq!(refused(&worlds, "three", frozen()).await, full);
    assert!(matches!(worlds.fork(&name("one"), name("three")).await, Err(WorldError::Full(2))));
    assert_eq!(worlds.list().await.unwrap().len(), 2);
    // Worlds that are not open count as well.
    let worlds = Worlds::new("diary", Arc::new(store), wall() as _, limits);
    assert_eq!(refused(&worlds, "three", frozen()).await, full);
    worlds.delete(&name("one")).await.unwrap();
    worlds.create(name("three"), frozen()).await.unwrap();
}

#[tokio::test]
async fn nobody_forks_or_exports_a_world_that_is_not_there() {
    let worlds = in_memory();
    let fork = worlds.fork(&name("none"), name("fork")).await;
    assert!(matches!(fork, Err(WorldError::Store(StoreError::Gone(_)))));
    assert!(matches!(worlds.export(&name("none")).await, Err(StoreError::Gone(_))));
    worlds.create(name("one"), frozen()).await.unwrap();
    let taken = worlds.fork(&name("one"), name("one")).await;
    assert!(matches!(taken, Err(WorldError::Store(StoreError::Exists(_)))));
}

#[tokio::test]
async fn a_list_tells_of_worlds_that_are_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path()).await;
    let here = worlds(store.clone(), &wall());
    let world = here.create(name("moved"), frozen()).await.unwrap();
    world.change_clock(&ClockChange::Advance(TimeDelta::hours(2))).await.unwrap();
    world.change_clock(&ClockChange::Advance(TimeDelta::hours(1))).await.unwrap();
    world.deposit(1).await.unwrap();
    here.create(name("fresh"), seed(&json!("real"))).await.unwrap();
    let told = async |worlds: &Worlds<Ledger>| {
        let list = worlds.list().await.unwrap();
        let line = |world: &Summary| format!("{} «{}» {} {}", world.name, world.title, world.now, world.seq);
        list.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let told_again = told(&worlds(store, &wall())).await;
    assert_snapshot!(told_again, @"
    fresh «Копилка» 2026-03-02 09:00:00 UTC 0
    moved «Копилка» 2026-03-02 12:00:00 UTC 3
    ");
    let told = told(&here).await;
    assert_eq!(told, told_again);
}

#[tokio::test]
async fn the_memory_the_file_and_the_database_tell_the_same_of_a_world() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Postgres::start());
    let (_worlds, world) = one().await;
    world.deposit(1).await.unwrap();
    world.change_clock(&ClockChange::Run).await.unwrap();
    world.deposit(1).await.unwrap();
    let records = world.timeline(0, 9).await.unwrap();
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let file: Arc<dyn Store> = Arc::new(file(folder.path()).await);
    let database: Arc<dyn Store> = Arc::new(PostgresStore::open(&server.url(), "diary").await.unwrap());
    for store in [&memory, &file, &database] {
        let own =
            store.create(&name("one"), world.genesis(), NewLog { checkpoint: None, records: &records }).await.unwrap();
        for (expected, seq) in [(2, 3), (5, 6)] {
            let raced = store.append(&name("one"), own, expected, &[Record { seq, ..records[2].clone() }]).await;
            assert!(matches!(raced, Err(StoreError::Raced)), "{expected}");
        }
        assert!(matches!(store.append(&name("none"), own + 1, 0, &records).await, Err(StoreError::Gone(_))));
        let exists = store.create(&name("one"), world.genesis(), NewLog::default()).await;
        assert!(matches!(exists, Err(StoreError::Exists(_))));
        assert_eq!(store.read(&name("one"), 0, usize::MAX).await.unwrap(), records);
        assert_eq!(store.read(&name("one"), 1, 1).await.unwrap(), records[1..2]);
        assert_eq!(store.genesis(&name("one")).await.unwrap(), Some((Arc::clone(world.genesis()), own)));
        assert_eq!(store.news(&name("one"), own, 1).await.unwrap(), records[1..]);
        assert_eq!(store.news(&name("one"), own, 3).await.unwrap(), []);
        assert!(matches!(store.fork(&name("none"), 0, &name("two"), &[]).await, Err(StoreError::Gone(_))));
        assert!(matches!(store.fork(&name("one"), 0, &name("one"), &[]).await, Err(StoreError::Exists(_))));
        let more = Record { seq: 3, ..records[2].clone() };
        store.fork(&name("one"), 2, &name("two"), std::slice::from_ref(&more)).await.unwrap();
        store.fork(&name("one"), 3, &name("same"), &[]).await.unwrap();
        store.append(&name("one"), own, 3, &[Record { seq: 4, ..records[0].clone() }]).await.unwrap();
        assert_eq!(store.read(&name("two"), 0, 9).await.unwrap(), [&records[..2], &[more]].concat());
        assert_eq!(store.read(&name("same"), 1, 9).await.unwrap(), records[1..]);
        assert_eq!(store.read(&name("one"), 2, 9).await.unwrap().len(), 2);
        let Size { worlds, bytes } = store.size().await.unwrap();
        assert!(worlds == 3 && bytes > 0);
    }
    for after in [None, Some(name("one")), Some(name("zoo"))] {
        let page = memory.list(after.as_ref(), 2).await.unwrap();
        assert_eq!(page, file.list(after.as_ref(), 2).await.unwrap());
        assert_eq!(page, database.list(after.as_ref(), 2).await.unwrap());
    }
    let glances = memory.list(None, 9).await.unwrap();
    assert!(glances.iter().map(|glance| glance.name.as_str()).eq(["one", "same", "two"]));
    assert_eq!((glances[1].seq, glances[1].clock), (3, world.clock()));
}

/// What an import says when the export of a small world has been tampered with.
async fn import_of(tamper: impl FnOnce(&mut Value)) -> String {
    let (worlds, world) = one().await;
    for amount in 1..=3 {
        world.deposit(amount).await.unwrap();
    }
    let mut export = serde_json::to_value(worlds.export(&name("one")).await.unwrap()).unwrap();
    tamper(&mut export);
    let text = export.to_string();
    let export = match serde_json::from_str(&text) {
        Ok(export) => export,
        Err(error) => return error.to_string().split(" at line").next().unwrap().to_owned(),
    };
    let imported = worlds.import(export, Some(name("two"))).await;
    assert_eq!(worlds.list().await.unwrap().len(), if imported.is_ok() { 2 } else { 1 });
    match imported {
        Ok(world) => format!("{}: {}", world.name(), world.state().await.total),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_import_takes_only_what_is_whole_and_its_own() {
    assert_snapshot!(import_of(|_| ()).await, @"two: 106");
    assert_snapshot!(import_of(|export| export["format"] = json!(3)).await, @"выгрузка не подходит: формат 3 сервера «diary», а нужен формат 1 или 2 сервера «diary»");
    assert_snapshot!(import_of(|export| export["server"] = json!("idp")).await, @"выгрузка не подходит: формат 1 сервера «idp», а нужен формат 1 или 2 сервера «diary»");
    let gap = |export: &mut Value| drop(export["records"].as_array_mut().unwrap().remove(1));
    assert_snapshot!(import_of(gap).await, @"выгрузка не подходит: после события 1 идёт 3");
    let late = |export: &mut Value| drop(export["records"].as_array_mut().unwrap().remove(0));
    assert_snapshot!(import_of(late).await, @"выгрузка не подходит: после события 0 идёт 2");
    let twice = |export: &mut Value| export["records"][2]["seq"] = json!(2);
    assert_snapshot!(import_of(twice).await, @"выгрузка не подходит: после события 2 идёт 2");
    let back = |export: &mut Value| export["records"][1]["at"] = json!("2026-03-01T00:00:00Z");
    assert_snapshot!(import_of(back).await, @"выгрузка не подходит: событие 2 раньше, чем было до него");
    let of_event = async |event: Value| import_of(|export| export["records"][1]["event"] = event).await;
    assert_snapshot!(of_event(json!({"type": "withdrawn", "amount": 1})).await, @"выгрузка не подходит: событие 2 не читается: withdrawn: unknown variant `withdrawn`, expected one of `deposited`, `code-drawn`, `timer-set`, `timer-rang`");
    assert_snapshot!(of_event(json!({"type": "deposited"})).await, @"выгрузка не подходит: событие 2 не читается: deposited: missing field `amount`");
    assert_snapshot!(of_event(json!({"type": "deposited", "amount": 1, "to": 2})).await, @"выгрузка не подходит: событие 2 не читается: deposited: unknown field `to`, expected `amount`");
    assert_snapshot!(of_event(json!({"type": "clock-changed", "clock": {"mode": "frozen", "to": 1}})).await, @"выгрузка не подходит: событие 2 не читается: clock-changed: unknown field `to`, expected `at`");
    assert_snapshot!(of_event(json!({"amount": 1})).await, @"выгрузка не подходит: событие 2 не читается: missing field `type`");
    assert_snapshot!(of_event(json!(null)).await, @"выгрузка не подходит: событие 2 не читается: invalid type: null, expected internally tagged enum Event");
}

#[tokio::test]
async fn an_import_takes_no_time_that_arithmetic_cannot_bear() {
    let of_event = async |event: Value| import_of(|export| export["records"][1]["event"] = event).await;
    let record = async |at: &str| import_of(|export| export["records"][2]["at"] = json!(at)).await;
    assert_snapshot!(record("9999-12-31T23:59:59Z").await, @"two: 106");
    assert_snapshot!(record("+10000-01-01T00:00:00Z").await, @"выгрузка не подходит: событие 3: время события: год от 1 до 9999");
    assert_snapshot!(record("+262142-12-31T23:59:59Z").await, @"выгрузка не подходит: событие 3: время события: год от 1 до 9999");
    let timer = |due_at: &str| json!({"type": "timer-set", "timer": 1, "due_at": due_at});
    assert_snapshot!(of_event(timer("+262142-12-31T23:59:59Z")).await, @"выгрузка не подходит: событие 2: «+262142-12-31T23:59:59Z»: год от 1 до 9999");
    assert_snapshot!(of_event(timer("-0044-03-15T12:00:00Z")).await, @"выгрузка не подходит: событие 2: «-0044-03-15T12:00:00Z»: год от 1 до 9999");
    let frozen = json!({"type": "clock-changed", "clock": {"mode": "frozen", "at": "+12000-01-01T00:00:00Z"}});
    assert_snapshot!(of_event(frozen).await, @"выгрузка не подходит: событие 2: «+12000-01-01T00:00:00Z»: год от 1 до 9999");
    let genesis = async |field: &str, value: Value| import_of(|export| export["genesis"][field] = value).await;
    assert_snapshot!(genesis("started_at", json!("-0001-01-01T00:00:00Z")).await, @"clock: год от 1 до 9999");
    assert_snapshot!(genesis("clock", json!({"mode": "frozen", "at": "+12000-01-01T00:00:00Z"})).await, @"clock: год от 1 до 9999");
    let born = json!({"random": 7, "diary": {"opening": 100, "born": ["+100000-05-01"]}});
    assert_snapshot!(genesis("seed", born).await, @"diary: «+100000-05-01»: год от 1 до 9999");
    // An offset may lead anywhere, and a world stays within its years all the same.
    for offset_ms in [i64::MIN, i64::MAX, -70_000_000_000_000, 300_000_000_000_000, 8_000_000_000_000_000] {
        let moved =
            of_event(json!({"type": "clock-changed", "clock": {"mode": "offset", "offset_ms": offset_ms}})).await;
        assert_eq!(moved, "two: 104");
    }
    let unknown = |export: &mut Value| export["note"] = json!("!");
    assert_snapshot!(import_of(unknown).await, @"unknown field `note`, expected one of `format`, `server`, `name`, `genesis`, `checkpoint`, `records`");
    assert_snapshot!(import_of(|export| export["name"] = json!("Имя")).await, @"«Имя» не годится в имена мира: от 1 до 63 знаков a-z, 0-9 и «-», не с дефиса и не на дефис");
}

#[tokio::test]
async fn a_log_with_a_gap_or_a_repetition_is_not_a_world() {
    let (_worlds, world) = one().await;
    for amount in 1..=3 {
        world.deposit(amount).await.unwrap();
    }
    let whole = world.timeline(0, 9).await.unwrap();
    let gap = [whole[0].clone(), whole[2].clone()];
    let twice = [whole[0].clone(), whole[0].clone()];
    let read = async |records: &[Record]| {
        let store = MemoryStore::default();
        store.create(&name("one"), world.genesis(), NewLog { checkpoint: None, records }).await.unwrap();
        match worlds(store, &wall()).get(&name("one")).await {
            Ok(world) => world.state().await.total.to_string(),
            Err(error) => error.to_string(),
        }
    };
    assert_snapshot!(read(&whole).await, @"106");
    assert_snapshot!(read(&gap).await, @"store: world «one»: event 3: it follows event 1");
    assert_snapshot!(read(&twice).await, @"store: world «one»: event 1: it follows event 1");
}

#[tokio::test]
async fn an_import_without_a_name_takes_the_one_it_had_and_not_twice() {
    let (here, world) = one().await;
    world.deposit(1).await.unwrap();
    let export = here.export(&name("one")).await.unwrap();
    let there = worlds(MemoryStore::default(), &wall());
    assert_eq!(there.import(export.clone(), None).await.unwrap().state().await.total, 101);
    let again = there.import(export, None).await;
    assert!(matches!(again, Err(WorldError::Store(StoreError::Exists(_)))));
}

#[tokio::test]
async fn a_world_stops_at_the_end_of_the_year_9999_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let wall = wall();
    let worlds = in_file(folder.path(), &wall).await;
    let world = worlds.create(name("far"), seed(&json!({"running-from": "9999-12-31T23:59:00Z"}))).await.unwrap();
    world.set_timer(TimeDelta::seconds(30)).await.unwrap();
    world.set_timer(TimeDelta::hours(1)).await.unwrap();
    wall.set(at("2026-03-02T11:00:00Z"));
    let state = world.state().await;
    assert_eq!(state.rung, [(at("9999-12-31T23:59:30Z"), 1)]);
    assert_eq!(world.now(), at("9999-12-31T23:59:59.999999999Z"));
    drop((world, worlds));
    let worlds = in_file(folder.path(), &wall).await;
    assert_eq!(worlds.list().await.unwrap()[0].seq, 3);
    assert_eq!(worlds.get(&name("far")).await.unwrap().state().await, state);
}
