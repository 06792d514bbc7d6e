//! Unique names of scenarios that stay the same when lines move: for `JUnit`, Cucumber JSON and pictures.

use std::collections::{HashMap, HashSet};

use super::plan::{Feature, Scenario};

/// Maximum length of the parts of a picture's file name, in letters. A file name may have 255 bytes.
const OF_FILE: usize = 30;
const OF_SCENARIO: usize = 60;

/// Gives scenarios of the same name different titles: with the rule's name before it, an outline's values after it, and
/// a number if titles are still the same.
pub(super) fn tell_scenarios_apart(feature: &gherkin::Feature, scenarios: &mut [(Option<&str>, Scenario)]) {
    let rows = rows_of(feature);
    for (_, scenario) in scenarios.iter_mut().filter(|(_, scenario)| scenario.title.is_empty()) {
        scenario.title.clone_from(&scenario.keyword);
    }
    let title = |scenario: &mut Scenario, other: Option<String>| {
        if let Some(other) = other {
            scenario.title = other;
        }
    };
    let same = same(scenarios);
    for (rule, scenario) in scenarios.iter_mut().filter(|(_, scenario)| same.contains(&scenario.title)) {
        let with_rule = rule.filter(|rule| !rule.is_empty()).map(|rule| format!("{rule}: {}", scenario.title));
        title(scenario, with_rule);
    }
    let same = self::same(scenarios);
    for (_, scenario) in scenarios.iter_mut().filter(|(_, scenario)| same.contains(&scenario.title)) {
        let with_row = rows.get(&scenario.place.line).map(|row| format!("{} ({row})", scenario.title));
        title(scenario, with_row);
    }
    number(scenarios.iter_mut().map(|(_, scenario)| &mut scenario.title), " #");
}

/// Repeats each scenario a number of times, with the number of the repeat in its title.
pub(super) fn repeat(scenarios: &mut Vec<Scenario>, times: usize) {
    if times > 1 {
        let once = std::mem::take(scenarios);
        let all = once.into_iter().flat_map(|scenario| {
            let title = scenario.title.clone();
            (1..=times).map(move |number| Scenario { title: format!("{title} [{number}/{times}]"), ..scenario.clone() })
        });
        scenarios.extend(all);
    }
}

/// Titles that several scenarios share.
fn same(scenarios: &[(Option<&str>, Scenario)]) -> HashSet<String> {
    let mut seen = HashMap::<&str, usize>::new();
    for (_, scenario) in scenarios {
        *seen.entry(&scenario.title).or_default() += 1;
    }
    seen.into_iter().filter(|(_, times)| *times > 1).map(|(title, _)| title.to_owned()).collect()
}

/// Values of each row of an outline, by the row's line: «кто: Анна, срок: 2 дня».
fn rows_of(feature: &gherkin::Feature) -> HashMap<usize, String> {
    let scenarios = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios));
    let rows = scenarios.filter_map(|scenario| {
        let [names, values] = scenario.examples.first()?.table.as_ref()?.rows.as_slice() else { return None };
        let told: Vec<_> = names.iter().zip(values).map(|(name, value)| format!("{name}: {value}")).collect();
        Some((scenario.position.line, told.join(", ")))
    });
    rows.collect()
}

/// Gives features of the same name different titles, by adding their files.
pub(super) fn tell_features_apart(features: &mut [Feature]) {
    let mut seen = HashMap::<String, usize>::new();
    for feature in features.iter() {
        *seen.entry(feature.name.clone()).or_default() += 1;
    }
    for feature in features.iter_mut() {
        if feature.name.is_empty() || seen.get(&feature.name).is_some_and(|times| *times > 1) {
            feature.title = match feature.name.as_str() {
                "" => feature.file.clone(),
                name => format!("{name} ({})", feature.file),
            };
        }
    }
    number(features.iter_mut().map(|feature| &mut feature.title), " #");
}

/// Gives every scenario of a run a unique name for its files.
pub(super) fn name_pictures(features: &mut [Feature]) {
    for feature in features.iter_mut() {
        let file = std::path::Path::new(&feature.file).file_stem().unwrap_or_default().to_string_lossy();
        let file = slug(&file, OF_FILE);
        for scenario in &mut feature.scenarios {
            scenario.slug = format!("{file}-{}", slug(&scenario.title, OF_SCENARIO));
        }
    }
    number(features.iter_mut().flat_map(|feature| &mut feature.scenarios).map(|scenario| &mut scenario.slug), "-");
}

/// Letters and digits of a text in lower case, with a hyphen for anything between them.
pub(super) fn slug(text: &str, longest: usize) -> String {
    let mut slug = String::new();
    for letter in text.chars().flat_map(char::to_lowercase).take(longest) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Adds 2, 3, … to names that occur again.
fn number<'n>(names: impl Iterator<Item = &'n mut String>, before: &str) {
    let mut taken = HashSet::new();
    let mut last = HashMap::<String, usize>::new();
    for name in names {
        if taken.insert(name.clone()) {
            continue;
        }
        let plain = name.clone();
        let last = last.entry(plain.clone()).or_insert(1);
        while !taken.insert(name.clone()) {
            *last += 1;
            *name = format!("{plain}{before}{last}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cucumber::feature::Ext as _;
    use gherkin::GherkinEnv;

    use super::super::results::Results;
    use crate::suite::Suite;

    fn results(files: &[(&str, &str)]) -> Results {
        let features = files.iter().map(|(file, text)| {
            let mut feature = gherkin::Feature::parse(text, GherkinEnv::new("ru").unwrap()).unwrap();
            feature.path = Some(PathBuf::from(file));
            feature.expand_examples().unwrap()
        });
        Results::of(&Suite { features: features.collect(), ..Suite::default() })
    }

    fn titles(results: &Results) -> String {
        let lines = results.features.iter().flat_map(|feature| {
            feature
                .scenarios
                .iter()
                .map(move |scenario| format!("{} | {} | {}", feature.title, scenario.title, scenario.slug))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    const ONE: &str = "# language: ru\nФункция: вход\n  Сценарий: мама входит\n    Дано мир «а»\n  Сценарий: мама входит\n    \
                       Дано мир «а»\n  Структура сценария: <кто> входит\n    Дано мир «а»\n    Примеры:\n      | кто  |\n      \
                       | Анна |\n      | Олег |\n  Структура сценария: входят\n    Дано мир «<мир>»\n    Примеры:\n      \
                       | мир | срок |\n      | а   | день |\n      | б   | день |\n      | б   | день |\n  Правило: дети\n    \
                       Сценарий: мама входит\n      Дано мир «а»\n";
    const OTHER: &str = "# language: ru\nФункция: вход\n  Сценарий: мама входит\n    Дано мир «а»\n";

    #[test]
    fn every_scenario_has_a_title_and_a_picture_of_its_own() {
        let results = results(&[("my/вход.feature", ONE), ("other/вход.feature", OTHER)]);
        insta::assert_snapshot!(titles(&results), @"
        вход (my/вход.feature) | мама входит | вход-мама-входит
        вход (my/вход.feature) | мама входит #2 | вход-мама-входит-2
        вход (my/вход.feature) | Анна входит | вход-анна-входит
        вход (my/вход.feature) | Олег входит | вход-олег-входит
        вход (my/вход.feature) | входят (мир: а, срок: день) | вход-входят-мир-а-срок-день
        вход (my/вход.feature) | входят (мир: б, срок: день) | вход-входят-мир-б-срок-день
        вход (my/вход.feature) | входят (мир: б, срок: день) #2 | вход-входят-мир-б-срок-день-2
        вход (my/вход.feature) | дети: мама входит | вход-дети-мама-входит
        вход (other/вход.feature) | мама входит | вход-мама-входит-3
        ");
    }

    #[test]
    fn titles_outlive_edits_above_them() {
        let moved = ONE.replace("Функция: вход\n", "Функция: вход\n\n  Сценарий: новый\n    Дано мир «а»\n\n");
        let before = titles(&results(&[("a.feature", ONE)]));
        let after = titles(&results(&[("a.feature", &moved)]));
        assert_eq!(after.lines().skip(1).collect::<Vec<_>>(), before.lines().collect::<Vec<_>>());
    }

    #[test]
    fn a_long_name_still_is_the_name_of_a_file() {
        let long = "щ".repeat(400);
        let text = format!(
            "# language: ru\nФункция: а\n  Сценарий: {long}1\n    Дано мир «а»\n  Сценарий: {long}2\n    Дано мир «а»\n"
        );
        let results = results(&[(&format!("{long}.feature"), &text)]);
        let slugs: Vec<_> = results.scenarios().map(|scenario| scenario.slug.clone()).collect();
        assert!(slugs.iter().all(|slug| slug.len() < 200), "{slugs:?}");
        assert_ne!(slugs[0], slugs[1]);
    }
}
