//! Steps on a page of a foreign provider: texts of the step are replaced by the provider's own words.

use super::{
    definition::{Needs, StepDefinition},
    pattern::places,
};
use crate::scenario::{Args, ScenarioState, StepError, TestBed, in_words};

/// Returns the arguments of a step in the words of the foreign provider if the person is on one of its pages, unchanged
/// otherwise.
pub(super) async fn in_its_words(
    bed: &TestBed,
    state: &mut ScenarioState,
    step: &StepDefinition,
    mut args: Args,
) -> Result<Args, StepError> {
    let Some(stand) = bed.idp.foreign().filter(|_| matches!(step.needs, Needs::Words | Needs::Text)) else {
        return Ok(args);
    };
    if !stand.description.has_page(state.page(args.get(0)).await?.url()) {
        return Ok(args);
    }
    for (value, place) in args.values.iter_mut().zip(places(step.pattern)) {
        if place == "текст" {
            *value = in_words(bed, value);
        }
    }
    for label in args.table.iter_mut().filter_map(|row| row.first_mut()) {
        *label = in_words(bed, label);
    }
    Ok(args)
}
