//! The school's side of the diary.

use super::definition::{StepDefinition, step};
use crate::{
    browser::Target,
    scenario::{Args, Done, ScenarioState},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(School, "{кто} открывает журнал школы", "Когда Ольга открывает журнал школы", opens).opens().checks(),
    step!(
        School,
        "{кто} исправляет в журнале у {текст} поле {текст} на {значение}",
        "Когда Ольга исправляет в журнале у «Петров Иван Сергеевич» поле «СНИЛС» на «001-000-003 00»",
        corrects
    ).opens(),
    step!(
        School,
        "{кто} исправляет в журнале у {текст} родителя {текст}: поле {текст} на {значение}",
        "Когда Ольга исправляет в журнале у «Петров Иван Сергеевич» родителя «Петрова Анна Сергеевна»: поле «СНИЛС» на «001-000-001 00»",
        corrects_parent
    ).opens(),
];

/// Signs in to the diary as one of its staff, through Gosuslugi.
async fn opens(state: &mut ScenarioState, args: &Args) -> Done {
    let who = args.get(0);
    let school = state.diary("school")?;
    state.browser(who).await?.open(&school).await?;
    if state.page(who).await?.has("school") {
        return Ok(());
    }
    state.leave_for_gosuslugi(who).await?;
    if state.page(who).await?.has_field("Телефон / Email / СНИЛС") {
        let (login, password) = state.account(who).await?;
        state.credentials(who, &login, &password).await?;
    }
    if state.page(who).await?.has("consent") {
        state.browser(who).await?.press("Предоставить".into()).await?;
    }
    state.browser(who).await?.open(&school).await?;
    state.expect_mark(who, "school").await
}

/// Opens the pupil's card, types and saves.
async fn correct(state: &mut ScenarioState, args: &Args, near: &str, field: &str, value: &str) -> Done {
    opens(state, args).await?;
    let browser = state.browser(args.get(0)).await?;
    browser.follow(args.get(1).into()).await?;
    browser.fill(Target { text: field, near: Some(near) }, value).await?;
    Ok(browser.press(Target { text: "Сохранить", near: Some(near) }).await?)
}

async fn corrects(state: &mut ScenarioState, args: &Args) -> Done {
    correct(state, args, args.get(1), args.get(2), args.get(3)).await
}

async fn corrects_parent(state: &mut ScenarioState, args: &Args) -> Done {
    correct(state, args, args.get(2), args.get(3), args.get(4)).await
}
