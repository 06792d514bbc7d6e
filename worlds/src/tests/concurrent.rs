//! Many at once: what was acknowledged is there, once.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use futures::future::join_all;

use super::ledger::{Ledger, file, frozen, in_memory, name, one, wall, worlds};
use crate::{ClockChange, World, Worlds};

/// Deposits 1 from many tasks; answers with how many were acknowledged.
async fn crowd(world: &Arc<World<Ledger>>, tasks: usize, acts: usize) -> i64 {
    let task = || {
        let world = Arc::clone(world);
        tokio::spawn(async move {
            let mut acknowledged = 0;
            for _ in 0..acts {
                acknowledged += i64::from(world.deposit(1).await.is_ok());
            }
            acknowledged
        })
    };
    join_all((0..tasks).map(|_| task())).await.into_iter().map(Result::unwrap).sum()
}

async fn assert_holds(worlds: &Worlds<Ledger>, acknowledged: i64) {
    let world = worlds.get(&name("one")).await.unwrap();
    let log = world.timeline(0, usize::MAX).await.unwrap();
    assert_eq!(world.state().await.total, 100 + acknowledged);
    assert_eq!(i64::try_from(log.len()).unwrap(), acknowledged);
    assert!(log.iter().map(|record| record.seq).eq(1..=world.seq()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_memory_every_acknowledged_act_is_there_once() {
    let (worlds, world) = one().await;
    let acknowledged = crowd(&world, 32, 20).await;
    assert_eq!(acknowledged, 640);
    assert_holds(&worlds, acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_file_every_acknowledged_act_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path()).await;
    let here = worlds(store.clone(), &wall());
    let world = here.create(name("one"), frozen()).await.unwrap();
    let acknowledged = crowd(&world, 32, 20).await;
    assert_eq!(acknowledged, 640);
    assert_holds(&here, acknowledged).await;
    assert_holds(&worlds(store, &wall()), acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_replicas_over_one_file_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path()).await;
    let (here, there) = (worlds(store.clone(), &wall()), worlds(store.clone(), &wall()));
    let one = here.create(name("one"), frozen()).await.unwrap();
    let same = there.get(&name("one")).await.unwrap();
    let (a, b) = tokio::join!(crowd(&one, 8, 20), crowd(&same, 8, 20));
    assert_eq!(a + b, 320);
    assert_holds(&worlds(store, &wall()), a + b).await;
    // Each catches up as soon as it acts.
    one.deposit(0).await.unwrap();
    same.deposit(0).await.unwrap();
    assert_eq!((one.seq(), same.seq()), (321, 322));
    assert_eq!(same.state().await.total, 100 + a + b);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_acts_never_draw_the_same_random_value() {
    let (_worlds, world) = one().await;
    let draw = || {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.act(|_, _, rng| Ok::<_, ()>((vec![], rng.number()))).await.unwrap() })
    };
    // What is drawn without an event is not used up …
    let idle: BTreeSet<u64> = join_all((0..50).map(|_| draw())).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(idle.len(), 1);
    // … what stands in an event is.
    let drawn = join_all((0..200).map(|_| world.draw())).await;
    let codes: Vec<String> = drawn.into_iter().map(Result::unwrap).collect();
    assert_eq!(world.state().await.codes, codes);
    assert!(codes.iter().collect::<BTreeSet<_>>().len() > 190);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_sees_a_world_with_anything_due_unsettled() {
    let (_worlds, world) = one().await;
    // `deposit`, `set_timer` and `state` assert it.
    let task = |kind: usize| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            for step in 0..100 {
                match kind % 4 {
                    0 => drop(world.change_clock(&ClockChange::Advance(TimeDelta::seconds(30))).await.unwrap()),
                    1 => world.set_timer(TimeDelta::seconds(10 * (step % 9))).await.unwrap(),
                    2 => world.deposit(1).await.unwrap(),
                    _ => drop(world.state().await),
                }
            }
        })
    };
    for done in join_all((0..12).map(task)).await {
        done.unwrap();
    }
    world.change_clock(&ClockChange::Advance(TimeDelta::hours(1))).await.unwrap();
    let state = world.state().await;
    assert_eq!((state.rung.len(), state.timers.len(), state.total), (300, 0, 400));
    assert!(state.rung.is_sorted_by_key(|(at, _)| *at));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_made_a_world_has_that_one_whatever_others_do_with_its_name() {
    let worlds = Arc::new(in_memory());
    let task = || {
        let worlds = Arc::clone(&worlds);
        tokio::spawn(async move {
            let mut made = 0;
            for _ in 0..200 {
                let Ok(world) = worlds.create(name("one"), frozen()).await else {
                    if let Ok(world) = worlds.get(&name("one")).await {
                        let _ = world.read(|state, _| assert!((100..=101).contains(&state.total))).await;
                    }
                    continue;
                };
                made += 1;
                world.deposit(1).await.unwrap();
                assert_eq!((world.state().await.total, world.seq()), (101, 1));
                assert!(worlds.delete(&name("one")).await.unwrap());
                assert!(world.is_dropped());
            }
            made
        })
    };
    let made: i32 = join_all((0..8).map(|_| task())).await.into_iter().map(Result::unwrap).sum();
    assert!(made > 0);
    assert!(worlds.get(&name("one")).await.is_err());
    assert!(worlds.list().await.unwrap().is_empty());
}
