//! Features of a suite that changed files concern.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::suite::Suite;

/// Features to play after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concerned {
    /// All scenarios of the suite.
    All,
    /// These feature files, named as in the suite; empty if the change concerns none.
    Features(BTreeSet<String>),
}

/// Returns the features that changed files concern: a feature concerns itself, a seed those that use it, any other file
/// all.
pub fn concerned(suite: &Suite, changed: &BTreeSet<PathBuf>) -> Concerned {
    let mut features = BTreeSet::new();
    for path in changed {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("feature") => features.extend(names(suite).filter(|name| is_same(Path::new(name), path))),
            Some("yaml" | "yml") if is_of_worlds(path) => {
                features.extend(callers(suite, path));
            }
            _ => return Concerned::All,
        }
    }
    Concerned::Features(features)
}

fn names(suite: &Suite) -> impl Iterator<Item = String> {
    suite.features.iter().filter_map(|feature| feature.path.as_ref()).map(|path| path.display().to_string())
}

/// Returns the features that use a seed. If none does, the file may be a profile that a seed names, so that all
/// features next to its folder are returned.
fn callers(suite: &Suite, path: &Path) -> BTreeSet<String> {
    let calls = suite.seeds.keys().filter(|(feature, seed)| is_seed(feature, seed, path));
    let calls: BTreeSet<_> = calls.map(|(feature, _)| feature.clone()).collect();
    if calls.is_empty() { names(suite).filter(|feature| is_beside(feature, path)).collect() } else { calls }
}

fn is_of_worlds(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("worlds"))
}

/// Checks whether a file is, or was, the seed of this name for a feature.
fn is_seed(feature: &str, name: &str, path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == name) && is_beside(feature, path)
}

/// Checks whether a file is in the folder `worlds` of a feature.
fn is_beside(feature: &str, path: &Path) -> bool {
    let folder = Path::new(feature).parent().unwrap_or(Path::new(""));
    path.parent().and_then(Path::parent).is_some_and(|of| is_same(of, folder))
}

/// Checks whether two paths are the same, even if the file does not exist any more.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
    };
    one == other || whole(one) == whole(other)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_feature_concerns_itself_a_seed_those_that_call_it_and_others_all() {
        let feature = |name: &str| {
            let text = "Feature: a\n  Scenario: b\n    Given c\n";
            let mut feature = gherkin::Feature::parse(text, gherkin::GherkinEnv::default()).unwrap();
            feature.path = Some(PathBuf::from(name));
            feature
        };
        let key = |feature: &str, seed: &str| ((feature.to_owned(), seed.to_owned()), Value::Null);
        let suite = Suite {
            features: vec![feature("my/a.feature"), feature("my/b.feature"), feature("c.feature")],
            seeds: [key("my/a.feature", "школа"), key("my/b.feature", "школа"), key("c.feature", "школа")].into(),
            ..Suite::default()
        };
        let of = |paths: &[&str]| concerned(&suite, &paths.iter().map(PathBuf::from).collect());
        let features = |names: &[&str]| Concerned::Features(names.iter().map(|name| (*name).to_owned()).collect());
        let whole = std::path::absolute("my/a.feature").unwrap();
        assert_eq!(of(&[whole.to_str().unwrap()]), features(&["my/a.feature"]));
        assert_eq!(of(&["my/worlds/школа.yaml"]), features(&["my/a.feature", "my/b.feature"]));
        assert_eq!(of(&["worlds/школа.yml", "my/b.feature"]), features(&["c.feature", "my/b.feature"]));
        assert_eq!(of(&["my/worlds/профиль.yaml"]), features(&["my/a.feature", "my/b.feature"]));
        assert_eq!(of(&["gone.feature"]), features(&[]));
        assert_eq!(of(&["my/a.feature", "mine.yaml"]), Concerned::All);
        assert_eq!(of(&["my/common.steps"]), Concerned::All);
    }
}
