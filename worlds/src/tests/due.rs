//! What falls due is settled in order, before anybody decides or looks.

use chrono::TimeDelta;
use insta::assert_snapshot;
use serde_json::json;

use super::ledger::{at, name, one, seed, wall, worlds};
use crate::{ClockChange, store::MemoryStore};

#[tokio::test]
async fn one_jump_of_the_clock_settles_everything_on_the_way_in_order() {
    let (_worlds, world) = one().await;
    for minutes in [50, 10, 30, 10, 70] {
        world.set_timer(TimeDelta::minutes(minutes)).await.unwrap();
    }
    world.change_clock(&ClockChange::Advance(TimeDelta::minutes(60))).await.unwrap();
    world.deposit(5).await.unwrap();
    assert_snapshot!(world.story().await, @"
    1 02 09:00:00 Таймер 1 заведён
    2 02 09:00:00 Таймер 2 заведён
    3 02 09:00:00 Таймер 3 заведён
    4 02 09:00:00 Таймер 4 заведён
    5 02 09:00:00 Таймер 5 заведён
    6 02 09:00:00 Часы мира переведены на 02.03.2026, 13:00 и стоят
    7 02 09:10:00 Таймер 2 прозвенел
    8 02 09:10:00 Таймер 4 прозвенел
    9 02 09:30:00 Таймер 3 прозвенел
    10 02 09:50:00 Таймер 1 прозвенел
    11 02 10:00:00 Внесено 5
    ");
}

#[tokio::test]
async fn a_running_clock_settles_what_is_due_before_an_act_and_before_a_look() {
    let wall = wall();
    let worlds = worlds(MemoryStore::default(), &wall);
    let world = worlds.create(name("one"), seed(&json!("real"))).await.unwrap();
    world.set_timer(TimeDelta::minutes(1)).await.unwrap();
    world.set_timer(TimeDelta::minutes(3)).await.unwrap();
    wall.set(at("2026-03-02T09:01:00Z"));
    world.deposit(1).await.unwrap();
    wall.set(at("2026-03-02T09:02:59.999Z"));
    assert_eq!(world.state().await.rung, [(at("2026-03-02T09:01:00Z"), 1)]);
    wall.set(at("2026-03-02T09:05:00Z"));
    // Recorded at the time it was due, not at the time somebody looked.
    assert_eq!(world.state().await.rung[1..], [(at("2026-03-02T09:03:00Z"), 2)]);
    assert_eq!(world.now(), at("2026-03-02T09:05:00Z"));
}

#[tokio::test]
async fn what_was_due_before_it_was_known_is_recorded_now() {
    let (_worlds, world) = one().await;
    world.set_timer(TimeDelta::minutes(-10)).await.unwrap();
    assert_eq!(world.state().await.rung, [(at("2026-03-02T09:00:00Z"), 1)]);
}

#[tokio::test]
async fn a_timeline_holds_what_is_due_by_now() {
    let wall = wall();
    let worlds = worlds(MemoryStore::default(), &wall);
    let world = worlds.create(name("one"), seed(&json!("real"))).await.unwrap();
    world.set_timer(TimeDelta::zero()).await.unwrap();
    assert_eq!(world.seq(), 1);
    assert_eq!(world.timeline(0, 9).await.unwrap().len(), 2);
    assert_eq!(world.timeline(1, 9).await.unwrap()[0].seq, 2);
    assert_eq!(world.timeline(0, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_look_at_the_news_tells_of_each_change() {
    let (worlds, world) = one().await;
    let mut news = world.subscribe();
    world.deposit(1).await.unwrap();
    assert_eq!(*news.wait_for(|seq| *seq > 0).await.unwrap(), 1);
    world.refuse().await;
    assert!(!news.has_changed().unwrap());
    worlds.delete(&name("one")).await.unwrap();
    assert_eq!(*news.wait_for(|seq| *seq > 1).await.unwrap(), u64::MAX);
}

#[tokio::test]
async fn a_refused_decision_changes_nothing() {
    let (_worlds, world) = one().await;
    world.draw().await.unwrap();
    let before = (world.state().await, world.seq(), world.next_random().await);
    world.refuse().await;
    assert_eq!(before, (world.state().await, world.seq(), world.next_random().await));
}

#[tokio::test]
async fn the_same_seed_and_script_give_the_same_codes() {
    let mut drawn = Vec::new();
    for _ in 0..2 {
        let (_worlds, world) = one().await;
        drawn.push((world.draw().await.unwrap(), world.draw().await.unwrap()));
    }
    assert_eq!(drawn[0], drawn[1]);
    assert_ne!(drawn[0].0, drawn[0].1);
}
