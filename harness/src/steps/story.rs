//! Worlds and time.

use chrono::{NaiveDate, NaiveTime};
use serde_json::{Value, json};

use super::{Args, Done, Step, StepError, step};
use crate::play::Play;

pub(super) const STEPS: &[Step] = &[
    step!(World, "мир {текст}", "Дано мир «петровы»", begin),
    step!(World, "мир {текст} на {дата}", "Дано мир «петровы» на 20.03.2024", begin),
    step!(World, "мир {текст} по правилам {год} года", "Дано мир «статусы» по правилам 2023 года", begin_under),
    step!(World, "проходит {срок}", "Когда проходит 15 минут", passes),
    step!(World, "проходит {рабочие дни}", "Когда проходит 5 рабочих дней", works),
    step!(World, "наступает {дата}", "Когда наступает 14.03.2025", comes),
];

/// Nine in the morning in Ryazan.
fn morning(date: &str) -> Result<String, StepError> {
    let day = NaiveDate::parse_from_str(date, "%d.%m.%Y")
        .map_err(|_| StepError::Unmet(format!("«{date}» — не дата: нужна, например, 14.03.2025")))?;
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    Ok(format!("{}+03:00", day.and_time(nine).format("%Y-%m-%dT%H:%M:%S")))
}

async fn begin(play: &mut Play, args: &Args) -> Done {
    let mut seed = play.seed(args.get(0))?;
    if let Some(date) = args.values.get(1) {
        seed["clock"] = json!({ "frozen": morning(date)? });
    }
    play.begin(seed).await
}

/// Whose rules decide for whom a guardian may make an account.
async fn begin_under(play: &mut Play, args: &Args) -> Done {
    let mut seed = play.seed(args.get(0))?;
    seed["gosuslugi"]["settings"]["ruleset"] = args.get(1).into();
    play.begin(seed).await
}

async fn passes(play: &mut Play, args: &Args) -> Done {
    let (count, unit) = args.get(0).split_once(' ').unwrap_or_default();
    let unit = match unit.chars().next() {
        Some('с') => "s",
        Some('м') => "m",
        Some('ч') => "h",
        Some('д') => "days",
        _ => "years",
    };
    play.clock(&json!({ "advance": format!("{count}{unit}") })).await
}

/// By the Russian production calendar, to the same time of day.
async fn works(play: &mut Play, args: &Args) -> Done {
    let count: u32 = args.get(0).split(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default();
    play.clock(&json!({ "advance-working-days": count })).await
}

async fn comes(play: &mut Play, args: &Args) -> Done {
    let order: Value = json!({ "to": morning(args.get(0))? });
    play.clock(&order).await
}
