//! Changes of files, collected until there is a pause.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{ModifyKind, RenameMode},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

/// Pause after which changes are reported: an editor writes a file in several steps.
const REST: Duration = Duration::from_millis(150);
/// Extensions of the files that belong to scenarios.
const ENDINGS: [&str; 4] = ["feature", "steps", "yaml", "yml"];

/// Folder that is watched for changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watched {
    /// Path of the folder.
    pub folder: PathBuf,
    /// Whether folders within it are watched too.
    pub deep: bool,
}

impl Watched {
    /// Returns the folders to watch for a path of a run: a file, a folder, a pattern, or a file with lines.
    pub fn of_suite(path: &Path) -> Vec<Self> {
        if path.is_dir() {
            return vec![Self { folder: path.to_owned(), deep: true }];
        }
        let name = path.display().to_string();
        if !path.exists() && name.contains(['*', '?', '[']) {
            let fixed = name.split(['*', '?', '[']).next().unwrap_or_default();
            let folder = fixed.rfind('/').map_or("", |end| fixed.get(..end).unwrap_or_default());
            return vec![Self { folder: or_here(Path::new(folder)), deep: true }];
        }
        let own = Self::beside(path);
        let worlds = own.folder.join("worlds");
        let worlds = worlds.is_dir().then_some(Self { folder: worlds, deep: false });
        [own].into_iter().chain(worlds).collect()
    }

    /// Returns the folder of a file, to be watched without its subfolders.
    pub fn beside(file: &Path) -> Self {
        Self { folder: or_here(file.parent().unwrap_or(Path::new(""))), deep: false }
    }
}

fn or_here(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// Watcher that collects changes. Dropping it ends the watching.
#[derive(Debug)]
pub struct Changes {
    changed: UnboundedReceiver<PathBuf>,
    _watcher: RecommendedWatcher,
}

impl Changes {
    /// Starts to watch folders.
    ///
    /// # Errors
    /// Fails if a folder cannot be watched.
    pub fn of(folders: &BTreeSet<Watched>) -> notify::Result<Self> {
        let (tell, changed) = unbounded_channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
            Ok(event) if is_change(event.kind) => {
                for path in event.paths.into_iter().filter(|path| is_of_scenarios(path)) {
                    // There is no receiver any more when the program ends.
                    let _ = tell.send(path);
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a change of files was missed"),
        })?;
        for Watched { folder, deep } in folders {
            let mode = if *deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            watcher.watch(folder, mode)?;
        }
        Ok(Self { changed, _watcher: watcher })
    }

    /// Waits for changes and returns the changed files, each once.
    pub async fn next(&mut self) -> BTreeSet<PathBuf> {
        let mut changed: BTreeSet<_> = self.changed.recv().await.into_iter().collect();
        while let Ok(Some(more)) = timeout(REST, self.changed.recv()).await {
            changed.insert(more);
        }
        changed
    }
}

/// Checks whether an event means that the text or the name of a file has changed.
const fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Create(_) | EventKind::Remove(_) => true,
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) => false,
        EventKind::Modify(kind) => !matches!(kind, ModifyKind::Metadata(_)),
        _ => false,
    }
}

fn is_of_scenarios(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ENDINGS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[tokio::test]
    async fn files_of_scenarios_that_change_are_told_together_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("worlds")).unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.feature"), "1").unwrap();
        let mut changes = Changes::of(&Watched::of_suite(&at("a.feature")).into_iter().collect()).unwrap();
        fs::write(at("report.html"), "1").unwrap();
        fs::write(at("a.feature"), "2").unwrap();
        fs::write(at("worlds/b.yaml"), "1").unwrap();
        let told = changes.next().await;
        assert_eq!(told, [at("a.feature"), at("worlds/b.yaml")].into());
        // Editors replace a file by another one.
        fs::write(at("new"), "3").unwrap();
        fs::rename(at("new"), at("a.feature")).unwrap();
        assert_eq!(changes.next().await, [at("a.feature")].into());
    }

    #[test]
    fn a_folder_is_watched_whole_and_a_file_with_its_worlds() {
        let folder = tempfile::tempdir().unwrap();
        let whole = |deep| vec![Watched { folder: folder.path().to_owned(), deep }];
        assert_eq!(Watched::of_suite(folder.path()), whole(true));
        assert_eq!(Watched::of_suite(&folder.path().join("*.feature")), whole(true));
        assert_eq!(Watched::of_suite(&folder.path().join("a.feature:12")), whole(false));
        fs::create_dir(folder.path().join("worlds")).unwrap();
        assert_eq!(Watched::of_suite(&folder.path().join("a.feature")).len(), 2);
        assert_eq!(Watched::beside(Path::new("mine.yaml")).folder, Path::new("."));
    }
}
