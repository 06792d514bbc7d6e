//! `--json`: the results as Cucumber JSON, which other reporters of Cucumber read.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    names::slug,
    nesting::{ComposedCall, ToldStep, steps_of},
    plan::{Feature, Outcome, PlannedStep, Scenario},
    results::Results,
    story::{story, told},
};
use crate::{
    language::tr,
    scenario::{StepEnd, StepResult},
};

/// End of a step and its duration.
type Ended<'e> = (&'e StepEnd, Duration);

/// Maximum length of an id in letters.
const ID: usize = 120;

/// Report as a list of features.
pub(super) fn json(results: &Results) -> Value {
    results.features.iter().map(feature).collect()
}

fn feature(feature: &Feature) -> Value {
    let id = slug(&feature.title, ID);
    json!({
        "uri": feature.file,
        "id": id,
        "keyword": feature.keyword,
        "name": feature.name,
        "description": feature.description,
        "line": feature.line,
        "tags": tags(&feature.tags, feature.line),
        "elements": feature.scenarios.iter().flat_map(|scenario| elements(&id, feature, scenario)).collect::<Value>(),
    })
}

/// Elements of a scenario: its background, if it has one, and the scenario itself.
fn elements(of_feature: &str, feature: &Feature, scenario: &Scenario) -> Vec<Value> {
    let all = steps_of(scenario, scenario.record.as_ref());
    let (before, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|step| match step {
        ToldStep::Played(step, _) => step.of_background,
        ToldStep::Composed(call) => call.of_background(),
    });
    let told = |steps: Vec<ToldStep<'_>>| -> Value {
        let told = steps.iter().map(|step| match step {
            ToldStep::Played(step, played) => self::step(scenario, step, *played),
            ToldStep::Composed(call) => composed(scenario, call),
        });
        told.collect()
    };
    let mut elements = Vec::new();
    if !before.is_empty() {
        let background = feature.background.as_ref();
        elements.push(json!({
            "type": "background",
            "keyword": background.map_or("Предыстория", |background| background.keyword.as_str()),
            "name": background.map_or("", |background| background.name.as_str()),
            "description": "",
            "line": background.map_or(feature.line, |background| background.line),
            "steps": told(before),
        }));
    }
    let mut own_element = json!({
        "type": "scenario",
        "id": format!("{of_feature};{}", slug(&scenario.title, ID)),
        "keyword": scenario.keyword,
        "name": scenario.title,
        "description": scenario.description,
        "line": scenario.place.line,
        "tags": tags(&scenario.tags, scenario.place.line),
        "steps": told(own),
    });
    // Cucumber JSON has no status for this: the steps are skipped, a tag marks the scenario, and an extra field has the
    // reason.
    if let Some(why) = &scenario.not_possible {
        own_element["notPossible"] = json!({ "lacks": why.lacks, "step": why.step });
        tag(&mut own_element, "@not-possible-here", scenario.place.line);
    }
    if let Some(record) = scenario.record.as_ref().filter(|record| !record.raced.is_empty()) {
        own_element["orders"] = record.raced.iter().map(|raced| raced.order.to_string()).collect();
    }
    // Cucumber JSON has no attempts either: a tag, which other reporters show, and extra fields with the attempts.
    if !scenario.earlier.is_empty() {
        own_element["attempts"] = scenario.attempts().into();
        own_element["earlier"] = scenario.earlier_reasons().collect();
        if scenario.outcome() == Outcome::Flaky {
            tag(&mut own_element, "@flaky", scenario.place.line);
        }
    }
    elements.push(own_element);
    elements
}

/// Adds a tag to an element.
fn tag(element: &mut Value, name: &str, line: usize) {
    if let Some(tags) = element["tags"].as_array_mut() {
        tags.push(json!({ "name": name, "line": line }));
    }
}

fn tags(tags: &[String], line: usize) -> Value {
    tags.iter().map(|tag| json!({ "name": format!("@{tag}"), "line": line })).collect()
}

fn step(scenario: &Scenario, step: &PlannedStep, played: Option<&StepResult>) -> Value {
    let mut told = json!({
        "keyword": format!("{} ", step.keyword),
        "name": step.text,
        "line": step.line,
        "match": { "location": format!("{}:{}", scenario.place.file, step.line) },
        "result": result(scenario, played.map(|played| (&played.end, played.took))),
    });
    under(&mut told, &step.table, step.docstring.as_ref());
    embed(&mut told, played.into_iter());
    told
}

/// Composed step. Other reporters show its inner steps as `output`; the extra field `steps` has them as data.
fn composed(scenario: &Scenario, composed: &ComposedCall<'_>) -> Value {
    let call = composed.call;
    let inner = composed.inner.iter().map(|inner| match inner {
        ToldStep::Played(step, played) => {
            let mut told = self::step(scenario, step, *played);
            if let Some(nested) = &step.nested {
                told["line"] = nested.place.line.into();
                told["match"]["location"] = nested.place.to_string().into();
            }
            told
        }
        ToldStep::Composed(call) => self::composed(scenario, call),
    });
    let mut told = json!({
        "keyword": format!("{} ", call.keyword),
        "name": call.text,
        "line": call.place.line,
        "match": { "location": call.definition.to_string() },
        "result": result(scenario, composed.end().map(|end| (end, composed.took()))),
        "output": [self::told(&composed.inner)],
        "steps": inner.collect::<Value>(),
    });
    under(&mut told, &call.table, call.docstring.as_ref());
    embed(&mut told, composed.played().into_iter().filter_map(|(_, played)| played));
    told
}

/// Adds the table and the text under a step.
fn under(told: &mut Value, table: &[Vec<String>], docstring: Option<&String>) {
    if !table.is_empty() {
        told["rows"] = table.iter().map(|row| json!({ "cells": row })).collect();
    }
    if let Some(text) = docstring {
        let line = told["line"].as_u64().unwrap_or_default() + 1;
        told["doc_string"] = json!({ "value": text, "content_type": "", "line": line });
    }
}

/// Adds the pictures of steps.
fn embed<'p>(told: &mut Value, played: impl Iterator<Item = &'p StepResult>) {
    // A picture that was deleted meanwhile is left out, so that the report is still written.
    let pictures = played.filter_map(|played| std::fs::read(played.picture.as_ref()?).ok());
    let pictures: Vec<_> =
        pictures.map(|bytes| json!({ "mime_type": "image/png", "data": STANDARD.encode(bytes) })).collect();
    if !pictures.is_empty() {
        told["embeddings"] = pictures.into();
    }
}

/// End and duration of a step; `skipped` for a step that was not played.
fn result(scenario: &Scenario, played: Option<Ended<'_>>) -> Value {
    let Some((end, took)) = played else { return json!({ "status": "skipped", "duration": 0 }) };
    // Duration in nanoseconds, as in Cucumber for Ruby and Java.
    let duration = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    let why = match end {
        StepEnd::Passed => return json!({ "status": "passed", "duration": duration }),
        StepEnd::Unmet(why) | StepEnd::Panicked(why) => why.clone(),
        StepEnd::CouldNotAsk(why) => tr!("не удалось спросить: {why}", "could not ask: {why}"),
    };
    let message = match scenario.outcome() {
        Outcome::Failed | Outcome::Panicked => format!("{why}\n\n{}", story(scenario)),
        _ => why,
    };
    json!({ "status": "failed", "duration": duration, "error_message": message })
}
