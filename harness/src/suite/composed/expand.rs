//! Expands calls of composed steps into the steps of their bodies.

use std::{mem, sync::Arc};

use gherkin::{Feature, Step};

use super::{
    super::{
        Diagnostic, SourceLocation,
        nesting::{Call, Nested, Nesting},
        under::{Lines, Takes},
    },
    check::either,
    definition::{ComposedStep, is_handed_a_table},
    handed::is_text_under,
    sentence::fill,
    vocabulary::{Reading, Vocabulary},
};
use crate::{language::tr, words::STEPS};

/// Largest number of steps into which one call may expand.
const MOST: usize = 1_000;
/// Largest depth of calls within calls.
const DEEPEST: usize = 50;

/// Replaces the calls of composed steps in a feature by the steps of their bodies, and returns the mistakes found.
///
/// # Errors
/// A call that cannot be played is reported at its line.
pub(in super::super) fn expand_calls(
    feature: &mut Feature,
    vocabulary: &Vocabulary,
    lines: Lines<'_>,
    nesting: &mut Nesting,
) -> Vec<Diagnostic> {
    if vocabulary.composed().is_empty() {
        return Vec::new();
    }
    let file = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let mut expanding = Expanding { file: &file, vocabulary, lines, nesting, wrong: Vec::new() };
    for steps in lists_of(feature) {
        *steps = mem::take(steps).into_iter().flat_map(|step| expanding.step(step)).collect();
    }
    expanding.wrong
}

/// Returns every list of steps in a feature.
fn lists_of(feature: &mut Feature) -> impl Iterator<Item = &mut Vec<Step>> {
    let Feature { background, scenarios, rules, .. } = feature;
    let own = background.iter_mut().map(|background| &mut background.steps);
    let own = own.chain(scenarios.iter_mut().map(|scenario| &mut scenario.steps));
    own.chain(rules.iter_mut().flat_map(|rule| {
        let before = rule.background.iter_mut().map(|background| &mut background.steps);
        before.chain(rule.scenarios.iter_mut().map(|scenario| &mut scenario.steps))
    }))
}

struct Expanding<'e> {
    file: &'e str,
    vocabulary: &'e Vocabulary,
    lines: Lines<'e>,
    nesting: &'e mut Nesting,
    wrong: Vec<Diagnostic>,
}

/// Call of a composed step while it is expanded.
struct Said<'s> {
    /// Step of the feature, or of a body, that is the call.
    step: &'s Step,
    composed: &'s ComposedStep,
    values: &'s [String],
    /// Calls around the steps of the body, the innermost (this call) last.
    calls: Vec<Arc<Call>>,
}

impl Expanding<'_> {
    /// Returns the steps that replace a step of a feature: the step itself, or those of a composed one.
    fn step(&mut self, step: Step) -> Vec<Step> {
        let (composed, values) = match self.vocabulary.read(&step.value) {
            Reading::Composed(composed, values) => (composed, values),
            Reading::Either(one, other) => {
                self.complain(&step, either(&step.value, &one, &other));
                return Vec::new();
            }
            Reading::Known(..) | Reading::Unknown => return vec![step],
        };
        for wrong in Takes::of_composed(&composed).mistakes(&step, self.lines) {
            let told = Diagnostic::at(self.file, wrong.place.unwrap_or(step.position), wrong.message).or(wrong.hints);
            self.tell(told);
        }
        let place = SourceLocation { file: self.file.to_owned(), line: step.position.line };
        let calls = vec![Arc::new(call(&step, place, &composed))];
        let mut steps = Vec::new();
        let said = Said { step: &step, composed: &composed, values: &values, calls };
        if let Err(message) = self.body(&said, &mut steps) {
            self.complain(&step, message);
        }
        steps
    }

    /// Appends the steps of a body; calls in it are expanded too.
    fn body(&mut self, said: &Said<'_>, into: &mut Vec<Step>) -> Result<(), String> {
        for inner in &said.composed.body {
            let mut step = filled(inner, said);
            let place = said.composed.place_of(inner);
            match self.vocabulary.read(&step.value) {
                Reading::Composed(composed, values) => {
                    let call = Arc::new(call(&step, place, &composed));
                    let calls: Vec<_> = said.calls.iter().cloned().chain([call]).collect();
                    if calls.len() > DEEPEST {
                        return Err(tr!(
                            "шагов друг в друге больше {DEEPEST}: «{}»",
                            "more than {DEEPEST} steps within each other: \"{}\"",
                            step.value
                        ));
                    }
                    self.body(&Said { step: &step, composed: &composed, values: &values, calls }, into)?;
                }
                Reading::Either(one, other) => return Err(either(&step.value, &one, &other)),
                Reading::Known(..) | Reading::Unknown => {
                    self.nesting.keep(&mut step, Nested { place, calls: said.calls.clone() });
                    into.push(step);
                }
            }
            if into.len() > MOST {
                let most = STEPS.count(MOST);
                return Err(tr!(
                    "шаг раскрывается больше чем в {most}: «{}»",
                    "the step stands for more than {most}: \"{}\"",
                    said.calls.first().map_or("", |call| call.text.as_str())
                ));
            }
        }
        Ok(())
    }

    fn complain(&mut self, step: &Step, message: String) {
        self.tell(Diagnostic::at(self.file, step.position, message));
    }

    /// Adds a diagnostic once, however many rows of examples cause it.
    fn tell(&mut self, new: Diagnostic) {
        if !self.wrong.contains(&new) {
            self.wrong.push(new);
        }
    }
}

fn call(step: &Step, place: SourceLocation, composed: &ComposedStep) -> Call {
    Call {
        keyword: step.keyword.trim().to_owned(),
        text: step.value.clone(),
        place,
        definition: composed.place(),
        table: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
        docstring: step.docstring.clone(),
    }
}

/// Step of a body with the values of the call in its placeholders, placed at the outermost call.
fn filled(inner: &Step, said: &Said<'_>) -> Step {
    let value = |place: &str| {
        if is_text_under(place) {
            return said.step.docstring.clone();
        }
        let number = said.composed.sentence.parameters.iter().position(|known| known == place)?;
        said.values.get(number).cloned()
    };
    let mut step = inner.clone();
    step.position = said.step.position;
    step.value = fill(&inner.value, value);
    step.docstring = inner.docstring.as_deref().map(|text| fill(text, value));
    if is_handed_a_table(inner) {
        step.table.clone_from(&said.step.table);
    } else if let Some(table) = &mut step.table {
        // These rows were checked at the definition; no line of the feature belongs to them.
        table.position = gherkin::LineCol { line: 0, col: 0 };
        table.rows.iter_mut().flatten().for_each(|cell| *cell = fill(cell, value));
    }
    step
}
