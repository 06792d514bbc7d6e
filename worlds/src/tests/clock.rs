//! Time belongs to a world, and goes forward only.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::json;

use super::ledger::{Ledger, at, frozen, name, one, seed, wall, worlds};
use crate::{
    ActError, Clock, ClockChange, ClockError, Limits, StartClock, Worlds, answering,
    store::{MemoryStore, Store},
    wall::Seen,
};

const WALL: &str = "2026-03-02T09:00:00Z";

#[test]
fn a_clock_is_real_or_runs_ahead_or_stands() {
    let wall = at(WALL);
    assert_eq!(Clock::Real.now(wall), wall);
    assert_eq!(Clock::Offset { offset_ms: -1500 }.now(wall), wall - TimeDelta::milliseconds(1500));
    assert_eq!(Clock::Frozen { at: at("2030-01-01T00:00:00Z") }.now(wall), at("2030-01-01T00:00:00Z"));
    // Nothing that an import may hold is a reason to panic.
    assert_eq!(Clock::Offset { offset_ms: i64::MAX }.now(wall), wall);
    assert_eq!(Clock::Offset { offset_ms: i64::MIN }.now(wall), wall);
    assert_eq!(Clock::Offset { offset_ms: 8_000_000_000_000_000 }.now(wall), wall);
}

#[test]
fn a_seed_says_where_its_clock_begins() {
    let start = |text: &str| serde_json::from_str::<StartClock>(text).map(|clock| clock.start(at(WALL)));
    let clock = |text| serde_json::to_string(&start(text).unwrap()).unwrap();
    assert_snapshot!(clock(r#""real""#), @r#"{"mode":"real"}"#);
    assert_snapshot!(clock(r#"{"running-from": "2026-03-02T13:00:00+03:00"}"#), @r#"{"mode":"offset","offset_ms":3600000}"#);
    assert_snapshot!(clock(r#"{"frozen": "2026-03-02T13:00:00+03:00"}"#), @r#"{"mode":"frozen","at":"2026-03-02T10:00:00Z"}"#);
    assert!(start(r#""frozen""#).is_err());
    assert_snapshot!(clock(r#"{"frozen": "02.03.2026"}"#), @r#"{"mode":"frozen","at":"2026-03-01T21:00:00Z"}"#);
    assert!(start(r#"{"frozen": "02.03.26"}"#).is_err());
}

#[test]
fn a_clock_refuses_to_go_back_or_too_far() {
    let now = at(WALL);
    let refused = |change| Clock::Real.change(&change, now, now).unwrap_err().to_string();
    assert_snapshot!(
        refused(ClockChange::Advance(TimeDelta::seconds(-1))),
        @"Время мира идёт только вперёд: сейчас 02.03.2026, 12:00:00, а указано 02.03.2026, 11:59:59 (по Москве)"
    );
    assert_snapshot!(
        refused(ClockChange::MoveTo(at("2200-01-01T00:00:00Z"))),
        @"Так далеко вперёд время мира не передвинуть: не больше 100 лет за раз и не дальше 9999 года"
    );
    let too_far = |clock: Clock, by| clock.change(&ClockChange::Advance(by), clock.now(now), now);
    assert_eq!(too_far(Clock::Real, TimeDelta::MAX), Err(ClockError::TooFar));
    let last = Clock::Frozen { at: at("9999-12-31T23:59:59Z") };
    assert_eq!(too_far(last, TimeDelta::seconds(1)), Err(ClockError::TooFar));
    assert_eq!(too_far(last, TimeDelta::zero()), Ok(last));
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (0..4_000_000_000_000_000_i64).prop_map(|us| DateTime::from_timestamp_micros(us).unwrap())
}

proptest! {
    #[test]
    fn a_moved_clock_shows_at_least_the_time_asked_for(
        now in instants(), wall in instants(), by_us in 0..1_000_000_000_000_i64, frozen: bool
    ) {
        let by = TimeDelta::microseconds(by_us);
        let clock = if frozen { Clock::Frozen { at: now } } else { Clock::Real };
        let moved = clock.change(&ClockChange::Advance(by), now, wall).unwrap();
        prop_assert!(moved.now(wall) >= now + by);
        prop_assert!(moved.now(wall) < now + by + TimeDelta::milliseconds(1));
        prop_assert_eq!(matches!(moved, Clock::Frozen { .. }), frozen, "the mode stays");
        let run = clock.change(&ClockChange::Run, now, wall).unwrap();
        prop_assert!(run.now(wall) >= now);
        prop_assert_eq!(clock.change(&ClockChange::Freeze, now, wall).unwrap().now(wall), now);
    }
}

#[tokio::test]
async fn a_world_frozen_let_run_and_moved_keeps_its_time() {
    let wall = wall();
    let worlds = worlds(MemoryStore::default(), &wall);
    let world = worlds.create(name("one"), seed(&json!("real"))).await.unwrap();
    let minutes = |count| wall.set(at(WALL) + TimeDelta::minutes(count));
    minutes(1);
    assert_eq!(world.change_clock(&ClockChange::Freeze).await.unwrap(), at("2026-03-02T09:01:00Z"));
    minutes(5);
    assert_eq!(world.now(), at("2026-03-02T09:01:00Z"));
    world.change_clock(&ClockChange::Run).await.unwrap();
    minutes(6);
    assert_eq!(world.now(), at("2026-03-02T09:02:00Z"));
    world.change_clock(&ClockChange::MoveTo(at("2027-01-01T00:00:00Z"))).await.unwrap();
    minutes(7);
    assert_eq!(world.now(), at("2027-01-01T00:01:00Z"));
}

#[tokio::test]
async fn time_does_not_go_back_when_the_wall_does() {
    let wall = wall();
    let worlds = worlds(MemoryStore::default(), &wall);
    let world = worlds.create(name("one"), seed(&json!("real"))).await.unwrap();
    wall.set(at("2026-03-02T10:00:00Z"));
    world.deposit(1).await.unwrap();
    wall.set(at("2026-03-02T08:00:00Z"));
    assert_eq!(world.now(), at("2026-03-02T10:00:00Z"));
    world.set_timer(TimeDelta::minutes(1)).await.unwrap();
    world.deposit(1).await.unwrap();
    assert_eq!(world.state().await.touched_at, at("2026-03-02T10:00:00Z"));
    // It may be moved meanwhile.
    world.change_clock(&ClockChange::Advance(TimeDelta::minutes(2))).await.unwrap();
    assert_eq!(world.state().await.rung, [(at("2026-03-02T10:01:00Z"), 1)]);
    assert_eq!(world.now(), at("2026-03-02T10:02:00Z"));
}

#[tokio::test]
async fn a_refused_move_leaves_no_trace() {
    let (_worlds, world) = one().await;
    let back = world.change_clock(&ClockChange::MoveTo(at("2026-01-01T00:00:00Z"))).await;
    assert!(matches!(back, Err(ActError::Refused(ClockError::Backwards { .. }))));
    let far = world.change_clock(&ClockChange::Advance(TimeDelta::days(40_000))).await;
    assert!(matches!(far, Err(ActError::Refused(ClockError::TooFar))));
    assert_eq!((world.seq(), world.now()), (0, at(WALL)));
}

#[tokio::test]
async fn under_a_frozen_clock_the_wall_tells_when_events_were_recorded() {
    let wall = wall();
    let worlds = worlds(MemoryStore::default(), &wall);
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    world.deposit(1).await.unwrap();
    wall.set(at("2026-03-02T10:00:00Z"));
    world.deposit(1).await.unwrap();
    let recorded = |seq| world.recorded(seq).map(|recorded| recorded.at.to_string());
    assert_eq!(recorded(1).as_deref(), Some("2026-03-02 09:00:00 UTC"));
    assert_eq!(recorded(2).as_deref(), Some("2026-03-02 10:00:00 UTC"));
    assert_eq!((recorded(0), recorded(3)), (None, None));
    for _ in 0..1_000 {
        world.deposit(1).await.unwrap();
    }
    assert_eq!((recorded(1), recorded(1_002).is_some()), (None, true), "of the last events alone");
}

#[tokio::test]
async fn an_event_knows_the_request_that_it_was_decided_for() {
    let worlds = worlds(MemoryStore::default(), &wall());
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    world.deposit(1).await.unwrap();
    answering(7, world.deposit(1)).await.unwrap();
    let request = |seq| world.recorded(seq).and_then(|recorded| recorded.request);
    assert_eq!((request(1), request(2)), (None, Some(7)));
}

/// What a steady wall shows as the machine's clock goes from one time to the next, real seconds passing in between.
fn shown(steps: &[(i64, u64)]) -> Vec<i64> {
    let start = at(WALL);
    let mut seen = Seen::new(start);
    let mut all = Vec::new();
    for (to_s, passed_s) in steps {
        seen = seen.next(start + TimeDelta::seconds(*to_s), Duration::from_secs(*passed_s));
        all.push((seen.shown() - start).num_seconds());
    }
    all
}

#[test]
fn time_runs_on_when_the_machines_clock_goes_back_and_is_true_again_when_it_is_set_right() {
    assert_eq!(shown(&[(10, 10), (70, 60), (4_000, 1)]), [10, 70, 4_000]);
    // A day back: it runs on, a minute a minute.
    assert_eq!(shown(&[(10, 10), (-86_390, 0), (-86_330, 60), (-82_790, 3_540)]), [10, 10, 70, 3_610]);
    // Set right again after an hour: what was ahead is given back, and it never goes back.
    assert_eq!(shown(&[(0, 0), (-86_400, 0), (-82_800, 3_600), (3_610, 10), (3_700, 90)]), [0, 0, 3_600, 3_610, 3_700]);
    // Further back while it is ahead.
    assert_eq!(shown(&[(-100, 0), (-300, 0), (-240, 60)]), [0, 0, 60]);
}

#[tokio::test]
async fn a_world_brought_back_while_the_wall_is_behind_runs_on_from_its_last_event() {
    let wall = wall();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let over = || Worlds::<Ledger>::new("diary", Arc::clone(&store), Arc::clone(&wall) as _, Limits::default());
    let world = over().create(name("one"), seed(&json!("real"))).await.unwrap();
    world.deposit(1).await.unwrap();
    wall.set(at("2026-03-01T09:00:00Z"));
    let again = over().get(&name("one")).await.unwrap();
    assert_eq!(again.now(), at(WALL));
    wall.set(at("2026-03-01T09:30:00Z"));
    assert_eq!(again.now(), at("2026-03-02T09:30:00Z"));
    again.set_timer(TimeDelta::minutes(1)).await.unwrap();
    wall.set(at("2026-03-01T09:31:00Z"));
    assert_eq!(again.state().await.rung, [(at("2026-03-02T09:31:00Z"), 1)]);
    // A clock that is set begins anew.
    again.change_clock(&ClockChange::Freeze).await.unwrap();
    again.change_clock(&ClockChange::Run).await.unwrap();
    assert_eq!(again.now(), at("2026-03-02T09:31:00Z"));
}
