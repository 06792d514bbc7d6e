//! `rules.yaml`: what scenarios prove. A tag, and the rule that it stands for.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::{Diagnostic, File, embedded, seed};

const NAME: &str = "rules.yaml";

/// The rules beside the features at the paths; the documented ones when there is no such file.
///
/// # Errors
/// Files that cannot be read as rules.
pub(super) fn of(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let folder = |path: &PathBuf| if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_owned) };
    let mut beside: Vec<_> = paths.iter().filter_map(folder).map(|folder| folder.join(NAME)).collect();
    beside.retain(|file| file.is_file());
    beside.dedup();
    let files = if beside.is_empty() {
        embedded().into_iter().filter(|file| file.name == format!("scenarios/{NAME}")).collect()
    } else {
        beside.iter().map(|path| File::read(path)).collect::<Result<Vec<_>, _>>().map_err(|wrong| vec![wrong])?
    };
    let (mut rules, mut wrong) = (Vec::new(), Vec::new());
    for file in &files {
        let read = serde_saphyr::from_str::<IndexMap<String, String>>(&file.text);
        wrong.extend(read.as_ref().err().map(|error| seed::of_form(file, error)));
        let read = read.into_iter().flatten();
        rules.extend(read.map(|(tag, title)| (tag.trim_start_matches('@').to_owned(), title)));
    }
    if wrong.is_empty() { Ok(rules) } else { Err(wrong) }
}
