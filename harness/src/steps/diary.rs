//! Steps of the diary: signing in, and refusals.

use std::{rc::Rc, sync::Arc};

use super::{
    definition::{Asks, Leads, Needs, StepDefinition, step},
    pages::expect,
    theirs::AtTheirs,
};
use crate::{
    browser::Page,
    language::{pick, tr},
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(Diary, "{кто} входит в дневник", "Когда Ваня входит в дневник", signs_in)
        .asks(Asks::Account)
        .opens()
        .checks()
        .leads(Leads::ThroughSignIn),
    step!(Diary, "{кто} открывает страницу входа в дневник", "Когда Анна открывает страницу входа в дневник", opens)
        .opens()
        .leads(Leads::ToDiary),
    step!(Diary, "{кто} открывает дневник", "Когда Нина открывает дневник", opens_diary).opens().leads(Leads::ToDiary),
    step!(Diary, "{кто} в дневнике", "Тогда Ваня в дневнике", is_in)
        .on_page()
        .checks()
        .needs(Needs::Nothing)
        .leads(Leads::ToDiary),
    step!(
        Diary,
        "{кто} получает отказ {текст}",
        "Тогда Ваня получает отказ «Для входа в дневник нужно согласие одного из родителей»",
        is_refused
    )
    .on_page()
    .checks()
    .needs(Needs::Heading)
    .leads(Leads::ToDiary),
    step!(
        Diary,
        "{кто} получает отказ, где сказано {текст}",
        "Тогда Ваня получает отказ, где сказано «согласие одного из родителей»",
        is_refused_with
    )
    .on_page()
    .checks()
    .needs(Needs::Refusal)
    .leads(Leads::ToDiary),
    step!(Diary, "{кто} читает вопрос о согласии", "Тогда Анна читает вопрос о согласии", is_asked)
        .asks(Asks::Consent)
        .on_page()
        .checks()
        .needs(Needs::Nothing)
        .leads(Leads::ThroughSignIn),
];

/// Signs in through Gosuslugi and stays on the page that follows: the diary, a refusal, or the consent page.
async fn signs_in(state: &mut ScenarioState, args: &Args) -> Done {
    let who = args.get(0);
    state.leave_for_gosuslugi(who).await?;
    if state.is_asked_who(who).await? {
        let (login, password) = state.account(who).await?;
        state.credentials(who, &login, &password).await?;
    }
    let page = state.page(who).await?;
    page.must_be_open()?;
    expect(!state.is_asked_who(who).await?, || {
        tr!("Госуслуги не приняли логин и пароль", "Gosuslugi did not accept login and password")
    })
}

async fn opens(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    let login = state.diary(bed.diary.foreign().map_or("login", |foreign| &foreign.client.sign_in.open))?;
    Ok(state.browser(args.get(0)).await?.open(&login).await?)
}

/// Opens the diary by its address, as from a bookmark. A person who is not signed in gets to the sign-in page.
async fn opens_diary(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    if bed.diary.foreign().is_some() {
        return AtTheirs::of(&bed, state, args.get(0))?.open_home(state).await;
    }
    let diary = state.diary("diary")?;
    Ok(state.browser(args.get(0)).await?.open(&diary).await?)
}

async fn is_in(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    if bed.diary.foreign().is_some() {
        return AtTheirs::of(&bed, state, args.get(0))?.is_in(state).await;
    }
    state.expect_mark(args.get(0), "diary").await
}

/// Checks the refusal's own text: it must begin with the whole expected text, up to the end of a line.
async fn is_refused(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    if let Some(foreign) = bed.diary.foreign() {
        let (at, said) = (AtTheirs::of(&bed, state, args.get(0))?, args.get(1));
        return at.is_refused(state, &foreign.documented.headed(said), said).await;
    }
    let (page, mark) = refusal(state, args).await?;
    expect(page.begins(&mark, args.get(1)), || {
        let part = page.mentions_in(&mark, args.get(1));
        let hint = if part {
            pick(
                "\n  для части текста есть шаг «… получает отказ, где сказано «…»»",
                "\n  a part of the text has a step of its own: «… получает отказ, где сказано «…»»",
            )
        } else {
            ""
        };
        another(&page, &mark) + hint
    })
}

/// Checks that the refusal, its reason or its advice contains the expected text as whole words.
async fn is_refused_with(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    if let Some(foreign) = bed.diary.foreign() {
        let (at, said) = (AtTheirs::of(&bed, state, args.get(0))?, args.get(1));
        return at.is_refused(state, &foreign.documented.saying(said), said).await;
    }
    let (page, mark) = refusal(state, args).await?;
    expect(page.mentions_in(&mark, args.get(1)), || another(&page, &mark))
}

async fn refusal(state: &mut ScenarioState, args: &Args) -> Result<(Rc<Page>, String), StepError> {
    let page = state.page(args.get(0)).await?;
    let mark = page.mark("refusal-");
    let mark = mark.ok_or_else(|| {
        StepError::Unmet(tr!(
            "дневник не отказал, а должен: «{}»",
            "the diary did not refuse and should: «{}»",
            args.get(1)
        ))
    })?;
    Ok((page, mark))
}

fn another(page: &Page, mark: &str) -> String {
    let lines = page.lines_of(mark).replace('\n', "\n  | ");
    tr!("отказ другой ({mark}):\n  | {lines}", "another refusal ({mark}):\n  | {lines}")
}

async fn is_asked(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    if bed.idp.foreign().is_none() {
        return state.expect_mark(args.get(0), "consent").await;
    }
    expect(state.is_asked_for_consent(args.get(0)).await?, || {
        tr!("поставщик не спрашивает о согласии", "the provider does not ask for consent")
    })
}
