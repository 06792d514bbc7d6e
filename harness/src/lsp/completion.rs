//! Completion of steps, people, worlds, tags and keywords, depending on the text before the cursor.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, InsertTextFormat, Position, TextEdit,
};

use super::{
    position::{letters, within},
    snippet,
};
use crate::{
    steps,
    suite::{LineAt, OpenFile, StepLine, Unsaved},
};

/// Capabilities of the editor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Abilities {
    /// Whether the editor supports snippets with placeholders.
    pub(super) snippets: bool,
}

/// Returns the completions at a position.
pub(super) fn completion(file: &OpenFile, unsaved: &Unsaved, at: Position, can: Abilities) -> CompletionList {
    if !file.has_steps() {
        return CompletionList::default();
    }
    let number = usize::try_from(at.line).unwrap_or(usize::MAX);
    let line = file.file.text.lines().nth(number).unwrap_or_default();
    let cursor = letters(line, at.character);
    let before: String = line.chars().take(cursor).collect();
    let place = Place { number, line, cursor, can };
    let items = match file.line(number) {
        LineAt::Tags => tags(file, &place, &before),
        LineAt::Step(step) if cursor >= step.column => sentence(file, unsaved, &place, &step),
        LineAt::Taken => Vec::new(),
        LineAt::Step(_) | LineAt::Open => keywords(file, &place, &before),
    };
    // Every typed letter may change the list in ways that the editor cannot predict, so it must ask again.
    CompletionList { is_incomplete: true, items }
}

/// Position at which text is completed.
struct Place<'p> {
    number: usize,
    line: &'p str,
    /// Number of letters before the cursor.
    cursor: usize,
    can: Abilities,
}

impl Place<'_> {
    /// Completion that replaces the text from a letter up to the cursor. `filter_text` keeps the editor from filtering
    /// it.
    fn item(&self, from: usize, label: &str, text: String, kind: CompletionItemKind) -> CompletionItem {
        let written: String = self.line.chars().take(self.cursor).skip(from).collect();
        let text = if self.can.snippets { text } else { snippet::plain(&text) };
        let range = within(self.number, self.line, from..self.cursor);
        CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            filter_text: Some(written),
            insert_text_format: self.can.snippets.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: text })),
            ..CompletionItem::default()
        }
    }
}

fn tags(file: &OpenFile, place: &Place<'_>, before: &str) -> Vec<CompletionItem> {
    let word: String = before.chars().rev().take_while(|letter| !letter.is_whitespace()).collect();
    let from = place.cursor - word.chars().count();
    let typed: String = word.chars().rev().filter(|letter| *letter != '@').collect();
    let fitting = file.tags().into_iter().filter(|(tag, _)| tag.to_lowercase().starts_with(&typed.to_lowercase()));
    let item = |(tag, title): (String, String)| {
        let tag = format!("@{tag}");
        let item = place.item(from, &tag, tag.clone(), CompletionItemKind::KEYWORD);
        CompletionItem { detail: (!title.is_empty()).then_some(title), ..item }
    };
    fitting.map(item).collect()
}

fn keywords(file: &OpenFile, place: &Place<'_>, before: &str) -> Vec<CompletionItem> {
    let typed = before.trim_start().to_lowercase();
    let from = before.chars().take_while(|letter| letter.is_whitespace()).count();
    let fitting = file.keywords().into_iter().filter(|word| word.to_lowercase().starts_with(&typed));
    fitting.map(|word| place.item(from, &word, format!("{word} "), CompletionItemKind::KEYWORD)).collect()
}

/// Completes the name of a world if its quotation mark is open, else the whole sentence.
fn sentence(file: &OpenFile, unsaved: &Unsaved, place: &Place<'_>, step: &StepLine) -> Vec<CompletionItem> {
    let typed: String = place.line.chars().take(place.cursor).skip(step.column).collect();
    if let Some(name) = open_world(&typed) {
        return worlds(file, place, &name);
    }
    let world = file.world_above(place.number);
    let people = world.map(|world| world.people()).unwrap_or_default();
    let typed = Typed::of(&typed, &people);
    let mut items = Vec::new();
    if typed.words.len() <= 1 && typed.who.is_none() {
        let begins = |name: &str| typed.words.first().is_none_or(|word| name.to_lowercase().starts_with(word));
        for (key, about) in people.iter().filter(|(key, _)| begins(key)) {
            let name = steps::name(key);
            let item = place.item(step.column, &name, format!("{name} "), CompletionItemKind::VARIABLE);
            items.push(CompletionItem { detail: Some(about.clone()), sort_text: Some(format!("0{name}")), ..item });
        }
    }
    items.extend(of_team(file, unsaved, place, step, &typed));
    items.extend(of_program(place, step, &typed));
    items
}

/// Part of a sentence that is typed so far.
struct Typed {
    /// Person of the world at the beginning.
    who: Option<String>,
    /// Other words in lower case, without text in quotation marks.
    words: Vec<String>,
}

impl Typed {
    fn of(typed: &str, people: &[(String, String)]) -> Self {
        let small = typed.to_lowercase();
        let mut names: Vec<_> = people.iter().map(|(key, _)| key.to_lowercase()).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let begun = names
            .iter()
            .find(|name| small.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(char::is_whitespace)));
        let rest = begun.and_then(|name| small.strip_prefix(name.as_str())).unwrap_or(&small);
        let mut depth = 0_usize;
        let plain = rest.chars().map(|letter| match letter {
            '«' => {
                depth += 1;
                ' '
            }
            '»' => {
                depth = depth.saturating_sub(1);
                ' '
            }
            _ if depth > 0 => ' ',
            other => other,
        });
        let words = plain.collect::<String>().split_whitespace().map(str::to_owned).collect();
        Self { who: begun.map(|name| steps::name(name)), words }
    }

    /// Score of a sentence, lower is better: each typed word must begin one of its words, in order. `None` if it does
    /// not fit.
    fn fits(&self, sentence: &str) -> Option<usize> {
        if self.who.is_some() && !sentence.starts_with('{') {
            return None;
        }
        let own: Vec<_> = sentence
            .split('}')
            .flat_map(|part| part.split('{').next().unwrap_or_default().split_whitespace())
            .map(str::to_lowercase)
            .collect();
        let (mut from, mut skipped) = (0, 0);
        for word in &self.words {
            let found = own.get(from..)?.iter().position(|own| own.starts_with(word.as_str()))?;
            skipped += found;
            from += found + 1;
        }
        Some(skipped * 20 + own.len())
    }
}

fn of_program(place: &Place<'_>, step: &StepLine, typed: &Typed) -> Vec<CompletionItem> {
    let fitting = steps::all().filter_map(|known| Some((known, typed.fits(known.pattern)?)));
    let item = |(known, rank): (&steps::StepDefinition, usize)| {
        let text = snippet::of_program(known, typed.who.as_deref());
        CompletionItem {
            detail: Some(known.group.title().to_owned()),
            sort_text: Some(format!("2{rank:04}{}", known.pattern)),
            ..place.item(step.column, known.pattern, text, CompletionItemKind::FUNCTION)
        }
    };
    fitting.map(item).collect()
}

fn of_team(
    file: &OpenFile,
    unsaved: &Unsaved,
    place: &Place<'_>,
    step: &StepLine,
    typed: &Typed,
) -> Vec<CompletionItem> {
    let vocabulary = file.vocabulary(unsaved);
    let fitting = vocabulary.composed().iter().filter_map(|own| Some((own, typed.fits(&own.sentence.text)?)));
    let items = fitting.map(|(own, rank)| {
        let text = snippet::of_team(&own.sentence.text, own.takes_table(), own.takes_text());
        CompletionItem {
            detail: Some(own.place().to_string()),
            sort_text: Some(format!("1{rank:04}{}", own.sentence.text)),
            ..place.item(step.column, &own.sentence.text, text, CompletionItemKind::METHOD)
        }
    });
    items.collect()
}

/// Returns the beginning of a world's name whose quotation mark is open.
fn open_world(typed: &str) -> Option<String> {
    let rest = typed.to_lowercase().strip_prefix("мир ").map(|_| typed.chars().skip(4).collect::<String>())?;
    let name = rest.trim_start().strip_prefix(['«', '"', '„', '“'])?;
    (!name.contains(['»', '"', '“', '”'])).then(|| name.to_owned())
}

fn worlds(file: &OpenFile, place: &Place<'_>, name: &str) -> Vec<CompletionItem> {
    let from = place.cursor - name.chars().count();
    let fitting = file.worlds().into_iter().filter(|known| known.to_lowercase().starts_with(&name.to_lowercase()));
    let item = |known: String| {
        let title = file.world(&known).map(|world| world.title().to_owned());
        CompletionItem { detail: title, ..place.item(from, &known, known.clone(), CompletionItemKind::MODULE) }
    };
    fitting.map(item).collect()
}
