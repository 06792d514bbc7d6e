//! Code blocks of a page, and what the words after their language say of them.
//!
//! ```text
//! sh                    run by bash to its end, which is 0
//! sh ends=2             the same, and the end is 2
//! sh stays              a server: it runs until the next one is started, or the page ends
//! sh not-run REASON     not run, and the reason
//! console               commands after `$ `, and what they print; `…` stands for anything
//! gherkin file=a.feature, yaml file=a.yaml    written into the page's folder before what comes after is run
//! ```

use std::fmt::Write as _;

/// Languages of blocks that are read and not run.
const READ: [&str; 6] = ["text", "yaml", "json", "js", "python", "html"];

/// What is done with a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    /// Run by bash; ends with this code.
    Run(i32),
    /// A server that stays.
    Stays,
    /// Commands with what they print.
    Console,
    /// Written into a file of that name.
    File(String),
    /// Not run, for this reason.
    NotRun(String),
    /// Read by people alone.
    Read,
    /// Its words make no sense.
    Wrong(String),
}

/// A block of a page.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Line of its fence, from 1.
    pub(super) line: usize,
    pub(super) language: String,
    pub(super) to_do: Use,
    pub(super) text: String,
}

/// The blocks of a page in order.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<usize> = None;
    for (index, line) in page.lines().enumerate() {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        match (open, inner.strip_prefix("```")) {
            (None, Some(words)) => {
                open = Some(indent);
                blocks.push(opened(index + 1, words));
            }
            (Some(_), Some(_)) => open = None,
            (Some(indent), None) => {
                if let Some(block) = blocks.last_mut() {
                    let _ = writeln!(block.text, "{}", line.get(indent..).unwrap_or_default());
                }
            }
            (None, None) => {}
        }
    }
    blocks
}

fn opened(line: usize, words: &str) -> Block {
    let (language, words) = words.split_once(' ').unwrap_or((words, ""));
    Block { line, language: language.to_owned(), to_do: to_do(language, words.trim()), text: String::new() }
}

fn to_do(language: &str, words: &str) -> Use {
    if let Some(reason) = words.strip_prefix("not-run") {
        let reason = reason.trim();
        return if reason.is_empty() {
            Use::Wrong("not-run without a reason".into())
        } else {
            Use::NotRun(reason.into())
        };
    }
    if let Some(name) = words.strip_prefix("file=") {
        let leaves = name.starts_with('/') || name.split('/').any(|part| part == "..");
        return if leaves { Use::Wrong("a file elsewhere".into()) } else { Use::File(name.into()) };
    }
    match (language, words, words.strip_prefix("ends=").map(str::parse)) {
        ("sh", "", _) => Use::Run(0),
        ("sh", _, Some(Ok(code))) => Use::Run(code),
        ("sh", "stays", _) => Use::Stays,
        ("console", "", _) => Use::Console,
        (read, "", _) if READ.contains(&read) => Use::Read,
        _ => Use::Wrong(format!("what is to be done with \"{language} {words}\"?")),
    }
}

/// A command of a console and what it is said to print; nothing where nothing is said.
pub(super) struct Shown {
    pub(super) command: String,
    pub(super) printed: String,
}

/// The commands of a console.
pub(super) fn shown(console: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    for line in console.lines() {
        match (line.strip_prefix("$ "), shown.last_mut()) {
            (Some(command), _) => shown.push(Shown { command: command.to_owned(), printed: String::new() }),
            (None, Some(last)) => last.printed = format!("{}{line}\n", last.printed),
            (None, None) => {
                shown.push(Shown { command: "false # a console begins with a command".into(), printed: String::new() });
            }
        }
    }
    shown
}

/// Whether a text is as it is shown, `…` standing for anything.
pub(super) fn is_as_shown(text: &str, shown: &str) -> bool {
    let (text, shown) = (text.trim().replace('\r', ""), shown.trim());
    let pieces: Vec<&str> = shown.split('…').collect();
    let mut rest = text.as_str();
    for (index, piece) in pieces.iter().enumerate() {
        let is_last = index + 1 == pieces.len();
        let place = match index {
            0 if rest.starts_with(piece) => Some(0),
            0 => None,
            _ if is_last => rest.ends_with(piece).then(|| rest.len() - piece.len()),
            _ => rest.find(piece),
        };
        let Some(place) = place else { return false };
        rest = &rest[place + piece.len()..];
    }
    pieces.len() > 1 || rest.is_empty()
}
