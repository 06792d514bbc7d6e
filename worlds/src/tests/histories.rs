//! Random histories: whatever happens to a world, its log is the world.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{prelude::*, test_runner::Config};
use serde_json::json;

use super::ledger::{Event, Ledger, in_file, name, seed, wall, worlds};
use crate::{
    ActError, Clock, ClockChange, ClockError, FakeWall, Limits, Record, WallClock, World, Worlds,
    store::{MemoryStore, Store},
};

#[derive(Debug, Clone)]
enum Command {
    Deposit(i64),
    Draw,
    SetTimer(i64),
    Advance(i64),
    Freeze,
    Run,
    Refuse,
    Read,
    /// The machine's clock goes on, or is set back, by so many seconds.
    Wall(i64),
}

/// `back` is how far the machine's clock may be set back at a time, seconds.
fn command(back: i64) -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (-50..50_i64).prop_map(Command::Deposit),
        3 => Just(Command::Draw),
        3 => (-600..6_000_i64).prop_map(Command::SetTimer),
        2 => (-5..9_000_i64).prop_map(Command::Advance),
        1 => Just(Command::Freeze),
        1 => Just(Command::Run),
        1 => Just(Command::Refuse),
        1 => Just(Command::Read),
        2 => (-back..4_000_i64).prop_map(Command::Wall),
    ]
}

/// Where two worlds are compared, time only goes on: what was seen of a clock that was set back stands in no log.
fn commands() -> impl Strategy<Value = Vec<Command>> {
    prop::collection::vec(command(0), 0..30)
}

fn clocks() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        Just(json!("real")),
        Just(json!({"running-from": "2031-12-31T23:59:59.9996+03:00"})),
        Just(json!({"frozen": "2026-03-02T12:00:00+03:00"})),
    ]
}

/// Plays a script; answers with the sum of the deposits that were acknowledged.
async fn play(world: &World<Ledger>, wall: &FakeWall, script: &[Command]) -> i64 {
    let mut sum = 0;
    for command in script {
        let (seq, before) = (world.seq(), world.now());
        match *command {
            Command::Deposit(amount) => {
                world.deposit(amount).await.unwrap();
                sum += amount;
            }
            Command::Draw => drop(world.draw().await.unwrap()),
            Command::SetTimer(after) => world.set_timer(TimeDelta::seconds(after)).await.unwrap(),
            Command::Advance(by) => {
                let moved = world.change_clock(&ClockChange::Advance(TimeDelta::seconds(by))).await;
                match moved {
                    Ok(now) => {
                        assert!(by >= 0 && now >= before + TimeDelta::seconds(by), "{before} + {by} s, not {now}");
                    }
                    Err(ActError::Refused(ClockError::Backwards { .. })) => assert!(by < 0),
                    Err(error) => panic!("{error}"),
                }
            }
            Command::Freeze => drop(world.change_clock(&ClockChange::Freeze).await.unwrap()),
            Command::Run => drop(world.change_clock(&ClockChange::Run).await.unwrap()),
            Command::Refuse => world.refuse().await,
            Command::Read => drop(world.state().await),
            Command::Wall(by) => wall.set(wall.now() + TimeDelta::seconds(by)),
        }
        assert!(world.seq() >= seq);
        assert!(world.now() >= before, "time went back from {before} to {}", world.now());
    }
    sum
}

/// What must hold of any log: no gap, no time going back, each timer rung once and before anything later.
fn check_log(log: &[Record]) {
    let mut waiting = BTreeSet::new();
    let mut last_at = None;
    for (record, seq) in log.iter().zip(1..) {
        assert_eq!(record.seq, seq);
        assert!(last_at.is_none_or(|last_at| last_at <= record.at));
        last_at = Some(record.at);
        match serde_json::from_str(record.event.get()) {
            Ok(Event::TimerRang { timer, due_at }) => {
                assert_eq!(waiting.first(), Some(&(due_at, timer)), "rang out of order, or twice");
                assert!(due_at <= record.at);
                waiting.remove(&(due_at, timer));
            }
            other => {
                assert!(waiting.iter().all(|(due_at, _)| *due_at > record.at), "passed over: {waiting:?}");
                if let Ok(Event::TimerSet { timer, due_at }) = other {
                    waiting.insert((due_at, timer));
                }
            }
        }
    }
}

/// Everything that makes two worlds the same one: state, log, clock, time, and the random values that come next.
type Likeness = (Ledger, Vec<Record>, Clock, DateTime<Utc>, (u64, String, String));

async fn likeness(world: &World<Ledger>) -> Likeness {
    let log = world.timeline(0, usize::MAX).await.unwrap();
    (world.state().await, log, world.clock(), world.now(), world.next_random().await)
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn an_export_imported_elsewhere_is_the_same_world(clock in clocks(), script in commands(), more in commands()) {
        run(async {
            let wall = wall();
            let here = worlds(MemoryStore::default(), &wall);
            let there = worlds(MemoryStore::default(), &wall);
            let one = here.create(name("one"), seed(&clock)).await.unwrap();
            let sum = play(&one, &wall, &script).await;
            let first = likeness(&one).await;

            let text = serde_json::to_string_pretty(&here.export(&name("one")).await.unwrap()).unwrap();
            let two = there.import(serde_json::from_str(&text).unwrap(), None).await.unwrap();
            assert_eq!(first, likeness(&two).await);
            assert_eq!(two.state().await.total, 100 + sum);
            check_log(&two.timeline(0, usize::MAX).await.unwrap());

            // And it stays so: the same script goes the same way in both.
            let noon = wall.now();
            play(&one, &wall, &more).await;
            let evening = wall.now();
            wall.set(noon);
            play(&two, &wall, &more).await;
            assert_eq!(evening, wall.now());
            assert_eq!(likeness(&one).await, likeness(&two).await);
        });
    }

    #[test]
    fn a_log_is_in_order_and_replays_whatever_the_machines_clock_does(
        clock in clocks(), script in prop::collection::vec(command(4_000), 0..30)
    ) {
        run(async {
            let wall = wall();
            let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
            let over = || Worlds::new("diary", Arc::clone(&store), Arc::clone(&wall) as _, Limits::default());
            let here = over();
            let one = here.create(name("one"), seed(&clock)).await.unwrap();
            play(&one, &wall, &script).await;
            let (state, log, clock, _, next) = likeness(&one).await;
            check_log(&log);
            let again = over().get(&name("one")).await.unwrap();
            let last_at = log.last().map_or(one.genesis().started_at, |last| last.at);
            assert!(again.now() >= last_at);
            // Whatever has fallen due by the one's time has by the other's, or not yet.
            if again.seq() == one.seq() {
                assert_eq!((state, log, clock, next), {
                    let (state, log, clock, _, next) = likeness(&again).await;
                    (state, log, clock, next)
                });
            }
        });
    }

    #[test]
    fn from_a_checkpoint_a_world_is_what_it_is_from_its_beginning(
        clock in clocks(), script in commands(), more in commands(), later in commands()
    ) {
        run(async {
            let wall = wall();
            let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
            let over = || Worlds::new("diary", Arc::clone(&store), Arc::clone(&wall) as _, Limits::default());
            let here = over();
            let one = here.create(name("one"), seed(&clock)).await.unwrap();
            play(&one, &wall, &script).await;
            one.make_checkpoint().await.unwrap();
            let upto = one.seq();
            play(&one, &wall, &more).await;
            let whole = likeness(&one).await;

            let again = over().get(&name("one")).await.unwrap();
            assert_eq!(store.checkpoint(&name("one")).await.unwrap().map(|checkpoint| checkpoint.seq), Some(upto));
            assert_eq!(whole, likeness(&again).await);
            let export = here.export(&name("one")).await.unwrap();
            assert!(export.checkpoint.is_none());
            let elsewhere = worlds(MemoryStore::default(), &wall).import(export, None).await.unwrap();
            assert_eq!(whole, likeness(&elsewhere).await);

            // And it stays so.
            let noon = wall.now();
            play(&again, &wall, &later).await;
            wall.set(noon);
            play(&elsewhere, &wall, &later).await;
            assert_eq!(likeness(&again).await, likeness(&elsewhere).await);
        });
    }

    #[test]
    fn neither_a_fork_nor_its_parent_touches_the_other(clock in clocks(), script in commands(), more in commands()) {
        run(async {
            let wall = wall();
            let worlds = worlds(MemoryStore::default(), &wall);
            let parent = worlds.create(name("parent"), seed(&clock)).await.unwrap();
            play(&parent, &wall, &script).await;
            let before = likeness(&parent).await;
            let fork = worlds.fork(&name("parent"), name("fork")).await.unwrap();
            assert_copied(&before, &likeness(&fork).await);

            play(&fork, &wall, &more).await;
            fork.deposit(1).await.unwrap();
            parent.state().await;
            let forked = likeness(&fork).await;
            parent.deposit(2).await.unwrap();
            parent.draw().await.unwrap();
            assert!(worlds.delete(&name("parent")).await.unwrap());
            assert_eq!(forked, likeness(&fork).await);
            check_log(&fork.timeline(0, usize::MAX).await.unwrap());
        });
    }
}

/// A copy is as its parent was, but that it has an event that says so, none of its credentials and draws others.
fn assert_copied(parent: &Likeness, copy: &Likeness) {
    let (before, log, clock, now, next) = parent;
    let (state, copied_log, copied_clock, copied_now, copied_next) = copy;
    assert_eq!(*state, Ledger { codes: Vec::new(), ..before.clone() });
    assert_eq!((copied_log[..log.len()].to_vec(), copied_log.len()), (log.clone(), log.len() + 1));
    assert!(copied_log[log.len()].event.get().contains("copied"));
    assert_eq!((copied_clock, copied_now), (clock, now));
    assert!(copied_next.0 != next.0 && copied_next.1 != next.1);
}

proptest! {
    // Each event of these is flushed to the disk.
    #![proptest_config(Config { cases: 12, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_file_opened_again_holds_the_same_worlds(clock in clocks(), script in commands()) {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let wall = wall();
            let worlds = in_file(folder.path(), &wall).await;
            let one = worlds.create(name("one"), seed(&clock)).await.unwrap();
            play(&one, &wall, &script).await;
            let fork = worlds.fork(&name("one"), name("fork")).await.unwrap();
            let (first, second) = (likeness(&one).await, likeness(&fork).await);
            let list = worlds.list().await.unwrap();
            drop((one, fork, worlds));

            let worlds = in_file(folder.path(), &wall).await;
            assert_eq!(list, worlds.list().await.unwrap());
            for (name, before) in [(name("one"), first), (name("fork"), second)] {
                let world = worlds.get(&name).await.unwrap();
                assert_eq!(before, likeness(&world).await);
                assert!(Arc::ptr_eq(&world, &worlds.get(&name).await.unwrap()));
            }
        });
    }
}
