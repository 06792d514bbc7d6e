//! The register as a CSV file: what an administrator uploads, and what is given out. A line is a pupil with up to four
//! parents. An upload adds and corrects; it deletes nothing, and an empty cell leaves what is there. It is taken whole or,
//! with a fault in any line, not at all.

pub(crate) mod api;
mod export;
pub(crate) mod pages;
mod plan;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use plan::ImportedPupil;

/// So many parents to a line.
const PARENTS: usize = 4;
/// So many lines of pupils to a file.
const LINES: usize = 20_000;
/// So many faults are told.
const TOLD: usize = 1_000;

const NAME: &str = "Фамилия Имя Отчество";
const BORN: &str = "Дата рождения";
const SNILS: &str = "СНИЛС";
const CLASS: &str = "Класс";
const SERIES: &str = "Серия свидетельства";
const NUMBER: &str = "Номер свидетельства";
const PHONE: &str = "Телефон ребёнка";
/// Columns of a parent; each has the parent's number after it.
const PARENT: [&str; 4] = ["Родитель", "СНИЛС родителя", "Кем приходится", "Активный пользователь"];

/// Every column in the order of the template.
fn columns() -> Vec<String> {
    let parents = (1..=PARENTS).flat_map(|number| PARENT.iter().map(move |column| format!("{column} {number}")));
    [NAME, BORN, SNILS, CLASS, SERIES, NUMBER, PHONE].map(str::to_owned).into_iter().chain(parents).collect()
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LineFault {
    /// Line of the file, from 1.
    line: u64,
    /// Column as its head says it; «строка» or «файл» for what is in no column.
    field: String,
    /// What is wrong.
    message: String,
}

impl LineFault {
    fn new(line: u64, field: &str, message: impl Into<String>) -> Self {
        Self { line, field: field.to_owned(), message: message.into() }
    }
}
