//! Finds steps that Gherkin would read as descriptions, and parts that no run would play.

use std::collections::HashMap;

use gherkin::{Feature, LineCol, Scenario};

use super::{
    super::{Diagnostic, composed::Vocabulary},
    document::{At, Described},
    lines::{Language, Line, foreign},
};
use crate::language::{pick, tr};

/// Context of a file in which lost lines are searched: its name, keywords and vocabulary.
#[derive(Clone, Copy)]
pub(super) struct Lost<'l> {
    pub(super) file: &'l str,
    pub(super) language: &'static Language,
    pub(super) vocabulary: &'l Vocabulary,
}

impl Lost<'_> {
    /// Diagnostic of a line that is not Gherkin at its place, with a hint about what may be meant.
    pub(super) fn no_gherkin(self, place: LineCol, text: &str) -> Diagnostic {
        let Self { file, language, vocabulary } = self;
        if let Some((written, own)) = foreign(language, text) {
            let message = tr!(
                "ключевое слово «{written}» — другого языка, чем файл",
                "the keyword \"{written}\" is of another language than the file"
            );
            return Diagnostic::at(file, place, message).or([format!("«{own}»")]);
        }
        let first = text.split_whitespace().next().unwrap_or_default();
        let step = language.step_like(text).map(|like| instead(like.keyword, like.written));
        let part = || language.part_like(text).map(|keyword| instead(&format!("{keyword}:"), head(text)));
        let bare = || {
            vocabulary.knows(text).then(|| {
                tr!("«И {first} …»: шаг начинается с ключевого слова", "\"И {first} …\": a step begins with a keyword")
            })
        };
        Diagnostic::at(file, place, tr!("так Gherkin не пишут: «{text}»", "this is not Gherkin: \"{text}\""))
            .or(step.or_else(part).or_else(bare))
    }

    /// Finds steps among the lines of descriptions, which are free text. A line is reported only if it is certainly
    /// meant as a step or a part: a keyword that differs in Latin letters only, a misspelt keyword before a sentence of
    /// the vocabulary, or a step outside of a scenario.
    pub(super) fn steps(self, described: &[Described], text: &str) -> Vec<Diagnostic> {
        let Self { file, language, vocabulary } = self;
        let is_known = |sentence: &str| vocabulary.knows(sentence);
        // Checks whether the text after the first word is a sentence of the vocabulary.
        let is_foreign_step = |text: &str| text.split_once(char::is_whitespace).is_some_and(|(_, rest)| is_known(rest));
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
                // «Сцинарий: …» is reported before any step, «Пример того, …» only before a step of the vocabulary.
                let part = language.part_like(text).is_some()
                    && follows(place.line).is_some_and(|is_known| is_known || text.contains(':'));
                let step = matches!(language.line(text), Line::Step(_, _, sentence) if is_known(sentence));
                part || step || foreign(language, text).is_some_and(|_| text.contains(':') || is_foreign_step(text))
            };
            if !lost || told == Some(*at) && matches!(at, At::Feature | At::Rule) {
                continue;
            }
            told = Some(*at);
            let is_step = matches!(language.line(text), Line::Step(..));
            wrong.push(if is_step && matches!(at, At::Feature | At::Rule) {
                let message = tr!("шаг стоит вне сценария: «{text}»", "a step outside of a scenario: \"{text}\"");
                Diagnostic::at(file, *place, message)
                    .or([tr!("строка «Сценарий: …» перед ним", "a line \"Сценарий: …\" before it")])
            } else {
                self.no_gherkin(*place, text)
            });
        }
        wrong
    }
}

fn head(text: &str) -> &str {
    match text.split_once(':') {
        Some((head, _)) => text.get(..=head.len()).unwrap_or(text),
        None => text.split_whitespace().next().unwrap_or_default(),
    }
}

/// Hint that one word is meant instead of another.
fn instead(meant: &str, written: &str) -> String {
    tr!("«{meant}» вместо «{written}»", "\"{meant}\" instead of \"{written}\"")
}

/// Reports parts that no run would play, and scenarios that reports could not tell apart.
pub(super) fn unplayed(file: &str, feature: &Feature) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    let mut complain = |place: LineCol, message: String| {
        wrong.push(Diagnostic::at(file, place, message));
    };
    let backgrounds = feature.rules.iter().filter_map(|rule| rule.background.as_ref()).chain(&feature.background);
    for background in backgrounds.filter(|background| background.steps.is_empty()) {
        complain(
            background.position,
            tr!(
                "в предыстории нет шагов: напишите их или уберите её",
                "the background has no steps: write some or remove it"
            ),
        );
    }
    for rule in feature.rules.iter().filter(|rule| rule.scenarios.is_empty()) {
        complain(
            rule.position,
            tr!("в правиле «{}» нет ни одного сценария", "the rule \"{}\" has no scenario", rule.name),
        );
    }
    if feature.scenarios.is_empty() && feature.rules.is_empty() {
        complain(
            feature.position,
            tr!("в функции «{}» нет ни одного сценария", "the feature \"{}\" has no scenario", feature.name),
        );
    }
    let mut names: HashMap<&str, usize> = HashMap::new();
    for scenario in feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios)) {
        if let Some(before) = names.insert(&scenario.name, scenario.position.line) {
            let message = tr!(
                "сценарий «{}» уже есть, в строке {before}: в отчётах их не различить, назовите один иначе",
                "there is a scenario \"{}\" already, in line {before}: reports could not tell them apart, rename one",
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

/// Reason why nothing of a scenario would be played, with its place.
fn nothing(scenario: &Scenario) -> Option<(LineCol, String)> {
    if scenario.steps.is_empty() {
        let name = &scenario.name;
        return Some((
            scenario.position,
            tr!(
                "в сценарии «{name}» нет шагов: напишите их или уберите его",
                "the scenario \"{name}\" has no steps: write some or remove it"
            ),
        ));
    }
    let is_outline = matches!(
        scenario.keyword.as_str(),
        "Структура сценария" | "Шаблон сценария" | "Scenario Outline" | "Scenario Template"
    );
    if is_outline && scenario.examples.is_empty() {
        return Some((
            scenario.position,
            tr!(
                "у структуры сценария нет примеров: после её шагов нужны «Примеры:»",
                "the scenario outline has no examples: \"Примеры:\" is needed after its steps"
            ),
        ));
    }
    let empty =
        scenario.examples.iter().find(|examples| examples.table.as_ref().is_none_or(|table| table.rows.len() < 2))?;
    let message = match &empty.table {
        Some(_) => pick(
            "в примерах одна строка, с названиями столбцов: под ней нужна хотя бы одна со значениями",
            "the examples are one row, the names of columns: at least one row of values is needed below",
        ),
        None => pick("под «Примеры:» нет таблицы", "there is no table under \"Примеры:\""),
    };
    Some((empty.position, message.to_owned()))
}
