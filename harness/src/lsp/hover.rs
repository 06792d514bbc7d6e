//! Hover texts: for a step its parameters, people and world; for a tag its rule.

use std::fmt::Write as _;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::position::letters;
use crate::{
    language::{self, tr},
    steps::{self, StepDefinition, canonical, people_of},
    suite::{ComposedStep, LineAt, OpenFile, Reading, Unsaved},
};

/// Returns the hover text at a position.
pub(super) fn hover(file: &OpenFile, unsaved: &Unsaved, at: Position) -> Option<Hover> {
    let number = usize::try_from(at.line).ok()?;
    let text = match file.line(number) {
        LineAt::Tags => rule(file, number, at)?,
        LineAt::Step(step) => match file.vocabulary(unsaved).read(&canonical(&step.sentence)) {
            Reading::Known(known, values) => of_program(known) + around(file, number, known, &values).as_str(),
            Reading::Composed(composed, _) => of_team(&composed),
            Reading::Either(..) | Reading::Unknown => return None,
        },
        LineAt::Taken | LineAt::Open => return None,
    };
    let value = MarkupContent { kind: MarkupKind::Markdown, value: text };
    Some(Hover { contents: HoverContents::Markup(value), range: None })
}

fn of_program(known: &StepDefinition) -> String {
    let mut text = format!("**{}**\n\n{}\n\n```gherkin\n{}\n```\n", known.pattern, known.group.title(), example(known));
    for (name, what) in steps::explained().filter(|(name, _)| steps::places_of(known).any(|place| place == *name)) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n- `{{{name}}}`: {what}");
    }
    text
}

/// Example of a step, with its table indented less than in a scenario.
fn example(known: &StepDefinition) -> String {
    let lines = known.example.lines().enumerate();
    let lines =
        lines.map(|(number, line)| if number == 0 { line.to_owned() } else { format!("  {}", line.trim_start()) });
    lines.collect::<Vec<_>>().join("\n")
}

fn of_team(composed: &ComposedStep) -> String {
    let place = composed.place();
    let mut text = format!("**{}**\n\n{place}\n\n", composed.sentence.text);
    if !composed.about.is_empty() {
        let _ = write!(text, "{}\n\n", composed.about);
    }
    text.push_str("```gherkin\n");
    for inner in &composed.body {
        let _ = writeln!(text, "{} {}", inner.keyword.trim(), inner.value);
    }
    text + "```\n"
}

/// Text about the world that a step begins, or about the people whom it names.
fn around(file: &OpenFile, number: usize, known: &StepDefinition, values: &[String]) -> String {
    let mut text = String::new();
    let named = values.first().filter(|_| known.begins_a_world());
    if let Some(world) = named.and_then(|name| file.world(name)) {
        let _ = write!(text, "\n\n{}\n", world.title());
        for (key, about) in world.people() {
            let _ = write!(text, "\n- **{}**: {about}", steps::name(&key));
        }
        return text;
    }
    let people = people_of(known, values);
    let Some(world) = file.world_above(number).filter(|_| !people.is_empty()) else { return text };
    for (key, about) in world.people() {
        if people.iter().any(|who| who.to_lowercase() == key.to_lowercase()) {
            let _ = write!(text, "\n\n**{}**: {about}", steps::name(&key));
        }
    }
    text
}

/// Rule of the tag under the cursor: the documented text, or its title in `rules.yaml`.
fn rule(file: &OpenFile, number: usize, at: Position) -> Option<String> {
    let tag = tag_at(file, number, at)?;
    let title = file.tags().remove(&tag).unwrap_or_default();
    let passage = web::explain(&tag, language::spoken()).ok();
    match (title.as_str(), passage) {
        ("", None) => None,
        ("", Some(passage)) => Some(passage),
        (title, passage) => {
            let head = tr!("**@{tag}**: {title}", "**@{tag}**: {title}");
            Some(passage.map_or(head.clone(), |passage| format!("{head}\n\n{passage}")))
        }
    }
}

/// Returns the tag under the cursor, without `@`.
pub(super) fn tag_at(file: &OpenFile, number: usize, at: Position) -> Option<String> {
    let line = file.file.text.lines().nth(number)?;
    let cursor = letters(line, at.character);
    let mut from = 0;
    for word in line.split(char::is_whitespace) {
        let length = word.chars().count();
        if (from..=from + length).contains(&cursor) && word.starts_with('@') {
            return Some(word.trim_start_matches('@').to_owned());
        }
        from += length + 1;
    }
    None
}
