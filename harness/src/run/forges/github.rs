//! A job at GitHub Actions: workflow commands on standard output, and the summary of the step in Markdown.

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

/// How many stories stand in a summary, which may have 1 MiB.
const STORIES: usize = 40;
/// Longest story in a summary, letters.
const STORY: usize = 6_000;

/// The job in which the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Github {
    /// File to which the step's summary is appended, where the runner names one.
    pub summary: Option<PathBuf>,
    /// Folder of the checkout, from which annotations name their files.
    pub workspace: Option<PathBuf>,
    /// Folder from which the run names its files.
    pub folder: PathBuf,
}

impl Github {
    /// By the variables that the runner sets; `None` elsewhere.
    pub fn of(variable: &dyn Fn(&str) -> Option<OsString>, folder: PathBuf) -> Option<Self> {
        let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let runs_there = variable("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let (summary, workspace) = (path("GITHUB_STEP_SUMMARY"), path("GITHUB_WORKSPACE"));
        runs_there.then_some(Self { summary, workspace, folder })
    }

    /// A line for each scenario that did not pass, or not at once.
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

    /// A file as the checkout names it.
    fn file(&self, file: &str) -> String {
        let whole = self.folder.join(file);
        let within = self.workspace.as_ref().and_then(|workspace| whole.strip_prefix(workspace).ok());
        within.map_or_else(|| file.to_owned(), |path: &Path| path.display().to_string())
    }

    /// Appends the summary.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(in super::super) fn append(file: &Path, results: &Results, rules: &Coverage) -> io::Result<()> {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(file)?;
        file.write_all(markdown(results, rules).as_bytes())
    }
}

/// A value of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
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

/// A text that is no Markdown and no HTML.
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

/// The longest row of backticks, three at least less one.
fn longest_fence(text: &str) -> usize {
    text.split(|sign| sign != '`').map(str::len).max().unwrap_or_default().max(2)
}
