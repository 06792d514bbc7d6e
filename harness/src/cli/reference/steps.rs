//! Reference page of the sentences of scenarios.

use std::fmt::Write as _;

use super::markdown::{block, cell, table};
use crate::{
    language::pick,
    steps::{StepGroup, all, vocabulary},
};

pub(super) fn page() -> String {
    let mut text = pick(
        "# Шаги сценариев\n\nВсе предложения, которыми можно писать сценарий. На месте `{скобок}` стоит то, что объяснено в конце \
         страницы. О неизвестном предложении `esia-stand check` говорит с номером строки и называет похожие.\n\n",
        "# Steps of scenarios\n\nEvery sentence that a scenario may use; they are Russian, as scenarios are. The end of the page explains \
         what stands in place of `{braces}`. `esia-stand check` tells of an unknown sentence with its line, and names those that are like \
         it.\n\n",
    )
    .to_owned();
    let mut groups: Vec<StepGroup> = Vec::new();
    for step in all() {
        if !groups.contains(&step.group) {
            groups.push(step.group);
        }
    }
    for group in groups {
        let rows: Vec<_> =
            all().filter(|step| step.group == group).map(|step| vec![cell(step.pattern), cell(step.example)]).collect();
        let columns = [pick("предложение", "sentence"), pick("пример", "example")];
        // Writing to a String cannot fail.
        let _ = write!(text, "## {}\n\n{}", group.title(), table(&columns, &rows));
    }
    text.push_str(&end());
    text.trim_end().to_owned() + "\n"
}

/// Text after the sentences, as in `esia-stand steps`.
fn end() -> String {
    let whole = vocabulary();
    let heading = pick("Что пишут на месте скобок", "What is written in place of braces");
    let (_, told) = whole.split_once(heading).unwrap_or_default();
    format!("## {heading}\n\n{}", block(told.trim_start_matches('\n')))
}
