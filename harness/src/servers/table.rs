//! Tables for the terminal.

use std::io::{self, IsTerminal as _};

use comfy_table::{ColumnConstraint, ContentArrangement, Table};

use crate::{control::Person, language::pick};

/// Minimum terminal width at which columns are kept unbroken, characters.
const NARROW: u16 = 70;

/// Returns the table of the people to sign in as.
pub fn table(people: &[Person]) -> String {
    let header =
        [pick("человек", "person"), pick("логин", "login"), pick("пароль", "password"), pick("кто это", "who it is")];
    let mut table = fitted(&header);
    keep_whole(&mut table, &[1, 2]);
    for person in people {
        let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        table.add_row([person.name.clone(), told(&person.login), told(&person.password), person.about.clone()]);
    }
    table.to_string()
}

/// Creates a table of the terminal's width; of any width if the output is not a terminal.
pub(crate) fn fitted(header: &[&str]) -> Table {
    let width = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal()).map(|(width, _)| width.0);
    table_of(header, width)
}

/// Prevents line breaks within these columns, because a broken login cannot be copied. In a terminal that is too narrow
/// they break nevertheless.
pub(crate) fn keep_whole(table: &mut Table, columns: &[usize]) {
    if table.width().is_none_or(|width| width >= NARROW) {
        for index in columns {
            if let Some(column) = table.column_mut(*index) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
}

fn table_of(header: &[&str], width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY).set_header(header);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_its_terminal() {
        let about = "мать Вани и Маши, привязала обоих, дала согласие дневнику, отозвала его и снова дала";
        let row = ["Петрова Анна Сергеевна", "anna@example.test", "anna-2024", about];
        for width in [60, 80, 120] {
            let mut table = table_of(["человек", "логин", "пароль", "кто это"].as_slice(), Some(width));
            table.add_row(row);
            let widest = table.to_string().lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} of {width}:\n{table}");
        }
        let mut table = table_of(["человек", "логин", "пароль", "кто это"].as_slice(), Some(80));
        keep_whole(&mut table, &[1, 2]);
        table.add_row(row);
        let told = table.to_string();
        assert!(told.contains("anna@example.test") && told.contains("anna-2024"), "{told}");
        assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
        let mut table = table_of(["человек", "логин", "пароль", "кто это"].as_slice(), None);
        table.add_row(row);
        assert!(table.to_string().contains(about), "{table}");
    }
}
