//! Steps on a page of a foreign diary: documented texts are replaced by the diary's own words.

use std::sync::Arc;

use super::{
    at_stand::in_its_words,
    definition::{Needs, StepDefinition, StepGroup},
    pages::expect,
    pattern::places,
    theirs::AtTheirs,
    vocabulary::words_of,
};
use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
    suite::Wording,
};

/// Plays a step: unchanged on our pages, in the diary's own words on a page of a foreign one.
///
/// # Errors
/// Fails if the step fails.
pub async fn play(state: &mut ScenarioState, step: &StepDefinition, args: Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    let args = state.filled(args)?;
    let args = in_its_words(&bed, state, step, args).await?;
    if !matches!(step.needs, Needs::Words | Needs::Text) || bed.diary.foreign().is_none() {
        return (step.run)(state, &args).await;
    }
    let who = args.get(0).to_owned();
    let at = AtTheirs::of(&bed, state, &who)?;
    if at.theirs.wording == Wording::TheirOwn || !at.is_open(state).await? {
        return (step.run)(state, &args).await;
    }
    if step.group == StepGroup::Sight {
        looks(state, step, &args, &at).await
    } else {
        acts(state, step, args, &at).await
    }
}

/// Checks whether something is shown: a section, a refusal, a text in the diary's own words, or data in any section.
/// The person is back on the same page afterwards, whatever pages were searched.
async fn looks(state: &mut ScenarioState, step: &StepDefinition, args: &Args, at: &AtTheirs<'_>) -> Done {
    let before = state.page(args.get(0)).await?.url().clone();
    let seen = finds(state, step, args, at).await;
    if *state.page(args.get(0)).await?.url() != before {
        state.browser(args.get(0)).await?.open(&before).await?;
    }
    seen
}

async fn finds(state: &mut ScenarioState, step: &StepDefinition, args: &Args, at: &AtTheirs<'_>) -> Done {
    let text = args.get(1);
    let is_there = if step.needs == Needs::Text { at.has(state, text).await? } else { None };
    if let Some(is_there) = is_there {
        return expect(is_there != step.denies(), || {
            if is_there {
                tr!("у дневника есть «{text}», а не должно", "the diary has «{text}» and should not")
            } else {
                tr!("у дневника нет «{text}»", "the diary has no «{text}»")
            }
        });
    }
    let args = in_words(step, args.clone(), at);
    let mut seen = (step.run)(state, &args).await;
    if step.only_looks_for_a_control() || at.is_refusal(state).await? {
        return seen;
    }
    let mut sections = at.theirs.client.sections.values();
    // A text that must be absent must be absent from all sections; one that must be shown must be in one of them.
    while matches!(&seen, Err(StepError::Unmet(_))) != step.denies() {
        let Some(section) = sections.next() else { break };
        match at.reach(state, section).await {
            Ok(_) => seen = (step.run)(state, &args).await,
            Err(StepError::Unmet(_)) => {}
            Err(error) => return Err(error),
        }
    }
    seen
}

/// Opens a section, or uses a control that has another name in the diary.
async fn acts(state: &mut ScenarioState, step: &StepDefinition, args: Args, at: &AtTheirs<'_>) -> Done {
    let named = words_of(step, &args.values).next();
    if let Some(section) = named.and_then(|name| at.theirs.client.sections.get(&name)) {
        return at.reach(state, section).await.map(|_| ());
    }
    (step.run)(state, &in_words(step, args, at)).await
}

/// Returns the arguments with the diary's own words for texts, links and field labels.
fn in_words(step: &StepDefinition, mut args: Args, at: &AtTheirs<'_>) -> Args {
    for (value, place) in args.values.iter_mut().zip(places(step.pattern)) {
        match place {
            "текст" => *value = at.words(value),
            "путь" => {
                let links = value.split(" → ").map(|link| at.words(link.trim_matches(['«', '»'])));
                *value = links.map(|link| format!("«{link}»")).collect::<Vec<_>>().join(" → ");
            }
            _ => {}
        }
    }
    for row in &mut args.table {
        if let Some(label) = row.first_mut() {
            *label = at.words(label);
        }
    }
    args
}
