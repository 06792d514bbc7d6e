//! Looks up one sentence and plays it.

use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
    steps::{Found, find, play},
};

/// Table and text under a sentence.
#[derive(Debug, Default)]
pub(super) struct Under {
    /// Rows of the table.
    pub(super) table: Vec<Vec<String>>,
    /// Text in `"""`.
    pub(super) text: Option<String>,
}

/// Plays a sentence with what stands under it, and fails if the browser's console reports an error afterwards.
pub(super) async fn act(state: &mut ScenarioState, sentence: &str, Under { table, text }: Under) -> Done {
    let Found::Step(known, values) = find(sentence) else {
        return Err(StepError::Unmet(tr!("такого шага нет", "there is no such step")));
    };
    play(state, known, Args { values, table, text }).await?;
    state.no_console_errors().await
}
