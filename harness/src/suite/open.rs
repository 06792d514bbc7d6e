//! Suite in an editor: a file that is open may differ from the one on disk.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use gherkin::LineCol;
use serde_json::Value;

use super::{
    Diagnostic, File, Vocabulary,
    feature::{self, Shared},
    files::entries,
    gherkin::{LineAt, keywords, line_at},
    load::tagged,
    places::Places,
    rules, seed, seed_of,
    vocabularies::Vocabularies,
};
use crate::steps::canonical;

/// Texts of the files that are open in the editor, by path.
pub type Unsaved = HashMap<PathBuf, String>;

/// File that is open in an editor.
#[derive(Debug, Clone)]
pub struct OpenFile {
    /// The file, with the editor's text.
    pub file: File,
}

impl OpenFile {
    /// Creates an open file from its path and the editor's text.
    pub fn new(path: &Path, text: &str) -> Self {
        Self { file: File { name: path.display().to_string(), text: text.to_owned() } }
    }

    fn vocabularies(unsaved: &Unsaved) -> Vocabularies {
        Vocabularies::with(unsaved.clone())
    }

    /// Returns all mistakes in the file and in the files that it uses.
    pub fn mistakes(&self, unsaved: &Unsaved) -> Vec<Diagnostic> {
        let (file, mut vocabularies) = (&self.file, Self::vocabularies(unsaved));
        if file.is_feature() {
            let paths = [PathBuf::from(&file.name)];
            let mut shared = Shared { vocabularies, ..Shared::default() };
            let read = feature::read(file, &mut shared);
            let known = rules::of(&paths).unwrap_or_default();
            read.and_then(|read| tagged(file, read, &known, &paths)).err().unwrap_or_default()
        } else if file.is_steps() {
            vocabularies.of(&file.name).err().unwrap_or_default()
        } else if self.is_world() {
            seed::read(file).err().unwrap_or_default()
        } else {
            Vec::new()
        }
    }

    /// Checks whether the file is a feature or a file of composed steps: an editor may send other files too.
    pub fn has_steps(&self) -> bool {
        self.file.is_feature() || self.file.is_steps()
    }

    /// Checks whether the file is a seed, that is, YAML or JSON in a folder `worlds`.
    fn is_world(&self) -> bool {
        let folder = Path::new(&self.file.name).parent();
        self.file.is_seed() && folder.is_some_and(|folder| folder.ends_with("worlds"))
    }

    /// Returns the steps that the file may use, including the correct ones of files with mistakes.
    pub fn vocabulary(&self, unsaved: &Unsaved) -> Arc<Vocabulary> {
        Self::vocabularies(unsaved).known(&self.file.name)
    }

    /// Returns what a line contains; lines count from 0.
    pub fn line(&self, number: usize) -> LineAt {
        line_at(&self.file.text, self.file.is_steps(), number)
    }

    /// Returns the keywords with which a line may begin.
    pub fn keywords(&self) -> Vec<String> {
        keywords(&self.file.text, self.file.is_steps())
    }

    /// Returns the world of the scenario at a line: the one named last above it.
    pub fn world_above(&self, number: usize) -> Option<OpenWorld> {
        let named = (0..=number).rev().find_map(|number| match self.line(number) {
            LineAt::Step(step) => world_of(&step.sentence),
            _ => None,
        });
        self.world(&named?)
    }

    /// Returns the world of this name, if scenarios of this file may name it and its seed has no mistakes.
    pub fn world(&self, name: &str) -> Option<OpenWorld> {
        let file = seed_of(&self.file.name, name).ok()?;
        let seed = seed::read(&file).ok()?;
        Some(OpenWorld { file, seed })
    }

    /// Returns the names of worlds that the file may name: those in the folder `worlds` next to it, and the documented
    /// ones.
    pub fn worlds(&self) -> Vec<String> {
        let folder = Path::new(&self.file.name).parent().unwrap_or(Path::new("")).join("worlds");
        let beside = entries(&folder)
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
        let beside = beside.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        let mut names: Vec<_> = beside.collect();
        for (name, _) in super::documented_worlds() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Returns the tags (without `@`) of the rules and of scenarios in the same folder, each with the title of its
    /// rule.
    pub fn tags(&self) -> BTreeMap<String, String> {
        let path = PathBuf::from(&self.file.name);
        let rules = rules::of(std::slice::from_ref(&path)).unwrap_or_default();
        let mut tags: BTreeMap<_, _> = rules.into_iter().collect();
        let folder = path.parent().unwrap_or(Path::new(""));
        for feature in entries(folder).into_iter().filter(|path| path.extension().is_some_and(|it| it == "feature")) {
            let Ok(file) = File::read(&feature) else { continue };
            let lines = file.text.lines().map(str::trim).filter(|line| line.starts_with('@'));
            let words = lines.flat_map(str::split_whitespace).filter(|word| word.starts_with('@'));
            for tag in words {
                tags.entry(tag.trim_start_matches('@').to_owned()).or_default();
            }
        }
        tags
    }

    /// Returns the file of rules in the same folder, and the place of a rule in it.
    pub fn rule(&self, tag: &str) -> Option<(PathBuf, LineCol)> {
        let path = rules::beside(&[PathBuf::from(&self.file.name)]).into_iter().next()?;
        let text = File::read(&path).ok()?.text;
        let line =
            text.lines().position(|line| line.trim_start().trim_matches(['"', '\'']).starts_with(&format!("{tag}:")));
        let quoted = || text.lines().position(|line| line.contains(tag));
        Some((path, LineCol { line: line.or_else(quoted)? + 1, col: 1 }))
    }
}

/// Returns the name of the world, if the sentence is a step that begins one.
fn world_of(sentence: &str) -> Option<String> {
    let sentence = canonical(sentence);
    let rest = sentence.strip_prefix("мир «").or_else(|| sentence.strip_prefix("Мир «"))?;
    rest.split_once('»').map(|(name, _)| name.to_owned())
}

/// World that an open feature names.
#[derive(Debug, Clone)]
pub struct OpenWorld {
    /// File of its seed, on disk or built into the program.
    pub file: File,
    seed: Value,
}

impl OpenWorld {
    /// Title of the world, one line; empty if the seed has none.
    pub fn title(&self) -> &str {
        self.seed["title"].as_str().unwrap_or_default()
    }

    /// Returns the world's people by key, each with full name and description.
    pub fn people(&self) -> Vec<(String, String)> {
        let people = self.seed.pointer("/gosuslugi/people").and_then(Value::as_object);
        let told = |person: &Value| {
            let (name, about) = (person["name"].as_str().unwrap_or_default(), person["about"].as_str());
            about.map_or_else(|| name.to_owned(), |about| format!("{name}: {about}"))
        };
        people.into_iter().flatten().map(|(key, person)| (key.clone(), told(person))).collect()
    }

    /// Returns the place of a person in the seed's file.
    pub fn place_of(&self, key: &str) -> Option<LineCol> {
        Places::of(&self.file.text).ok().map(|places| places.find(&format!("gosuslugi.people.{key}")))
    }
}
