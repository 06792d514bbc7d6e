//! Columns of the register file, and its size limits.

/// Number of parents in a line.
pub(super) const PARENTS: usize = 4;
/// Maximum number of pupils in a file.
pub(super) const LINES: usize = 20_000;
/// Maximum number of columns in a file; the register has about twenty.
pub(super) const WIDEST: usize = 100;

/// Column titles, as in the first line of the file.
pub(super) const NAME: &str = "Фамилия Имя Отчество";
pub(super) const BORN: &str = "Дата рождения";
pub(super) const SNILS: &str = "СНИЛС";
pub(super) const CLASS: &str = "Класс";
pub(super) const SERIES: &str = "Серия свидетельства";
pub(super) const NUMBER: &str = "Номер свидетельства";
pub(super) const PHONE: &str = "Телефон ребёнка";
/// Column titles of a parent; the parent's number follows each.
pub(super) const PARENT: [&str; 4] = ["Родитель", "СНИЛС родителя", "Кем приходится", "Активный пользователь"];

/// Returns all column titles in the order of the template.
pub(super) fn columns() -> Vec<String> {
    let parents = (1..=PARENTS).flat_map(|number| PARENT.iter().map(move |column| format!("{column} {number}")));
    [NAME, BORN, SNILS, CLASS, SERIES, NUMBER, PHONE].map(str::to_owned).into_iter().chain(parents).collect()
}
