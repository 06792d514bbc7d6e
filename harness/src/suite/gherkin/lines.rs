//! Kinds of lines in a feature, recognised by their first word.

use gherkin::StepType;
use worlds::text::in_cyrillic;

use super::super::nearest;

/// Keyword with a colon, which begins a part of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Feature,
    Background,
    Rule,
    Scenario,
    Outline,
    Examples,
}

/// Keywords of one language, in the order of preference.
#[derive(Debug)]
pub(super) struct Language {
    parts: &'static [(&'static str, Part)],
    /// Keywords of steps. Those without a type («и», «но») continue the type of the step before.
    steps: &'static [(&'static str, Option<StepType>)],
}

/// Keywords of steps in Russian, each with its type.
const RUSSIAN_STEPS: &[(&str, Option<StepType>)] = &[
    ("Дано", Some(Given)),
    ("Когда", Some(When)),
    ("Тогда", Some(Then)),
    ("И", None),
    ("Но", None),
    ("Пусть", Some(Given)),
    ("Допустим", Some(Given)),
    ("Если", Some(When)),
    ("То", Some(Then)),
    ("Затем", Some(Then)),
    ("К тому же", None),
    ("Также", None),
    ("А", None),
    ("Иначе", None),
    ("*", None),
];

/// Keywords of steps in English, each with its type.
const ENGLISH_STEPS: &[(&str, Option<StepType>)] =
    &[("Given", Some(Given)), ("When", Some(When)), ("Then", Some(Then)), ("And", None), ("But", None), ("*", None)];

use Part::{Background, Examples, Feature, Outline, Rule, Scenario};
use StepType::{Given, Then, When};

/// Keywords as in <https://github.com/cucumber/gherkin>, and «Фича».
static RUSSIAN: Language = Language {
    parts: &[
        ("Функция", Feature),
        ("Функциональность", Feature),
        ("Функционал", Feature),
        ("Свойство", Feature),
        ("Фича", Feature),
        ("Предыстория", Background),
        ("Контекст", Background),
        ("Правило", Rule),
        ("Сценарий", Scenario),
        ("Пример", Scenario),
        ("Структура сценария", Outline),
        ("Шаблон сценария", Outline),
        ("Примеры", Examples),
    ],
    steps: RUSSIAN_STEPS,
};

static ENGLISH: Language = Language {
    parts: &[
        ("Feature", Feature),
        ("Business Need", Feature),
        ("Ability", Feature),
        ("Background", Background),
        ("Rule", Rule),
        ("Scenario", Scenario),
        ("Example", Scenario),
        ("Scenario Outline", Outline),
        ("Scenario Template", Outline),
        ("Examples", Examples),
        ("Scenarios", Examples),
    ],
    steps: ENGLISH_STEPS,
};

/// Keywords of a file of composed steps: each step is read as a scenario whose name is its sentence.
static RUSSIAN_COMPOSED: Language = Language { parts: &[("Шаг", Scenario)], steps: RUSSIAN_STEPS };
static ENGLISH_COMPOSED: Language = Language { parts: &[("Step", Scenario)], steps: ENGLISH_STEPS };

/// Kind of a Gherkin file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Scenarios of a feature.
    Feature,
    /// Definitions of composed steps.
    Composed,
}

/// Line without its indentation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    Blank,
    Comment(&'t str),
    Tags(&'t str),
    /// Kind of the part, keyword, name.
    Part(Part, &'static str, &'t str),
    /// Type of the step (`None` for «и», «но»), keyword, sentence.
    Step(Option<StepType>, &'static str, &'t str),
    Row(&'t str),
    /// Fence of a doc string: `"""` or three backticks.
    Fence(&'static str),
    Text(&'t str),
}

impl Language {
    /// Returns the language that `# language: …` names.
    pub(super) fn named(name: &str, kind: Kind) -> Option<&'static Self> {
        match (name, kind) {
            ("ru", Kind::Feature) => Some(&RUSSIAN),
            ("ru", Kind::Composed) => Some(&RUSSIAN_COMPOSED),
            ("en", Kind::Feature) => Some(&ENGLISH),
            ("en", Kind::Composed) => Some(&ENGLISH_COMPOSED),
            _ => None,
        }
    }

    /// Returns the language of a file without `# language: …`.
    pub(super) fn of(kind: Kind) -> &'static Self {
        match kind {
            Kind::Feature => &RUSSIAN,
            Kind::Composed => &RUSSIAN_COMPOSED,
        }
    }

    /// Keywords with a colon, in the order of preference.
    pub(super) fn part_words(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().map(|(keyword, _)| *keyword)
    }

    /// Keywords of steps, in the order of preference.
    pub(super) fn step_words(&self) -> impl Iterator<Item = &'static str> {
        self.steps.iter().map(|(keyword, _)| *keyword)
    }

    /// Returns the other language for the same kind of file.
    fn other(&self) -> &'static Self {
        let is = |known: &'static Self| std::ptr::eq(self, known);
        match () {
            () if is(&RUSSIAN) => &ENGLISH,
            () if is(&RUSSIAN_COMPOSED) => &ENGLISH_COMPOSED,
            () if is(&ENGLISH_COMPOSED) => &RUSSIAN_COMPOSED,
            () => &RUSSIAN,
        }
    }

    pub(super) fn line<'t>(&self, line: &'t str) -> Line<'t> {
        let line = line.trim();
        let fence = ["\"\"\"", "```"].into_iter().find(|fence| line.starts_with(fence));
        match line.chars().next() {
            None => Line::Blank,
            Some('#') => Line::Comment(line),
            Some('@') => Line::Tags(line),
            Some('|') => Line::Row(line),
            _ => match (fence, self.part(line), self.step(line)) {
                (Some(fence), ..) => Line::Fence(fence),
                (_, Some((part, keyword, name)), _) => Line::Part(part, keyword, name),
                (.., Some((kind, keyword, sentence))) => Line::Step(kind, keyword, sentence),
                _ => Line::Text(line),
            },
        }
    }

    fn part<'t>(&self, line: &'t str) -> Option<(Part, &'static str, &'t str)> {
        let (head, name) = line.split_once(':')?;
        let (keyword, part) = self.parts.iter().find(|(keyword, _)| *keyword == head)?;
        Some((*part, keyword, name.trim()))
    }

    fn step<'t>(&self, line: &'t str) -> Option<(Option<StepType>, &'static str, &'t str)> {
        self.steps.iter().find_map(|(keyword, kind)| {
            let rest = line.strip_prefix(keyword)?;
            let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
            ends.then(|| (*kind, *keyword, rest.trim()))
        })
    }

    /// Returns the keyword of a part that may be meant at the beginning of a line: «Сцинарий: …», «сценарий …».
    pub(super) fn part_like(&self, line: &str) -> Option<&'static str> {
        let head = line.split_once(':').map_or(line, |(head, _)| head);
        let words: Vec<_> = head.split_whitespace().collect();
        (1..=words.len().min(2)).rev().find_map(|count| {
            let written = words.get(..count)?.join(" ");
            near(&written, self.parts.iter().map(|(keyword, _)| *keyword)).map(|keyword| keyword.0)
        })
    }

    /// Returns the keyword of a step that may be meant at the beginning of a line, and the rest of the line.
    pub(super) fn step_like<'t>(&self, line: &'t str) -> Option<StepLike<'t>> {
        let (first, rest) = line.split_once(char::is_whitespace)?;
        let written = first.trim_end_matches([':', ',']);
        let known = self.steps.iter().map(|(keyword, _)| *keyword).filter(|keyword| keyword.chars().count() > 2);
        let (keyword, is_alike) = near(written, known)?;
        Some(StepLike { keyword, is_alike, written: first, rest: rest.trim() })
    }
}

/// Returns the keyword of a feature's part at the beginning of a line, in either language.
pub(super) fn of_a_feature(line: &str) -> Option<&'static str> {
    [&RUSSIAN, &ENGLISH].into_iter().find_map(|language| language.part(line)).map(|(_, keyword, _)| keyword)
}

/// Step whose keyword is misspelt.
#[derive(Debug)]
pub(super) struct StepLike<'t> {
    pub(super) keyword: &'static str,
    /// Whether Latin letters that look Cyrillic are the only mistake in the keyword.
    pub(super) is_alike: bool,
    pub(super) written: &'t str,
    pub(super) rest: &'t str,
}

/// Returns the nearest keyword, and whether it differs only in letters that look alike.
fn near(written: &str, known: impl Iterator<Item = &'static str> + Clone) -> Option<(&'static str, bool)> {
    let cyrillic = in_cyrillic(written);
    if let Some(same) = known.clone().find(|keyword| *keyword == cyrillic && *keyword != written) {
        return Some((same, true));
    }
    let small = cyrillic.to_lowercase();
    if let Some(same) = known.clone().find(|keyword| keyword.to_lowercase() == small) {
        return Some((same, false));
    }
    let near = nearest(written, known).filter(|near| *near != written)?;
    (strsim::damerau_levenshtein(&near.to_lowercase(), &small) <= 2).then_some((near, false))
}

/// Returns the keyword of the other language at the beginning of a line, and its counterpart in this language.
pub(super) fn foreign(own: &Language, line: &str) -> Option<(&'static str, &'static str)> {
    let other = own.other();
    let same_part = |part: Part| own.parts.iter().find(|(_, own)| *own == part).map(|(keyword, _)| *keyword);
    let same_step = |kind: Option<StepType>, written: &str| {
        let but = matches!(written, "But" | "Но" | "А");
        let fitting = own.steps.iter().filter(|(_, own)| *own == kind).map(|(keyword, _)| *keyword);
        fitting.clone().nth(usize::from(but)).or(fitting.clone().next())
    };
    match other.line(line) {
        Line::Part(part, keyword, _) => Some((keyword, same_part(part)?)),
        Line::Step(kind, keyword, _) if keyword != "*" => Some((keyword, same_step(kind, keyword)?)),
        _ => None,
    }
}

/// Splits a row into its cells and the text after the last `|`.
pub(super) fn cells(row: &str) -> (Vec<String>, &str) {
    let (mut cells, mut cell, mut rest) = (Vec::new(), String::new(), row.get(1..).unwrap_or_default());
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '|' => {
                cells.push(cell.trim().to_owned());
                cell.clear();
                rest = row.get(at + 2..).unwrap_or_default();
            }
            '\\' => match characters.next() {
                Some((_, 'n')) => cell.push('\n'),
                Some((_, escaped @ ('|' | '\\'))) => cell.push(escaped),
                Some((_, other)) => cell.extend(['\\', other]),
                None => cell.push('\\'),
            },
            other => cell.push(other),
        }
    }
    (cells, rest.trim())
}
