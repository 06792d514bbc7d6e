//! Feature and seed files, on disk or built into the program.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use gherkin::LineCol;
use globset::GlobBuilder;
use include_dir::{Dir, include_dir};
use worlds::text::{composed, decode};

use super::{Diagnostic, nearest};
use crate::{language::tr, words::may_be};

/// The documented suite, built into the program.
static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../scenarios");

/// Text file with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name of the file in messages and reports.
    pub name: String,
    /// Text of the whole file.
    pub text: String,
}

impl File {
    /// Checks by the extension whether the file holds scenarios.
    pub fn is_feature(&self) -> bool {
        self.ends_with("feature")
    }

    /// Checks by the extension whether the file holds composed steps.
    pub fn is_steps(&self) -> bool {
        self.ends_with("steps")
    }

    /// Checks by the extension whether the file holds a seed.
    pub fn is_seed(&self) -> bool {
        self.ends_with("yaml") || self.ends_with("yml") || self.ends_with("json")
    }

    fn ends_with(&self, extension: &str) -> bool {
        Path::new(&self.name).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
    }

    /// Reads a text file in UTF-8, or in UTF-16 with a byte order mark. Features, seeds, rules, profiles, clients and
    /// settings are all read by this function. A file is found however the letters of its name are composed.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is not text.
    pub fn read(path: &Path) -> Result<Self, Diagnostic> {
        let name = composed(&path.display().to_string()).into_owned();
        let bytes = fs::read(path).or_else(|error| match on_disk(path) {
            Some(other) if error.kind() == io::ErrorKind::NotFound => fs::read(other),
            _ => Err(error),
        });
        let bytes = bytes.map_err(|error| Diagnostic::of_file(&name, unreadable(Unreadable::File, &error)))?;
        match decode(&bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => {
                let told = tr!(
                    "файл не в UTF-8: сохраните его в кодировке UTF-8",
                    "the file is not UTF-8: save it in that encoding"
                );
                Err(Diagnostic::at(&name, LineCol { line: error.line, col: 1 }, told))
            }
        }
    }
}

/// Kind of a path that cannot be read.
#[derive(Clone, Copy)]
enum Unreadable {
    File,
    Folder,
}

/// Says why a path cannot be read.
fn unreadable(what: Unreadable, error: &io::Error) -> String {
    let why = match (error.kind(), what) {
        (io::ErrorKind::NotFound, Unreadable::File) => tr!("его нет", "it is not there"),
        (io::ErrorKind::NotFound, Unreadable::Folder) => tr!("её нет", "it is not there"),
        (io::ErrorKind::PermissionDenied, _) => tr!("нет прав на чтение", "no permission to read it"),
        (io::ErrorKind::IsADirectory, _) => tr!("это папка", "it is a folder"),
        _ => error.to_string(),
    };
    match what {
        Unreadable::File => tr!("файл не читается: {why}", "the file cannot be read: {why}"),
        Unreadable::Folder => tr!("папка не читается: {why}", "the folder cannot be read: {why}"),
    }
}

/// Finds the file whose name has the same letters in another composition (Unicode NFC or NFD).
fn on_disk(path: &Path) -> Option<PathBuf> {
    let wanted = composed(path.file_name()?.to_str()?).into_owned();
    entries(path.parent()?)
        .into_iter()
        .find(|other| other.file_name().and_then(|name| name.to_str()).is_some_and(|name| composed(name) == wanted))
}

/// Returns the paths in a folder, sorted; none if the folder cannot be read.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().map(|path| path.strip_prefix("./").map(Path::to_owned).unwrap_or(path)).collect()
}

/// Returns the files of the suite that is built into the program.
pub fn embedded() -> Vec<File> {
    let mut files = Vec::new();
    collect(&SCENARIOS, &mut files);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// Returns the worlds of the documented suite with their names, in order.
pub fn documented_worlds() -> Vec<(String, File)> {
    let named = |file: File| {
        let name = file.name.strip_prefix("scenarios/worlds/")?.strip_suffix(".yaml")?.to_owned();
        Some((name, file))
    };
    embedded().into_iter().filter_map(named).collect()
}

/// Message that no documented world has this name, with the nearest name.
pub(crate) fn world_not_there(name: &str) -> String {
    let worlds = documented_worlds();
    let near = nearest(name, worlds.iter().map(|(known, _)| known.as_str()));
    let near = near.map(|near| format!("\n  {}{near}", may_be())).unwrap_or_default();
    tr!(
        "мира «{name}» в документированном наборе нет{near}",
        "there is no world \"{name}\" in the documented suite{near}"
    )
}

fn collect(folder: &Dir<'_>, into: &mut Vec<File>) {
    let texts = folder.files().filter_map(|file| Some((file.path().display().to_string(), file.contents_utf8()?)));
    into.extend(texts.map(|(path, text)| File { name: format!("scenarios/{path}"), text: text.to_owned() }));
    folder.dirs().for_each(|inner| collect(inner, into));
}

/// File, and the lines in it that a path names; without lines, the whole file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) file: File,
    pub(super) lines: Vec<usize>,
}

/// Reads the features and seeds at the paths, or those built into the program if there are no paths. A path is a file,
/// a folder, a pattern (`my/*.feature`), or a file and lines of it (`my.feature:12`).
///
/// # Errors
/// Fails for paths that cannot be read, and for patterns and folders without such files.
pub(super) fn gather(paths: &[PathBuf]) -> Result<Vec<Wanted>, Vec<Diagnostic>> {
    if paths.is_empty() {
        let known = |file: &File| file.is_feature() || file.name.contains("/worlds/");
        let whole = |file| Wanted { file, lines: Vec::new() };
        return Ok(embedded().into_iter().filter(known).map(whole).collect());
    }
    let (mut files, mut wrong) = (Vec::<Wanted>::new(), Vec::new());
    for path in paths {
        match found(path) {
            Ok(found) => files.extend(found),
            Err(diagnostics) => wrong.extend(diagnostics),
        }
    }
    let mut once: Vec<Wanted> = Vec::new();
    for new in files {
        // One file may come from a folder and by its own name, or by two names: it is read once, with all lines that
        // were named.
        match once.iter_mut().find(|known| is_same(&known.file.name, &new.file.name)) {
            Some(known) if known.lines.is_empty() || new.lines.is_empty() => known.lines.clear(),
            Some(known) => known.lines.extend(new.lines),
            None => once.push(new),
        }
    }
    if wrong.is_empty() { Ok(once) } else { Err(wrong) }
}

fn is_same(one: &str, other: &str) -> bool {
    one == other
        || fs::canonicalize(one).ok().zip(fs::canonicalize(other).ok()).is_some_and(|(one, other)| one == other)
}

fn found(path: &Path) -> Result<Vec<Wanted>, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let whole = |files: Vec<File>| files.into_iter().map(|file| Wanted { file, lines: Vec::new() }).collect();
    if path.is_dir() {
        let files = walk(path)?;
        if files.is_empty() {
            return Err(vec![Diagnostic::of_file(
                &name,
                tr!(
                    "в папке нет ни файлов .feature, ни миров worlds/*.yaml",
                    "the folder has neither .feature files nor worlds/*.yaml"
                ),
            )]);
        }
        return Ok(whole(files));
    }
    if !path.exists() && name.contains(['*', '?', '[']) {
        return matching(&name).map(whole);
    }
    match with_lines(&name).filter(|_| !path.exists()) {
        Some((file, lines)) => {
            Ok(vec![Wanted { file: File::read(Path::new(file)).map_err(|wrong| vec![wrong])?, lines }])
        }
        None => Ok(whole(vec![File::read(path).map_err(|wrong| vec![wrong])?])),
    }
}

/// Splits `my.feature:12:40` into the file and the lines.
fn with_lines(name: &str) -> Option<(&str, Vec<usize>)> {
    let end = name.rfind(".feature:")? + ".feature".len();
    let lines = name.get(end + 1..)?.split(':').map(str::parse).collect::<Result<Vec<_>, _>>().ok()?;
    Some((name.get(..end)?, lines))
}

/// Returns the files that match a pattern: a shell does not expand a quoted one.
fn matching(pattern: &str) -> Result<Vec<File>, Vec<Diagnostic>> {
    let wrong = |message: String| vec![Diagnostic::of_file(pattern, message)];
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob
        .map_err(|error| {
            wrong(tr!("шаблон имён не читается: {error}", "the pattern of names cannot be read: {error}"))
        })?
        .compile_matcher();
    let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    let folder = fixed.rfind('/').map_or("", |end| fixed.get(..=end).unwrap_or_default());
    let mut paths = Vec::new();
    deep(Path::new(folder), &mut paths);
    paths.retain(|path| glob.is_match(path));
    if paths.is_empty() {
        return Err(wrong(tr!("таких файлов нет", "there are no such files")));
    }
    paths.iter().map(|path| File::read(path)).collect::<Result<_, _>>().map_err(|wrong| vec![wrong])
}

fn deep(folder: &Path, into: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() && !path.is_symlink() {
            deep(&path, into);
        } else {
            into.push(path);
        }
    }
}

fn walk(folder: &Path) -> Result<Vec<File>, Vec<Diagnostic>> {
    if let Err(error) = fs::read_dir(folder) {
        let name = folder.display().to_string();
        return Err(vec![Diagnostic::of_file(&name, unreadable(Unreadable::Folder, &error))]);
    }
    let mut paths = Vec::new();
    deep(folder, &mut paths);
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        let in_worlds = path.parent().is_some_and(|parent| parent.ends_with("worlds"));
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if matches!(extension, "feature" | "steps") || (in_worlds && matches!(extension, "yaml" | "yml")) {
            match File::read(&path) {
                Ok(file) => files.push(file),
                Err(diagnostic) => wrong.push(diagnostic),
            }
        }
    }
    if wrong.is_empty() { Ok(files) } else { Err(wrong) }
}

/// Finds the seed that a feature names: `worlds/{name}.yaml` (or `.yml`) in the feature's folder, or else the one built
/// into the program.
///
/// # Errors
/// Returns the nearest known name, if any is near.
pub fn seed_of(feature: &str, name: &str) -> Result<File, Option<String>> {
    let folder = Path::new(feature).parent().unwrap_or(Path::new("")).join("worlds");
    let beside = ["yaml", "yml"].map(|extension| folder.join(format!("{name}.{extension}")));
    if let Some(file) = beside.iter().find_map(|path| File::read(path).ok()) {
        return Ok(file);
    }
    let wanted = format!("scenarios/worlds/{name}.yaml");
    let all = embedded();
    if let Some(file) = all.iter().find(|file| file.name == wanted) {
        return Ok(file.clone());
    }
    let mut known = entries(&folder);
    known.extend(all.iter().filter(|file| file.name.contains("/worlds/")).map(|file| PathBuf::from(&file.name)));
    let known: Vec<_> = known.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
    let known: HashSet<_> = known.into_iter().collect();
    Err(nearest(name, known).map(str::to_owned))
}
