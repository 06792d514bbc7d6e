//! Scenarios that use a team's own site.

use crate::{
    steps::{Found, Needs, find},
    suite::{SourceLocation, Suite},
};

/// Returns place and sentence of the first step that uses a team's own site.
pub fn asking_a_site(suite: &Suite) -> Option<(SourceLocation, String)> {
    suite.features.iter().find_map(|feature| {
        let file = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let rules = feature.rules.iter();
        let backgrounds = rules.clone().filter_map(|rule| rule.background.as_ref()).chain(&feature.background);
        let scenarios = rules.flat_map(|rule| &rule.scenarios).chain(&feature.scenarios);
        let steps = backgrounds.flat_map(|background| &background.steps);
        let mut steps = steps.chain(scenarios.flat_map(|scenario| &scenario.steps));
        let step =
            steps.find(|step| matches!(find(&step.value), Found::Step(known, _) if known.needs == Needs::Site))?;
        let place = match suite.nesting.of(step) {
            Some(nested) => nested.place.clone(),
            None => SourceLocation { file, line: step.position.line },
        };
        Some((place, step.value.clone()))
    })
}
