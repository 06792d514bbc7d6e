//! The diary: coming in, or being told why not.

use super::{Args, Done, Step, StepError, pages::expect, step};
use crate::{browser::normal, play::Play};

pub(super) const STEPS: &[Step] = &[
    step!(Diary, "{кто} входит в дневник", "Когда Ваня входит в дневник", signs_in),
    step!(Diary, "{кто} открывает страницу входа в дневник", "Когда Анна открывает страницу входа в дневник", opens),
    step!(Diary, "{кто} открывает дневник", "Когда Нина открывает дневник", opens_diary),
    step!(Diary, "{кто} в дневнике", "Тогда Ваня в дневнике", is_in),
    step!(
        Diary,
        "{кто} получает отказ {текст}",
        "Тогда Ваня получает отказ «Для входа в дневник нужно согласие одного из родителей»",
        is_refused
    ),
    step!(Diary, "{кто} читает вопрос о согласии", "Тогда Анна читает вопрос о согласии", is_asked),
];

/// Through Gosuslugi, to wherever that leads: the diary, a refusal, or the question of consent.
async fn signs_in(play: &mut Play, args: &Args) -> Done {
    let who = args.get(0);
    play.leave_for_gosuslugi(who).await?;
    if play.page(who).await?.has_field("Телефон / Email / СНИЛС") {
        let (login, password) = play.account(who).await?;
        play.credentials(who, &login, &password).await?;
    }
    let page = play.page(who).await?;
    expect(!page.has_field("Телефон / Email / СНИЛС"), || "Госуслуги не приняли логин и пароль".to_owned())
}

async fn opens(play: &mut Play, args: &Args) -> Done {
    let login = play.diary("login")?;
    Ok(play.browser(args.get(0)).await?.open(&login).await?)
}

/// By its address, as from a bookmark: whoever is not signed in comes to the sign-in page.
async fn opens_diary(play: &mut Play, args: &Args) -> Done {
    let diary = play.diary("diary")?;
    Ok(play.browser(args.get(0)).await?.open(&diary).await?)
}

async fn is_in(play: &mut Play, args: &Args) -> Done {
    play.expect_mark(args.get(0), "diary").await
}

/// The text is compared to the letter.
async fn is_refused(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    let Some(mark) = page.mark("refusal-") else {
        return Err(StepError::Unmet(format!("дневник не отказал, а должен: «{}»", args.get(1))));
    };
    let said = page.element_text(&mark).unwrap_or_default();
    expect(said.contains(&normal(args.get(1))), || format!("отказ другой ({mark}): «{said}»"))
}

async fn is_asked(play: &mut Play, args: &Args) -> Done {
    play.expect_mark(args.get(0), "consent").await
}
