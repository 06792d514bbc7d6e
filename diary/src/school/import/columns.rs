//! Columns of the register's file, and how much a file may hold.

/// So many parents to a line.
pub(super) const PARENTS: usize = 4;
/// Maximum number of pupils in a file.
pub(super) const LINES: usize = 20_000;
/// Maximum number of columns in a file; the register has some twenty.
pub(super) const WIDEST: usize = 100;

/// Headings of the columns, as they stand in the first line.
pub(super) const NAME: &str = "Фамилия Имя Отчество";
pub(super) const BORN: &str = "Дата рождения";
pub(super) const SNILS: &str = "СНИЛС";
pub(super) const CLASS: &str = "Класс";
pub(super) const SERIES: &str = "Серия свидетельства";
pub(super) const NUMBER: &str = "Номер свидетельства";
pub(super) const PHONE: &str = "Телефон ребёнка";
/// Columns of a parent; each has the parent's number after it.
pub(super) const PARENT: [&str; 4] = ["Родитель", "СНИЛС родителя", "Кем приходится", "Активный пользователь"];

/// Every column in the order of the template.
pub(super) fn columns() -> Vec<String> {
    let parents = (1..=PARENTS).flat_map(|number| PARENT.iter().map(move |column| format!("{column} {number}")));
    [NAME, BORN, SNILS, CLASS, SERIES, NUMBER, PHONE].map(str::to_owned).into_iter().chain(parents).collect()
}
