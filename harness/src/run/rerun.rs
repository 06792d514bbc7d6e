//! `--rerun`: file of the scenarios that did not pass, read by the next run.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use super::{plan::Outcome, results::Results};
use crate::{
    language::{pick, tr},
    suite::{Diagnostic, File, SourceLocation, Suite},
};

/// Line of the file: a scenario's place and its name, which stays the same when lines move.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    place: SourceLocation,
    name: String,
}

/// Scenarios that did not pass when the file was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rerun(Vec<Entry>);

/// Text of the file: a line `my.feature:12  its name` for each scenario that did not pass.
pub(super) fn text(results: &Results) -> String {
    let lost = |outcome| !matches!(outcome, Outcome::Passed | Outcome::Flaky | Outcome::NotPossible);
    let lost = results.scenarios().filter(|scenario| lost(scenario.outcome()));
    let mut told = BTreeSet::new();
    lost.filter(|scenario| told.insert(scenario.place.clone())).fold(String::new(), |mut text, scenario| {
        let _ = writeln!(text, "{}  {}", scenario.place, scenario.name);
        text
    })
}

impl Rerun {
    /// Reads the file; a missing file names no scenarios.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or if a line names no scenario.
    pub fn read(path: &Path) -> Result<Self, Diagnostic> {
        if path.symlink_metadata().is_err() {
            return Ok(Self::default());
        }
        let file = File::read(path)?;
        let lines = file.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let entries = lines.map(|(index, line)| {
            entry(line.trim()).ok_or_else(|| {
                let place = gherkin::LineCol { line: index + 1, col: 1 };
                let told = pick(
                    "здесь нужны файл и строка сценария: my.feature:12",
                    "the file and line of a scenario are needed here: my.feature:12",
                );
                Diagnostic::at(&file.name, place, told.to_owned())
            })
        });
        entries.collect::<Result<_, _>>().map(Self)
    }

    /// Checks whether the file names no scenario, so that all are played again.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the scenarios of a suite that the file names, and a message for each line that matches none.
    pub fn choose(&self, suite: &Suite) -> (BTreeSet<SourceLocation>, Vec<String>) {
        let known: Vec<_> = suite.scenarios().map(|(feature, _, scenario)| Entry::of(feature, scenario)).collect();
        let (mut chosen, mut lost) = (BTreeSet::new(), Vec::new());
        for Entry { place, name } in &self.0 {
            let of_file = || known.iter().filter(|entry| entry.place.file == place.file);
            let same = of_file().filter(|entry| entry.place == *place && entry.name == *name);
            // The lines have moved, or the scenario was renamed.
            let moved = of_file().filter(|entry| entry.name == *name);
            let renamed = of_file().filter(|entry| entry.place == *place);
            let found = [same.collect::<Vec<_>>(), moved.collect(), renamed.collect()];
            match found.into_iter().find(|found| !found.is_empty()) {
                Some(found) => chosen.extend(found.into_iter().map(|entry| entry.place.clone())),
                None => lost.push(tr!(
                    "сценария {place} больше нет или его нет среди выбранных",
                    "the scenario {place} is gone, or not among those chosen"
                )),
            }
        }
        (chosen, lost)
    }
}

impl Entry {
    fn of(feature: &gherkin::Feature, scenario: &gherkin::Scenario) -> Self {
        Self { place: SourceLocation::of(feature, scenario), name: scenario.name.clone() }
    }
}

fn entry(line: &str) -> Option<Entry> {
    let end = line.find(".feature:")? + ".feature".len();
    let (file, rest) = line.split_at_checked(end)?;
    let rest = rest.strip_prefix(':')?;
    let digits = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    let (number, name) = rest.split_at_checked(digits)?;
    Some(Entry {
        place: SourceLocation { file: file.to_owned(), line: number.parse().ok()? },
        name: name.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use gherkin::GherkinEnv;

    use super::*;

    fn suite(text: &str) -> Suite {
        let mut feature = gherkin::Feature::parse(text, GherkinEnv::new("ru").unwrap()).unwrap();
        feature.path = Some(PathBuf::from("my/a b.feature"));
        Suite { features: vec![feature], ..Suite::default() }
    }

    const TEXT: &str =
        "# language: ru\nФункция: а\n  Сценарий: один\n    Дано мир «а»\n  Сценарий: два\n    Дано мир «а»\n";

    fn chosen(file: &str, text: &str) -> (Vec<usize>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("failed.txt");
        fs::write(&path, file).unwrap();
        let (chosen, lost) = Rerun::read(&path).unwrap().choose(&suite(text));
        (chosen.into_iter().map(|place| place.line).collect(), lost.len())
    }

    #[test]
    fn a_scenario_is_found_by_its_line_and_name_and_else_by_one_of_them() {
        assert_eq!(chosen("my/a b.feature:5  два\n", TEXT), (vec![5], 0));
        let moved = TEXT.replace("  Сценарий: один", "\n\n  Сценарий: один");
        assert_eq!(chosen("my/a b.feature:5  два\n", &moved), (vec![7], 0));
        assert_eq!(chosen("my/a b.feature:3  прежнее имя\n", TEXT), (vec![3], 0));
        assert_eq!(chosen("my/a b.feature:5\n\nmy/a b.feature:3\n", TEXT), (vec![3, 5], 0));
        assert_eq!(chosen("my/a b.feature:9  три\nother.feature:3  один\n", TEXT), (vec![], 2));
    }

    #[test]
    fn no_file_is_no_scenario_and_a_wrong_line_is_told() {
        assert!(Rerun::read(Path::new("no/such/file.txt")).unwrap().is_empty());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("failed.txt");
        fs::write(&path, "my.feature:3\nчто-то\n").unwrap();
        let told = Rerun::read(&path).unwrap_err().to_string();
        assert!(told.ends_with("failed.txt:2:1: здесь нужны файл и строка сценария: my.feature:12"), "{told}");
    }

    #[test]
    fn the_file_names_each_scenario_that_was_not_proved_once() {
        let results = Results::repeated(&suite(TEXT), 3);
        assert_eq!(text(&results), "my/a b.feature:3  один\nmy/a b.feature:5  два\n");
    }
}
