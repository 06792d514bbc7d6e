//! Checks of composed steps together: no sentence twice, no call of an unknown step, no step that calls itself.

use std::{collections::HashMap, sync::Arc};

use super::{
    super::{
        Diagnostic,
        under::{Lines, Takes},
    },
    call::meant,
    circles::circles,
    definition::{ComposedStep, is_handed_a_table, texts},
    sentence::{places, samples},
    vocabulary::{Reading, Vocabulary},
};
use crate::{
    language::tr,
    steps::{self, Found, find},
};

/// Returns all mistakes in the composed steps of a folder, given all steps that may be used there.
pub(in super::super) fn check(own: &[Arc<ComposedStep>], all: &Vocabulary) -> Vec<Diagnostic> {
    let (mut wrong, mut free) = (Vec::new(), Vec::new());
    for step in own {
        match taken(step, all) {
            Some(told) => wrong.push(told),
            None => free.push(Arc::clone(step)),
        }
    }
    for step in &free {
        for inner in &step.body {
            wrong.extend(inner_mistakes(step, inner, all));
        }
    }
    wrong.extend(circles(&free, all));
    wrong
}

/// Reports a sentence that a built-in step or an earlier composed step already has.
fn taken(step: &Arc<ComposedStep>, all: &Vocabulary) -> Option<Diagnostic> {
    let at = |message: String| Some(Diagnostic::at(&step.file, step.position, message));
    let own = step.sentence.own_words;
    let of_program = samples(&step.sentence.text).find_map(|said| {
        let (known, _) = steps::read(&said)?;
        (steps::own_words(known) >= own).then_some(known.pattern)
    });
    let text = &step.sentence.text;
    if let Some(pattern) = of_program {
        return at(tr!(
            "«{text}» — то же предложение, что «{pattern}» у самой программы: назовите шаг иначе",
            "\"{text}\" is the same sentence as \"{pattern}\" of the program: name the step otherwise"
        ));
    }
    let before = all.composed().iter().take_while(|other| !Arc::ptr_eq(other, step));
    let mut same = before.filter(|other| other.sentence.own_words == own && are_alike(step, other));
    let other = same.next()?;
    let (place, other) = (other.place(), &other.sentence.text);
    at(tr!(
        "«{text}» — то же предложение, что «{other}» ({place}): назовите один из шагов иначе",
        "\"{text}\" is the same sentence as \"{other}\" ({place}): name one of the steps otherwise"
    ))
}

/// Checks whether one of two sentences can be read as the other.
fn are_alike(one: &ComposedStep, other: &ComposedStep) -> bool {
    let reads = |reader: &ComposedStep, said: &ComposedStep| {
        samples(&said.sentence.text).any(|said| reader.sentence.values(&said).is_some())
    };
    reads(one, other) || reads(other, one)
}

/// Reports a step of a body that is unknown, or that has under it what it does not take.
fn inner_mistakes(step: &ComposedStep, inner: &gherkin::Step, all: &Vocabulary) -> Vec<Diagnostic> {
    // An unknown parameter was reported before.
    if !texts(inner).flat_map(places).all(|place| step.has(&place)) {
        return Vec::new();
    }
    let at = |message: String| Diagnostic::at(&step.file, inner.position, message);
    let sentence = &inner.value;
    let reading = meant(all, sentence);
    let takes = match &reading {
        Reading::Known(known, _) => Takes::of(known),
        Reading::Composed(composed, _) => Takes::of_composed(composed),
        Reading::Either(one, other) => return vec![at(either(sentence, one, other))],
        Reading::Unknown => {
            let said = samples(sentence).next().unwrap_or_default();
            let near = match find(&said) {
                Found::Unknown(unknown) => unknown.near,
                Found::Step(..) => Vec::new(),
            };
            let hints = all.like(&said).into_iter().chain(near.iter().map(|near| near.pattern.to_owned()));
            let message = tr!("такого шага нет: «{sentence}»", "there is no such step: \"{sentence}\"");
            return vec![at(message).or(hints)];
        }
    };
    let none = HashMap::new();
    // The table under the sentence comes from the call and is checked there.
    let rows = if is_handed_a_table(inner) { &none } else { step.rows.as_ref() };
    let wrong = takes.mistakes(inner, Lines { rows, fences: &step.fences });
    wrong
        .into_iter()
        .map(|wrong| Diagnostic::at(&step.file, wrong.place.unwrap_or(inner.position), wrong.message).or(wrong.hints))
        .collect()
}

/// Message that a sentence can be read as either of two composed steps.
pub(super) fn either(sentence: &str, one: &ComposedStep, other: &ComposedStep) -> String {
    let (first, second) = (&one.sentence.text, &other.sentence.text);
    let (at, beside) = (one.place(), other.place());
    tr!(
        "«{sentence}» может быть и «{first}» ({at}), и «{second}» ({beside})",
        "\"{sentence}\" may be \"{first}\" ({at}) and \"{second}\" ({beside})"
    )
}
