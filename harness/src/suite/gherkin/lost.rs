//! What would be lost without a word: steps that Gherkin takes for a description, and parts that nothing plays.

use std::collections::HashMap;

use gherkin::{Feature, Scenario};

use super::{
    super::Diagnostic,
    document::{At, Described},
    lines::{Language, Line, foreign},
};
use crate::steps::{Found, canonical, find};

/// A line that is no Gherkin where it stands, with what may have been meant.
pub(super) fn no_gherkin(file: &str, language: &Language, place: (usize, usize), text: &str) -> Diagnostic {
    if let Some((written, own)) = foreign(language, text) {
        let message = format!("ключевое слово «{written}» — другого языка, чем файл");
        return Diagnostic::at(file, place, message).or([format!("«{own}»")]);
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let step = language.step_like(text).map(|like| format!("«{}» вместо «{}»", like.keyword, like.written));
    let part = || language.part_like(text).map(|keyword| format!("«{keyword}:» вместо «{}»", head(text)));
    let bare = || is_known(text).then(|| format!("«И {first} …»: шаг начинается с ключевого слова"));
    Diagnostic::at(file, place, format!("так Gherkin не пишут: «{text}»")).or(step.or_else(part).or_else(bare))
}

fn head(text: &str) -> &str {
    match text.split_once(':') {
        Some((head, _)) => text.get(..=head.len()).unwrap_or(text),
        None => text.split_whitespace().next().unwrap_or_default(),
    }
}

fn is_known(sentence: &str) -> bool {
    matches!(find(&canonical(sentence)), Found::Step(..))
}

/// Descriptions are free. Only where a step is known to be among them is a line refused: a keyword that differs in Latin
/// letters alone, or a misspelt one before a sentence of the vocabulary; steps without a scenario around them.
pub(super) fn steps(file: &str, language: &Language, described: &[Described], text: &str) -> Vec<Diagnostic> {
    let lines: Vec<_> = text.lines().collect();
    let follows = |place: usize| {
        let after = lines.get(place..).unwrap_or_default().iter();
        let written =
            after.map(|line| language.line(line)).find(|line| !matches!(line, Line::Blank | Line::Comment(_)));
        match written {
            Some(Line::Step(_, _, sentence)) => Some(is_known(sentence)),
            _ => None,
        }
    };
    let mut wrong = Vec::new();
    let mut told: Option<At> = None;
    for Described { at, place, text } in described {
        let lost = if matches!(at, At::Scenario | At::Background) {
            let misspelt = language.step_like(text).is_some_and(|like| like.is_alike || is_known(like.rest));
            misspelt || foreign(language, text).is_some_and(|_| is_foreign_step(text))
        } else {
            // «Сцинарий: …» before any step; «Пример того, …» before a step of the vocabulary alone.
            let part = language.part_like(text).is_some()
                && follows(place.0).is_some_and(|is_known| is_known || text.contains(':'));
            let step = matches!(language.line(text), Line::Step(_, _, sentence) if is_known(sentence));
            part || step || foreign(language, text).is_some_and(|_| text.contains(':') || is_foreign_step(text))
        };
        if !lost || told == Some(*at) && matches!(at, At::Feature | At::Rule) {
            continue;
        }
        told = Some(*at);
        let is_step = matches!(language.line(text), Line::Step(..));
        wrong.push(if is_step && matches!(at, At::Feature | At::Rule) {
            let message = format!("шаг стоит вне сценария: «{text}»");
            Diagnostic::at(file, *place, message).or(["строка «Сценарий: …» перед ним".to_owned()])
        } else {
            no_gherkin(file, language, *place, text)
        });
    }
    wrong
}

/// Whether what follows the first word is a sentence of the vocabulary.
fn is_foreign_step(text: &str) -> bool {
    text.split_once(char::is_whitespace).is_some_and(|(_, rest)| is_known(rest))
}

/// Parts that nothing plays, and scenarios that reports could not tell apart.
pub(super) fn unplayed(file: &str, feature: &Feature) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    let mut complain = |place: gherkin::LineCol, message: String| {
        wrong.push(Diagnostic::at(file, (place.line, place.col), message));
    };
    let backgrounds = feature.rules.iter().filter_map(|rule| rule.background.as_ref()).chain(&feature.background);
    for background in backgrounds.filter(|background| background.steps.is_empty()) {
        complain(background.position, "в предыстории нет шагов: напишите их или уберите её".to_owned());
    }
    for rule in feature.rules.iter().filter(|rule| rule.scenarios.is_empty()) {
        complain(rule.position, format!("в правиле «{}» нет ни одного сценария", rule.name));
    }
    if feature.scenarios.is_empty() && feature.rules.is_empty() {
        complain(feature.position, format!("в функции «{}» нет ни одного сценария", feature.name));
    }
    let mut names: HashMap<&str, usize> = HashMap::new();
    for scenario in feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios)) {
        if let Some(before) = names.insert(&scenario.name, scenario.position.line) {
            let message = format!(
                "сценарий «{}» уже есть, в строке {before}: в отчётах их не различить, назовите один иначе",
                scenario.name
            );
            complain(scenario.position, message);
        }
        if let Some((place, message)) = nothing(scenario) {
            complain(place, message);
        }
    }
    wrong
}

/// Why nothing of a scenario would be played.
fn nothing(scenario: &Scenario) -> Option<(gherkin::LineCol, String)> {
    if scenario.steps.is_empty() {
        let name = &scenario.name;
        return Some((scenario.position, format!("в сценарии «{name}» нет шагов: напишите их или уберите его")));
    }
    let is_outline = matches!(
        scenario.keyword.as_str(),
        "Структура сценария" | "Шаблон сценария" | "Scenario Outline" | "Scenario Template"
    );
    if is_outline && scenario.examples.is_empty() {
        return Some((
            scenario.position,
            "у структуры сценария нет примеров: после её шагов нужны «Примеры:»".to_owned(),
        ));
    }
    let empty =
        scenario.examples.iter().find(|examples| examples.table.as_ref().is_none_or(|table| table.rows.len() < 2))?;
    let message = match &empty.table {
        Some(_) => "в примерах одна строка, с названиями столбцов: под ней нужна хотя бы одна со значениями",
        None => "под «Примеры:» нет таблицы",
    };
    Some((empty.position, message.to_owned()))
}
