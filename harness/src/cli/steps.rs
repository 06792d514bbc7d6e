//! `esia-stand steps`: sentences that scenarios may use, built-in and composed.

use std::{fmt::Write as _, sync::Arc};

use serde_json::{Value, json};

use super::{StepsOf, commands::say, diagnosed};
use crate::{
    exit::{CliError, Exit},
    language::{pick, tr},
    steps::{self, StepDefinition, Table, Text},
    suite::{self, ComposedStep},
};

pub(super) fn steps(options: &StepsOf) -> Result<Exit, CliError> {
    let own = match suite::composed_at(&options.paths) {
        Ok(own) => own,
        Err(wrong) => return diagnosed::told(&wrong),
    };
    if options.json {
        let told = serde_json::to_string_pretty(&as_json(&own)).map_err(CliError::could_not_run)?;
        return say(&(told + "\n"));
    }
    say(&(composed(&own) + steps::vocabulary().as_str()))
}

/// Composed steps as a group of the vocabulary; empty if there are none.
fn composed(own: &[Arc<ComposedStep>]) -> String {
    if own.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", pick("Свои шаги", "Composed steps"));
    for step in own {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}\n      {}", step.sentence.text, step.place());
        for line in step.about.lines() {
            let _ = writeln!(text, "      {line}");
        }
        for under in what_is_under(step) {
            let _ = writeln!(text, "      {under}");
        }
    }
    text + "\n"
}

fn what_is_under(step: &ComposedStep) -> Vec<String> {
    let table = step.takes_table().then(|| tr!("под шагом нужна таблица", "a table is needed under it"));
    let told = step
        .takes_text()
        .then(|| tr!("под шагом нужен текст в кавычках \"\"\"", "a text in \"\"\" is needed under it"));
    table.into_iter().chain(told).collect()
}

/// Built-in and composed steps as JSON objects of the same form, with an explanation of each placeholder.
fn as_json(own: &[Arc<ComposedStep>]) -> Value {
    let of_program = steps::all().map(of_program);
    let steps: Vec<_> = own.iter().map(|step| of_team(step)).chain(of_program).collect();
    let places: Vec<_> = steps::explained().map(|(name, what)| json!({ "name": name, "what": what })).collect();
    json!({ "steps": steps, "places": places })
}

fn of_program(step: &StepDefinition) -> Value {
    let table = match step.table {
        Table::Nothing => None,
        Table::Fields => Some("fields"),
        Table::Rows => Some("rows"),
        Table::Sides => Some("sides"),
    };
    json!({
        "sentence": step.pattern,
        "parameters": steps::places_of(step).collect::<Vec<_>>(),
        "group": step.group.title(),
        "example": step.example,
        "table": table,
        "text": step.text != Text::Nothing,
    })
}

fn of_team(step: &ComposedStep) -> Value {
    let inner = step.body.iter().map(|inner| format!("{} {}", inner.keyword.trim(), inner.value));
    json!({
        "sentence": step.sentence.text,
        "parameters": step.sentence.parameters,
        "about": step.about,
        "table": step.takes_table().then_some("rows"),
        "text": step.takes_text(),
        "file": step.file,
        "line": step.position.line,
        "steps": inner.collect::<Vec<_>>(),
    })
}
