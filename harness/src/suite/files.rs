//! Where features and seeds are: on disk, or inside the program.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};

use super::{Diagnostic, nearest};

/// The documented suite.
static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../scenarios");

/// A file with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As it is named in messages and reports.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl File {
    /// Whether it holds scenarios.
    pub fn is_feature(&self) -> bool {
        self.ends_with("feature")
    }

    /// Whether it holds a seed.
    pub fn is_seed(&self) -> bool {
        self.ends_with("yaml") || self.ends_with("yml") || self.ends_with("json")
    }

    fn ends_with(&self, extension: &str) -> bool {
        Path::new(&self.name).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
    }

    pub(super) fn read(path: &Path) -> Result<Self, Diagnostic> {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => Err(Diagnostic::of_file(&name, format!("файл не читается: {error}"))),
        }
    }
}

/// The files inside the program.
pub fn embedded() -> Vec<File> {
    let mut files = Vec::new();
    collect(&SCENARIOS, &mut files);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

fn collect(folder: &Dir<'_>, into: &mut Vec<File>) {
    let texts = folder.files().filter_map(|file| Some((file.path().display().to_string(), file.contents_utf8()?)));
    into.extend(texts.map(|(path, text)| File { name: format!("scenarios/{path}"), text: text.to_owned() }));
    folder.dirs().for_each(|inner| collect(inner, into));
}

/// Features and seeds at the paths; those inside the program when there are none.
///
/// # Errors
/// Paths that cannot be read.
pub fn gather(paths: &[PathBuf]) -> Result<Vec<File>, Vec<Diagnostic>> {
    if paths.is_empty() {
        let known = |file: &File| file.is_feature() || file.name.contains("/worlds/");
        return Ok(embedded().into_iter().filter(known).collect());
    }
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            walk(path, &mut files, &mut wrong);
        } else {
            match File::read(path) {
                Ok(file) => files.push(file),
                Err(diagnostic) => wrong.push(diagnostic),
            }
        }
    }
    // A folder and a file in it: that file is meant once.
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.name.clone()));
    if wrong.is_empty() { Ok(files) } else { Err(wrong) }
}

fn walk(folder: &Path, files: &mut Vec<File>, wrong: &mut Vec<Diagnostic>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let name = folder.display().to_string();
            return wrong.push(Diagnostic::of_file(&name, format!("папка не читается: {error}")));
        }
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let in_worlds = path.parent().is_some_and(|parent| parent.ends_with("worlds"));
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_dir() {
            walk(&path, files, wrong);
        } else if extension == "feature" || (in_worlds && matches!(extension, "yaml" | "yml")) {
            match File::read(&path) {
                Ok(file) => files.push(file),
                Err(diagnostic) => wrong.push(diagnostic),
            }
        }
    }
}

/// The seed that a feature calls by name: `worlds/{name}.yaml` beside the feature, or else inside the program.
///
/// # Errors
/// The nearest name that there is.
pub fn seed_of(feature: &str, name: &str) -> Result<File, Option<String>> {
    let beside = Path::new(feature).parent().unwrap_or(Path::new("")).join("worlds").join(format!("{name}.yaml"));
    if let Ok(file) = File::read(&beside) {
        return Ok(file);
    }
    let wanted = format!("scenarios/worlds/{name}.yaml");
    let all = embedded();
    if let Some(file) = all.iter().find(|file| file.name == wanted) {
        return Ok(file.clone());
    }
    let on_disk = beside.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut known: Vec<_> = on_disk.map(|entry| entry.path()).collect();
    known.extend(all.iter().filter(|file| file.name.contains("/worlds/")).map(|file| PathBuf::from(&file.name)));
    let known: Vec<_> = known.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
    Err(nearest(name, known).map(str::to_owned))
}
