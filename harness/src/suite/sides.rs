//! Checks of the table under «одновременно» before a run: each column is a side, each cell one of its steps.

use crate::{
    language::tr,
    race::MOST,
    steps::{StepDefinition, Table},
};

/// Returns the mistakes in the form of the table, each with the index of its row.
pub(super) fn misshapen(rows: &[Vec<String>]) -> Vec<(usize, String)> {
    let width = rows.first().map_or(0, Vec::len);
    if width < 2 {
        let told = tr!(
            "под «одновременно» нужны хотя бы два столбца: столбец — сторона, ячейка — её шаг",
            "\"одновременно\" needs two columns at least: a column is a side, a cell one of its steps"
        );
        return vec![(0, told)];
    }
    if width > MOST {
        let told =
            tr!("сторон не больше {MOST}, а столбцов {width}", "there are {MOST} sides at most, and {width} columns");
        return vec![(0, told)];
    }
    let empty = rows.iter().enumerate().filter(|(_, row)| row.iter().all(String::is_empty));
    let empty = empty
        .map(|(index, _)| (index, tr!("в строке нет ни одного шага: уберите её", "the row has no step: remove it")));
    let idle = (0..width).filter(|side| rows.iter().all(|row| row.get(*side).is_none_or(String::is_empty)));
    let idle = idle.map(|side| {
        let number = side + 1;
        (0, tr!("у стороны {number} нет ни одного шага", "side {number} has no step"))
    });
    empty.chain(idle.take(1)).collect()
}

/// Says why a step cannot be played at the same time as others; `None` if it can.
pub(super) fn refused(known: &StepDefinition) -> Option<String> {
    let pattern = known.pattern;
    if known.begins_a_world() {
        return Some(tr!(
            "мир начинают до «одновременно»: шаг «{pattern}» не играют вместе с другими",
            "a world begins before \"одновременно\": the step \"{pattern}\" is not played together with others"
        ));
    }
    if known.pauses() {
        return Some(tr!(
            "«пауза» ждёт человека: её не играют вместе с другими",
            "\"пауза\" waits for a person: it is not played together with others"
        ));
    }
    if known.has_sides() || known.is_of_racers() {
        return Some(tr!(
            "шаг «{pattern}» не бывает внутри «одновременно»",
            "the step \"{pattern}\" has no place within \"одновременно\""
        ));
    }
    (known.table != Table::Nothing).then(|| {
        tr!(
            "шагу «{pattern}» нужна таблица, а в ячейке её нет: сыграйте его раньше",
            "the step \"{pattern}\" needs a table, and a cell has none: play it before"
        )
    })
}

/// Returns the column at which the text of a cell begins in the line of its row, in letters, from 1.
pub(super) fn column_of(line: &str, cell: usize) -> usize {
    let (mut bars, mut escaped) = (0, false);
    for (sign, column) in line.chars().zip(1..) {
        match sign {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '|' if !escaped => bars += 1,
            blank if bars == cell + 1 && !blank.is_whitespace() => return column,
            _ => {}
        }
        escaped = false;
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_cell_is_where_its_text_begins() {
        let line = "      | а \\| б |  в |";
        assert_eq!([column_of(line, 0), column_of(line, 1), column_of("", 3)], [9, 19, 1]);
    }
}
