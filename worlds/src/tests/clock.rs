//! Time belongs to a world, and goes forward only.

use chrono::{DateTime, TimeDelta, Utc};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::json;

use super::ledger::{at, frozen, name, one, seed, wall, worlds};
use crate::{ActError, Clock, ClockChange, ClockError, StartClock, store::MemoryStore};

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
}

#[test]
fn a_seed_says_where_its_clock_begins() {
    let start = |text: &str| serde_json::from_str::<StartClock>(text).map(|clock| clock.start(at(WALL)));
    let clock = |text| serde_json::to_string(&start(text).unwrap()).unwrap();
    assert_snapshot!(clock(r#""real""#), @r#"{"mode":"real"}"#);
    assert_snapshot!(clock(r#"{"running-from": "2026-03-02T13:00:00+03:00"}"#), @r#"{"mode":"offset","offset_ms":3600000}"#);
    assert_snapshot!(clock(r#"{"frozen": "2026-03-02T13:00:00+03:00"}"#), @r#"{"mode":"frozen","at":"2026-03-02T10:00:00Z"}"#);
    assert!(start(r#""frozen""#).is_err());
    assert!(start(r#"{"frozen": "02.03.2026"}"#).is_err());
}

#[test]
fn a_clock_refuses_to_go_back_or_too_far() {
    let now = at(WALL);
    let refused = |change| Clock::Real.change(&change, now, now).unwrap_err().to_string();
    assert_snapshot!(
        refused(ClockChange::Advance(TimeDelta::seconds(-1))),
        @"время мира идёт только вперёд: сейчас 2026-03-02 09:00:00 UTC, просят 2026-03-02 08:59:59 UTC"
    );
    assert_snapshot!(
        refused(ClockChange::MoveTo(at("2200-01-01T00:00:00Z"))),
        @"так далеко вперёд время мира не передвинуть: не больше 100 лет за раз и не дальше 9999 года"
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
    // It stands until the wall is there again, and may be moved meanwhile.
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
    let recorded = |seq| world.recorded_at(seq).map(|at| at.to_string());
    assert_eq!(recorded(1).as_deref(), Some("2026-03-02 09:00:00 UTC"));
    assert_eq!(recorded(2).as_deref(), Some("2026-03-02 10:00:00 UTC"));
    assert_eq!((recorded(0), recorded(3)), (None, None));
    for _ in 0..1_000 {
        world.deposit(1).await.unwrap();
    }
    assert_eq!((recorded(1), recorded(1_002).is_some()), (None, true), "of the last events alone");
}
