//! One sentence, looked up and played.

use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
    steps::{Found, find, play},
};

/// What stands under a sentence.
#[derive(Debug, Default)]
pub(super) struct Under {
    /// The rows of its table.
    pub(super) table: Vec<Vec<String>>,
    /// Its text in `"""`.
    pub(super) text: Option<String>,
}

/// Plays a sentence with what stands under it; the console of the browser must be silent afterwards.
pub(super) async fn act(state: &mut ScenarioState, sentence: &str, Under { table, text }: Under) -> Done {
    let Found::Step(known, values) = find(sentence) else {
        return Err(StepError::Unmet(tr!("такого шага нет", "there is no such step")));
    };
    play(state, known, Args { values, table, text }).await?;
    state.no_console_errors().await
}
