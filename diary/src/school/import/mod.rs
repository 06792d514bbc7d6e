//! The register as a CSV file: what an administrator uploads, and what is given out. A line is a pupil with up to four
//! parents. An upload adds and corrects; it deletes nothing, and an empty cell leaves what is there. It is taken whole or,
//! with a fault in any line, not at all.

pub(crate) mod api;
mod cells;
mod export;
mod faults;
pub(crate) mod pages;
mod plan;
mod read;
#[cfg(test)]
mod tests;
mod text;

use faults::{FileFaults, LineFault};

/// So many parents to a line.
const PARENTS: usize = 4;
/// So many lines of pupils to a file.
const LINES: usize = 20_000;
/// So many columns to a file; the register has some twenty.
const WIDEST: usize = 100;

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
