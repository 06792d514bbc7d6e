//! `esia-stand new`: writes a new suite, which passes without changes.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::New;
use crate::{
    exit::CliError,
    language::{pick, tr},
    words::of_system,
};

/// File of a new suite.
struct Template {
    /// Path within the suite's folder.
    path: &'static str,
    text: &'static str,
}

const FILES: [Template; 6] = [
    Template { path: "sign-in.feature", text: include_str!("../../templates/new/sign-in.feature") },
    Template { path: "шаги.steps", text: include_str!("../../templates/new/шаги.steps") },
    Template { path: "worlds/школа.yaml", text: include_str!("../../templates/new/worlds/школа.yaml") },
    Template { path: "rules.yaml", text: include_str!("../../templates/new/rules.yaml") },
    Template { path: ".gitlab-ci.yml", text: include_str!("../../templates/new/gitlab-ci.yml") },
    Template { path: ".github/workflows/scenarios.yml", text: include_str!("../../templates/new/github.yml") },
];

/// Placeholder in templates for text in the language of the run.
const COMMENT: &str = "{{comment}}";

fn comment() -> &'static str {
    pick(
        "# Проверяет и играет сценарии этой папки. STAND_SOURCE — адрес git-репозитория esia-stand; с программой в PATH он не нужен.",
        "# Checks and plays the scenarios of this folder. STAND_SOURCE is the git address of esia-stand; with the program on PATH \
         it is not needed.",
    )
}

/// Writes the files and returns instructions.
///
/// # Errors
/// Fails if one of the files exists, before any is written, or if the folder cannot be written.
pub(super) fn made(options: &New) -> Result<String, CliError> {
    let folder = &options.folder;
    let there: Vec<_> =
        FILES.iter().map(|file| folder.join(file.path)).filter(|path| path.symlink_metadata().is_ok()).collect();
    if !there.is_empty() {
        return Err(taken(&there));
    }
    for Template { path, text } in &FILES {
        let path = folder.join(path);
        written(&path, &text.replace(COMMENT, comment())).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists if path.is_file() => taken(std::slice::from_ref(&path)),
            _ => CliError::could_not_run(format!("{}: {}", path.display(), of_system(&error))),
        })?;
    }
    let made: Vec<_> = FILES.iter().map(|file| format!("  {}", folder.join(file.path).display())).collect();
    let made = made.join("\n");
    let folder = folder.display();
    Ok(tr!(
        "Готово:\n{made}\n\nДальше:\n  esia-stand check {folder}\n  esia-stand run {folder}\n  esia-stand steps                 фразы, из которых складывают сценарии\n",
        "Made:\n{made}\n\nNext:\n  esia-stand check {folder}\n  esia-stand run {folder}\n  esia-stand steps                 sentences that scenarios may use\n"
    ))
}

/// Writes a file that does not exist yet.
fn written(path: &Path, text: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn taken(there: &[PathBuf]) -> CliError {
    let there: Vec<_> = there.iter().map(|path| path.display().to_string()).collect();
    let there = there.join(", ");
    CliError::wrong(tr!(
        "уже есть: {there}; ничего не изменено, назовите другую папку",
        "there already: {there}; nothing was changed, name another folder"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite;

    fn make(folder: &Path) -> Result<String, CliError> {
        made(&New { folder: folder.to_owned() })
    }

    #[test]
    fn a_new_suite_is_right_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("мои/сценарии");
        let told = make(&folder).unwrap();
        assert!(told.contains("sign-in.feature") && told.contains("esia-stand run"), "{told}");
        let (files, wrong) = suite::check(std::slice::from_ref(&folder));
        assert_eq!((files, wrong), (3, Vec::new()));
        let suite = suite::Suite::load(&[folder]).unwrap();
        for (rule, title) in &suite.rules {
            assert!(suite.scenarios().any(|(_, tags, _)| tags.contains(&rule)), "nothing proves «{title}»");
        }
    }

    #[test]
    fn nothing_is_overwritten_and_nothing_is_added_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("rules.yaml");
        fs::write(&own, "моё: правило\n").unwrap();
        let told = make(folder.path()).unwrap_err().to_string();
        assert!(told.starts_with(&format!("уже есть: {}; ", own.display())), "{told}");
        assert_eq!(fs::read_to_string(&own).unwrap(), "моё: правило\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
