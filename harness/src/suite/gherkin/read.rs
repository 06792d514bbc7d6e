//! Reader of Gherkin files: puts the lines of a file together into a feature.

use std::{collections::HashMap, mem};

use gherkin::{Background, Examples, Feature, LineCol, Rule, Scenario, Step, StepType, Table};

use super::{
    super::{Diagnostic, File, composed::Vocabulary},
    document::{At, Described, Document},
    lines::{Kind, Language, Line, Part, cells, of_a_feature},
    lost,
};
use crate::language::tr;

/// Reads a feature, whose scenarios may use the steps of a vocabulary.
///
/// # Errors
/// Returns everything that is not Gherkin, that would not be played, or that would be left out, each at its line.
pub(in super::super) fn read(file: &File, vocabulary: &Vocabulary) -> Result<Document, Vec<Diagnostic>> {
    let mut reader = Reader::new(&file.name, Kind::Feature, vocabulary);
    reader.lines(file);
    reader.end(file)
}

/// Reads a file of composed steps as one scenario for each, whose name is the step's sentence.
///
/// # Errors
/// Returns everything that is not Gherkin, or that belongs to no step, each at its line.
pub(in super::super) fn read_composed(file: &File, vocabulary: &Vocabulary) -> Result<Document, Vec<Diagnostic>> {
    let mut reader = Reader::new(&file.name, Kind::Composed, vocabulary);
    reader.feature = Some(Feature::builder().keyword(String::new()).name(String::new()).build());
    reader.lines(file);
    reader.end_of_composed(file)
}

struct Reader<'f> {
    file: &'f str,
    kind: Kind,
    language: &'static Language,
    /// Steps that may be used: they show what an unreadable line may mean.
    vocabulary: &'f Vocabulary,
    at: At,
    feature: Option<Feature>,
    /// Tags read before the part to which they belong.
    tags: Vec<(LineCol, String)>,
    /// Open doc string: its fence, its place and its lines.
    fence: Option<(&'static str, LineCol, Vec<String>)>,
    /// Whether the next row continues a table.
    in_table: bool,
    last: Option<StepType>,
    described: Vec<Described>,
    rows: HashMap<usize, Vec<usize>>,
    fences: HashMap<usize, usize>,
    extents: Vec<(usize, usize)>,
    all_tags: Vec<(LineCol, String)>,
    wrong: Vec<Diagnostic>,
}

impl<'f> Reader<'f> {
    fn new(file: &'f str, kind: Kind, vocabulary: &'f Vocabulary) -> Self {
        Self {
            file,
            kind,
            language: Language::of(kind),
            vocabulary,
            at: At::Start,
            feature: None,
            tags: Vec::new(),
            fence: None,
            in_table: false,
            last: None,
            described: Vec::new(),
            rows: HashMap::new(),
            fences: HashMap::new(),
            extents: Vec::new(),
            all_tags: Vec::new(),
            wrong: Vec::new(),
        }
    }

    fn lines(&mut self, file: &File) {
        for (number, line) in (1..).zip(file.text.lines()) {
            self.line(number, line);
        }
    }

    fn line(&mut self, number: usize, line: &str) {
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        let place = LineCol { line: number, col: indent + 1 };
        if let Some((close, _, text)) = &mut self.fence {
            if line.trim() == *close {
                self.close();
            } else {
                text.push(line.to_owned());
            }
            return;
        }
        let read = self.language.line(line);
        if !matches!(read, Line::Blank | Line::Comment(_) | Line::Tags(_)) && self.in_extent(&read) {
            self.extents.iter_mut().last().into_iter().for_each(|(_, last)| *last = number);
        }
        match read {
            Line::Blank => {}
            Line::Comment(comment) => self.comment(place, comment),
            Line::Tags(tags) => self.tag_line(place, tags),
            Line::Part(part, keyword, name) => self.part(place, part, keyword, name),
            Line::Step(kind, keyword, sentence) => self.step(place, kind, keyword, sentence),
            Line::Row(row) => self.row(place, row),
            Line::Fence(fence) => self.open(place, fence),
            Line::Text(text) => self.text(place, text),
        }
    }

    /// Checks whether a line belongs to the scenario before it.
    fn in_extent(&self, line: &Line<'_>) -> bool {
        let inside = matches!(self.at, At::Scenario | At::Examples);
        inside && !matches!(line, Line::Part(Part::Scenario | Part::Outline | Part::Rule | Part::Feature, ..))
    }

    fn complain(&mut self, place: LineCol, message: impl Into<String>) -> &mut Diagnostic {
        let at = self.wrong.len();
        self.wrong.push(Diagnostic::at(self.file, place, message.into()));
        &mut self.wrong[at]
    }

    /// Reads «# language: …», which chooses the keywords if it stands before the feature.
    fn comment(&mut self, place: LineCol, comment: &str) {
        let directive = comment.trim_start_matches('#').trim().strip_prefix("language");
        let named = directive.and_then(|rest| rest.trim_start().strip_prefix(':')).map(str::trim);
        let Some(named) = named.filter(|_| self.at == At::Start) else { return };
        if let Some(language) = Language::named(named, self.kind) {
            self.language = language;
        } else {
            let message = tr!(
                "язык «{named}» здесь не знают: пишите «# language: ru» или «# language: en»",
                "the language \"{named}\" is not known here: write \"# language: ru\" or \"# language: en\""
            );
            self.complain(place, message);
        }
    }

    fn tag_line(&mut self, place: LineCol, line: &str) {
        self.in_table = false;
        for (index, word) in line.split_whitespace().enumerate() {
            if word.starts_with('#') {
                return;
            }
            let names: Vec<_> = word.split('@').skip(1).collect();
            if !word.starts_with('@') || names.iter().any(|name| name.is_empty()) {
                let message = tr!(
                    "тег пишут одним словом, которое начинается с «@», а здесь «{word}»",
                    "a tag is one word that begins with \"@\", and here is \"{word}\""
                );
                let hint = (index > 0 && !word.contains('@')).then(|| format!("@{word}"));
                self.complain(place, message).hints.extend(hint);
                return;
            }
            let new = names.into_iter().map(|name| (place, name.to_owned()));
            self.all_tags.extend(new.clone());
            self.tags.extend(new);
        }
    }

    /// Takes the tags for the part that begins now, with the line of the first one.
    fn take_tags(&mut self) -> (Vec<String>, Option<usize>) {
        let tags = mem::take(&mut self.tags);
        let first = tags.first().map(|(place, _)| place.line);
        (tags.into_iter().map(|(_, name)| name).collect(), first)
    }

    /// Reports tags that belong to nothing.
    fn no_tags(&mut self) {
        if let Some((place, name)) = mem::take(&mut self.tags).into_iter().next() {
            let message = tr!(
                "тег «@{name}» ни к чему не относится: после тегов нужна строка «Сценарий: …», «Структура сценария: …», \
                 «Примеры:», «Правило: …» или «Функция: …»",
                "the tag \"@{name}\" belongs to nothing: after tags comes a line \"Сценарий: …\", \"Структура сценария: …\", \
                 \"Примеры:\", \"Правило: …\" or \"Функция: …\""
            );
            self.complain(place, message);
        }
    }

    fn part(&mut self, place: LineCol, part: Part, keyword: &'static str, name: &str) {
        (self.in_table, self.last) = (false, None);
        if part == Part::Background {
            self.no_tags();
        }
        if (part == Part::Feature) != self.feature.is_none() {
            let message = if part == Part::Feature {
                tr!(
                    "вторая функция в одном файле: перенесите её в свой файл",
                    "a second feature in one file: move it to a file of its own"
                )
            } else {
                tr!(
                    "перед «{keyword}:» нужна строка «Функция: …»",
                    "a line \"Функция: …\" is needed before \"{keyword}:\""
                )
            };
            // A misspelt «Функция:» was reported already.
            if part == Part::Feature || self.wrong.is_empty() {
                self.complain(place, message);
            }
            if part == Part::Feature {
                return;
            }
            // Reported once: the rest is read as if the feature had begun.
            self.begin_feature(place, "Функция", "");
        }
        match part {
            Part::Feature => self.begin_feature(place, keyword, name),
            Part::Rule => self.begin_rule(place, keyword, name),
            Part::Background => self.begin_background(place, keyword, name),
            Part::Scenario | Part::Outline => self.begin_scenario(place, keyword, name),
            Part::Examples => self.begin_examples(place, keyword, name),
        }
    }

    fn begin_feature(&mut self, place: LineCol, keyword: &str, name: &str) {
        let (tags, _) = self.take_tags();
        let feature = Feature::builder().keyword(keyword.to_owned()).name(name.to_owned());
        self.feature = Some(feature.tags(tags).position(place).build());
        self.at = At::Feature;
    }

    fn begin_rule(&mut self, place: LineCol, keyword: &str, name: &str) {
        let (tags, _) = self.take_tags();
        let rule = Rule::builder().keyword(keyword.to_owned()).name(name.to_owned()).scenarios(Vec::new());
        let rule = rule.tags(tags).position(place).build();
        self.feature.iter_mut().for_each(|feature| feature.rules.push(rule.clone()));
        self.at = At::Rule;
    }

    fn begin_background(&mut self, place: LineCol, keyword: &str, name: &str) {
        let background = Background::builder().keyword(keyword.to_owned()).name(name.to_owned());
        let background = background.steps(Vec::new()).position(place).build();
        let allowed = matches!(self.at, At::Feature | At::Rule);
        let Some(feature) = &mut self.feature else { return };
        let slot = match feature.rules.last_mut() {
            Some(rule) => &mut rule.background,
            None => &mut feature.background,
        };
        if allowed && slot.is_none() {
            *slot = Some(background);
            self.at = At::Background;
        } else {
            self.complain(
                place,
                tr!(
                    "предыстория бывает одна и стоит перед всеми сценариями",
                    "there is one background, before all scenarios"
                ),
            );
        }
    }

    fn begin_scenario(&mut self, place: LineCol, keyword: &str, name: &str) {
        let (tags, first) = self.take_tags();
        let scenario = Scenario::builder().keyword(keyword.to_owned()).name(name.to_owned());
        let scenario = scenario.steps(Vec::new()).tags(tags).position(place).build();
        self.extents.push((first.unwrap_or(place.line), place.line));
        let Some(feature) = &mut self.feature else { return };
        match feature.rules.last_mut() {
            Some(rule) => rule.scenarios.push(scenario),
            None => feature.scenarios.push(scenario),
        }
        self.at = At::Scenario;
    }

    fn begin_examples(&mut self, place: LineCol, keyword: &str, name: &str) {
        let (tags, _) = self.take_tags();
        let examples =
            Examples::builder().keyword(keyword.to_owned()).name((!name.is_empty()).then(|| name.to_owned()));
        let examples = examples.table(None).tags(tags).position(place).build();
        let inside = matches!(self.at, At::Scenario | At::Examples);
        match self.scenario().filter(|_| inside) {
            Some(scenario) => {
                scenario.examples.push(examples);
                self.at = At::Examples;
            }
            None => {
                self.complain(
                    place,
                    tr!(
                        "примеры стоят после шагов «Структура сценария: …», а здесь её нет",
                        "examples come after the steps of a \"Структура сценария: …\", and there is none here"
                    ),
                );
            }
        }
    }

    fn scenario(&mut self) -> Option<&mut Scenario> {
        let feature = self.feature.as_mut()?;
        match feature.rules.last_mut() {
            Some(rule) => rule.scenarios.last_mut(),
            None => feature.scenarios.last_mut(),
        }
    }

    fn background(&mut self) -> Option<&mut Background> {
        let feature = self.feature.as_mut()?;
        match feature.rules.last_mut() {
            Some(rule) => rule.background.as_mut(),
            None => feature.background.as_mut(),
        }
    }

    /// Steps of the part that is being read.
    fn steps(&mut self) -> Option<&mut Vec<Step>> {
        match self.at {
            At::Background => self.background().map(|background| &mut background.steps),
            At::Scenario => self.scenario().map(|scenario| &mut scenario.steps),
            _ => None,
        }
    }

    fn step(&mut self, place: LineCol, kind: Option<StepType>, keyword: &str, sentence: &str) {
        self.in_table = false;
        if matches!(self.at, At::Start | At::Feature | At::Rule) {
            if self.kind == Kind::Composed {
                let message = tr!(
                    "шаг стоит перед первым «Шаг: …»: «{keyword} {sentence}»",
                    "a step before the first \"Шаг: …\": \"{keyword} {sentence}\""
                );
                // Reported once, and not if a misspelt «Шаг:» was reported.
                if self.wrong.is_empty() {
                    self.complain(place, message);
                }
                return;
            }
            // A line of a description may begin like a step.
            return self.text(place, &format!("{keyword} {sentence}"));
        }
        self.no_tags();
        if sentence.is_empty() {
            self.complain(place, tr!("после «{keyword}» нет шага", "there is no step after \"{keyword}\""));
            return;
        }
        let kind = kind.or(self.last).unwrap_or(StepType::Given);
        self.last = Some(kind);
        let step = Step::builder().keyword(format!("{keyword} ")).ty(kind).value(sentence.to_owned());
        let step = step.position(place).build();
        match self.steps() {
            Some(steps) => steps.push(step),
            None => {
                self.complain(
                    place,
                    tr!(
                        "шаг после примеров: примеры стоят в конце структуры сценария",
                        "a step after examples: examples stand at the end of a scenario outline"
                    ),
                );
            }
        }
    }

    fn row(&mut self, place: LineCol, row: &str) {
        let (cells, rest) = cells(row);
        if !rest.is_empty() {
            let message = if rest.starts_with('#') {
                tr!(
                    "после строки таблицы комментария не бывает: перенесите его на свою строку",
                    "there is no comment after a row of a table: move it to a line of its own"
                )
            } else {
                tr!(
                    "строка таблицы не закрыта: в конце нужен «|»",
                    "the row of the table is not closed: \"|\" is needed at its end"
                )
            };
            self.complain(place, message);
            return;
        }
        let goes_on = mem::replace(&mut self.in_table, true);
        let slot = match self.at {
            At::Examples => self.scenario().and_then(|s| s.examples.last_mut()).map(|e| (&mut e.table, false)),
            _ => {
                self.steps().and_then(|steps| steps.last_mut()).map(|step| (&mut step.table, step.docstring.is_some()))
            }
        };
        let complaint = match slot {
            Some((Some(table), _)) if goes_on => {
                let (width, first) = (table.row_width(), table.position.line);
                table.rows.push(cells.clone());
                self.rows.entry(first).or_default().push(place.line);
                (cells.len() != width).then(|| {
                    tr!(
                        "ячеек в строке: {}, а в первой строке таблицы: {width}",
                        "cells in this row: {}, in the first row of the table: {width}",
                        cells.len()
                    )
                })
            }
            Some((slot @ None, false)) => {
                *slot = Some(Table::builder().rows(vec![cells]).position(place).build());
                self.rows.insert(place.line, vec![place.line]);
                None
            }
            Some(_) => Some(tr!(
                "вторая таблица подряд: под шагом и под «Примеры:» бывает одна",
                "a second table in a row: a step and \"Примеры:\" have one"
            )),
            None => Some(tr!(
                "таблица ни к чему не относится: она стоит под шагом или под «Примеры:»",
                "the table belongs to nothing: it stands under a step or under \"Примеры:\""
            )),
        };
        if let Some(message) = complaint {
            self.complain(place, message);
        }
    }

    fn open(&mut self, place: LineCol, fence: &'static str) {
        self.in_table = false;
        self.fence = Some((fence, place, Vec::new()));
    }

    fn close(&mut self) {
        let Some((fence, place, text)) = self.fence.take() else { return };
        let step = self.steps().and_then(|steps| steps.last_mut());
        match step.filter(|step| step.docstring.is_none()) {
            Some(step) => {
                step.docstring = Some(set_out(&text, fence, place.col - 1));
                let line = step.position.line;
                self.fences.insert(line, place.line);
            }
            None => {
                self.complain(
                    place,
                    tr!(
                        "текст в кавычках \"\"\" ни к чему не относится: он стоит под шагом",
                        "the text in \"\"\" belongs to nothing: it stands under a step"
                    ),
                );
            }
        }
    }

    /// Takes a line as description before the first step or row; reports it after that.
    fn text(&mut self, place: LineCol, text: &str) {
        self.in_table = false;
        let begun = match self.at {
            At::Start => true,
            At::Feature | At::Rule => false,
            At::Examples => {
                self.scenario().and_then(|scenario| scenario.examples.last()).is_some_and(|e| e.table.is_some())
            }
            At::Background | At::Scenario => self.steps().is_some_and(|steps| !steps.is_empty()),
        };
        if let Some(keyword) = of_a_feature(text).filter(|_| self.kind == Kind::Composed) {
            let message = tr!(
                "«{keyword}:» бывает в файле .feature, а в файле .steps стоят только шаги: «Шаг: …»",
                "\"{keyword}:\" stands in a .feature file; a .steps file has steps alone: \"Шаг: …\""
            );
            self.complain(place, message);
            return;
        }
        if begun {
            let wrong = lost::Lost { file: self.file, language: self.language, vocabulary: self.vocabulary };
            self.wrong.push(wrong.no_gherkin(place, text));
            return;
        }
        self.no_tags();
        self.described.push(Described { at: self.at, place, text: text.to_owned() });
        let Some(feature) = &mut self.feature else { return };
        let scenario = match feature.rules.last_mut() {
            Some(rule) => rule.scenarios.last_mut(),
            None => feature.scenarios.last_mut(),
        };
        let description = match self.at {
            At::Feature => Some(&mut feature.description),
            At::Scenario => scenario.map(|scenario| &mut scenario.description),
            _ => None,
        };
        let Some(description) = description else { return };
        *description = Some(description.take().map_or_else(|| text.to_owned(), |before| before + "\n" + text));
    }

    /// Ends the file: reports an open doc string, tags without a part, and steps lost among descriptions.
    fn close_file(&mut self, file: &File) {
        if let Some((fence, place, _)) = self.fence.take() {
            self.complain(
                place,
                tr!(
                    "текст начат, но не закончен: после него нужна строка {fence}",
                    "the text is begun and not ended: a line {fence} is needed after it"
                ),
            );
        }
        self.no_tags();
        let lost = lost::Lost { file: self.file, language: self.language, vocabulary: self.vocabulary };
        self.wrong.extend(lost.steps(&self.described, &file.text));
    }

    fn end(mut self, file: &File) -> Result<Document, Vec<Diagnostic>> {
        self.close_file(file);
        let feature = match self.feature {
            Some(feature) if self.wrong.is_empty() => feature,
            None if self.wrong.is_empty() => {
                return Err(vec![Diagnostic::of_file(
                    self.file,
                    tr!("в файле нет ни одного сценария", "there is no scenario in the file"),
                )]);
            }
            _ => return Err(sorted(self.wrong)),
        };
        let wrong = lost::unplayed(self.file, &feature);
        if !wrong.is_empty() {
            return Err(sorted(wrong));
        }
        Ok(Document { feature, rows: self.rows, fences: self.fences, extents: self.extents, tags: self.all_tags })
    }

    fn end_of_composed(mut self, file: &File) -> Result<Document, Vec<Diagnostic>> {
        self.close_file(file);
        for (place, tag) in std::mem::take(&mut self.all_tags) {
            let message = tr!(
                "у своих шагов тегов не бывает: уберите «@{tag}»",
                "composed steps have no tags: remove \"@{tag}\""
            );
            self.complain(place, message);
        }
        match self.feature {
            Some(feature) if self.wrong.is_empty() => {
                Ok(Document { feature, rows: self.rows, fences: self.fences, extents: self.extents, tags: Vec::new() })
            }
            _ => Err(sorted(self.wrong)),
        }
    }
}

/// Joins the lines of a doc string without the indentation of its fence; a fence within the text is written with
/// backslashes.
fn set_out(lines: &[String], fence: &str, indent: usize) -> String {
    let within: String = fence.chars().flat_map(|letter| ['\\', letter]).collect();
    let line = |line: &String| {
        let blank = line.chars().take(indent).take_while(|letter| letter.is_whitespace()).map(char::len_utf8).sum();
        line.get(blank..).unwrap_or_default().replace(&within, fence)
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn sorted(mut wrong: Vec<Diagnostic>) -> Vec<Diagnostic> {
    wrong.sort_by_key(|wrong| (wrong.line, wrong.column));
    wrong
}
