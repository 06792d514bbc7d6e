//! `/control/clock`: the time of the request's world.

use std::sync::Arc;

use axum::Extension;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use esia::language::{pick, tr};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::{Clock, ClockChange, ClockError, MAX_WORKING_DAYS, add_working_days};

use crate::{AnyWorld, Json, Problem, problem::ProblemDetails};

/// A world's time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClockView {
    /// Now, by the world's clock.
    now: DateTime<Utc>,
    /// `real`, `offset` or `frozen`.
    mode: &'static str,
    /// When something happens by itself next: an agency answers, a card is updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<DateTime<Utc>>,
}

/// What to do with the clock: one of the first three, and `mode`, or `mode` alone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockOrder {
    /// Forward by so much, as `15m`, `5days`, `1h 30m`.
    #[serde(default)]
    #[schema(example = "15m")]
    advance: Option<String>,
    /// Forward by so many working days of the Russian production calendar, to the same time of day in Moscow.
    #[serde(default, rename = "advance-working-days")]
    #[schema(minimum = 1, maximum = 1000)]
    advance_working_days: Option<u32>,
    /// Forward to an instant: RFC 3339, or a day, `2024-09-02` or `02.09.2024`, which begins in Moscow.
    #[serde(default, deserialize_with = "worlds::day::deserialize_any_instant")]
    #[schema(value_type = Option<String>, example = "2024-09-02T09:00:00+03:00")]
    to: Option<DateTime<FixedOffset>>,
    /// Afterwards stand still, or run.
    #[serde(default)]
    mode: Option<Mode>,
}

/// Whether a clock moves by itself.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// Stands until it is moved.
    Frozen,
    /// Runs as real time does.
    Running,
}

impl From<ClockError> for Problem {
    fn from(error: ClockError) -> Self {
        Self::bad_request("clock", error.to_string())
    }
}

fn view(world: &dyn AnyWorld) -> ClockView {
    let mode = match world.clock() {
        Clock::Real => "real",
        Clock::Offset { .. } => "offset",
        Clock::Frozen { .. } => "frozen",
    };
    ClockView { now: world.now(), mode, next_due: world.next_due() }
}

/// The time of this world.
#[utoipa::path(get, path = "/control/clock", tag = "clock", responses((status = 200, body = ClockView)))]
pub(crate) async fn read(Extension(world): Extension<Arc<dyn AnyWorld>>) -> Json<ClockView> {
    Json(view(&*world))
}

/// Moves the clock of this world; everything that falls due on the way happens, in order, before the answer.
#[utoipa::path(post, path = "/control/clock", tag = "clock", request_body = ClockOrder,
    responses((status = 200, body = ClockView), (status = 400, body = ProblemDetails)))]
pub(crate) async fn change(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Json(order): Json<ClockOrder>,
) -> Result<Json<ClockView>, Problem> {
    let mut changes = Vec::new();
    match (order.advance, order.advance_working_days, order.to) {
        (Some(advance), None, None) => changes.push(ClockChange::Advance(duration("advance", &advance)?)),
        (None, Some(days), None) => changes.push(working_days(world.now(), days)?),
        (None, None, Some(to)) => changes.push(ClockChange::MoveTo(to.to_utc())),
        (None, None, None) => {}
        _ => {
            return Err(Problem::bad_request(
                "to",
                pick("Либо advance, либо advance-working-days, либо to", "One of advance, advance-working-days and to"),
            ));
        }
    }
    match order.mode {
        Some(Mode::Frozen) => changes.push(ClockChange::Freeze),
        Some(Mode::Running) => changes.push(ClockChange::Run),
        None => {}
    }
    if changes.is_empty() {
        return Err(Problem::bad_request(
            "advance",
            pick("Не сказано, что сделать с часами", "It is not said what to do with the clock"),
        )
        .or("{\"advance\": \"15m\"}"));
    }
    for change in changes {
        world.change_clock(&change).await?;
    }
    Ok(Json(view(&*world)))
}

/// Forward to the same time of day, so many working days later.
pub(crate) fn working_days(now: DateTime<Utc>, days: u32) -> Result<ClockChange, Problem> {
    if !(1..=MAX_WORKING_DAYS).contains(&days) {
        let message = tr!(
            "Рабочих дней за раз — от 1 до {MAX_WORKING_DAYS}, а сказано {days}",
            "From 1 to {MAX_WORKING_DAYS} working days at once, not {days}"
        );
        return Err(Problem::bad_request("advance-working-days", message));
    }
    Ok(ClockChange::MoveTo(add_working_days(now, days)))
}

/// A span of time as people write it: `15m`, `1h 30m`. `field` is where it stands.
///
/// # Errors
/// 400 for what is no span.
pub fn duration(field: &'static str, text: &str) -> Result<TimeDelta, Problem> {
    // The library says why in English alone; what would do says as much.
    let wrong = || {
        Problem::bad_request(field, tr!("«{text}» — не срок", "«{text}» is no period of time"))
            .or(pick("Например, 15m, 5days, 1h 30m", "For instance 15m, 5days, 1h 30m"))
    };
    let span = humantime::parse_duration(text).map_err(|_| wrong())?;
    TimeDelta::from_std(span).map_err(|_| wrong())
}
