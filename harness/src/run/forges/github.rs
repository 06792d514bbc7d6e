//! GitHub Actions: annotations as workflow commands on standard output, and the summary of the step in Markdown.

use std::{
    ffi::OsString,
    fmt::Write as _,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use super::super::{
    coverage::Coverage,
    plan::{Outcome, Scenario},
    results::Results,
    story::story,
    summary::{counted, not_possible_by_reason},
};
use crate::{language::pick, words::visible};

/// Maximum number of stories in a summary, which may have 1 MiB.
const STORIES: usize = 40;
/// Maximum length of a story in a summary, in letters.
const STORY: usize = 6_000;

/// GitHub Actions job in which the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Github {
    /// File to which the step's summary is appended, if the runner names one.
    pub summary: Option<PathBuf>,
    /// Folder of the checkout: annotations name files relative to it.
    pub workspace: Option<PathBuf>,
    /// Folder to which the run's file names are relative.
    pub folder: PathBuf,
}

impl Github {
    /// Reads the variables that the runner sets; `None` outside of GitHub Actions.
    pub fn of(variable: &dyn Fn(&str) -> Option<OsString>, folder: PathBuf) -> Option<Self> {
        let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let runs_there = variable("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let (summary, workspace) = (path("GITHUB_STEP_SUMMARY"), path("GITHUB_WORKSPACE"));
        runs_there.then_some(Self { summary, workspace, folder })
    }

    /// Annotation for each scenario that failed or was flaky.
    pub(in super::super) fn annotations(&self, results: &Results) -> String {
        let told = results.scenarios().filter_map(|scenario| self.annotation(scenario));
        told.collect::<Vec<_>>().concat()
    }

    fn annotation(&self, scenario: &Scenario) -> Option<String> {
        let (level, line, why) = match scenario.outcome() {
            Outcome::Flaky => {
                let why = scenario.earlier_reasons().last().unwrap_or_default();
                ("warning", scenario.place.line, why.to_owned())
            }
            _ => scenario.fault().map(|(step, why)| ("error", step.line, step.told_reason(why)))?,
        };
        let file = property(&self.file(&scenario.place.file));
        let (title, why) = (property(&visible(&scenario.title)), data(&visible(&why)));
        Some(format!("::{level} file={file},line={line},title={title}::{why}\n"))
    }

    /// Path of a file relative to the checkout.
    fn file(&self, file: &str) -> String {
        let whole = self.folder.join(file);
        let within = self.workspace.as_ref().and_then(|workspace| whole.strip_prefix(workspace).ok());
        within.map_or_else(|| file.to_owned(), |path: &Path| path.display().to_string())
    }

    /// Appends the summary of the run.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(in super::super) fn append(file: &Path, results: &Results, rules: &Coverage) -> io::Result<()> {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(file)?;
        file.write_all(markdown(results, rules).as_bytes())
    }
}

/// Escapes a value of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

pub(super) fn markdown(results: &Results, rules: &Coverage) -> String {
    let mut text = format!("## {}\n\n", pick("Прогон сценариев", "A run of scenarios"));
    let _ = writeln!(text, "{}\n", anstream::adapter::strip_str(counted(results).trim()));
    let lacks = anstream::adapter::strip_str(&not_possible_by_reason(results)).to_string();
    for line in lacks.lines().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(text, "{}  ", plain(line.trim()));
    }
    if !lacks.is_empty() {
        text.push('\n');
    }
    if !rules.rules.is_empty() {
        let _ = writeln!(text, "{}\n", rules.line(results));
    }
    let lost: Vec<_> = results.scenarios().filter(|scenario| scenario.fault().is_some()).collect();
    for scenario in lost.iter().take(STORIES) {
        let (sign, title, place) = (sign(scenario), plain(&scenario.title), plain(&scenario.place.to_string()));
        let told: String = story(scenario).chars().take(STORY).collect();
        let fence = "`".repeat(longest_fence(&told) + 1);
        let _ = write!(
            text,
            "<details><summary>{sign} {title} <code>{place}</code></summary>\n\n{fence}text\n{}\n{fence}\n\n</details>\n\n",
            told.trim_end()
        );
    }
    if lost.len() > STORIES {
        let _ = writeln!(text, "… {}\n", lost.len() - STORIES);
    }
    for scenario in results.scenarios().filter(|scenario| scenario.outcome() == Outcome::Flaky) {
        let (title, place) = (plain(&scenario.title), plain(&scenario.place.to_string()));
        let _ = writeln!(text, "- ≈ {title} <code>{place}</code>");
    }
    text
}

fn sign(scenario: &Scenario) -> &'static str {
    match scenario.outcome() {
        Outcome::Panicked => "!",
        Outcome::NotAsked => "?",
        _ => "✘",
    }
}

/// Escapes a text, so that it is neither Markdown nor HTML.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for letter in visible(text).replace('\n', " ").chars() {
        match letter {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '`' | '*' | '_' | '[' | ']' | '\\' | '|' | '#' | '~' | '!' => {
                let _ = write!(plain, "&#{};", u32::from(letter));
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Length of the longest run of backticks, at least 2: a fence one longer encloses the text.
fn longest_fence(text: &str) -> usize {
    text.split(|sign| sign != '`').map(str::len).max().unwrap_or_default().max(2)
}
