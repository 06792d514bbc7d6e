//! Names of worlds.

use std::{fmt, str::FromStr};

use esia::language::tr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A world's name: 1 to 63 of `a-z`, `0-9` and `-`, neither first nor last a hyphen, so that it fits a path segment and
/// a DNS label (`{name}.localhost`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct WorldName(#[schemars(regex(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))] String);

/// Not a name for a world.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    tr!(
        "«{_0}» не годится в имена мира: от 1 до 63 знаков a-z, 0-9 и «-», не с дефиса и не на дефис",
        "«{_0}» cannot be a world's name: 1 to 63 characters a-z, 0-9 and «-», no hyphen at either end"
    )
)]
pub struct NameError(String);

impl WorldName {
    /// The world at the root of a server.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// Whether this is the world at the root.
    pub fn is_main(&self) -> bool {
        self.0 == "main"
    }

    /// Whether the world is an owner's: its name is the owner's, a hyphen and more.
    pub fn belongs_to(&self, owner: &Self) -> bool {
        self.0.strip_prefix(owner.as_str()).is_some_and(|rest| rest.starts_with('-'))
    }

    /// The name as it stands in a URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WorldName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        let fits =
            (1..=63).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-');
        if fits { Ok(Self(text.to_owned())) } else { Err(NameError(text.chars().take(80).collect())) }
    }
}

impl TryFrom<String> for WorldName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<WorldName> for String {
    fn from(name: WorldName) -> Self {
        name.0
    }
}

impl fmt::Display for WorldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
