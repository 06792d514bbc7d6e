//! Parsing of the register file into lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Phone, Snils, text::look};
use worlds::read_past_day;

use super::{
    cells::{self, plain, words},
    columns::{BORN, CLASS, LINES, NAME, NUMBER, PARENT, PARENTS, PHONE, SERIES, SNILS, WIDEST, columns},
    faults::{FileFaults, LineFault},
    text::sheet,
};
use crate::{register::Relation, school::forms::read_class};

/// Parsed line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) name: FullName,
    pub(super) born: NaiveDate,
    pub(super) snils: Snils,
    /// Class of the pupil; `None` leaves it unchanged.
    pub(super) class: Option<String>,
    pub(super) certificate: Option<BirthCertificate>,
    pub(super) phone: Option<Phone>,
    pub(super) parents: Vec<ParentCells>,
}

/// Parsed cells of one parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParentCells {
    /// The parent's number in the line, from 1.
    pub(super) number: usize,
    pub(super) name: FullName,
    pub(super) snils: Snils,
    pub(super) relation: Option<Relation>,
    pub(super) active: Option<bool>,
}

/// Parses a file: returns the valid lines, and all faults of the others.
pub(super) fn read(bytes: &[u8], today: NaiveDate) -> (Vec<Line>, FileFaults) {
    let sheet = match sheet(bytes) {
        Ok(sheet) => sheet,
        Err(fault) => return (Vec::new(), fault.into()),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sheet.separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(sheet.text.as_bytes());
    let mut records = reader.records().filter_map(Result::ok).peekable();
    let first = sheet.first_line;
    let Some(titles) = records.next() else {
        let message = "файл пуст: в первой строке нужны названия колонок";
        return (Vec::new(), LineFault::new(first, "файл", message).into());
    };
    let mut lines_read = LineCounter { text: sheet.text.as_bytes(), at: 0, line: first };
    let head = match Head::read(&titles, lines_read.of(&titles)) {
        Ok(head) => head,
        Err(faults) => return (Vec::new(), faults),
    };
    // With an odd number of quotes, the rest of the file ends up in one cell.
    let is_open = sheet.text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    let (mut lines, mut faults) = (Vec::new(), FileFaults::default());
    let mut rows = 0;
    while let Some(record) = records.next() {
        let number = lines_read.of(&record);
        if is_open && records.peek().is_none() {
            faults.add(number, "строка", "кавычка открыта и не закрыта: всё до конца файла попало в одну ячейку");
            break;
        }
        if record.iter().all(|cell| plain(cell).is_empty()) {
            continue;
        }
        rows += 1;
        if rows > LINES {
            let message = format!("в файле больше {LINES} строк");
            return (Vec::new(), LineFault::new(number, "файл", message).into());
        }
        if head.fits(&record, number, &mut faults) {
            let mut cells = Cells { record: &record, places: &head.places, number, today, faults: &mut faults };
            lines.extend(cells.line());
        }
    }
    if faults.is_empty() && lines.is_empty() {
        faults.add(first, "файл", "в файле нет ни одного ученика");
    }
    (lines, faults)
}

/// Counter of line numbers; the reader of `csv` does not count empty lines before a record.
struct LineCounter<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// Returns the line on which a record begins; records must come in order.
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.at)
            && (self.at < start || *byte == b'\n')
        {
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// Columns of a file.
struct Head {
    /// Index of each known column by title.
    places: BTreeMap<String, usize>,
    /// Number of columns up to the last one with a title; spreadsheets add empty ones after it.
    width: usize,
}

/// Normalizes a title for comparison: ignores case, ё, blanks, and a colon or an asterisk at the end.
fn folded(title: &str) -> String {
    plain(title).trim_end_matches([':', '*', ' ']).to_lowercase().replace('ё', "е")
}

impl Head {
    fn read(titles: &csv::StringRecord, line: u64) -> Result<Self, FileFaults> {
        let filled = titles.iter().enumerate().filter(|(_, title)| !plain(title).is_empty());
        let width = filled.last().map_or(0, |(last, _)| last + 1);
        let known: BTreeMap<String, String> = columns().into_iter().map(|title| (folded(&title), title)).collect();
        if width > WIDEST {
            let message = format!("колонок {width}, а в журнале их {}: проверьте, чем они разделены", known.len());
            return Err(LineFault::new(line, "файл", message).into());
        }
        let (mut places, mut faults) = (BTreeMap::new(), FileFaults::default());
        for (at, title) in titles.iter().take(width).enumerate().filter(|(_, title)| !plain(title).is_empty()) {
            match known.get(&folded(title)) {
                Some(title) if places.insert(title.clone(), at).is_some() => {
                    faults.add(line, title, "колонка повторяется");
                }
                Some(_) => {}
                None => faults.add(line, &plain(title).chars().take(60).collect::<String>(), strange(title, &known)),
            }
        }
        for wanted in [NAME, BORN, SNILS, CLASS] {
            if !places.contains_key(wanted) {
                faults.add(line, wanted, "нет обязательной колонки");
            }
        }
        if faults.is_empty() { Ok(Self { places, width }) } else { Err(faults) }
    }

    /// Checks that a line has a cell for each column, and no text in columns without a title.
    fn fits(&self, record: &csv::StringRecord, line: u64, faults: &mut FileFaults) -> bool {
        if record.len() < self.width {
            faults.add(line, "строка", format!("ячеек {}, а колонок {}", record.len(), self.width));
            return false;
        }
        let titled: BTreeSet<usize> = self.places.values().copied().collect();
        let mut cells = record.iter().enumerate();
        let stray = cells.find(|(at, cell)| !titled.contains(at) && !plain(cell).is_empty());
        let Some((at, cell)) = stray else { return true };
        let cell: String = plain(cell).chars().take(60).collect();
        let message = format!("здесь «{cell}», а названия у столбца нет: проверьте разделители и кавычки в строке");
        faults.add(line, &format!("столбец {}", at + 1), message);
        false
    }
}

/// Explains a column title that the register does not have.
fn strange(title: &str, known: &BTreeMap<String, String>) -> String {
    let seen = look(&folded(title));
    let meant = known.iter().find(|(folded, _)| look(folded) == seen).map(|(_, title)| title);
    let letter = title.chars().find(char::is_ascii_alphabetic);
    match (meant, letter) {
        (Some(meant), Some(letter)) => format!("это «{meant}», но буква «{letter}» здесь латинская"),
        (Some(meant), None) => format!("это «{meant}», но записано другими знаками"),
        (None, _) => "такой колонки в журнале нет".to_owned(),
    }
}

/// A line during parsing.
struct Cells<'a> {
    record: &'a csv::StringRecord,
    places: &'a BTreeMap<String, usize>,
    number: u64,
    today: NaiveDate,
    faults: &'a mut FileFaults,
}

impl Cells<'_> {
    fn cell(&self, column: &str) -> String {
        plain(self.places.get(column).and_then(|at| self.record.get(*at)).unwrap_or_default())
    }

    fn blame(&mut self, column: &str, message: impl Display) {
        self.faults.add(self.number, column, message);
    }

    fn keep<T, E: Display>(&mut self, column: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.blame(column, error)).ok()
    }

    /// Parses an optional cell; `None` if it is empty or faulty.
    fn optional<T, E: Display>(&mut self, column: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let cell = self.cell(column);
        if cell.is_empty() { None } else { self.keep(column, read(&cell)) }
    }

    fn required<T, E: Display>(&mut self, column: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        if self.cell(column).is_empty() {
            self.blame(column, "не заполнено");
            return None;
        }
        self.optional(column, read)
    }

    fn name(&mut self, column: &str) -> Option<FullName> {
        self.required(column, |cell| words(cell, str::parse::<FullName>))
    }

    fn line(&mut self) -> Option<Line> {
        let before = self.faults.count();
        let (name, snils) = (self.name(NAME), self.required(SNILS, cells::snils));
        let today = self.today;
        let born = self.required(BORN, |cell| read_past_day(cell, today));
        let class = self.optional(CLASS, |cell| words(cell, read_class));
        let (certificate, phone) = (self.certificate(), self.optional(PHONE, cells::phone));
        let mut parents: Vec<ParentCells> = Vec::new();
        for number in 1..=PARENTS {
            let Some(parent) = self.parent(number) else { continue };
            if snils == Some(parent.snils) {
                self.blame(&column(1, number), "у родителя СНИЛС самого ученика");
            } else if parents.iter().any(|one| one.snils == parent.snils) {
                self.blame(&column(1, number), "этот родитель в строке уже есть");
            }
            parents.push(parent);
        }
        let number = self.number;
        match (name, born, snils) {
            (Some(name), Some(born), Some(snils)) if self.faults.count() == before => {
                Some(Line { number, name, born, snils, class, certificate, phone, parents })
            }
            _ => None,
        }
    }

    fn certificate(&mut self) -> Option<BirthCertificate> {
        use esia::ids::BirthCertificateError;
        let (series, number) = (cells::series(&self.cell(SERIES)), self.cell(NUMBER));
        if series.is_empty() && number.is_empty() {
            return None;
        }
        let number = self.keep(NUMBER, cells::certificate_number(&number))?;
        let read = BirthCertificate::new(&series, &number);
        let column = if matches!(read, Err(BirthCertificateError::Number)) { NUMBER } else { SERIES };
        self.keep(column, read)
    }

    fn parent(&mut self, number: usize) -> Option<ParentCells> {
        if (0..PARENT.len()).all(|at| self.cell(&column(at, number)).is_empty()) {
            return None;
        }
        let (name, snils) = (self.name(&column(0, number)), self.required(&column(1, number), cells::snils));
        let relation = self.cell(&column(2, number)).to_lowercase();
        let known = Relation::ALL.into_iter().find(|one| one.name() == relation);
        if known.is_none() && !relation.is_empty() {
            self.blame(&column(2, number), "здесь пишут: мать, отец, законный представитель или другое");
        }
        let relation = known;
        let active = match self.cell(&column(3, number)).to_lowercase().as_str() {
            "" => None,
            "да" => Some(true),
            "нет" => Some(false),
            _ => {
                self.blame(&column(3, number), "здесь пишут «да» или «нет»");
                None
            }
        };
        Some(ParentCells { number, name: name?, snils: snils?, relation, active })
    }
}

/// Returns the title of a column of a parent.
pub(super) fn column(at: usize, number: usize) -> String {
    format!("{} {number}", PARENT.get(at).copied().unwrap_or_default())
}
