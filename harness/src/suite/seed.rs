//! Seed documents: read, and checked as both servers check them, with the place of each mistake.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use worlds::{Domain as _, SeedDocument, SeedError, StartClock, SystemWall, WallClock as _};

use super::{
    Diagnostic, File, nearest,
    places::{Places, place},
};

/// A whole seed document, both servers' sections included.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Seed of a world")]
#[expect(dead_code, reason = "read for what is wrong with a document, and for its schema")]
struct Whole {
    /// One line that says what the world is for.
    #[serde(default)]
    title: String,
    /// Where the world's clock begins.
    #[serde(default)]
    clock: StartClock,
    /// Start of the world's random values: the same number and the same script give the same codes and ids.
    #[serde(default)]
    random: Option<u64>,
    /// Gosuslugi: people, families, clients, agencies.
    #[serde(default)]
    gosuslugi: idp::Seed,
    /// The diary: its provider and the school's register.
    #[serde(default)]
    diary: diary::Seed,
}

/// The JSON Schema of a seed document.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Whole)
}

/// Reads a seed document and checks it.
///
/// # Errors
/// What is wrong, with its place: the first mistake of form, or the first of content on either side.
pub fn read(file: &File) -> Result<Value, Vec<Diagnostic>> {
    let told = |error: serde_saphyr::Error| vec![of_form(file, &error)];
    let places = Places::of(&file.text).map_err(told)?;
    serde_saphyr::from_str::<Whole>(&file.text).map_err(told)?;
    let document: SeedDocument = serde_saphyr::from_str(&file.text).map_err(told)?;
    let wall = SystemWall.now();
    let at = document.clock.start(wall).now(wall);
    let gosuslugi = idp::Gosuslugi::genesis(&document, at).err();
    let diary = document.diary::<diary::Seed>().and_then(|seed| seed.check()).err();
    let wrong: Vec<_> = gosuslugi.into_iter().chain(diary).map(|error| of_content(file, &places, &error)).collect();
    if wrong.is_empty() { serde_saphyr::from_str(&file.text).map_err(told) } else { Err(wrong) }
}

/// A mistake of form in YAML.
pub(super) fn of_form(file: &File, error: &serde_saphyr::Error) -> Diagnostic {
    let at = error.location().map_or((1, 1), place);
    let text = error.without_snippet().to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    if let Some((field, known)) = strange(text, "unknown field `") {
        return Diagnostic::at(&file.name, at, format!("поля «{field}» здесь не бывает")).or(meant(field, &known));
    }
    if let Some((value, known)) = strange(text, "unknown variant `") {
        return Diagnostic::at(&file.name, at, format!("значения «{value}» здесь не бывает")).or(meant(value, &known));
    }
    if let Some((field, _)) = strange(text, "missing field `") {
        return Diagnostic::at(&file.name, at, format!("не хватает поля «{field}»"));
    }
    let russian = text.chars().any(|c| matches!(c, 'а'..='я'));
    let message = if russian { text.to_owned() } else { format!("не читается: {text}") };
    Diagnostic::at(&file.name, at, message)
}

/// The name at fault and those that there are, of a message as serde writes it.
fn strange<'t>(text: &'t str, beginning: &str) -> Option<(&'t str, Vec<&'t str>)> {
    let (_, rest) = text.split_once(beginning)?;
    let (name, rest) = rest.split_once('`')?;
    let known = rest.trim_start_matches(", expected ").trim_start_matches("one of ").split(", ");
    Some((name, known.map(|name| name.trim_matches('`')).filter(|name| !name.is_empty()).collect()))
}

/// The nearest name, or else all of them.
fn meant(written: &str, known: &[&str]) -> Option<String> {
    let near = nearest(written, known.iter().copied()).map(str::to_owned);
    near.or_else(|| (!known.is_empty()).then(|| known.join(", ")))
}

pub(super) fn of_content(file: &File, places: &Places, error: &SeedError) -> Diagnostic {
    Diagnostic::at(&file.name, places.find(&error.path), format!("{}: {}", error.path, error.message))
}
