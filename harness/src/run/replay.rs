//! Shell command that plays a scenario again.

use std::path::PathBuf;

use super::plan::Scenario;
use crate::{language::tr, race};

/// Options of a run that influence the result of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replay {
    /// Options with which all scenarios were played, like `--profile`, `kuzbass`.
    pub options: Vec<String>,
    /// Whether the scenarios are the documented ones, built into the program, rather than files.
    pub documented: bool,
    /// Folder in which the run was started.
    pub folder: PathBuf,
}

impl Replay {
    /// Command line for a shell.
    pub(super) fn command(&self, scenario: &Scenario) -> String {
        let chosen = if self.documented {
            vec!["--name".to_owned(), scenario.name.clone()]
        } else {
            vec![scenario.place.to_string()]
        };
        let words = ["esia-stand", "run"].map(str::to_owned).into_iter().chain(chosen).chain(self.options.clone());
        let raced = scenario.record.as_ref().map(|record| race::again(&record.raced)).unwrap_or_default();
        let words = words.chain(raced);
        words.map(|word| quoted(&word)).collect::<Vec<_>>().join(" ")
    }

    /// Shell script with the command; another folder can be given as its argument.
    pub(super) fn script(&self, scenario: &Scenario) -> String {
        let (place, title) = (&scenario.place, scenario.title.replace(['\n', '\r'], " "));
        let told = tr!(
            "# {title} ({place}): тот же сценарий с тем же миром.\n# Папка, где шёл прогон; другую можно назвать: replay.sh ПАПКА",
            "# {title} ({place}): the same scenario with the same seed.\n# The folder of the run; another may be named: replay.sh FOLDER"
        );
        let folder = quoted(&self.folder.display().to_string());
        format!(
            "#!/bin/sh\n{told}\nfolder={folder}\ncd \"${{1:-$folder}}\" || exit 3\nexec {}\n",
            self.command(scenario)
        )
    }
}

/// Quotes a word for a POSIX shell, if necessary.
fn quoted(word: &str) -> String {
    let is_plain = |sign: char| sign.is_alphanumeric() || "-_./:=@%+,".contains(sign);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
