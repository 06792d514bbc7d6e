//! Steps about files that a person downloads.

use super::{
    definition::{Needs, StepDefinition, step},
    pages::expect,
};
use crate::{
    browser::{has_words, normal},
    language::tr,
    scenario::{Args, Done, ScenarioState},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(Pages, "{кто} скачивает {текст}", "Когда Анна скачивает «Отчёт за май»", downloads).on_page(),
    step!(Sight, "{кто} получает файл {текст}", "Тогда Анна получает файл «report.csv»", is_named)
        .on_page()
        .checks()
        .needs(Needs::Nothing),
    step!(Sight, "{кто} видит в файле {текст}", "Тогда Анна видит в файле «Петрова;7А»", says)
        .on_page()
        .checks()
        .needs(Needs::Nothing),
];

/// Follows the link or presses the button; the person stays on the page.
async fn downloads(state: &mut ScenarioState, args: &Args) -> Done {
    let file = state.browser(args.get(0)).await?.download(args.get(1).into()).await?;
    expect(file.status < 400, || {
        tr!("файл не скачать: сервер ответил {}", "the file cannot be had: the server answered {}", file.status)
    })?;
    state.keep_file(args.get(0), file);
    Ok(())
}

async fn is_named(state: &mut ScenarioState, args: &Args) -> Done {
    let file = state.file(args.get(0))?;
    expect(file.name == args.get(1), || tr!("файл называется «{}»", "the file is called «{}»", file.name))
}

async fn says(state: &mut ScenarioState, args: &Args) -> Done {
    let file = state.file(args.get(0))?;
    expect(has_words(&normal(&file.text), &normal(args.get(1))), || {
        let begin: Vec<_> = file.text.lines().take(10).map(|line| format!("\n  | {line}")).collect();
        tr!(
            "в файле «{}» этого нет; он начинается так:{}",
            "the file «{}» does not have it; it begins so:{}",
            file.name,
            begin.concat()
        )
    })
}
