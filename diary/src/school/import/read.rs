//! From bytes to lines that mean something.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Phone, Snils};

use super::{BORN, CLASS, LINES, LineFault, NAME, NUMBER, PARENT, PARENTS, PHONE, SERIES, SNILS, columns};
use crate::{register::Relation, school::forms::read_class};

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) name: FullName,
    pub(super) born: NaiveDate,
    pub(super) snils: Snils,
    /// None: as it is.
    pub(super) class: Option<String>,
    pub(super) certificate: Option<BirthCertificate>,
    pub(super) phone: Option<Phone>,
    pub(super) parents: Vec<ParentCells>,
}

/// A parent of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParentCells {
    /// The parent's number in the line, from 1.
    pub(super) number: usize,
    pub(super) name: FullName,
    pub(super) snils: Snils,
    pub(super) relation: Option<Relation>,
    pub(super) active: Option<bool>,
}

/// Reads a file: the lines that are good, and everything that is wrong with the others.
pub(super) fn read(bytes: &[u8], today: NaiveDate) -> (Vec<Line>, Vec<LineFault>) {
    let text = match text(bytes) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(fault) => return (Vec::new(), vec![fault]),
    };
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(',').count() > head.matches(';').count() { b',' } else { b';' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(Ok(head)) = records.next() else {
        let message = "файл пуст: в первой строке нужны названия колонок";
        return (Vec::new(), vec![LineFault::new(1, "файл", message)]);
    };
    let places = match places(&head) {
        Ok(places) => places,
        Err(faults) => return (Vec::new(), faults),
    };
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let mut rows = 0;
    let mut place = Place { text: text.as_bytes(), at: 0, line: 1 };
    for record in records {
        let Ok(record) = record else {
            faults.push(LineFault::new(0, "файл", "файл не читается как CSV"));
            break;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let number = place.of(&record);
        rows += 1;
        if rows > LINES {
            faults.push(LineFault::new(number, "файл", format!("в файле больше {LINES} строк")));
            break;
        }
        if record.len() != head.len() {
            let message = format!("ячеек {}, а колонок {}", record.len(), head.len());
            faults.push(LineFault::new(number, "строка", message));
            continue;
        }
        let mut cells = Cells { record: &record, places: &places, number, today, faults: &mut faults };
        lines.extend(cells.line());
    }
    if faults.is_empty() && lines.is_empty() {
        faults.push(LineFault::new(1, "файл", "в файле нет ни одного ученика"));
    }
    (lines, faults)
}

/// How far into the file the reader is. Its own count of lines leaves out empty ones before a record.
struct Place<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Place<'_> {
    /// The line on which a record begins; records come in order.
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

/// UTF-8, with or without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, LineFault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let wrong = |at: usize| {
        let line = bytes[..at].split(|byte| *byte == b'\n').count();
        let line = u64::try_from(line).unwrap_or(u64::MAX);
        LineFault::new(line, "файл", "файл не в UTF-8: сохраните его как «CSV UTF-8»")
    };
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.valid_up_to()))?;
    match text.find('\0') {
        Some(at) => Err(wrong(at)),
        None => Ok(text),
    }
}

/// Where each column stands.
fn places(head: &csv::StringRecord) -> Result<BTreeMap<String, usize>, Vec<LineFault>> {
    let (known, mut places, mut faults) = (columns(), BTreeMap::new(), Vec::new());
    for (at, title) in head.iter().enumerate() {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if !known.contains(&title) {
            let told: String = title.chars().take(60).collect();
            faults.push(LineFault::new(1, &told, "такой колонки в журнале нет"));
        } else if places.insert(title.clone(), at).is_some() {
            faults.push(LineFault::new(1, &title, "колонка повторяется"));
        }
    }
    for wanted in [NAME, BORN, SNILS, CLASS] {
        if !places.contains_key(wanted) {
            faults.push(LineFault::new(1, wanted, "нет обязательной колонки"));
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

/// One line under way.
struct Cells<'a> {
    record: &'a csv::StringRecord,
    places: &'a BTreeMap<String, usize>,
    number: u64,
    today: NaiveDate,
    faults: &'a mut Vec<LineFault>,
}

impl Cells<'_> {
    /// A cell without the apostrophe that keeps spreadsheets from taking it for a formula.
    fn cell(&self, column: &str) -> &str {
        let cell = self.places.get(column).and_then(|at| self.record.get(*at)).unwrap_or_default().trim();
        match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
            _ => cell,
        }
    }

    fn blame(&mut self, column: &str, message: impl Display) {
        self.faults.push(LineFault::new(self.number, column, message.to_string()));
    }

    fn keep<T, E: Display>(&mut self, column: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.blame(column, error)).ok()
    }

    fn optional<T: FromStr<Err: Display>>(&mut self, column: &str) -> Option<T> {
        let cell = self.cell(column).to_owned();
        if cell.is_empty() { None } else { self.keep(column, cell.parse()) }
    }

    fn required<T: FromStr<Err: Display>>(&mut self, column: &str) -> Option<T> {
        let cell = self.cell(column).to_owned();
        if cell.is_empty() {
            self.blame(column, "не заполнено");
            return None;
        }
        self.keep(column, cell.parse())
    }

    fn line(&mut self) -> Option<Line> {
        let before = self.faults.len();
        let (name, snils) = (self.required(NAME), self.required(SNILS));
        let (born, class) = (self.born(), self.class());
        let (certificate, phone) = (self.certificate(), self.optional(PHONE));
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
            (Some(name), Some(born), Some(snils)) if self.faults.len() == before => {
                Some(Line { number, name, born, snils, class, certificate, phone, parents })
            }
            _ => None,
        }
    }

    fn born(&mut self) -> Option<NaiveDate> {
        let cell = self.cell(BORN);
        let read = NaiveDate::parse_from_str(cell, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(cell, "%d.%m.%Y"));
        match read {
            Ok(day) if day > self.today => self.blame(BORN, "этот день ещё не наступил"),
            Ok(day) => return Some(day),
            Err(_) => self.blame(BORN, "дата записывается ДД.ММ.ГГГГ или ГГГГ-ММ-ДД и должна быть в календаре"),
        }
        None
    }

    fn class(&mut self) -> Option<String> {
        let cell = self.cell(CLASS).to_owned();
        if cell.is_empty() {
            return None;
        }
        self.keep(CLASS, read_class(&cell))
    }

    fn certificate(&mut self) -> Option<BirthCertificate> {
        use esia::ids::BirthCertificateError;
        let (series, number) = (self.cell(SERIES).to_owned(), self.cell(NUMBER).to_owned());
        if series.is_empty() && number.is_empty() {
            return None;
        }
        let read = BirthCertificate::new(&series, &number);
        let column = if matches!(read, Err(BirthCertificateError::Number)) { NUMBER } else { SERIES };
        self.keep(column, read)
    }

    fn parent(&mut self, number: usize) -> Option<ParentCells> {
        if (0..PARENT.len()).all(|at| self.cell(&column(at, number)).is_empty()) {
            return None;
        }
        let (name, snils) = (self.required(&column(0, number)), self.required(&column(1, number)));
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

/// Head of a column of a parent.
pub(super) fn column(at: usize, number: usize) -> String {
    format!("{} {number}", PARENT.get(at).copied().unwrap_or_default())
}
