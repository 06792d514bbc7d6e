//! `--json`: the results as Cucumber JSON, the form that other reporters of Cucumber read.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    names::slug,
    plan::{Feature, Outcome, PlannedStep, Scenario},
    results::Results,
    story::story,
};
use crate::{
    language::tr,
    scenario::{StepEnd, StepResult},
};

/// Maximum length of an id, letters.
const ID: usize = 120;

/// The whole report: a list of features.
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

/// A scenario, its background before it.
fn elements(of_feature: &str, feature: &Feature, scenario: &Scenario) -> Vec<Value> {
    let (before, own): (Vec<_>, Vec<_>) = scenario.played().partition(|(step, _)| step.of_background);
    let told = |steps: Vec<(&PlannedStep, Option<&StepResult>)>| -> Value {
        steps.into_iter().map(|(step, played)| self::step(scenario, step, played)).collect()
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
    // Cucumber JSON has no word for it: its steps are skipped, a tag says so, and the reason stands beside.
    if let Some(why) = &scenario.not_possible {
        own_element["notPossible"] = json!({ "lacks": why.lacks, "step": why.step });
        tag(&mut own_element, "@not-possible-here", scenario.place.line);
    }
    // Nor for this: a tag, which other reporters show, and the attempts themselves.
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
        "result": result(scenario, played),
    });
    if !step.table.is_empty() {
        told["rows"] = step.table.iter().map(|row| json!({ "cells": row })).collect();
    }
    if let Some(text) = &step.docstring {
        told["doc_string"] = json!({ "value": text, "content_type": "", "line": step.line + 1 });
    }
    let picture = played.and_then(|played| played.picture.as_ref());
    // A picture that somebody has taken away meanwhile is no reason to lose the report.
    if let Some(bytes) = picture.and_then(|file| std::fs::read(file).ok()) {
        told["embeddings"] = json!([{ "mime_type": "image/png", "data": STANDARD.encode(bytes) }]);
    }
    told
}

fn result(scenario: &Scenario, played: Option<&StepResult>) -> Value {
    let Some(played) = played else { return json!({ "status": "skipped", "duration": 0 }) };
    // Nanoseconds, as Cucumber for Ruby and Java writes them.
    let duration = u64::try_from(played.took.as_nanos()).unwrap_or(u64::MAX);
    let why = match &played.end {
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
