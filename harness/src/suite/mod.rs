//! Features and seeds: found on disk or inside the program, read, and checked before anything runs.

pub mod clients;
mod diagnostic;
mod feature;
mod files;
mod places;
mod rules;
pub mod seed;
mod tags;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, path::PathBuf};

use serde::Serialize;
use serde_json::Value;

pub use diagnostic::{Diagnostic, nearest};
pub use files::{File, embedded, gather, seed_of};
pub use tags::Tags;

/// Everything that a run needs to know.
#[derive(Debug, Default)]
pub struct Suite {
    /// Features with outlines expanded.
    pub features: Vec<gherkin::Feature>,
    /// Seeds by feature file and name.
    pub seeds: HashMap<(String, String), Value>,
    /// What the scenarios prove: tags, written without `@`, and what each stands for, in the order of `rules.yaml`.
    pub rules: Vec<(String, String)>,
}

/// Where a scenario stands; each row of an outline's examples stands for itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The feature file, as it is named in messages.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Place {
    /// Of a scenario whose outline was expanded.
    pub fn of(feature: &gherkin::Feature, scenario: &gherkin::Scenario) -> Self {
        let file = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        Self { file, line: scenario.position.line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Suite {
    /// Reads the features at the paths (files, folders), or those inside the program when there are none.
    ///
    /// # Errors
    /// Everything that is wrong with them, in order.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Vec<Diagnostic>> {
        let files = gather(paths)?;
        let (mut suite, mut wrong) = (Self::default(), Vec::new());
        match rules::of(paths) {
            Ok(rules) => suite.rules = rules,
            Err(diagnostics) => wrong.extend(diagnostics),
        }
        for file in files.iter().filter(|file| file.is_feature()) {
            match feature::read(file, &mut suite.seeds) {
                Ok(feature) => suite.features.push(feature),
                Err(diagnostics) => wrong.extend(diagnostics),
            }
        }
        if suite.features.is_empty() && wrong.is_empty() {
            let shown: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
            wrong.push(Diagnostic::of_file(&shown.join(", "), "здесь нет файлов .feature".to_owned()));
        }
        if wrong.is_empty() { Ok(suite) } else { Err(wrong) }
    }

    /// Keeps the scenarios that the tags choose.
    #[must_use]
    pub fn only(mut self, tags: Option<&Tags>) -> Self {
        let Some(tags) = tags else { return self };
        for feature in &mut self.features {
            let of_feature = feature.tags.clone();
            feature.scenarios.retain(|scenario| tags.choose(of_feature.iter().chain(&scenario.tags)));
            for rule in &mut feature.rules {
                let of_rule: Vec<_> = of_feature.iter().chain(&rule.tags).cloned().collect();
                rule.scenarios.retain(|scenario| tags.choose(of_rule.iter().chain(&scenario.tags)));
            }
            feature.rules.retain(|rule| !rule.scenarios.is_empty());
        }
        self.features.retain(|feature| !feature.scenarios.is_empty() || !feature.rules.is_empty());
        self
    }

    /// Every scenario with all tags that it has, also of its feature and rule, written without `@`.
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

    /// How many scenarios there are.
    pub fn count(&self) -> usize {
        self.features.iter().map(cucumber::feature::Ext::count_scenarios).sum()
    }
}

/// Checks features and seeds: how many files there were, and everything that is wrong with them.
pub fn check(paths: &[PathBuf]) -> (usize, Vec<Diagnostic>) {
    let files = match gather(paths) {
        Ok(files) => files,
        Err(wrong) => return (0, wrong),
    };
    let (mut seeds, mut wrong) = (HashMap::new(), rules::of(paths).err().unwrap_or_default());
    for file in &files {
        let found = if file.is_feature() {
            feature::read(file, &mut seeds).err()
        } else if file.is_seed() {
            seed::read(file).err()
        } else {
            Some(vec![Diagnostic::of_file(&file.name, "это не .feature и не .yaml".to_owned())])
        };
        for new in found.into_iter().flatten() {
            if !wrong.contains(&new) {
                wrong.push(new);
            }
        }
    }
    (files.len(), wrong)
}
