//! A world brought back from a checkpoint is the world that its whole log makes; the older part of a log may go.

use std::{sync::Arc, time::Duration};

use postgres_for_tests::Postgres;

use super::{
    kept::assert_gone,
    ledger::{Ledger, file, frozen, name, wall, worlds},
};
use crate::{
    Domain as _, Export, Limits, World, WorldError, Worlds,
    checkpoint::packed,
    store::{MemoryStore, PostgresStore, Store, StoreError},
};

/// Keeps three events before a checkpoint, and makes one after every five.
const SHORT: Limits = Limits {
    events: Some(3),
    checkpoint_events: 5,
    worlds: 9,
    bytes: 1 << 20,
    open: 9,
    idle: None,
    journal: 9,
    journal_bytes: 999,
    quotas: Vec::new(),
};

fn over(store: &Arc<dyn Store>) -> Worlds<Ledger> {
    Worlds::new("diary", Arc::clone(store), wall() as _, SHORT)
}

/// Waits for the checkpoint of an event, which is made beside everything else.
pub(super) async fn made(store: &Arc<dyn Store>, world: &World<Ledger>, at_least: u64) -> u64 {
    for _ in 0..2_000 {
        let checkpoint = store.checkpoint(world.name()).await.unwrap();
        if let Some(checkpoint) = checkpoint.filter(|checkpoint| checkpoint.seq >= at_least) {
            return checkpoint.seq;
        }
        pause().await;
    }
    panic!("no checkpoint was made")
}

#[expect(clippy::disallowed_methods, reason = "something else is given time; no world's time passes")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}

/// Memory, a file and a database; what holds the latter two comes first.
pub(super) async fn stores() -> (tempfile::TempDir, Postgres, [Arc<dyn Store>; 3]) {
    let (folder, server) = (tempfile::tempdir().unwrap(), Postgres::start());
    let file: Arc<dyn Store> = Arc::new(file(folder.path()).await);
    let database: Arc<dyn Store> = Arc::new(PostgresStore::open(&server.url(), "diary").await.unwrap());
    (folder, server, [Arc::new(MemoryStore::default()), file, database])
}

#[tokio::test]
async fn a_long_log_is_cut_at_its_checkpoints_and_the_world_goes_on() {
    let (_folder, _server, stores) = stores().await;
    for store in &stores {
        let here = over(store);
        let world = here.create(name("one"), frozen()).await.unwrap();
        for amount in 1..=60 {
            world.deposit(amount).await.unwrap();
            world.draw().await.unwrap();
        }
        let checkpoint = made(store, &world, 5).await;
        let kept = world.timeline(0, usize::MAX).await.unwrap();
        let first = kept[0].seq;
        assert!((checkpoint - 2..=121).contains(&first), "{first} is kept before {checkpoint}");
        assert_eq!(kept.last().unwrap().seq, 120);
        assert!(kept.iter().zip(first..).all(|(record, seq)| record.seq == seq));

        let (state, next) = (world.state().await, world.next_random().await);
        assert_eq!((state.total, state.codes.len()), (100 + 61 * 30, 60));
        let again = over(store).get(&name("one")).await.unwrap();
        assert_eq!((state, next), (again.state().await, again.next_random().await));
        let (listed, there) = (here.list().await.unwrap(), over(store).list().await.unwrap());
        assert_eq!((listed[0].seq, &listed), (120, &there));
    }
}

#[tokio::test]
async fn a_cut_world_is_forked_exported_and_imported() {
    let (_folder, _server, stores) = stores().await;
    for store in &stores {
        let here = over(store);
        let world = here.create(name("one"), frozen()).await.unwrap();
        for _ in 0..20 {
            world.draw().await.unwrap();
        }
        made(store, &world, 5).await;
        world.deposit(7).await.unwrap();
        let fork = here.fork(&name("one"), name("fork")).await.unwrap();
        assert_eq!((fork.seq(), fork.state().await.total), (22, 107));
        let fork = over(store).get(&name("fork")).await.unwrap();
        assert_eq!((fork.seq(), fork.state().await.total, fork.state().await.codes.len()), (22, 107, 0));

        let text = serde_json::to_string(&here.export(&name("one")).await.unwrap()).unwrap();
        let export: Export = serde_json::from_str(&text).unwrap();
        assert_eq!((export.format, export.checkpoint.is_some()), (2, true));
        let elsewhere: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let there = over(&elsewhere).import(export.clone(), None).await.unwrap();
        assert_eq!(world.state().await, there.state().await);
        assert_eq!(world.next_random().await, there.next_random().await);
        let there = over(&elsewhere).get(&name("one")).await.unwrap();
        assert_eq!((world.state().await, there.seq()), (there.state().await, 21));

        let refused = async |change: fn(&mut Export)| {
            let mut export = export.clone();
            change(&mut export);
            let made = over(store).import(export, Some(name("never"))).await;
            made.map(|_| ()).unwrap_err().to_string()
        };
        let gap = refused(|export| drop(export.records.remove(export.records.len() - 2))).await;
        assert!(gap.starts_with("выгрузка не подходит: после события"), "{gap}");
        let without = refused(|export| export.checkpoint = None).await;
        assert_eq!(without, "выгрузка не подходит: checkpoint бывает только в формате 2, и в нём он всегда");
        let damaged = refused(|export| export.checkpoint.as_mut().unwrap().state = [0x93, 1].into()).await;
        assert!(damaged.starts_with("выгрузка не подходит: checkpoint не читается: "), "{damaged}");
        let late =
            refused(|export| export.checkpoint.as_mut().unwrap().at = chrono::DateTime::<chrono::Utc>::MAX_UTC).await;
        assert_eq!(late, "выгрузка не подходит: checkpoint не читается: время события: год от 1 до 9999");
        assert!(matches!(over(store).get(&name("never")).await, Err(StoreError::Gone(_))));
    }
}

#[tokio::test]
async fn what_a_world_in_memory_takes_does_not_grow_with_forks_of_a_log_that_is_cut() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let here = over(&store);
    let world = here.create(name("one"), frozen()).await.unwrap();
    let mut taken = Vec::new();
    for _ in 0..40 {
        for _ in 0..10 {
            world.deposit(1).await.unwrap();
        }
        here.fork(&name("one"), name("fork")).await.unwrap();
        world.make_checkpoint().await.unwrap();
        here.delete(&name("fork")).await.unwrap();
        taken.push(store.size().await.unwrap().bytes);
    }
    let (first, last) = (taken[..20].iter().max(), taken[20..].iter().max());
    assert!(last <= first.map(|most| most + 100).as_ref(), "{taken:?}");
}

#[tokio::test]
async fn a_replica_that_is_far_behind_goes_on_from_the_checkpoint_of_another() {
    let (_folder, _server, stores) = stores().await;
    for store in &stores {
        let (here, there) = (over(store), over(store));
        let one = here.create(name("one"), frozen()).await.unwrap();
        one.deposit(1).await.unwrap();
        let same = there.get(&name("one")).await.unwrap();
        for _ in 0..60 {
            same.deposit(1).await.unwrap();
        }
        same.make_checkpoint().await.unwrap();
        let kept = same.timeline(0, 1).await.unwrap();
        assert!(kept[0].seq > 3, "the log was cut");
        one.deposit(100).await.unwrap();
        assert_eq!((one.seq(), one.state().await.total), (62, 100 + 61 + 100));
        same.deposit(1).await.unwrap();
        assert_eq!((same.seq(), same.state().await.total), (63, 100 + 61 + 101));
    }
}

#[tokio::test]
async fn a_checkpoint_of_another_version_is_not_read_while_the_whole_log_is_there() {
    let (_folder, _server, stores) = stores().await;
    for store in &stores {
        let here = worlds(MemoryStore::default(), &wall());
        let world = here.create(name("one"), frozen()).await.unwrap();
        for _ in 0..4 {
            world.draw().await.unwrap();
        }
        let records = world.timeline(0, 9).await.unwrap();
        let log = crate::store::NewLog { checkpoint: None, records: &records };
        let own = store.create(&name("one"), world.genesis(), log).await.unwrap();
        let current = world.current.read().copied();
        let (mut checkpoint, _) = current.checkpoint().unwrap();
        checkpoint.state = packed(&(Ledger::STATE_VERSION + 1, &*current.state)).unwrap().0;
        store.put_checkpoint(&name("one"), own, &checkpoint, 0).await.unwrap();
        assert_eq!(world.state().await, over(store).get(&name("one")).await.unwrap().state().await);
        // Where it is not, the world says what it lacks.
        store.put_checkpoint(&name("one"), own, &checkpoint, 2).await.unwrap();
        let lost = over(store).get(&name("one")).await.map(|_| ()).unwrap_err().to_string();
        assert!(lost.ends_with("world «one»: event 3: it follows event 0"), "{lost}");
    }
}

#[tokio::test]
async fn a_world_begins_anew_from_its_seed_and_nothing_is_left_of_the_old_one() {
    let (_folder, _server, stores) = stores().await;
    for (kind, store) in ["memory", "sqlite", "postgres"].into_iter().zip(&stores) {
        let worlds = over(store);
        let (owner, theirs) = (name("one"), name("one-two"));
        let other = worlds.create(owner.clone(), frozen()).await.unwrap();
        let old = worlds.create(theirs.clone(), frozen()).await.unwrap();
        let fresh = store.size_of(&owner).await.unwrap();
        for _ in 0..6 {
            other.deposit(5).await.unwrap();
            old.deposit(5).await.unwrap();
        }
        made(store, &old, 5).await;
        assert_ne!(store.size_of(&owner).await.unwrap(), fresh, "{kind}");
        let new = worlds.reset(&theirs).await.unwrap();
        assert_gone(&old).await;
        assert_eq!((new.seq(), new.state().await.total), (0, 100), "{kind}");
        assert_eq!(new.genesis().seed, old.genesis().seed, "{kind}");
        assert!(store.checkpoint(&theirs).await.unwrap().is_none(), "{kind}");
        assert!(store.read(&theirs, 0, 9).await.unwrap().is_empty(), "{kind}");
        assert_eq!(store.size_of(&owner).await.unwrap(), fresh, "{kind}");
        new.deposit(1).await.unwrap();
        assert_eq!((new.state().await.total, other.state().await.total), (101, 130), "{kind}");
        // One that is not there is not made by it.
        assert!(matches!(worlds.reset(&name("none")).await, Err(WorldError::Store(StoreError::Gone(_)))), "{kind}");
        let replaced = store.replace(&name("none"), new.genesis()).await;
        assert!(matches!(replaced, Err(StoreError::Gone(_))), "{kind}");
        assert_eq!(store.size().await.unwrap().worlds, 2, "{kind}");
    }
}
