//! Suite: the features and seeds of a run, read and checked.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
};

use gherkin::LineCol;
use serde_json::Value;

use super::{
    Diagnostic, File, NotPossible, SourceLocation, Tags,
    feature::{self, Shared},
    files::{Wanted, gather},
    nearest,
    nesting::Nesting,
    rules, seed,
    vocabularies::Vocabularies,
};
use crate::language::tr;

/// Features of a run with their seeds, composed steps and rules.
#[derive(Debug, Default)]
pub struct Suite {
    /// The features, with outlines expanded.
    pub features: Vec<gherkin::Feature>,
    /// Seeds by the feature's file name and the world's name.
    pub seeds: HashMap<(String, String), Value>,
    /// Steps of the features that stand within composed steps.
    pub nesting: Nesting,
    /// Rules that the scenarios prove: tag without `@`, and title, in the order of `rules.yaml`.
    pub rules: Vec<(String, String)>,
    /// Scenarios that a side of the run cannot play, each with the reason; they are reported and not played.
    pub not_possible: BTreeMap<SourceLocation, NotPossible>,
}

impl Suite {
    /// Reads the features at the paths (files, folders), or those built into the program if there are no paths.
    ///
    /// # Errors
    /// Returns all mistakes in the files, in order.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Vec<Diagnostic>> {
        let files = gather(paths)?;
        let (mut suite, mut shared, mut wrong) = (Self::default(), shared(paths), Vec::new());
        match rules::of(paths) {
            Ok(rules) => suite.rules = rules,
            Err(diagnostics) => wrong.extend(diagnostics),
        }
        for Wanted { file, lines } in files.iter().filter(|wanted| wanted.file.is_feature()) {
            match feature::read(file, &mut shared).and_then(|read| tagged(file, read, &suite.rules, paths)) {
                Ok(read) => match at_lines(file, read, lines) {
                    Ok(feature) => suite.features.push(feature),
                    Err(diagnostic) => wrong.push(diagnostic),
                },
                Err(diagnostics) => tell(&mut wrong, diagnostics),
            }
        }
        (suite.seeds, suite.nesting) = (shared.seeds, shared.nesting);
        if suite.features.is_empty() && wrong.is_empty() {
            let shown: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
            wrong.push(Diagnostic::of_file(
                &shown.join(", "),
                tr!("здесь нет файлов .feature", "there are no .feature files here"),
            ));
        }
        if wrong.is_empty() { Ok(suite) } else { Err(wrong) }
    }

    /// Keeps the scenarios that a tag expression chooses; all of them without an expression.
    #[must_use]
    pub fn only(self, tags: Option<&Tags>) -> Self {
        let Some(tags) = tags else { return self };
        let chosen = self.scenarios().filter(|(_, own, _)| tags.choose(own.iter().copied()));
        let chosen = chosen.map(|(feature, _, scenario)| SourceLocation::of(feature, scenario)).collect();
        self.at(&chosen)
    }

    /// Keeps the scenarios at these places; a row of an outline is a scenario of its own.
    #[must_use]
    pub fn at(mut self, places: &BTreeSet<SourceLocation>) -> Self {
        for feature in &mut self.features {
            let bare = gherkin::Feature { scenarios: Vec::new(), rules: Vec::new(), ..feature.clone() };
            let chosen = |scenario: &gherkin::Scenario| places.contains(&SourceLocation::of(&bare, scenario));
            feature.scenarios.retain(chosen);
            feature.rules.iter_mut().for_each(|rule| rule.scenarios.retain(chosen));
            feature.rules.retain(|rule| !rule.scenarios.is_empty());
        }
        self.features.retain(|feature| !feature.scenarios.is_empty() || !feature.rules.is_empty());
        self
    }

    /// Returns each scenario with its tags (without `@`), including those of its feature and rule.
    pub fn scenarios(&self) -> impl Iterator<Item = (&gherkin::Feature, Vec<&String>, &gherkin::Scenario)> {
        self.features.iter().flat_map(|feature| {
            let own = feature.scenarios.iter().map(|scenario| (None, scenario));
            let of_rules =
                feature.rules.iter().flat_map(|rule| rule.scenarios.iter().map(move |own| (Some(rule), own)));
            own.chain(of_rules).map(move |(rule, scenario)| {
                let of_rule = rule.into_iter().flat_map(|rule| &rule.tags);
                (feature, feature.tags.iter().chain(of_rule).chain(&scenario.tags).collect(), scenario)
            })
        })
    }

    /// Number of scenarios; each row of examples counts as one.
    pub fn count(&self) -> usize {
        self.features.iter().map(cucumber::feature::Ext::count_scenarios).sum()
    }
}

/// State shared by the features at the paths. Features built into the program have no files of composed steps.
fn shared(paths: &[PathBuf]) -> Shared {
    let vocabularies = if paths.is_empty() { Vocabularies::default() } else { Vocabularies::on_disk() };
    Shared { vocabularies, ..Shared::default() }
}

/// Adds diagnostics, each once: features may use the same file.
fn tell(wrong: &mut Vec<Diagnostic>, found: Vec<Diagnostic>) {
    for new in found {
        if !wrong.contains(&new) {
            wrong.push(new);
        }
    }
}

/// Returns the feature with the scenarios at these lines; with all of them if there are no lines, or if every line
/// stands before the first scenario.
fn at_lines(file: &File, read: feature::Read, lines: &[usize]) -> Result<gherkin::Feature, Diagnostic> {
    let feature::Read { mut feature, extents, .. } = read;
    let first = extents.iter().map(|(first, _)| *first).min().unwrap_or(1);
    if lines.iter().all(|line| *line < first) && (lines.is_empty() || !lines.contains(&0)) {
        return Ok(feature);
    }
    let own = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios));
    let places: Vec<_> = own.map(|scenario| scenario.position.line).collect();
    let mut chosen = std::collections::HashSet::<usize>::new();
    for line in lines {
        // The line of an examples row chooses that row; any other line of a scenario chooses the whole scenario.
        let extent = extents.iter().find(|(first, last)| first <= line && line <= last);
        let within = |place: &&usize| match extent {
            Some((first, last)) => first <= *place && *place <= last,
            None => false,
        };
        let exact: Vec<_> = places.iter().filter(|place| *place == line).collect();
        let found = if exact.is_empty() { places.iter().filter(within).collect() } else { exact };
        if found.is_empty() {
            let lines: Vec<_> = extents.iter().map(|(first, _)| first.to_string()).collect();
            let message = tr!(
                "в строке {line} сценария нет; сценарии начинаются в строках {}",
                "there is no scenario in line {line}; scenarios begin in lines {}",
                lines.join(", ")
            );
            return Err(Diagnostic::at(&file.name, LineCol { line: *line, col: 1 }, message));
        }
        chosen.extend(found);
    }
    let keep = |scenario: &gherkin::Scenario| chosen.contains(&scenario.position.line);
    feature.scenarios.retain(keep);
    feature.rules.iter_mut().for_each(|rule| rule.scenarios.retain(keep));
    feature.rules.retain(|rule| !rule.scenarios.is_empty());
    Ok(feature)
}

/// Reports tags that look like those of rules but name none: such a tag would prove nothing.
pub(super) fn tagged(
    file: &File,
    read: feature::Read,
    rules: &[(String, String)],
    paths: &[PathBuf],
) -> Result<feature::Read, Vec<Diagnostic>> {
    if !paths.is_empty() && !rules::are_beside(paths) {
        return Ok(read);
    }
    let unnumbered = |tag: &str| tag.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let is_rule = |tag: &str| rules.iter().any(|(rule, _)| rule == tag);
    let looks = |tag: &str| {
        tag.contains(|c: char| c.is_ascii_digit()) && rules.iter().any(|(rule, _)| unnumbered(rule) == unnumbered(tag))
    };
    let lost = read.tags.iter().filter(|(_, tag)| looks(tag) && !is_rule(tag));
    let wrong: Vec<_> = lost
        .map(|(place, tag)| {
            let near = nearest(tag, rules.iter().map(|(rule, _)| rule.as_str())).map(|rule| format!("@{rule}"));
            let message = tr!(
                "правила «{tag}» нет в rules.yaml: тег ничего не докажет",
                "there is no rule \"{tag}\" in rules.yaml: the tag would prove nothing"
            );
            Diagnostic::at(&file.name, *place, message).or(near)
        })
        .collect();
    if wrong.is_empty() { Ok(read) } else { Err(wrong) }
}

/// Checks features and seeds as a run does. Returns the number of files and all mistakes.
pub fn check(paths: &[PathBuf]) -> (usize, Vec<Diagnostic>) {
    let files = match gather(paths) {
        Ok(files) => files,
        Err(wrong) => return (0, wrong),
    };
    let (mut shared, mut wrong) = (shared(paths), Vec::new());
    let rules = rules::of(paths).unwrap_or_else(|diagnostics| {
        wrong.extend(diagnostics);
        Vec::new()
    });
    for Wanted { file, lines } in &files {
        let found = if file.is_feature() {
            let read = feature::read(file, &mut shared).and_then(|read| tagged(file, read, &rules, paths));
            read.and_then(|read| at_lines(file, read, lines).map_err(|wrong| vec![wrong])).err()
        } else if file.is_steps() {
            shared.vocabularies.of(&file.name).err()
        } else if rules::is_one(file) {
            None
        } else if file.is_seed() {
            seed::read(file).err()
        } else {
            Some(vec![Diagnostic::of_file(
                &file.name,
                tr!("это не .feature, не .steps и не .yaml", "it is neither .feature nor .steps nor .yaml"),
            )])
        };
        tell(&mut wrong, found.unwrap_or_default());
    }
    (files.len(), wrong)
}
