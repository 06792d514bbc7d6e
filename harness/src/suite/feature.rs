//! Reads a feature file, expands its outlines, and reports everything that would not be played as written.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::PathBuf,
};

use gherkin::{Feature, LineCol, Scenario, Step};
use indexmap::IndexMap;
use serde_json::Value;
use worlds::text::{normal, strangers};

use super::{
    Diagnostic, File,
    composed::{Vocabulary, expand_calls},
    gherkin::{Document, expand, read as parse},
    nearest,
    nesting::{Nested, Nesting},
    seed, seed_of, sides,
    story::Story,
    under::{Lines, Takes},
    vocabularies::Vocabularies,
};
use crate::{
    language::tr,
    scenario::person_of,
    steps::{self, Found, PageUse, Unknown, canonical, find, people_of, texts_of},
};

/// What the features of one suite share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Seeds by the feature's file name and the world's name.
    pub(super) seeds: HashMap<(String, String), Value>,
    /// Composed steps by folder.
    pub(super) vocabularies: Vocabularies,
    /// Steps that stand within composed steps.
    pub(super) nesting: Nesting,
}

/// Feature that was read and checked.
#[derive(Debug)]
pub(super) struct Read {
    /// The feature with its outlines expanded.
    pub(super) feature: Feature,
    /// First and last line of each scenario.
    pub(super) extents: Vec<(usize, usize)>,
    /// All tags with their places.
    pub(super) tags: Vec<(LineCol, String)>,
}

/// Reads and checks a feature, the seeds that it names and the composed steps that it uses.
pub(super) fn read(file: &File, shared: &mut Shared) -> Result<Read, Vec<Diagnostic>> {
    let vocabulary = shared.vocabularies.of(&file.name)?;
    let mut document = parse(file, &vocabulary)?;
    document.feature.path = Some(PathBuf::from(&file.name));
    steps_of(&mut document.feature).for_each(|step| step.value = canonical(&step.value));
    let templates =
        steps_of(&mut document.feature).filter(|step| has_place(step)).map(|step| step.position.line).collect();
    expand(&file.name, &mut document)?;
    let Document { mut feature, rows, fences, extents, tags } = document;
    let lines = Lines { rows: &rows, fences: &fences };
    let wrong = expand_calls(&mut feature, &vocabulary, lines, &mut shared.nesting);
    let (seen, rows_told) = (HashSet::new(), IndexMap::new());
    let Shared { seeds, nesting, .. } = shared;
    let text = file.text.lines().collect();
    let mut check = Check {
        file: &file.name,
        text,
        vocabulary: &vocabulary,
        nesting,
        seeds,
        lines,
        templates,
        seen,
        rows_told,
        wrong,
    };
    check.feature(&mut feature);
    check.tell_rows();
    let mut wrong = check.wrong;
    wrong.sort_by(|one, other| {
        let foreign = |wrong: &Diagnostic| wrong.file != file.name;
        (foreign(one), one.line, one.column).cmp(&(foreign(other), other.line, other.column))
    });
    if wrong.is_empty() { Ok(Read { feature, extents, tags }) } else { Err(wrong) }
}

fn steps_of(feature: &mut Feature) -> impl Iterator<Item = &mut Step> {
    let Feature { background, scenarios, rules, .. } = feature;
    let own = background.iter_mut().flat_map(|background| &mut background.steps);
    let own = own.chain(scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps));
    own.chain(rules.iter_mut().flat_map(|rule| {
        let before = rule.background.iter_mut().flat_map(|background| &mut background.steps);
        before.chain(rule.scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps))
    }))
}

fn has_place(step: &Step) -> bool {
    let mut cells = step.table.iter().flat_map(|table| table.rows.iter().flatten());
    let in_text = step.docstring.as_ref().is_some_and(|text| text.contains('<'));
    in_text || step.value.contains('<') || cells.any(|cell| cell.contains('<'))
}

struct Check<'c> {
    file: &'c str,
    /// Lines of the file, unchanged.
    text: Vec<&'c str>,
    vocabulary: &'c Vocabulary,
    nesting: &'c Nesting,
    seeds: &'c mut HashMap<(String, String), Value>,
    lines: Lines<'c>,
    /// Lines of steps with a placeholder (`<name>`) of an outline.
    templates: BTreeSet<usize>,
    /// Places that are already reported: scenarios share the steps of a background, rows the steps of their outline.
    seen: HashSet<LineCol>,
    /// Rows that were checked and mistakes found in them, by the place of a step with placeholders.
    rows_told: IndexMap<LineCol, RowsTold>,
    wrong: Vec<Diagnostic>,
}

/// Lines of the rows that were checked, and the diagnostics by row.
type RowsTold = (BTreeSet<usize>, Vec<(LineCol, Diagnostic)>);

/// Step within one scenario.
struct Said<'s> {
    step: &'s mut Step,
    /// Row of examples, for a step with placeholders.
    row: Option<LineCol>,
    /// Place of the step in a file of composed steps, for a step within a composed one.
    nested: Option<&'s Nested>,
}

impl Said<'_> {
    fn place(&self) -> LineCol {
        self.step.position
    }
}

impl Check<'_> {
    fn feature(&mut self, feature: &mut Feature) {
        let Feature { background, scenarios, rules, .. } = feature;
        let mut before: Vec<_> = background.iter_mut().flat_map(|background| &mut background.steps).collect();
        for scenario in scenarios {
            self.scenario(&mut before, &mut [], scenario);
        }
        for rule in rules {
            let mut own: Vec<_> = rule.background.iter_mut().flat_map(|background| &mut background.steps).collect();
            for scenario in &mut rule.scenarios {
                self.scenario(&mut before, &mut own, scenario);
            }
        }
    }

    fn scenario<'s>(&mut self, before: &mut [&'s mut Step], own: &mut [&'s mut Step], scenario: &mut Scenario) {
        let row = (!scenario.examples.is_empty()).then_some(scenario.position);
        let mut story = Story::default();
        let nesting = self.nesting;
        let shared = before.iter_mut().map(|step| &mut **step).chain(own.iter_mut().map(|step| &mut **step));
        for step in shared.chain(scenario.steps.iter_mut()) {
            let row = row.filter(|_| self.templates.contains(&step.position.line));
            let nested = nesting.of(step);
            let mut said = Said { step, row, nested };
            self.count(&said);
            self.step(&mut said, &mut story, &scenario.name);
        }
    }

    /// Counts the row of a step with placeholders: a mistake that is in every row is reported once.
    fn count(&mut self, said: &Said<'_>) {
        if let Some(row) = said.row {
            self.rows_told.entry(said.place()).or_default().0.insert(row.line);
        }
    }

    fn step(&mut self, said: &mut Said<'_>, story: &mut Story, scenario: &str) {
        let sentence = said.step.value.clone();
        let (known, values) = match find(&sentence) {
            Found::Step(known, values) => (known, values),
            Found::Unknown(unknown) => return self.unknown(said, &unknown),
        };
        if let Some((_, what)) = texts_of(known, &values).find(|(text, _)| normal(text).is_empty()) {
            self.complain(
                said,
                tr!("пустой текст: «{sentence}»", "an empty text: \"{sentence}\""),
                vec![what.to_owned()],
            );
        }
        self.under(said, known);
        if known.pattern.starts_with("мир ") {
            return self.world(said, story, &values);
        }
        if !story.begun {
            let message = tr!(
                "сценарий «{scenario}» начинается не с мира",
                "the scenario \"{scenario}\" does not begin with a world"
            );
            self.complain(said, message, vec!["Дано мир «…»".to_owned()]);
            story.begun = true;
        }
        if let Err(wrong) = story.time(known, &values) {
            self.complain(said, wrong, Vec::new());
        }
        if known.has_sides() {
            story.raced = true;
            return self.sides(said, story, scenario);
        }
        if known.is_of_racers() && !story.raced {
            let message = tr!(
                "до этого шага никто не действовал одновременно: «они» — стороны последнего «одновременно»",
                "nobody has acted at the same time before this step: «они» are the sides of the last «одновременно»"
            );
            self.complain(said, message, Vec::new());
        }
        for (text, _) in texts_of(known, &values) {
            self.two_alphabets(said, text);
        }
        self.people(said, story, known, &values);
    }

    /// No word of a text has letters of two alphabets: no page says it, so a step that expects it not to be there would prove
    /// nothing.
    fn two_alphabets(&mut self, said: &Said<'_>, text: &str) {
        let is_cyrillic = |letter: char| matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
        let words = text.split(|sign: char| !sign.is_alphanumeric());
        let mixed = words.filter(|word| word.contains(is_cyrillic)).find(|word| !strangers(word).is_empty());
        if let Some(word) = mixed {
            let latin = latin(word);
            let message = tr!(
                "в слове «{word}» буквы двух алфавитов{latin}",
                "the word \"{word}\" has letters of two alphabets{latin}"
            );
            self.complain(said, message, Vec::new());
        }
    }

    /// Checks the people whom a step names, whatever the case and «ё» of the name: they must be in the world, and have
    /// a page open where the step needs one.
    fn people(&mut self, said: &mut Said<'_>, story: &mut Story, known: &steps::StepDefinition, values: &[String]) {
        let Some(people) = story.people.clone() else { return };
        for who in people_of(known, values) {
            let person = person_of(&who);
            let Some(name) = people.iter().find(|name| same(name, person)) else {
                self.nobody(said, known, &people, person);
                continue;
            };
            if let Some(rest) = said.step.value.strip_prefix(person) {
                said.step.value = format!("{name}{rest}");
            }
            let name = format!("{name}{}", who.strip_prefix(person).unwrap_or_default());
            if known.page == PageUse::Opens {
                story.opened.insert(name);
            } else if known.page == PageUse::Needs && story.opened.insert(name.clone()) {
                let message = tr!(
                    "{name} ещё не открывает ни одной страницы, а шаг говорит о ней",
                    "{name} has opened no page yet, and the step is about one"
                );
                let hint = tr!(
                    "перед ним «{name} входит в дневник» или «{name} открывает Госуслуги»",
                    "before it \"{name} входит в дневник\" or \"{name} открывает Госуслуги\""
                );
                self.complain(said, message, vec![hint]);
            }
        }
    }

    fn nobody(&mut self, said: &Said<'_>, known: &steps::StepDefinition, people: &[String], who: &str) {
        // «Анна неожиданно видит …»: Анна is in the world, and too many words were read as the name.
        if who.contains(' ') && people.iter().any(|name| who.split(' ').next().is_some_and(|first| same(name, first))) {
            let message = tr!("такого шага нет: «{}»", "there is no such step: \"{}\"", said.step.value);
            return self.complain(said, message, vec![known.pattern.to_owned()]);
        }
        let near = nearest(&steps::name(&who.to_lowercase()), people.iter().map(String::as_str)).map(str::to_owned);
        let there = people.join(", ");
        let there = if there.is_empty() {
            tr!("в нём никого нет", "there is nobody in it")
        } else {
            tr!("есть {there}", "there are {there}")
        };
        let latin = latin(who);
        self.complain(
            said,
            tr!(
                "в мире нет человека «{who}»: {there}{latin}",
                "there is no person \"{who}\" in the world: {there}{latin}"
            ),
            near.into_iter().collect(),
        );
    }

    fn unknown(&mut self, said: &Said<'_>, unknown: &Unknown) {
        let sentence = said.step.value.clone();
        let like = self.vocabulary.like(&sentence);
        let mut hints: Vec<_> =
            like.into_iter().chain(unknown.near.iter().map(|step| step.pattern.to_owned())).collect();
        if let Some((written, what)) = &unknown.misfit {
            hints.insert(0, tr!("вместо «{written}» — {what}", "instead of \"{written}\": {what}"));
        }
        if let Some((before, _)) = sentence.split_once(" #")
            && self.vocabulary.knows(before)
        {
            hints = vec![tr!("комментарий — на своей строке", "a comment, on a line of its own")];
        }
        let latin = latin(&sentence);
        self.complain(
            said,
            tr!("такого шага нет: «{sentence}»{latin}", "there is no such step: \"{sentence}\"{latin}"),
            hints,
        );
    }

    /// Checks the table and the text under a step.
    fn under(&mut self, said: &Said<'_>, known: &steps::StepDefinition) {
        for wrong in Takes::of(known).mistakes(said.step, self.lines) {
            match wrong.place {
                Some(place) => self.complain_at(place, wrong.message),
                // Under a step of a composed one: missing text or table was reported at the call, or at the step's
                // definition.
                None if said.nested.is_some() => {}
                None => self.complain(said, wrong.message, wrong.hints),
            }
        }
    }

    /// Checks a table whose columns are sides, each cell as a step; a cell becomes the step in canonical form that is
    /// played.
    fn sides(&mut self, said: &mut Said<'_>, story: &mut Story, scenario: &str) {
        let Some(mut table) = said.step.table.take() else { return };
        let lines = self.lines.rows.get(&table.position.line).cloned().unwrap_or_default();
        let line_of = |row: usize| lines.get(row).copied().unwrap_or(table.position.line);
        for (row, message) in sides::misshapen(&table.rows) {
            self.complain_at(LineCol { line: line_of(row), col: table.position.col }, message);
        }
        let mut racing = BTreeMap::new();
        for side in 0..table.row_width() {
            for row in 0..table.rows.len() {
                let Some(cell) = table.rows[row].get(side).filter(|cell| !cell.is_empty()) else { continue };
                let line = line_of(row);
                let written = self.text.get(line.saturating_sub(1)).copied().unwrap_or_default();
                // A step within a composed one is reported at the call.
                let position = match said.nested {
                    Some(_) => said.place(),
                    None => LineCol { line, col: sides::column_of(written, side) },
                };
                let mut step =
                    Step { value: canonical(cell), position, table: None, docstring: None, ..said.step.clone() };
                let mut inner = Said { step: &mut step, row: said.row, nested: said.nested };
                self.count(&inner);
                self.cell(&mut inner, story, scenario);
                self.one_side_alone(&inner, side, &mut racing);
                table.rows[row][side] = step.value;
            }
        }
        said.step.table = Some(table);
    }

    /// Checks the step in a cell: any step that can be played at the same time as others.
    fn cell(&mut self, said: &mut Said<'_>, story: &mut Story, scenario: &str) {
        match find(&said.step.value) {
            Found::Step(known, _) => match sides::refused(known) {
                Some(message) => self.complain(said, message, Vec::new()),
                None => self.step(said, story, scenario),
            },
            Found::Unknown(unknown) => self.unknown(said, &unknown),
        }
    }

    /// Reports a person who acts on two sides without a second tab.
    fn one_side_alone(&mut self, said: &Said<'_>, side: usize, racing: &mut BTreeMap<String, usize>) {
        for who in steps::people_in(std::slice::from_ref(&said.step.value)) {
            if *racing.entry(who.clone()).or_insert(side) == side {
                continue;
            }
            let person = person_of(&who);
            let message = tr!(
                "{who} действует на двух сторонах сразу: для этого есть вторая вкладка",
                "{who} acts on two sides at once: that takes a second tab"
            );
            self.complain(said, message, vec![format!("{person} (вкладка 2)")]);
        }
    }

    /// Reads the world of a scenario with its people and its clock.
    fn world(&mut self, said: &Said<'_>, story: &mut Story, values: &[String]) {
        let name = values.first().map_or("", String::as_str);
        if story.begun {
            return self.complain(
                said,
                tr!("в сценарии уже есть мир: он бывает один", "the scenario has a world already: there is one"),
                Vec::new(),
            );
        }
        story.begun = true;
        let key = (self.file.to_owned(), name.to_owned());
        if !self.seeds.contains_key(&key) {
            let file = match seed_of(self.file, name) {
                Ok(file) => file,
                Err(near) => {
                    let message = tr!(
                        "мира «{name}» нет в папке worlds{}",
                        "there is no world \"{name}\" in the folder worlds{}",
                        latin(name)
                    );
                    return self.complain(said, message, near.into_iter().collect());
                }
            };
            match seed::read(&file) {
                Ok(seed) => self.seeds.insert(key.clone(), seed),
                Err(diagnostics) => {
                    let new = diagnostics.into_iter().filter(|new| !self.wrong.contains(new)).collect::<Vec<_>>();
                    return self.wrong.extend(new);
                }
            };
        }
        let Some(seed) = self.seeds.get(&key) else { return };
        let told = story.begin(seed, values.get(1).map(String::as_str));
        if let Err(message) = told {
            self.complain(said, message, Vec::new());
        }
    }

    fn complain_at(&mut self, place: LineCol, message: String) {
        if self.seen.insert(place) {
            self.wrong.push(Diagnostic::at(self.file, place, message));
        }
    }

    /// Reports a mistake at the step, or at the rows of examples if only some rows are wrong.
    fn complain(&mut self, said: &Said<'_>, message: String, hints: Vec<String>) {
        let place = said.place();
        let message = match said.nested {
            Some(Nested { place, .. }) => {
                let inner = &said.step.value;
                tr!("{message} (шаг «{inner}» в {place})", "{message} (the step \"{inner}\" in {place})")
            }
            None => message,
        };
        let told = Diagnostic::at(self.file, place, message).or(hints);
        match said.row {
            Some(row) => self.rows_told.entry(place).or_default().1.push((row, told)),
            None if self.seen.insert(place) => self.wrong.push(told),
            None => {}
        }
    }

    fn tell_rows(&mut self) {
        self.rows_told.sort_by_key(|place, _| (place.line, place.col));
        for (LineCol { line, .. }, (rows, told)) in std::mem::take(&mut self.rows_told) {
            let lines: BTreeSet<_> = told.iter().map(|(row, _)| row.line).collect();
            if lines == rows {
                self.wrong.extend(told.into_iter().next().map(|(_, told)| told));
                continue;
            }
            // A row is reported once, however many steps use its value.
            let new = told.into_iter().filter(|(row, _)| self.seen.insert(*row)).collect::<Vec<_>>();
            self.wrong.extend(new.into_iter().map(|(row, told)| Diagnostic {
                line: row.line,
                column: row.col,
                message: tr!("{} (шаг в строке {line})", "{} (the step in line {line})", told.message),
                ..told
            }));
        }
    }
}

/// Checks whether two names are the same but for case and «ё».
fn same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace('ё', "е");
    plain(one) == plain(other)
}

/// Note about Latin letters among Cyrillic ones, which look alike; empty if there are none.
fn latin(text: &str) -> String {
    let letters: BTreeSet<_> = strangers(text).chars().map(|letter| format!("«{letter}»")).collect();
    let letters: Vec<_> = letters.into_iter().collect();
    if letters.is_empty() {
        String::new()
    } else {
        tr!("; латинские буквы: {}", "; Latin letters: {}", letters.join(", "))
    }
}
