//! A suite as an editor has it: files that are open may say something else than those on disk.

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

/// Texts of files that are open, by their paths.
pub type Unsaved = HashMap<PathBuf, String>;

/// A file in an editor, among all that are open there.
#[derive(Debug, Clone)]
pub struct OpenFile {
    /// The file with the text that the editor has.
    pub file: File,
}

impl OpenFile {
    /// A file at a path.
    pub fn new(path: &Path, text: &str) -> Self {
        Self { file: File { name: path.display().to_string(), text: text.to_owned() } }
    }

    fn vocabularies(unsaved: &Unsaved) -> Vocabularies {
        Vocabularies::with(unsaved.clone())
    }

    /// Everything that is wrong with it, and with the files that it needs.
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

    /// Whether it holds steps: an editor may send any other file too.
    pub fn has_steps(&self) -> bool {
        self.file.is_feature() || self.file.is_steps()
    }

    /// Whether it is a seed: other YAML is none of ours.
    fn is_world(&self) -> bool {
        let folder = Path::new(&self.file.name).parent();
        self.file.is_seed() && folder.is_some_and(|folder| folder.ends_with("worlds"))
    }

    /// The steps that it may use, those that are right of files with mistakes among them.
    pub fn vocabulary(&self, unsaved: &Unsaved) -> Arc<Vocabulary> {
        Self::vocabularies(unsaved).known(&self.file.name)
    }

    /// What stands in a line, from 0.
    pub fn line(&self, number: usize) -> LineAt {
        line_at(&self.file.text, self.file.is_steps(), number)
    }

    /// The keywords with which a line may begin.
    pub fn keywords(&self) -> Vec<String> {
        keywords(&self.file.text, self.file.is_steps())
    }

    /// The world in which the scenario at a line plays: the nearest that is named above.
    pub fn world_above(&self, number: usize) -> Option<OpenWorld> {
        let named = (0..=number).rev().find_map(|number| match self.line(number) {
            LineAt::Step(step) => world_of(&step.sentence),
            _ => None,
        });
        self.world(&named?)
    }

    /// A world that scenarios of this file may name.
    pub fn world(&self, name: &str) -> Option<OpenWorld> {
        let file = seed_of(&self.file.name, name).ok()?;
        let seed = seed::read(&file).ok()?;
        Some(OpenWorld { file, seed })
    }

    /// The names of worlds that it may name: those beside it, and those inside the program.
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

    /// Tags without `@` that rules have or scenarios of the same folder, each with the title of its rule.
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

    /// The file of rules beside it, with the place of a rule.
    pub fn rule(&self, tag: &str) -> Option<(PathBuf, LineCol)> {
        let path = rules::beside(&[PathBuf::from(&self.file.name)]).into_iter().next()?;
        let text = File::read(&path).ok()?.text;
        let line =
            text.lines().position(|line| line.trim_start().trim_matches(['"', '\'']).starts_with(&format!("{tag}:")));
        let quoted = || text.lines().position(|line| line.contains(tag));
        Some((path, LineCol { line: line.or_else(quoted)? + 1, col: 1 }))
    }
}

/// The name of the world that a sentence begins.
fn world_of(sentence: &str) -> Option<String> {
    let sentence = canonical(sentence);
    let rest = sentence.strip_prefix("мир «").or_else(|| sentence.strip_prefix("Мир «"))?;
    rest.split_once('»').map(|(name, _)| name.to_owned())
}

/// A world that an open feature names.
#[derive(Debug, Clone)]
pub struct OpenWorld {
    /// Its seed as a file, on disk or inside the program.
    pub file: File,
    seed: Value,
}

impl OpenWorld {
    /// One line that says what the world is for.
    pub fn title(&self) -> &str {
        self.seed["title"].as_str().unwrap_or_default()
    }

    /// Its people by key, each with the full name and what is said of them.
    pub fn people(&self) -> Vec<(String, String)> {
        let people = self.seed.pointer("/gosuslugi/people").and_then(Value::as_object);
        let told = |person: &Value| {
            let (name, about) = (person["name"].as_str().unwrap_or_default(), person["about"].as_str());
            about.map_or_else(|| name.to_owned(), |about| format!("{name}: {about}"))
        };
        people.into_iter().flatten().map(|(key, person)| (key.clone(), told(person))).collect()
    }

    /// The place of a person in the file.
    pub fn place_of(&self, key: &str) -> Option<LineCol> {
        Places::of(&self.file.text).ok().map(|places| places.find(&format!("gosuslugi.people.{key}")))
    }
}
