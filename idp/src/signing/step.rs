//! Change of a signing key: publish, use or withdraw.

use esia::language::tr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is done with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// Everybody sees it from now on.
    Publish,
    /// Tokens are signed by it from now on, and by no other of its algorithm.
    Use,
    /// Nobody sees it any more.
    Withdraw,
}

/// Change of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// Number of the key in its world.
    pub number: u64,
    /// Kind of change.
    #[serde(rename = "do")]
    pub what: KeyUse,
}

impl Step {
    /// Returns the timeline sentence of the change.
    pub(super) fn told(self) -> String {
        let number = self.number;
        match self.what {
            KeyUse::Publish => tr!("Ключ № {number} опубликован", "Key number {number} is published"),
            KeyUse::Use => tr!("Маркеры подписывает ключ № {number}", "Key number {number} signs the tokens"),
            KeyUse::Withdraw => {
                tr!("Ключ № {number} больше не публикуется", "Key number {number} is published no longer")
            }
        }
    }
}
