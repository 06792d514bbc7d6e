//! Words for numbers, times and system errors in the language of the run, the same in all messages.

use std::{fmt::Write as _, io};

use chrono::{DateTime, Utc};
pub use worlds::plural;

use crate::language::{self, Language, pick};

/// Forms of a noun after numbers.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// Russian forms after 1, 2 and 5, as `["файл", "файла", "файлов"]`.
    pub russian: [&'static str; 3],
    /// English forms after 1 and 2, as `["file", "files"]`.
    pub english: [&'static str; 2],
}

/// Files that were read.
pub const FILES: Counted = Counted { russian: ["файл", "файла", "файлов"], english: ["file", "files"] };
/// Scenarios of a suite or a run.
pub const SCENARIOS: Counted = Counted {
    russian: ["сценарий", "сценария", "сценариев"],
    english: ["scenario", "scenarios"],
};

/// Steps of scenarios.
pub const STEPS: Counted = Counted { russian: ["шаг", "шага", "шагов"], english: ["step", "steps"] };

impl Counted {
    /// Returns the form after a number, in the language of the run.
    pub fn form(self, number: usize) -> &'static str {
        match language::spoken() {
            Language::Russian => plural(number, self.russian),
            Language::English if number == 1 => self.english[0],
            Language::English => self.english[1],
        }
    }

    /// Returns a number with its noun, as `3 файла`, `3 files`.
    pub fn count(self, number: usize) -> String {
        format!("{number} {}", self.form(number))
    }
}

/// Returns the words before a hint.
pub fn may_be() -> &'static str {
    pick("может быть: ", "perhaps: ")
}

/// Formats an instant in Moscow time, as `02.09.2024 09:00:00`.
pub fn moscow(at: DateTime<Utc>) -> String {
    worlds::moscow::local(at).format("%d.%m.%Y %H:%M:%S").to_string()
}

/// Replaces every instant of RFC 3339 in a text (`2024-09-02 06:00:00 UTC`, `2024-09-02T06:00:00Z`) by Moscow time.
pub fn with_moscow_times(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|sign: char| sign.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        told.push_str(before);
        if let Some((at, length)) = instant(from) {
            told.push_str(&moscow(at));
            rest = from.get(length..).unwrap_or_default();
            continue;
        }
        let digits = from.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(from.len());
        let (number, after) = from.split_at(digits);
        told.push_str(number);
        rest = after;
    }
    told + rest
}

/// Parses the instant at the beginning of a text; returns it with its length in bytes.
fn instant(text: &str) -> Option<(DateTime<Utc>, usize)> {
    let end = text.find(|sign: char| !(sign.is_ascii_digit() || "-:.+TZ".contains(sign))).unwrap_or(text.len());
    let word = text.get(..end)?.trim_end_matches('.');
    if let Ok(at) = DateTime::parse_from_rfc3339(word) {
        return Some((at.to_utc(), word.len()));
    }
    let end = text.find(" UTC")?;
    let naive = chrono::NaiveDateTime::parse_from_str(text.get(..end)?, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some((naive.and_utc(), end + " UTC".len()))
}

/// Replaces control characters of terminals, and characters that XML 1.0 cannot contain, by their numbers, so that they
/// stay visible.
pub fn visible(any: &str) -> String {
    let mut visible = String::with_capacity(any.len());
    for letter in any.chars() {
        // XML 1.0 §2.2, *Char*; of those, control characters of C1 are commands of a terminal.
        match letter {
            '\t' | '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                visible.push(letter);
            }
            '\r' => {}
            other => {
                let _ = write!(visible, "[U+{:04X}]", u32::from(other));
            }
        }
    }
    visible
}

/// Shortens a text to a number of letters and an ellipsis.
pub fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Message for a system error.
pub fn of_system(error: &io::Error) -> String {
    let known = match error.kind() {
        io::ErrorKind::NotFound => pick("нет такого файла или папки", "no such file or folder"),
        io::ErrorKind::PermissionDenied => pick("нет прав", "permission denied"),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            pick("часть пути — файл, а не папка", "a part of the path is a file, not a folder")
        }
        io::ErrorKind::IsADirectory => pick("это папка, а не файл", "it is a folder, not a file"),
        io::ErrorKind::ReadOnlyFilesystem => pick("диск доступен только для чтения", "the disk is read-only"),
        io::ErrorKind::StorageFull => pick("на диске нет места", "the disk is full"),
        io::ErrorKind::InvalidData => pick("это не текст в UTF-8", "it is not UTF-8 text"),
        io::ErrorKind::AddrInUse => pick("адрес занят", "the address is in use"),
        io::ErrorKind::AddrNotAvailable => pick("такого адреса у этой машины нет", "this machine has no such address"),
        io::ErrorKind::ConnectionRefused => pick("никто не слушает этот адрес", "nobody listens on this address"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            pick("соединение разорвано", "the connection was broken")
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            pick("до этого адреса не дойти", "this address cannot be reached")
        }
        io::ErrorKind::TimedOut => pick("ответа слишком долго нет", "there is no answer for too long"),
        io::ErrorKind::UnexpectedEof => pick("данные оборвались", "the data end too early"),
        _ => return error.to_string(),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::in_english;

    #[test]
    fn nouns_agree_with_their_numbers() {
        let files =
            || [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 100, 101, 111, 112].map(|number| FILES.count(number)).join(", ");
        let told = files();
        insta::assert_snapshot!(told, @"0 файлов, 1 файл, 2 файла, 4 файла, 5 файлов, 11 файлов, 12 файлов, 14 файлов, 21 файл, 22 файла, 25 файлов, 100 файлов, 101 файл, 111 файлов, 112 файлов");
        insta::assert_snapshot!(in_english(files), @"0 files, 1 file, 2 files, 4 files, 5 files, 11 files, 12 files, 14 files, 21 files, 22 files, 25 files, 100 files, 101 files, 111 files, 112 files");
    }

    #[test]
    fn instants_in_a_text_are_told_by_moscows_clock() {
        let told = [
            "сейчас 2024-09-02 06:00:00 UTC",
            "с 2024-12-31T22:30:00Z по 2025-01-01T00:00:00.5+03:00.",
            "запрос 14, 2024-09-02, версия 1.2.3, конец 7",
            "",
        ]
        .map(with_moscow_times)
        .join("\n");
        insta::assert_snapshot!(told, @"
        сейчас 02.09.2024 09:00:00
        с 01.01.2025 01:30:00 по 01.01.2025 00:00:00.
        запрос 14, 2024-09-02, версия 1.2.3, конец 7
        ");
    }
}
