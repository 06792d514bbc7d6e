//! Finds the definition of a composed step, a world, a person in it, or a rule.

use std::path::{Path, PathBuf};

use gherkin::LineCol;
use lsp_types::{Location, Position};

use super::{
    documents::uri_of,
    hover::tag_at,
    position::{letters, rest},
};
use crate::{
    steps::{canonical, people_of},
    suite::{File, LineAt, OpenFile, Reading, StepLine, Unsaved},
};

/// Returns the definition of whatever is at a position.
pub(super) fn definition(file: &OpenFile, unsaved: &Unsaved, at: Position) -> Option<Location> {
    let number = usize::try_from(at.line).ok()?;
    match file.line(number) {
        LineAt::Tags => file.rule(&tag_at(file, number, at)?).and_then(|(path, place)| location(&path, place)),
        LineAt::Step(step) => of_step(file, unsaved, at, &step),
        LineAt::Taken | LineAt::Open => None,
    }
}

fn of_step(file: &OpenFile, unsaved: &Unsaved, at: Position, step: &StepLine) -> Option<Location> {
    let number = usize::try_from(at.line).ok()?;
    let (known, values) = match file.vocabulary(unsaved).read(&canonical(&step.sentence)) {
        Reading::Composed(composed, _) => return location(Path::new(&composed.file), composed.position),
        Reading::Known(known, values) => (known, values),
        Reading::Either(..) | Reading::Unknown => return None,
    };
    if known.begins_a_world() {
        let world = file.world(values.first()?)?;
        return location(Path::new(&world.file.name), LineCol { line: 1, col: 1 });
    }
    let line = file.file.text.lines().nth(number)?;
    let cursor = letters(line, at.character);
    // The name of a person is at the beginning of a sentence.
    let who = people_of(known, &values).into_iter().next()?;
    let is_there = (step.column..=step.column + who.chars().count()).contains(&cursor);
    let world = file.world_above(number).filter(|_| is_there)?;
    let (key, _) = world.people().into_iter().find(|(key, _)| key.to_lowercase() == who.to_lowercase())?;
    location(Path::new(&world.file.name), world.place_of(&key)?)
}

/// Location in a file on disk; `None` for files built into the program.
fn location(path: &Path, place: LineCol) -> Option<Location> {
    let path: PathBuf = path.to_owned();
    let text = File::read(&path).ok().filter(|_| path.is_file())?.text;
    let number = place.line.saturating_sub(1);
    let line = text.lines().nth(number).unwrap_or_default();
    Some(Location { uri: uri_of(&path.display().to_string())?, range: rest(number, line, place.col.saturating_sub(1)) })
}
