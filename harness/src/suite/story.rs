//! State of a scenario as far as it is known before the run: people of its world, time, open pages.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use worlds::{
    Clock, ClockChange, ClockError, MAX_WORKING_DAYS, StartClock, SystemWall, WallClock as _, add_working_days, moscow,
};

use super::seed;
use crate::{
    language::tr,
    steps::{self, morning},
};

/// State of a scenario after the steps checked so far.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// Whether the scenario has a world, including one that could not be read.
    pub(super) begun: bool,
    /// Names of the world's people, as sentences write them.
    pub(super) people: Option<Vec<String>>,
    /// People who have opened a page.
    pub(super) opened: BTreeSet<String>,
    /// Whether several sides have acted at the same time.
    pub(super) raced: bool,
    /// Earliest possible time of the world.
    now: Option<DateTime<Utc>>,
}

impl Story {
    /// Begins the scenario in a world, on the day or under the rules of the year that the step names.
    ///
    /// # Errors
    /// Fails for an impossible day or year, and for a seed that is wrong on that day.
    pub(super) fn begin(&mut self, seed: &Value, said: Option<&str>) -> Result<(), String> {
        let people = seed.pointer("/gosuslugi/people").and_then(Value::as_object);
        self.people =
            Some(people.map(|people| people.keys().map(|key| steps::name(key)).collect()).unwrap_or_default());
        let wall = SystemWall.now();
        let clock: StartClock = serde_json::from_value(seed["clock"].clone()).unwrap_or_default();
        self.now = Some(clock.start(wall).now(wall));
        match said {
            None => Ok(()),
            Some(year) if year.len() == 4 => match year {
                "2023" | "2024" => Ok(()),
                _ => Err(tr!(
                    "правил {year} года нет: есть 2023 и 2024",
                    "there are no rules of {year}: there are 2023 and 2024"
                )),
            },
            Some(date) => {
                let at = morning(date)?.to_utc();
                self.now = Some(at);
                seed::wrong_at(seed, at).map_or(Ok(()), |wrong| {
                    Err(tr!("{date} этот мир не начать: {wrong}", "this world cannot begin on {date}: {wrong}"))
                })
            }
        }
    }

    /// Advances the clock as a step says.
    ///
    /// # Errors
    /// Fails for an impossible day, for one in the past, and for a time beyond the clock's limit.
    pub(super) fn time(&mut self, step: &steps::StepDefinition, values: &[String]) -> Result<(), String> {
        let Some(now) = self.now else { return Ok(()) };
        let said = values.first().map_or("", String::as_str);
        let change = match step.pattern {
            "проходит {срок}" => ClockChange::Advance(term(said).ok_or_else(|| told(&ClockError::TooFar))?),
            "проходит {рабочие дни}" => {
                let days = said.split(' ').next().and_then(|days| days.parse().ok()).unwrap_or(u32::MAX);
                if days > MAX_WORKING_DAYS {
                    return Err(tr!(
                        "за один раз проходит не больше {MAX_WORKING_DAYS} рабочих дней",
                        "at most {MAX_WORKING_DAYS} working days pass at once"
                    ));
                }
                ClockChange::MoveTo(add_working_days(now, days))
            }
            "наступает {дата}" => ClockChange::MoveTo(morning(said)?.to_utc()),
            _ => return Ok(()),
        };
        let moved = Clock::Frozen { at: now }.change(&change, now, now);
        self.now = Some(moved.map_err(|error| told(&error))?.now(now));
        Ok(())
    }
}

fn told(error: &ClockError) -> String {
    match error {
        ClockError::Backwards { now, asked } => tr!(
            "время мира идёт только вперёд: по его часам уже {}, а шаг говорит {}",
            "the time of a world goes forward alone: its clock says {} already, and the step says {}",
            in_moscow(*now),
            in_moscow(*asked)
        ),
        ClockError::TooFar => tr!(
            "{error}",
            "the time of a world does not go so far: at most 100 years at once and not beyond the year 9999"
        ),
    }
}

fn in_moscow(at: DateTime<Utc>) -> String {
    moscow::local(at).format("%d.%m.%Y %H:%M").to_string()
}

/// Parses the length of a term as the control API does: a year has 365¼ days.
fn term(said: &str) -> Option<TimeDelta> {
    let (count, unit) = said.split_once(' ')?;
    let seconds = match unit.chars().next()? {
        'с' => 1,
        'м' => 60,
        'ч' => 3600,
        'д' => 86_400,
        _ => 31_557_600,
    };
    TimeDelta::try_seconds(count.parse::<i64>().ok()?.checked_mul(seconds)?)
}
