//! `--list` and `--dry-run`: the scenarios that a run would play.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    nesting::{ToldStep, steps_of},
    plan::{Outcome, Scenario},
    results::Results,
    story::story_of_plan,
};
use crate::{
    language::tr,
    paint::Paint,
    suite::Suite,
    words::{SCENARIOS, STEPS, visible},
};

/// Lists the scenarios by file, each with its line, title and tags.
pub fn listed(suite: &Suite) -> String {
    told(suite, |_| String::new())
}

/// Lists the scenarios by file, each with its line, title, tags and steps.
pub fn planned(suite: &Suite) -> String {
    told(suite, |scenario| {
        let lines: Vec<_> = story_of_plan(scenario).lines().map(|line| format!("          {line}")).collect();
        lines.join("\n") + "\n"
    })
}

fn told(suite: &Suite, steps: impl Fn(&Scenario) -> String) -> String {
    let results = Results::of(suite);
    let mut text = String::new();
    for feature in &results.features {
        let _ = writeln!(text, "{}  {}", Paint::Strong.on(visible(&feature.file)), visible(&feature.name));
        for scenario in &feature.scenarios {
            let tags: Vec<_> = feature.tags.iter().chain(&scenario.tags).map(|tag| format!("@{tag}")).collect();
            let (line, title) = (scenario.place.line, visible(&scenario.title));
            let _ = writeln!(text, "  {line:>5}  {title}  {}", Paint::Quiet.on(tags.join(" ")));
            if let Some(why) = &scenario.not_possible {
                let why = visible(&why.to_string());
                let why = tr!("здесь невозможно: {why}", "not possible here: {why}");
                let _ = writeln!(text, "         {}", Paint::Doubt.on(why));
            }
            text.push_str(&steps(scenario));
        }
    }
    let number = results.scenarios().map(|scenario| scenario.steps.len()).sum();
    let _ = write!(text, "\n{}, {}", SCENARIOS.count(results.total), STEPS.count(number));
    let not_possible = results.count(Outcome::NotPossible);
    if not_possible > 0 {
        text.push_str(&tr!("; здесь невозможно: {not_possible}", "; not possible here: {not_possible}"));
    }
    text + "\n"
}

/// Text of a step as in the scenario.
fn said(step: &ToldStep<'_>) -> String {
    match step {
        ToldStep::Played(step, _) => format!("{} {}", step.keyword, step.text),
        ToldStep::Composed(composed) => format!("{} {}", composed.call.keyword, composed.call.text),
    }
}

/// Lists the scenarios as JSON objects with `file`, `line`, `feature`, `scenario`, `tags`, `steps`, and `not-possible`
/// if a side lacks what the scenario needs.
pub fn listed_as_json(suite: &Suite) -> Value {
    let results = Results::of(suite);
    let of_feature = results.features.iter().flat_map(|feature| {
        feature.scenarios.iter().map(move |scenario| {
            let tags: Vec<_> = feature.tags.iter().chain(&scenario.tags).collect();
            let steps: Vec<_> = steps_of(scenario, None).iter().map(said).collect();
            let mut told = json!({
                "file": scenario.place.file,
                "line": scenario.place.line,
                "feature": feature.title,
                "scenario": scenario.title,
                "tags": tags,
                "steps": steps,
            });
            if let Some(why) = &scenario.not_possible {
                told["not-possible"] = json!({ "lacks": why.lacks, "step": why.step });
            }
            told
        })
    });
    of_feature.collect()
}
