//! Sentences as snippets, with placeholders that the user fills in.

use crate::steps::{StepDefinition, Table, Text};

/// Snippet for a built-in step. A person who is already typed is kept.
pub(super) fn of_program(step: &StepDefinition, who: Option<&str>) -> String {
    let mut snippet = Snippet::default();
    for part in step.pattern.split('}') {
        let (words, place) = part.split_once('{').unwrap_or((part, ""));
        snippet.words(words);
        match (place, who) {
            ("", _) => {}
            ("кто", Some(who)) if snippet.places == 0 && snippet.text.is_empty() => snippet.words(who),
            ("текст" | "значение", _) => snippet.quoted(place),
            ("путь", _) => snippet.quoted("ссылка"),
            _ => snippet.place(place),
        }
    }
    match step.table {
        Table::Nothing => {}
        Table::Fields => snippet.row(&["поле", "значение"]),
        Table::Rows => snippet.row(&["столбец"]),
        Table::Sides => snippet.row(&["шаг", "шаг"]),
    }
    if step.text == Text::Must {
        snippet.under();
    }
    snippet.text
}

/// Snippet for the sentence of a composed step.
pub(super) fn of_team(sentence: &str, takes_table: bool, takes_text: bool) -> String {
    let mut snippet = Snippet::default();
    for part in sentence.split('}') {
        let (words, place) = part.split_once('{').unwrap_or((part, ""));
        snippet.words(words);
        if !place.is_empty() {
            snippet.place(place);
        }
    }
    if takes_table {
        snippet.row(&["столбец"]);
    }
    if takes_text {
        snippet.under();
    }
    snippet.text
}

#[derive(Default)]
struct Snippet {
    text: String,
    places: usize,
}

impl Snippet {
    fn words(&mut self, words: &str) {
        for letter in words.chars() {
            if matches!(letter, '$' | '}' | '\\') {
                self.text.push('\\');
            }
            self.text.push(letter);
        }
    }

    fn place(&mut self, name: &str) {
        self.places += 1;
        self.text.extend(["${", &self.places.to_string(), ":", name, "}"]);
    }

    fn quoted(&mut self, name: &str) {
        self.words("«");
        self.place(name);
        self.words("»");
    }

    fn row(&mut self, cells: &[&str]) {
        self.words("\n  |");
        for cell in cells {
            self.words(" ");
            self.place(cell);
            self.words(" |");
        }
    }

    fn under(&mut self) {
        self.words("\n  \"\"\"\n  ");
        self.place("текст");
        self.words("\n  \"\"\"");
    }
}

/// Converts a snippet to plain text, for editors without snippets.
pub(super) fn plain(snippet: &str) -> String {
    let mut text = String::new();
    let mut letters = snippet.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '$' if letters.peek() == Some(&'{') => {
                let place: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                text.push_str(place.split_once(':').map_or("", |(_, name)| name));
            }
            other => text.push(other),
        }
    }
    text
}
