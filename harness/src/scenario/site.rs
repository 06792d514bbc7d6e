//! Addresses of the team's own site in a scenario.

use url::Url;

use super::{ScenarioState, StepError};
use crate::language::tr;

impl ScenarioState {
    /// Resolves an address of the team's own site.
    ///
    /// # Errors
    /// Fails if the run has no such site, or if the address is elsewhere.
    pub fn site(&self, written: &str) -> Result<Url, StepError> {
        let none = || {
            StepError::Unmet(tr!(
                "не сказано, где свой сайт: --site АДРЕС",
                "it is not said where the own site is: --site URL"
            ))
        };
        self.test_bed()?.site.as_ref().ok_or_else(none)?.address(written)
    }
}
