//! The school's side of the diary.

use super::{Args, Done, Step, step};
use crate::{browser::Target, play::Play};

pub(super) const STEPS: &[Step] = &[
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
async fn opens(play: &mut Play, args: &Args) -> Done {
    let who = args.get(0);
    let school = play.diary("school")?;
    play.browser(who).await?.open(&school).await?;
    if play.page(who).await?.has("school") {
        return Ok(());
    }
    play.leave_for_gosuslugi(who).await?;
    if play.page(who).await?.has_field("Телефон / Email / СНИЛС") {
        let (login, password) = play.account(who).await?;
        play.credentials(who, &login, &password).await?;
    }
    if play.page(who).await?.has("consent") {
        play.browser(who).await?.press("Предоставить".into()).await?;
    }
    play.browser(who).await?.open(&school).await?;
    play.expect_mark(who, "school").await
}

/// Opens the pupil's card, types and saves.
async fn correct(play: &mut Play, args: &Args, near: &str, field: &str, value: &str) -> Done {
    opens(play, args).await?;
    let browser = play.browser(args.get(0)).await?;
    browser.follow(args.get(1).into()).await?;
    browser.fill(Target { text: field, near: Some(near) }, value).await?;
    Ok(browser.press(Target { text: "Сохранить", near: Some(near) }).await?)
}

async fn corrects(play: &mut Play, args: &Args) -> Done {
    correct(play, args, args.get(1), args.get(2), args.get(3)).await
}

async fn corrects_parent(play: &mut Play, args: &Args) -> Done {
    correct(play, args, args.get(2), args.get(3), args.get(4)).await
}
