//! Parts of a description that only the documented scenarios need: the register, the sections, the pages of the staff.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    action::Action,
    sign::{Place, Sign},
};

/// How the school's register is prepared, corrected and reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Register {
    /// Before each scenario: fills the register of a world with the `diary` part of its seed (`{register}`).
    pub prepare: Option<Action>,
    /// After each scenario: forgets a world. Left out: nothing is done, and the next `prepare` begins anew.
    pub reset: Option<Action>,
    /// Corrects one value of the register, as the school's office does: `{pupil}`, `{parent}` (empty for the pupil's own
    /// values), `{field}`, `{value}`. Left out: scenarios that correct the register are not possible.
    pub correct: Option<Action>,
}

/// A section of the diary: how it is reached, and how it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    /// Where it is: a page to open, and what to press there.
    pub at: Place,
    /// How one sees that it is open. Left out: that the page opens is enough.
    pub shows: Sign,
}

/// Pages of the school's staff.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Staff {
    /// Where the register is, for whoever is signed in.
    pub at: Place,
    /// How one sees that it is open.
    pub shows: Sign,
}
