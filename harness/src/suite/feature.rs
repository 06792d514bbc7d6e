//! A feature file: read, its outlines expanded, its sentences and names looked up.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

use cucumber::feature::Ext as _;
use gherkin::{Feature, GherkinEnv};
use serde_json::Value;

use super::{Diagnostic, File, nearest, seed, seed_of};
use crate::steps::{Found, find, people_of};

type Seeds = HashMap<(String, String), Value>;

/// Reads a feature and the seeds that it calls.
pub(super) fn read(file: &File, seeds: &mut Seeds) -> Result<Feature, Vec<Diagnostic>> {
    let mut feature = parse(file).map_err(|diagnostic| vec![diagnostic])?;
    feature.path = Some(PathBuf::from(&file.name));
    let feature = feature.expand_examples().map_err(|error| {
        let message = format!("в таблице примеров нет столбца <{}>", error.name);
        vec![Diagnostic::at(&file.name, (error.pos.line, error.pos.col), message)]
    })?;
    let mut check = Check { file: &file.name, seeds, seen: BTreeSet::new(), wrong: Vec::new() };
    check.feature(&feature);
    check.descriptions(&feature, &file.text);
    if check.wrong.is_empty() { Ok(feature) } else { Err(check.wrong) }
}

fn parse(file: &File) -> Result<Feature, Diagnostic> {
    let language = GherkinEnv::new("ru").unwrap_or_default();
    Feature::parse(&file.text, language).map_err(|error| {
        // The line is private to the crate; its text is not.
        let text = error.to_string();
        let number = text.split(|c: char| !c.is_ascii_digit()).find_map(|number| number.parse().ok()).unwrap_or(1);
        let lines: Vec<_> = (1..).zip(file.text.lines()).filter(|(_, line)| is_written(line)).collect();
        // A parser that stops at a right line means an earlier one.
        let wrong = |(at, line): &&(usize, &str)| *at <= number && keyword_of(line).is_none();
        let Some((number, line)) = lines.iter().rev().find(wrong).or(lines.first()).copied() else {
            return Diagnostic::of_file(&file.name, "в файле нет ни одного сценария".to_owned());
        };
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        let message = format!("так Gherkin не пишут: «{}»", line.trim());
        Diagnostic::at(&file.name, (number, indent + 1), message).or(keyword_like(line))
    })
}

const KEYWORDS: [&str; 17] = [
    "Функция:",
    "Предыстория:",
    "Правило:",
    "Сценарий:",
    "Структура сценария:",
    "Примеры:",
    "Дано",
    "Пусть",
    "Допустим",
    "Когда",
    "Если",
    "Тогда",
    "То",
    "И",
    "Но",
    "@",
    "|",
];

fn is_written(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

/// The keyword that a line begins with.
fn keyword_of(line: &str) -> Option<&'static str> {
    let fits = |keyword: &&&str| {
        let rest = line.trim_start().strip_prefix(**keyword);
        rest.is_some_and(|rest| keyword.ends_with([':', '@', '|']) || rest.starts_with(' '))
    };
    KEYWORDS.iter().find(fits).copied()
}

/// The keyword that a line may have been meant to begin with.
fn keyword_like(line: &str) -> Option<String> {
    let first = line.split_whitespace().next()?;
    let near = nearest(first, KEYWORDS).filter(|near| *near != first);
    near.map(|keyword| format!("«{keyword}» вместо «{first}»"))
}

struct Check<'c> {
    file: &'c str,
    seeds: &'c mut Seeds,
    /// Places already complained about: the rows of an outline share its steps.
    seen: BTreeSet<(usize, usize)>,
    wrong: Vec<Diagnostic>,
}

impl Check<'_> {
    fn feature(&mut self, feature: &Feature) {
        let before: Vec<_> = feature.background.iter().flat_map(|background| &background.steps).collect();
        for scenario in &feature.scenarios {
            self.scenario(before.iter().copied().chain(&scenario.steps), scenario);
        }
        for rule in &feature.rules {
            let own = rule.background.iter().flat_map(|background| &background.steps);
            let before: Vec<_> = before.iter().copied().chain(own).collect();
            for scenario in &rule.scenarios {
                self.scenario(before.iter().copied().chain(&scenario.steps), scenario);
            }
        }
    }

    /// A misspelt «Сценарий:» after «Функция:» is a description for Gherkin, and its scenario is lost without a word.
    fn descriptions(&mut self, feature: &Feature, text: &str) {
        let scenarios = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios));
        let of_rules = feature.rules.iter().filter_map(|rule| rule.description.as_ref());
        let of_scenarios = scenarios.clone().filter_map(|scenario| scenario.description.as_ref());
        let descriptions: Vec<_> = feature.description.iter().chain(of_rules).chain(of_scenarios).collect();
        for (number, line) in (1..).zip(text.lines()) {
            let first = line.split_whitespace().next().unwrap_or_default();
            let described = descriptions.iter().any(|text| text.lines().any(|own| own.trim() == line.trim()));
            let Some(meant) = keyword_like(line).filter(|_| first.ends_with(':') && described) else { continue };
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            let message = format!("так Gherkin не пишут: «{}»", line.trim());
            self.wrong.push(Diagnostic::at(self.file, (number, indent + 1), message).or([meant]));
        }
        if scenarios.count() == 0 && self.wrong.is_empty() {
            self.wrong.push(Diagnostic::of_file(self.file, "в файле нет ни одного сценария".to_owned()));
        }
    }

    fn scenario<'s>(&mut self, steps: impl Iterator<Item = &'s gherkin::Step>, scenario: &gherkin::Scenario) {
        let mut people: Option<Vec<String>> = None;
        for (index, step) in steps.enumerate() {
            let (known, values) = match find(&step.value) {
                Found::Step(known, values) => (known, values),
                Found::Unknown(near) => {
                    let near = near.into_iter().map(|step| step.pattern.to_owned());
                    self.complain(step, format!("такого шага нет: «{}»", step.value), near.collect());
                    continue;
                }
            };
            if known.pattern.starts_with("мир ") {
                people = self.world(step, values.first().map_or("", String::as_str));
            } else if index == 0 {
                self.complain(
                    step,
                    format!("сценарий «{}» начинается не с мира", scenario.name),
                    vec!["Дано мир «…»".to_owned()],
                );
            }
            let Some(people) = &people else { continue };
            for who in people_of(known, &values) {
                if !people.contains(&who.to_lowercase()) {
                    let near = nearest(&who.to_lowercase(), people.iter().map(String::as_str)).map(str::to_owned);
                    self.complain(step, format!("в мире нет человека «{who}»"), near.into_iter().collect());
                }
            }
        }
    }

    /// Reads the seed; gives the keys of its people.
    fn world(&mut self, step: &gherkin::Step, name: &str) -> Option<Vec<String>> {
        let key = (self.file.to_owned(), name.to_owned());
        if !self.seeds.contains_key(&key) {
            let file = match seed_of(self.file, name) {
                Ok(file) => file,
                Err(near) => {
                    self.complain(step, format!("мира «{name}» нет в папке worlds"), near.into_iter().collect());
                    return None;
                }
            };
            match seed::read(&file) {
                Ok(seed) => self.seeds.insert(key.clone(), seed),
                Err(diagnostics) => {
                    let new = diagnostics.into_iter().filter(|new| !self.wrong.contains(new)).collect::<Vec<_>>();
                    self.wrong.extend(new);
                    return None;
                }
            };
        }
        let people = self.seeds.get(&key)?.pointer("/gosuslugi/people")?.as_object()?;
        Some(people.keys().map(|key| key.to_lowercase()).collect())
    }

    fn complain(&mut self, step: &gherkin::Step, message: String, hints: Vec<String>) {
        let place = (step.position.line, step.position.col);
        if self.seen.insert(place) {
            self.wrong.push(Diagnostic::at(self.file, place, message).or(hints));
        }
    }
}
