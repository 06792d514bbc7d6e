//! Content of one line in a file that may be half written.

use super::lines::{Kind, Language, Line};

/// Step in a line, complete or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLine {
    /// Keyword at the beginning of the line.
    pub keyword: &'static str,
    /// Sentence, as typed so far.
    pub sentence: String,
    /// Number of letters before the sentence.
    pub column: usize,
}

/// Content of a line, as far as an editor needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineAt {
    /// Tags before a part of a feature.
    Tags,
    /// Step, possibly half written.
    Step(StepLine),
    /// Line without completions: of a text in `"""`, a table, a comment, a heading.
    Taken,
    /// Line that has no keyword yet.
    Open,
}

/// Reads the line with this number, from 0, of a feature or of a file of composed steps.
pub(in super::super) fn line_at(text: &str, is_composed: bool, number: usize) -> LineAt {
    let language = language(text, is_composed);
    let mut fence = None;
    for (index, line) in text.lines().enumerate() {
        let read = language.line(line);
        if let Some(open) = fence {
            if line.trim() == open {
                fence = None;
            }
            if index == number {
                return LineAt::Taken;
            }
            continue;
        }
        if let Line::Fence(open) = read {
            fence = Some(open);
        }
        if index == number {
            return told(line, &read);
        }
    }
    LineAt::Open
}

fn told(line: &str, read: &Line<'_>) -> LineAt {
    match read {
        Line::Tags(_) => LineAt::Tags,
        Line::Step(_, keyword, sentence) => {
            let indent = line.chars().take_while(|letter| letter.is_whitespace()).count();
            let after = indent + keyword.chars().count();
            let blanks = line.chars().skip(after).take_while(|letter| letter.is_whitespace()).count();
            LineAt::Step(StepLine { keyword, sentence: (*sentence).to_owned(), column: after + blanks })
        }
        Line::Blank | Line::Text(_) => LineAt::Open,
        Line::Comment(_) | Line::Part(..) | Line::Row(_) | Line::Fence(_) => LineAt::Taken,
    }
}

/// Returns the keywords with which a line of the file may begin.
pub(in super::super) fn keywords(text: &str, is_composed: bool) -> Vec<String> {
    let language = language(text, is_composed);
    language.part_words().map(|part| format!("{part}:")).chain(language.step_words().map(str::to_owned)).collect()
}

fn language(text: &str, is_composed: bool) -> &'static Language {
    let kind = if is_composed { Kind::Composed } else { Kind::Feature };
    let named = text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
    let named =
        named.filter_map(|line| line.trim_start_matches('#').trim().strip_prefix("language")?.trim().strip_prefix(':'));
    named.filter_map(|name| Language::named(name.trim(), kind)).last().unwrap_or(Language::of(kind))
}
