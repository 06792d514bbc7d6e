//! Reads a file of composed steps and checks each step alone.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    super::{
        Diagnostic, File,
        gherkin::{Document, read_composed},
        nearest,
    },
    Vocabulary,
    definition::{ComposedStep, is_handed_a_table, texts},
    handed::{is_table_under, is_text_under},
    sentence::{Sentence, places},
};
use crate::{language::tr, steps::canonical};

/// Reads a file of composed steps. Returns the steps whose sentences can be read, and all mistakes.
pub(in super::super) fn read(file: &File) -> (Vec<Arc<ComposedStep>>, Vec<Diagnostic>) {
    let document = match read_composed(file, &Vocabulary::default()) {
        Ok(document) => document,
        Err(wrong) => return (Vec::new(), wrong),
    };
    let Document { feature, rows, fences, .. } = document;
    let (rows, fences) = (Arc::new(rows), Arc::new(fences));
    let (mut steps, mut wrong) = (Vec::new(), Vec::new());
    for scenario in feature.scenarios {
        let mut body = scenario.steps;
        for inner in &mut body {
            inner.value = canonical(&inner.value);
        }
        let sentence = match Sentence::of(&canonical(&scenario.name)) {
            Ok(sentence) => sentence,
            Err(message) => {
                wrong.push(Diagnostic::at(&file.name, scenario.position, message));
                continue;
            }
        };
        let step = ComposedStep {
            file: file.name.clone(),
            position: scenario.position,
            sentence,
            about: scenario.description.unwrap_or_default(),
            body,
            rows: Arc::clone(&rows),
            fences: Arc::clone(&fences),
        };
        wrong.extend(mistakes(&step));
        steps.push(Arc::new(step));
    }
    (steps, wrong)
}

/// Returns the mistakes of a composed step alone: no body, or parameters that do not match.
fn mistakes(step: &ComposedStep) -> Vec<Diagnostic> {
    let at = |place, message| Diagnostic::at(&step.file, place, message);
    if step.body.is_empty() {
        let message = tr!(
            "под «Шаг: {}» нет ни одного шага: напишите их или уберите его",
            "there is no step under \"Шаг: {}\": write some or remove it",
            step.sentence.text
        );
        return vec![at(step.position, message)];
    }
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for inner in &step.body {
        let handed = is_handed_a_table(inner);
        for place in texts(inner).flat_map(places) {
            if step.sentence.parameters.contains(&place) {
                used.insert(place);
            } else if is_table_under(&place) && !handed {
                let message = tr!(
                    "таблицу передают шагу одной ячейкой под ним: | {{{place}}} |",
                    "a table is handed on to a step by one cell under it: | {{{place}}} |"
                );
                wrong.push(at(inner.position, message));
            } else if !is_table_under(&place) && !is_text_under(&place) {
                wrong.push(unknown(step, inner, &place));
            }
        }
    }
    for unused in step.sentence.parameters.iter().filter(|name| !used.contains(*name)) {
        let message = tr!(
            "параметра {{{unused}}} нет ни в одном шаге: впишите его в шаг или уберите",
            "no step has the parameter {{{unused}}}: write it in a step or remove it"
        );
        wrong.push(at(step.position, message));
    }
    wrong
}

/// Reports a placeholder for which the sentence has no parameter.
fn unknown(step: &ComposedStep, inner: &gherkin::Step, place: &str) -> Diagnostic {
    let known = &step.sentence.parameters;
    let there = if known.is_empty() {
        tr!("у него их нет", "it has none")
    } else {
        let known: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
        tr!("есть {}", "there are {}", known.join(", "))
    };
    let message = tr!(
        "у шага «{}» нет параметра {{{place}}}: {there}",
        "the step \"{}\" has no parameter {{{place}}}: {there}",
        step.sentence.text
    );
    let near = nearest(place, known.iter().map(String::as_str)).map(|name| format!("{{{name}}}"));
    Diagnostic::at(&step.file, inner.position, message).or(near)
}
