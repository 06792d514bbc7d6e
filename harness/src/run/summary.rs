//! End of a run's output: the slowest scenarios, those that did not pass, and the counts.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{plan::Outcome, results::Results};
use crate::{
    language::{pick, tr},
    paint::Paint,
    words::{Counted, SCENARIOS, visible},
};

const PASSED: Counted =
    Counted { russian: ["прошёл", "прошли", "прошли"], english: ["passed", "passed"] };
const FAILED: Counted =
    Counted { russian: ["не прошёл", "не прошли", "не прошли"], english: ["failed", "failed"] };
const FLAKY: Counted = Counted {
    russian: ["неустойчив", "неустойчивы", "неустойчивы"], english: ["flaky", "flaky"]
};
const PANICKED: Counted = Counted {
    russian: ["прерван ошибкой программы", "прерваны ошибкой программы", "прерваны ошибкой программы"],
    english: ["stopped by a fault of the program", "stopped by a fault of the program"],
};
const NOT_POSSIBLE: Counted = Counted {
    russian: ["здесь невозможен", "здесь невозможны", "здесь невозможны"],
    english: ["not possible here", "not possible here"],
};
const NOT_PLAYED: Counted = Counted {
    russian: ["не сыгран", "не сыграны", "не сыграны"],
    english: ["not played", "not played"],
};

/// Summary of a run: lists of scenarios, and the counts as `295 сценариев: 294 прошли, 1 не прошёл (2,6 с)`, `295
/// scenarios: 294 passed, 1 failed (2.6 s)`.
pub(super) fn summary(results: &Results) -> String {
    let mut text = not_possible_by_reason(results);
    list(results, Outcome::Flaky, pick("Неустойчивы", "Flaky"), &mut text);
    list(results, Outcome::Failed, pick("Не прошли", "Failed"), &mut text);
    list(
        results,
        Outcome::Panicked,
        pick("Прерваны ошибкой программы", "Stopped by a fault of the program"),
        &mut text,
    );
    text.push('\n');
    text.push_str(&counted(results));
    text
}

/// Last line: the number of scenarios by outcome, and the duration.
pub(super) fn counted(results: &Results) -> String {
    let count = |outcome| results.count(outcome);
    let (passed, flaky, failed) = (count(Outcome::Passed), count(Outcome::Flaky), count(Outcome::Failed));
    let (panicked, not_asked) = (count(Outcome::Panicked), count(Outcome::NotAsked));
    let (not_possible, not_played) = (count(Outcome::NotPossible), count(Outcome::NotPlayed));
    let mut text = String::new();
    let _ = write!(
        text,
        "{}: {}, {}",
        SCENARIOS.count(results.total),
        Paint::Good.on(format!("{passed} {}", PASSED.form(passed))),
        if failed > 0 { Paint::Bad } else { Paint::Good }.on(format!("{failed} {}", FAILED.form(failed)))
    );
    if flaky > 0 {
        let _ = write!(text, ", {}", Paint::Doubt.on(format!("{flaky} {}", FLAKY.form(flaky))));
    }
    if panicked > 0 {
        let _ = write!(text, ", {panicked} {}", PANICKED.form(panicked));
    }
    if not_asked > 0 {
        let _ = write!(text, ", {not_asked} {}", pick("не удалось спросить", "could not ask"));
    }
    if not_possible > 0 {
        let _ = write!(text, ", {not_possible} {}", NOT_POSSIBLE.form(not_possible));
    }
    if not_played > 0 {
        let _ = write!(text, ", {not_played} {}", NOT_PLAYED.form(not_played));
    }
    let seconds = format!("{:.1}", results.took().as_secs_f32()).replace('.', pick(",", "."));
    text.push_str(&tr!(" ({seconds} с)\n", " ({seconds} s)\n"));
    text
}

/// Lists the scenarios of an outcome with their places under a heading; adds nothing if there are none.
fn list(results: &Results, outcome: Outcome, heading: &str, text: &mut String) {
    if results.count(outcome) > 0 {
        let _ = writeln!(text, "\n{heading}:");
    }
    for scenario in results.scenarios().filter(|scenario| scenario.outcome() == outcome) {
        let _ = writeln!(text, "  {}  {}", scenario.place, visible(&scenario.title));
    }
}

/// Lists what the sides lack, each with the number of scenarios that need it, the most frequent first.
pub(super) fn not_possible_by_reason(results: &Results) -> String {
    let mut reasons = BTreeMap::<&str, usize>::new();
    for why in results.scenarios().filter_map(|scenario| scenario.not_possible.as_ref()) {
        *reasons.entry(&why.lacks).or_default() += 1;
    }
    if reasons.is_empty() {
        return String::new();
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let mut text = format!("\n{}:\n", pick("Здесь невозможны", "Not possible here"));
    for (lacks, number) in reasons {
        let _ = writeln!(text, "{number:>5}  {}", visible(lacks));
    }
    text
}

/// Lists the slowest scenarios, the slowest first; empty if `number` is 0.
pub(super) fn slowest_of(results: &Results, number: usize) -> String {
    let mut played: Vec<_> = results.scenarios().filter(|scenario| scenario.record.is_some()).collect();
    if number == 0 || played.is_empty() {
        return String::new();
    }
    played.sort_by_key(|scenario| std::cmp::Reverse(scenario.took()));
    let mut text = format!("\n{}:\n", pick("Самые долгие", "Slowest"));
    for scenario in played.into_iter().take(number) {
        let (took, place, title) = (scenario.took().as_millis(), &scenario.place, visible(&scenario.title));
        text.push_str(&tr!("{took:>7} мс  {place}  {title}\n", "{took:>7} ms  {place}  {title}\n"));
    }
    text
}
