//! Steps about worlds and time.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::definition::{Needs, StepDefinition, step};
use worlds::moscow;

use crate::language::tr;
use crate::scenario::{Args, Done, ScenarioState, StepError};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(World, "мир {текст}", "Дано мир «петровы»", begin).needs(Needs::World),
    step!(World, "мир {текст} на {дата}", "Дано мир «петровы» на 20.03.2024", begin).needs(Needs::World),
    step!(World, "мир {текст} по правилам {год} года", "Дано мир «статусы» по правилам 2023 года", begin_under)
        .needs(Needs::World),
    step!(World, "проходит {срок}", "Когда проходит 15 минут", passes).needs(Needs::Clock),
    step!(World, "проходит {рабочие дни}", "Когда проходит 5 рабочих дней", works).needs(Needs::Clock),
    step!(World, "наступает {дата}", "Когда наступает 14.03.2025", comes).needs(Needs::Clock),
    step!(World, "пауза", "Когда пауза", pauses),
];

/// Returns 9 a.m. on a day, by the time of Ryazan.
///
/// # Errors
/// Fails if the day does not exist.
pub(crate) fn morning(date: &str) -> Result<DateTime<FixedOffset>, String> {
    let at = NaiveDate::parse_from_str(date, "%d.%m.%Y")
        .ok()
        .and_then(|day| Some(moscow::local(moscow::midnight(day)? + TimeDelta::hours(9))));
    at.ok_or_else(|| {
        tr!(
            "дня «{date}» в календаре нет: пишут ДД.ММ.ГГГГ, например 14.03.2025",
            "no calendar has the day \"{date}\": write DD.MM.YYYY, for example 14.03.2025"
        )
    })
}

fn instant(date: &str) -> Result<String, StepError> {
    morning(date).map(|at| at.to_rfc3339()).map_err(StepError::Unmet)
}

async fn begin(state: &mut ScenarioState, args: &Args) -> Done {
    let mut seed = state.seed(args.get(0))?;
    if let Some(date) = args.values.get(1) {
        seed["clock"] = json!({ "frozen": instant(date)? });
    }
    state.begin(seed).await
}

/// Begins a world under the rules of a year, which decide for which children a guardian may make an account.
async fn begin_under(state: &mut ScenarioState, args: &Args) -> Done {
    let mut seed = state.seed(args.get(0))?;
    seed["gosuslugi"]["settings"]["ruleset"] = args.get(1).into();
    state.begin(seed).await
}

async fn passes(state: &mut ScenarioState, args: &Args) -> Done {
    state.clock(&json!({ "advance": span(args.get(0)) })).await
}

/// Converts «15 минут» into the notation of the control API: `15m`.
pub(super) fn span(words: &str) -> String {
    let (count, unit) = words.split_once(' ').unwrap_or_default();
    let unit = match unit.chars().next() {
        Some('с') => "s",
        Some('м') => "m",
        Some('ч') => "h",
        Some('д') => "days",
        _ => "years",
    };
    format!("{count}{unit}")
}

/// Advances by working days of the Russian production calendar, to the same time of day.
async fn works(state: &mut ScenarioState, args: &Args) -> Done {
    let count: u32 = args.get(0).split(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default();
    state.clock(&json!({ "advance-working-days": count })).await
}

/// Waits for a person in a run with `--pause`; does nothing in any other run, so that the step may stay in its file.
async fn pauses(state: &mut ScenarioState, _: &Args) -> Done {
    state.pause("").await;
    Ok(())
}

async fn comes(state: &mut ScenarioState, args: &Args) -> Done {
    let order: Value = json!({ "to": instant(args.get(0))? });
    state.clock(&order).await
}
