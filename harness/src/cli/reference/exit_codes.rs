//! Reference page of exit codes.

use super::markdown::{cell, code, table};
use crate::{exit, language::pick};

pub(super) fn page() -> String {
    let row = |line: &str| {
        let (number, told) = line.trim().split_once(' ')?;
        Some(vec![code(number), cell(told)])
    };
    let rows: Vec<_> = exit::codes().lines().skip(1).filter_map(row).collect();
    let head = pick(
        "# Коды возврата\n\nНеверный ответ и невозможность спросить — разные исходы. Конвейер, который видит 1, нашёл ошибку в \
         проверяемой системе; который видит 3 — не нашёл ничего.\n\n",
        "# Exit codes\n\nA wrong answer is not the same as not having been able to ask. A pipeline that sees 1 has found a mistake in \
         what it tests; one that sees 3 has found nothing.\n\n",
    );
    let text = format!("{head}{}", table(&[pick("код", "code"), pick("когда", "when")], &rows));
    text.trim_end().to_owned() + "\n"
}
