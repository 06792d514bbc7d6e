//! Seed documents: read, and checked as both servers check them, each mistake with its place.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use worlds::{Domain as _, SeedDocument, StartClock, SystemWall, WallClock as _};

use super::{Diagnostic, File, content::of_content, profile, sense, typed::Document};

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

/// Returns the JSON Schema of a seed document.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Whole)
}

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(schema()).unwrap_or_default());

/// Reads a seed document and checks it.
///
/// # Errors
/// Returns mistakes with their places: the first mistake of form; else the first mistake of content of each server, or,
/// if there is none, everything that makes no sense although both servers accept it.
pub fn read(file: &File) -> Result<Value, Vec<Diagnostic>> {
    let read = Document::of(file, &SCHEMA)?;
    read.read::<Whole>(file)?;
    let Document { value: mut whole, places } = read;
    profile::inline(&file.name, &mut whole)?;
    let document: SeedDocument = serde_json::from_value(whole.clone())
        .map_err(|error| vec![Diagnostic::of_file(&file.name, error.to_string())])?;
    let wall = SystemWall.now();
    let at = document.clock.start(wall).now(wall);
    let gosuslugi = idp::Gosuslugi::genesis(&document, at).err();
    let diary = document.diary::<diary::Seed>().and_then(|seed| seed.check(worlds::moscow::date(at))).err();
    let mut errors: Vec<_> = gosuslugi.into_iter().chain(diary).collect();
    if errors.is_empty() {
        errors = sense::mistakes(&document);
    }
    let wrong: Vec<_> = errors.iter().map(|error| of_content(file, &places, error)).collect();
    if wrong.is_empty() { Ok(whole) } else { Err(wrong) }
}

/// Returns the mistake that a seed has at this time; `None` if a world can begin then.
pub(super) fn wrong_at(seed: &Value, at: DateTime<Utc>) -> Option<String> {
    let document: SeedDocument = serde_json::from_value(seed.clone()).ok()?;
    idp::Gosuslugi::genesis(&document, at).err().map(|error| error.to_string())
}
