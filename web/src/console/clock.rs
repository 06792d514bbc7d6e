//! One clock for both servers of a stand: what is done to this one's is done to the other's.

use std::sync::Arc;

use axum::{Extension, Router, extract::State, response::Response, routing::post};
use chrono::{DateTime, Utc};
use esia::language::pick;
use serde::Deserialize;
use serde_json::{Value, json};
use worlds::{ClockChange, moscow::date_time, read_instant};

use crate::{
    AnyWorld, Form, Problem, WorldUrl,
    control::clock::{Mode, duration, working_days},
    filled,
    peer::{Peer, PeerClock, PeerError},
    see_other,
    stand::Stand,
};

/// A difference that is only the time which a request takes, seconds.
const AS_ONE_S: i64 = 5;

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/clock", post(move_both))
}

/// The clock as the start page shows it.
#[derive(Debug)]
pub struct ClockPanel {
    /// Whether it moves by itself.
    pub is_running: bool,
    /// The day in Moscow, as a field of a form takes it.
    pub date: String,
    /// The time of day in Moscow, as a field of a form takes it.
    pub time: String,
    /// When something happens by itself next, at either server.
    pub next_due: Option<String>,
    /// What the other server's clock shows.
    pub other: OtherClock,
}

/// The other server's clock, seen from here.
#[derive(Debug)]
pub enum OtherClock {
    /// There is no other server, or it has no such world.
    None,
    /// It shows the same.
    Same,
    /// It shows another time.
    Differs(String),
    /// It does not answer.
    Silent,
}

impl ClockPanel {
    pub(super) async fn of(world: &dyn AnyWorld, stand: &Stand) -> Self {
        let (there, other) = match (&stand.peer, there(world, stand).await) {
            (None, _) | (_, Ok(None)) => (None, OtherClock::None),
            (_, Err(())) => (None, OtherClock::Silent),
            (_, Ok(Some(there))) if (there.now - world.now()).num_seconds().abs() <= AS_ONE_S => {
                (Some(there), OtherClock::Same)
            }
            (_, Ok(Some(there))) => {
                let shown = date_time(there.now);
                (Some(there), OtherClock::Differs(shown))
            }
        };
        let local = worlds::moscow::local(world.now());
        Self {
            is_running: !world.clock().is_frozen(),
            date: local.format("%Y-%m-%d").to_string(),
            time: local.format("%H:%M").to_string(),
            next_due: next_due(world, there.as_ref()).map(date_time),
            other,
        }
    }
}

/// The clock of the same world at the other server; nothing where there is none.
async fn there(world: &dyn AnyWorld, stand: &Stand) -> Result<Option<PeerClock>, ()> {
    let Some(peer) = &stand.peer else { return Ok(None) };
    match peer.get(world.name(), "/control/clock").await {
        Ok(clock) => Ok(Some(clock)),
        Err(PeerError::NoWorld) => Ok(None),
        Err(PeerError::Refused(_) | PeerError::Silent(_)) => Err(()),
    }
}

fn next_due(world: &dyn AnyWorld, there: Option<&PeerClock>) -> Option<DateTime<Utc>> {
    world.next_due().into_iter().chain(there.and_then(|there| there.next_due)).min()
}

/// What to do with the clock; one of these, fields that are left empty being none.
#[derive(Debug, Default, Deserialize)]
struct ClockForm {
    advance: Option<String>,
    working_days: Option<u32>,
    date: Option<String>,
    time: Option<String>,
    mode: Option<Mode>,
    /// Pressed: to the next deadline.
    next_due: Option<String>,
}

impl ClockForm {
    /// The change at `now`; none when the servers' clocks are only to be brought together.
    fn change(self, now: DateTime<Utc>, due: Option<DateTime<Utc>>) -> Result<Option<ClockChange>, Problem> {
        Ok(Some(match self {
            Self { mode: Some(Mode::Frozen), .. } => ClockChange::Freeze,
            Self { mode: Some(Mode::Running), .. } => ClockChange::Run,
            Self { working_days: Some(days), .. } => working_days(now, days)?,
            Self { next_due: Some(_), .. } => {
                let none = || {
                    Problem::conflict(
                        "nothing-due",
                        pick(
                            "Сроков, которые наступят сами, в этом мире сейчас нет",
                            "Nothing falls due by itself in this world now",
                        ),
                    )
                };
                ClockChange::MoveTo(due.ok_or_else(none)?.max(now))
            }
            Self { advance, date, time, .. } => match (filled(advance), filled(date), filled(time)) {
                (Some(advance), _, _) => ClockChange::Advance(duration("advance", &advance)?),
                (None, Some(date), time) => ClockChange::MoveTo(instant(&date, time.as_deref())?),
                (None, None, _) => return Ok(None),
            },
        }))
    }
}

/// A day and a time of day in Moscow.
fn instant(date: &str, time: Option<&str>) -> Result<DateTime<Utc>, Problem> {
    let text = time.map_or_else(|| date.to_owned(), |time| format!("{date}T{time}:00+03:00"));
    Ok(read_instant(&text).map_err(|error| Problem::bad_request("date", error.to_string()))?.to_utc())
}

/// `POST /control/console/clock`: moves the clock of this world here and at the other server. Neither goes back: both come
/// to the later time of the two.
async fn move_both(
    State(stand): State<Stand>,
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    world_url: WorldUrl,
    Form(form): Form<ClockForm>,
) -> Result<Response, Problem> {
    let there = there(&*world, &stand).await.unwrap_or_default();
    if let Some(change) = form.change(world.now(), next_due(&*world, there.as_ref()))? {
        world.change_clock(&change).await?;
    }
    if let (Some(there), Some(peer)) = (there, &stand.peer) {
        let problem = |error: PeerError| {
            error.problem(
                peer.base(),
                pick("Часы здесь переведены, а там — нет.", "The clock was set here, and not there."),
            )
        };
        bring_together(&*world, peer, there, problem).await?;
    }
    Ok(see_other(&world_url, "/#clock"))
}

/// Brings both clocks to the later time of the two, running or standing as this one does.
async fn bring_together(
    world: &dyn AnyWorld,
    peer: &Peer,
    there: PeerClock,
    problem: impl Fn(PeerError) -> Problem,
) -> Result<(), Problem> {
    let order = async |order: Value| peer.post(world.name(), "/control/clock", &order).await.map_err(&problem);
    // A clock that runs would be past what it is asked for by the time it is asked.
    let there = if there.mode == "frozen" { there } else { order(json!({ "mode": "frozen" })).await? };
    if there.now > world.now() {
        world.change_clock(&ClockChange::MoveTo(there.now)).await?;
    }
    let mode = if world.clock().is_frozen() { "frozen" } else { "running" };
    order(json!({ "to": world.now(), "mode": mode })).await.map(drop)
}
