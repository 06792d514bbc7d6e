//! Composed steps that each feature may use: those of the `.steps` files in its folder and in the folders above.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use super::{
    Diagnostic, File,
    composed::{ComposedStep, Vocabulary, check, read},
    files::{entries, gather},
};

/// Vocabularies of the folders of a suite; each folder is read once.
#[derive(Debug, Default)]
pub struct Vocabularies {
    /// Whether the features are files in folders; features built into the program use built-in steps alone.
    on_disk: bool,
    folders: HashMap<PathBuf, Folder>,
    /// Texts of the files that an editor has open, by path.
    unsaved: HashMap<PathBuf, String>,
}

/// Steps that files in a folder may use, and the mistakes in them.
#[derive(Debug, Clone, Default)]
struct Folder {
    vocabulary: Arc<Vocabulary>,
    wrong: Vec<Diagnostic>,
}

impl Vocabularies {
    /// Creates vocabularies for features on disk.
    pub fn on_disk() -> Self {
        Self { on_disk: true, ..Self::default() }
    }

    /// Creates vocabularies for features on disk, where an editor's text replaces that of a file.
    pub(super) fn with(unsaved: HashMap<PathBuf, String>) -> Self {
        Self { on_disk: true, unsaved, ..Self::default() }
    }

    /// Returns the steps that a file may use, even if files of steps have mistakes.
    pub(super) fn known(&mut self, file: &str) -> Arc<Vocabulary> {
        self.folder(Path::new(file).parent().unwrap_or(Path::new(""))).vocabulary
    }

    /// Returns the steps that a feature or a file of steps may use, by the file's name.
    ///
    /// # Errors
    /// Returns all mistakes in the files of steps in its folder and above.
    pub fn of(&mut self, file: &str) -> Result<Arc<Vocabulary>, Vec<Diagnostic>> {
        if !self.on_disk {
            return Ok(Arc::default());
        }
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let Folder { vocabulary, wrong } = self.folder(folder);
        if wrong.is_empty() { Ok(vocabulary) } else { Err(wrong) }
    }

    fn folder(&mut self, folder: &Path) -> Folder {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let above = above(folder).map(|above| self.folder(&above)).unwrap_or_default();
        let new = self.in_folder(folder, &above);
        self.folders.insert(folder.to_owned(), new.clone());
        new
    }

    /// Returns the composed steps of a folder's own files together with those from above.
    fn in_folder(&self, folder: &Path, above: &Folder) -> Folder {
        let (mut own, mut wrong) = (Vec::<Arc<ComposedStep>>::new(), Vec::new());
        let files = entries(folder).into_iter().filter(|path| path.extension().is_some_and(|it| it == "steps"));
        for path in files.filter(|path| path.is_file()) {
            match self.read(&path) {
                Ok(file) => {
                    let (steps, found) = read(&file);
                    own.extend(steps);
                    wrong.extend(found);
                }
                Err(diagnostic) => wrong.push(diagnostic),
            }
        }
        if own.is_empty() && wrong.is_empty() {
            return above.clone();
        }
        let vocabulary = above.vocabulary.with(own.iter().cloned());
        wrong.extend(check(&own, &vocabulary));
        wrong.sort_by(|one, other| (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column)));
        let wrong = above.wrong.iter().cloned().chain(wrong).collect();
        Folder { vocabulary: Arc::new(vocabulary), wrong }
    }

    /// Returns a file with the editor's text if it is open, else the file on disk.
    fn read(&self, path: &Path) -> Result<File, Diagnostic> {
        match self.unsaved.get(path) {
            Some(text) => Ok(File { name: path.display().to_string(), text: text.clone() }),
            None => File::read(path),
        }
    }
}

/// Returns the composed steps that features and files of steps at the paths may use, each once; without paths those of
/// the current folder and above.
///
/// # Errors
/// Fails for paths that cannot be read; returns all mistakes in the files of steps.
pub fn composed_at(paths: &[PathBuf]) -> Result<Vec<Arc<ComposedStep>>, Vec<Diagnostic>> {
    let mut vocabularies = Vocabularies::on_disk();
    let files = if paths.is_empty() { Vec::new() } else { gather(paths)? };
    let names = files.iter().map(|wanted| &wanted.file).filter(|file| file.is_feature() || file.is_steps());
    let mut names: Vec<_> = names.map(|file| file.name.as_str()).collect();
    if paths.is_empty() {
        names.push("");
    }
    let (mut steps, mut wrong) = (Vec::<Arc<ComposedStep>>::new(), Vec::new());
    for name in names {
        match vocabularies.of(name) {
            Ok(vocabulary) => {
                let new =
                    vocabulary.composed().iter().filter(|step| !steps.iter().any(|known| Arc::ptr_eq(known, step)));
                let new: Vec<_> = new.cloned().collect();
                steps.extend(new);
            }
            Err(found) => {
                let new: Vec<_> = found.into_iter().filter(|new| !wrong.contains(new)).collect();
                wrong.extend(new);
            }
        }
    }
    steps.sort_by_key(|step| step.place());
    if wrong.is_empty() { Ok(steps) } else { Err(wrong) }
}

/// Returns the folder above, in the form in which file names are built from it; `None` at the root of a repository or
/// of the file system.
fn above(folder: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(folder).ok()?;
    if whole.join(".git").exists() {
        return None;
    }
    match folder.components().next_back() {
        Some(Component::Normal(_)) => folder.parent().map(Path::to_owned),
        Some(Component::RootDir | Component::Prefix(_)) => None,
        // `.`, `..` and the empty path, that is, the current folder.
        _ => climbed(&whole, folder),
    }
}

/// Appends `..` to a folder relative to the current one; `None` at the root of the file system.
fn climbed(whole: &Path, folder: &Path) -> Option<PathBuf> {
    whole.canonicalize().ok()?.parent().map(|_| folder.join(".."))
}
