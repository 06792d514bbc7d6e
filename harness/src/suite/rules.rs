//! `rules.yaml`: the rules that scenarios prove, each a tag and a title.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::{Diagnostic, File, embedded, yaml};
use crate::language::tr;

const NAMES: [&str; 2] = ["rules.yaml", "rules.yml"];

/// Checks by the name whether a file holds rules.
pub(super) fn is_one(file: &File) -> bool {
    Path::new(&file.name).file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known))
}

/// Checks whether there is a file of rules in the folders of these paths.
pub(super) fn are_beside(paths: &[PathBuf]) -> bool {
    !beside(paths).is_empty()
}

/// Returns the files of rules in the folders of these paths.
pub(super) fn beside(paths: &[PathBuf]) -> Vec<PathBuf> {
    let folder = |path: &PathBuf| if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_owned) };
    let folders = paths.iter().filter_map(folder);
    let mut beside: Vec<_> = folders.flat_map(|folder| NAMES.map(|name| folder.join(name))).collect();
    beside.retain(|file| file.is_file());
    beside.sort();
    beside.dedup();
    beside
}

/// Returns the rules in the folders of these paths, or the documented ones if there is no file of rules.
///
/// # Errors
/// Fails for files that cannot be read as rules.
pub(super) fn of(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let beside = beside(paths);
    let files = if beside.is_empty() {
        embedded().into_iter().filter(|file| file.name == format!("scenarios/{}", NAMES[0])).collect()
    } else {
        beside.iter().map(|path| File::read(path)).collect::<Result<Vec<_>, _>>().map_err(|wrong| vec![wrong])?
    };
    let (mut rules, mut wrong) = (Vec::new(), Vec::new());
    for file in &files {
        match read(file) {
            Ok(read) => rules.extend(read),
            Err(diagnostic) => wrong.push(diagnostic),
        }
    }
    if wrong.is_empty() { Ok(rules) } else { Err(wrong) }
}

/// Reads the rules of a file: tag without `@`, and title.
pub(super) fn read(file: &File) -> Result<Vec<(String, String)>, Diagnostic> {
    let shape = || {
        tr!(
            "здесь нужен список «тег: о чём правило», по строке на правило: «R1: Ребёнок входит сам»",
            "a list of tags is needed here, each with what its rule is about, one a line: \"R1: A child signs in alone\""
        )
    };
    if file.text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Err(Diagnostic::of_file(&file.name, shape()));
    }
    let read = serde_saphyr::from_str::<IndexMap<String, String>>(&file.text);
    let read = read.map_err(|error| {
        let told = yaml::told(file, &error);
        if yaml::is_of_syntax(&error) { told } else { Diagnostic { message: shape(), hints: Vec::new(), ..told } }
    })?;
    Ok(read.into_iter().map(|(tag, title)| (tag.trim_start_matches('@').to_owned(), title)).collect())
}
