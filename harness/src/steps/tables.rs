//! Steps about tables on a page.

use super::{
    definition::{StepDefinition, Table, step},
    pages::expect,
};
use crate::{
    browser::normal,
    language::tr,
    scenario::{Args, Done, ScenarioState},
};

pub(super) const STEPS: &[StepDefinition] = &[step!(
    Sight,
    "{кто} видит таблицу",
    "Тогда Анна видит таблицу\n        | Товар | Цена |\n        | Чай   | 100  |",
    sees
)
.on_page()
.checks()
.with(Table::Rows)];

/// Looks for a table with these columns that has these rows in this order; other columns and rows are allowed.
async fn sees(state: &mut ScenarioState, args: &Args) -> Done {
    let page = state.page(args.get(0)).await?;
    let tables = page.tables();
    let wanted: Vec<Vec<String>> = args.table.iter().map(|row| row.iter().map(|cell| normal(cell)).collect()).collect();
    let Some((columns, rows)) = wanted.split_first() else { return Ok(()) };
    let fitting: Vec<_> = tables.iter().filter_map(|table| picked(table, columns)).collect();
    expect(!fitting.is_empty(), || {
        let heads: Vec<_> = tables.iter().filter_map(|table| table.first()).map(|row| told(row)).collect();
        let heads =
            if heads.is_empty() { tr!("таблиц на ней нет", "it has no table") } else { heads.join("; ") };
        tr!(
            "на странице нет таблицы со столбцами {}: {heads}",
            "the page has no table with the columns {}: {heads}",
            told(columns)
        )
    })?;
    let missing = |table: &Vec<Vec<String>>| {
        let mut found = table.iter();
        rows.iter().find(|row| !found.any(|own| own == *row))
    };
    let Some(first) = fitting.iter().map(missing).collect::<Option<Vec<_>>>().and_then(|all| all.first().copied())
    else {
        return Ok(());
    };
    let there: Vec<_> = fitting.iter().flatten().map(|row| told(row)).collect();
    let there = there.join("\n  ");
    Err(crate::scenario::StepError::Unmet(tr!(
        "в таблице нет строки {}; в ней:\n  {there}",
        "the table has no row {}; it has:\n  {there}",
        told(first)
    )))
}

/// Returns the rows of a table reduced to these columns; `None` if the table lacks one of them.
fn picked(table: &[Vec<String>], columns: &[String]) -> Option<Vec<Vec<String>>> {
    let (head, rows) = table.split_first()?;
    let places = columns.iter().map(|column| head.iter().position(|own| own == column));
    let places: Vec<_> = places.collect::<Option<_>>()?;
    let picked = |row: &Vec<String>| places.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect();
    Some(rows.iter().map(picked).collect())
}

fn told(row: &[String]) -> String {
    format!("| {} |", row.join(" | "))
}
