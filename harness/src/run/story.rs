//! Story of a scenario that did not pass: every step with the events that it caused, the page, and the requests with
//! failed checks. Terminal, `JUnit` and Cucumber JSON show the same story.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    nesting::{ComposedCall, ToldStep, steps_of},
    plan::{PlannedStep, Scenario},
};
use crate::{
    control::{Check, CheckOutcome},
    language::{pick, tr},
    scenario::{Event, Evidence, PageSnapshot, Record, StepEnd, StepResult},
    words::{cut, moscow, visible},
};

/// Maximum number of lines of a page.
const PAGE_LINES: usize = 40;
/// Maximum length of a value in a check, in letters.
const VALUE: usize = 200;

/// Story of the last attempt; empty if the scenario passed or was not begun.
pub(super) fn story(scenario: &Scenario) -> String {
    scenario.record.as_ref().map(|record| story_of(scenario, record)).unwrap_or_default()
}

/// Story of one attempt.
pub(super) fn story_of(scenario: &Scenario, record: &Record) -> String {
    let mut story = String::new();
    if record.steps.iter().all(|step| step.end.reason().is_none()) {
        return story;
    }
    story.push_str(&told(&steps_of(scenario, Some(record))));
    tell_evidence(&record.evidence, &mut story);
    visible(&story)
}

/// Steps of a scenario as written, without results.
pub(super) fn story_of_plan(scenario: &Scenario) -> String {
    visible(&told(&steps_of(scenario, None)))
}

/// Steps with their results; the steps of a composed one are indented under it.
pub(super) fn told(steps: &[ToldStep<'_>]) -> String {
    let mut story = String::new();
    for step in steps {
        match step {
            ToldStep::Played(step, played) => tell_step(step, *played, &mut story),
            ToldStep::Composed(call) => tell_call(call, &mut story),
        }
    }
    story
}

const fn mark(end: Option<&StepEnd>) -> &'static str {
    match end {
        Some(StepEnd::Passed) => "✔",
        Some(StepEnd::Unmet(_)) => "✘",
        Some(StepEnd::CouldNotAsk(_)) => "?",
        Some(StepEnd::Panicked(_)) => "!",
        None => "–",
    }
}

/// Writes a composed step and its inner steps.
fn tell_call(composed: &ComposedCall<'_>, story: &mut String) {
    let (call, mark) = (composed.call, mark(composed.end()));
    let place = composed.told_place();
    let _ = writeln!(story, "{mark} {} {}  ({place})", call.keyword, call.text);
    for row in &call.table {
        let _ = writeln!(story, "      | {} |", row.join(" | "));
    }
    for line in told(&composed.inner).lines() {
        let _ = writeln!(story, "  {line}");
    }
}

fn tell_step(step: &PlannedStep, played: Option<&StepResult>, story: &mut String) {
    let (mark, place) = (mark(played.map(|played| &played.end)), step.told_place());
    let _ = writeln!(story, "{mark} {} {}  ({place})", step.keyword, step.text);
    for row in &step.table {
        let _ = writeln!(story, "      | {} |", row.join(" | "));
    }
    let Some(played) = played else { return };
    if let Some(raced) = &played.raced {
        let _ = writeln!(story, "      {raced}");
    }
    if let Some(why) = played.end.reason() {
        for line in why.lines() {
            let _ = writeln!(story, "    {line}");
        }
    }
    for Event { party, at, text } in &played.events {
        let _ = writeln!(story, "      {}  {:<9}  {text}", moscow(*at), party.name());
    }
}

fn tell_evidence(evidence: &Evidence, story: &mut String) {
    if let Some(page) = &evidence.page {
        let PageSnapshot { who, place, title, .. } = page;
        let head = tr!("страница ({who}): {place} «{title}»", "page ({who}): {place} \"{title}\"");
        let _ = writeln!(story, "\n{head}");
        for line in page.text.lines().take(PAGE_LINES) {
            let _ = writeln!(story, "  | {line}");
        }
        if page.text.lines().count() > PAGE_LINES {
            let _ = writeln!(story, "  | …");
        }
    }
    // A client that retries makes the same mistake in each request: it is told once.
    let mut told = BTreeMap::<String, u64>::new();
    for request in &evidence.requests {
        let checks: String = request.checks.iter().map(check).collect();
        let (name, id, what) = (request.party.name(), request.id, &request.what);
        let head = tr!("{name}, запрос {id}: {what}", "{name}, request {id}: {what}");
        if let Some(other) = told.get(&checks) {
            let same = tr!("то же, что в запросе {other}", "the same as in request {other}");
            let _ = writeln!(story, "\n{head}: {same}");
            continue;
        }
        let _ = write!(story, "\n{head}\n{checks}");
        told.insert(checks, request.id);
    }
}

/// Line about a check that did not pass, with the texts of the verdict.
fn check(check: &Check) -> String {
    let how = if check.outcome == CheckOutcome::Tolerated { pick(" (пропущено)", " (tolerated)") } else { "" };
    let code = check.error.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
    let (expected, got) = (cut(&check.expected, VALUE), cut(&check.got, VALUE));
    let (rule, source) = (&check.rule, &check.source);
    let mut told = tr!(
        "  {rule}{how}: ожидалось: {expected}; получено: {got} ({source}{code})\n",
        "  {rule}{how}: expected: {expected}; got: {got} ({source}{code})\n"
    );
    if !check.mistakes.is_empty() {
        let _ =
            writeln!(told, "    {}: {}", pick("похоже на ошибку", "looks like the mistake"), check.mistakes.join(", "));
    }
    told
}
