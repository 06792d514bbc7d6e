//! Plays one step of a scenario and keeps its result.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    time::{Duration, Instant},
};

use cucumber::step::Context;
use futures::{FutureExt as _, future::LocalBoxFuture};
use tokio::select;

use super::{
    act::{Under, act},
    at_once::at_once,
};
use crate::{
    language::tr,
    scenario::{Done, Halt, ScenarioState, StepEnd, StepResult},
    steps::{Found, StepGroup, find},
};

/// Cucumber's entry for a step. A panic tells Cucumber to end the scenario; the result is in the
/// [`Record`](crate::scenario::Record).
pub(crate) fn perform(state: &mut ScenarioState, context: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        if !step(state, &context.step).await {
            resume_unwind(Box::new("the scenario ends here"));
        }
    })
}

/// Plays a step and keeps its end; returns `false` if the scenario must not continue.
async fn step(state: &mut ScenarioState, step: &gherkin::Step) -> bool {
    let Some(test_bed) = state.running_test_bed() else { return false };
    let begun = Instant::now();
    let played = select! {
        biased;
        () = test_bed.stopped() => return false,
        played = whole_step(state, step) => played,
    };
    if let StepEnd::CouldNotAsk(why) = &played.end
        && !why.here_alone
    {
        test_bed.stop(Halt::CouldNotAsk(why.clone()));
    }
    let end = played.end.clone();
    state.keep(StepResult { took: begun.elapsed(), ..played });
    if let StepEnd::Unmet(why) | StepEnd::Panicked(why) = &end {
        let told = format!("✘ {} {}\n{why}", step.keyword.trim(), step.value);
        select! {
            () = test_bed.stopped() => {}
            () = state.pause(&told) => {}
        }
    }
    end == StepEnd::Passed
}

/// Plays a step, takes a picture afterwards, and gathers the events that the step has caused at both servers.
async fn whole_step(state: &mut ScenarioState, step: &gherkin::Step) -> StepResult {
    state.count_step();
    let mut end = caught(played(state, step)).await;
    let picture = match state.picture().await {
        Ok(picture) => picture,
        Err(error) => {
            // The error of the step says more than a missing picture.
            if end == StepEnd::Passed {
                end = error.into();
            }
            None
        }
    };
    let mut events = Vec::new();
    if end != StepEnd::Passed || !only_looks(step) {
        match state.news().await {
            Ok(news) => events = news,
            Err(error) => end = StepEnd::CouldNotAsk(error.into()),
        }
    }
    if matches!(end, StepEnd::Unmet(_) | StepEnd::Panicked(_)) {
        match state.evidence().await {
            Ok(evidence) => state.keep_evidence(evidence),
            Err(error) => end = StepEnd::CouldNotAsk(error.into()),
        }
    }
    StepResult { end, took: Duration::ZERO, events, picture, raced: state.told_race() }
}

/// Returns the end of a step. A panic is a mistake of this program, not of a server.
async fn caught(step: impl Future<Output = Done>) -> StepEnd {
    match AssertUnwindSafe(step).catch_unwind().await {
        Ok(done) => done.map_or_else(StepEnd::from, |()| StepEnd::Passed),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            StepEnd::Panicked(tr!(
                "шаг не выполнен, ошибка в самой программе: {text}",
                "the step was not played, the program itself is at fault: {text}"
            ))
        }
    }
}

async fn played(state: &mut ScenarioState, step: &gherkin::Step) -> Done {
    let table = step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default();
    let text = step.docstring.clone();
    match find(&step.value) {
        Found::Step(known, values) if known.has_sides() => {
            at_once(state, &table, values.first().map(String::as_str)).await
        }
        _ => act(state, &step.value, Under { table, text }).await,
    }
}

/// Checks whether a step only looks at the page, so that no server can have recorded an event.
fn only_looks(step: &gherkin::Step) -> bool {
    matches!(find(&step.value), Found::Step(known, _) if known.group == StepGroup::Sight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{NoAnswer, StepError};

    #[tokio::test]
    async fn a_panic_is_the_fault_of_the_program_with_what_it_said() {
        let index = 7;
        let formatted = caught(async { panic!("no row {index}") }).await;
        let told = |text: &str| StepEnd::Panicked(format!("шаг не выполнен, ошибка в самой программе: {text}"));
        assert_eq!(formatted, told("no row 7"));
        assert_eq!(caught(async { panic!("plain") }).await, told("plain"));
    }

    #[tokio::test]
    async fn a_wrong_answer_and_a_silent_server_are_not_panics() {
        let unmet = caught(async { Err(StepError::Unmet("нет «слон»".to_owned())) }).await;
        assert_eq!(unmet, StepEnd::Unmet("нет «слон»".to_owned()));
        let silent = NoAnswer::from("молчит");
        assert_eq!(caught(async { Err(StepError::CouldNotAsk("молчит".into())) }).await, StepEnd::CouldNotAsk(silent));
        assert_eq!(caught(async { Ok(()) }).await, StepEnd::Passed);
    }
}
