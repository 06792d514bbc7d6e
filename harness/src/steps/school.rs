//! Steps on the school's side of the diary.

use std::sync::Arc;

use super::{
    definition::{Asks, Leads, Needs, StepDefinition, step},
    theirs::AtTheirs,
};
use crate::{
    browser::Target,
    language::tr,
    relying_party::Correction,
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(School, "{кто} открывает журнал школы", "Когда Ольга открывает журнал школы", opens).asks(Asks::Account).opens().checks()
        .needs(Needs::Staff).leads(Leads::ToDiary),
    step!(
        School,
        "{кто} исправляет в журнале у {текст} поле {текст} на {значение}",
        "Когда Ольга исправляет в журнале у «Петров Иван Сергеевич» поле «СНИЛС» на «001-000-003 00»",
        corrects
    ).asks(Asks::Account).opens().needs(Needs::Correction).leads(Leads::ToDiary),
    step!(
        School,
        "{кто} исправляет в журнале у {текст} родителя {текст}: поле {текст} на {значение}",
        "Когда Ольга исправляет в журнале у «Петров Иван Сергеевич» родителя «Петрова Анна Сергеевна»: поле «СНИЛС» на «001-000-001 00»",
        corrects_parent
    ).asks(Asks::Account).opens().needs(Needs::Correction).leads(Leads::ToDiary),
];

/// Signs in to the diary as a member of its staff, through Gosuslugi.
async fn opens(state: &mut ScenarioState, args: &Args) -> Done {
    let (bed, who) = (Arc::clone(state.test_bed()?), args.get(0));
    if bed.diary.foreign().is_some() {
        return opens_theirs(state, who).await;
    }
    let school = state.diary("school")?;
    state.browser(who).await?.open(&school).await?;
    if state.page(who).await?.has("school") {
        return Ok(());
    }
    signs_in_at_gosuslugi(state, who).await?;
    state.browser(who).await?.open(&school).await?;
    state.expect_mark(who, "school").await
}

/// Goes to Gosuslugi, signs in if necessary, and consents.
async fn signs_in_at_gosuslugi(state: &mut ScenarioState, who: &str) -> Done {
    state.leave_for_gosuslugi(who).await?;
    if state.is_asked_who(who).await? {
        let (login, password) = state.account(who).await?;
        state.credentials(who, &login, &password).await?;
    }
    if state.is_asked_for_consent(who).await? { state.consent(who).await } else { Ok(()) }
}

/// Opens the register of a foreign diary, as its description says.
async fn opens_theirs(state: &mut ScenarioState, who: &str) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    signs_in_at_gosuslugi(state, who).await?;
    AtTheirs::of(&bed, state, who)?.opens_register(state).await
}

/// Opens the pupil's card, types a value and saves.
async fn correct(state: &mut ScenarioState, args: &Args, near: &str, field: &str, value: &str) -> Done {
    opens(state, args).await?;
    let browser = state.browser(args.get(0)).await?;
    browser.follow(args.get(1).into()).await?;
    browser.fill(Target { text: field, near: Some(near) }, value).await?;
    browser.press(Target { text: "Сохранить", near: Some(near) }).await?;
    let refused = browser.page().await?.field_error();
    refused.map_or(Ok(()), |why| {
        Err(StepError::Unmet(tr!("журнал этого не принял: {why}", "the register did not take this: {why}")))
    })
}

async fn corrects(state: &mut ScenarioState, args: &Args) -> Done {
    let what = Correction { pupil: args.get(1), parent: "", field: args.get(2), value: args.get(3) };
    if theirs_corrected(state, what).await? {
        return Ok(());
    }
    correct(state, args, args.get(1), args.get(2), args.get(3)).await
}

async fn corrects_parent(state: &mut ScenarioState, args: &Args) -> Done {
    let what = Correction { pupil: args.get(1), parent: args.get(2), field: args.get(3), value: args.get(4) };
    if theirs_corrected(state, what).await? {
        return Ok(());
    }
    correct(state, args, args.get(2), args.get(3), args.get(4)).await
}

/// Corrects a value in the register of a foreign diary; returns `false` if the diary is ours.
async fn theirs_corrected(state: &ScenarioState, what: Correction<'_>) -> Result<bool, StepError> {
    let (bed, world) = (state.test_bed()?, state.world()?);
    if bed.diary.foreign().is_none() {
        return Ok(false);
    }
    bed.diary.correct(&bed.idp, world, what).await?;
    Ok(true)
}
