//! Description of a client as in its file: its address, its pages of signing in and out, and what the documented
//! scenarios need in addition.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    action::Action,
    section::{Register, Section, Staff},
    sign::{Place, Sign},
};
use crate::{cli::Protocol, net::folder};

/// Placeholder for the name of a world in a base URL.
pub(super) const WORLD: &str = "{world}";

/// A client of Gosuslugi.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Client {
    /// Its name in reports.
    pub title: String,
    /// Its base URL; with `{world}` where each world of the provider has its own.
    pub base: String,
    /// The provider's base URL. `conformance` asks a running `esia-stand idp` there; `run` starts its own there, or where it
    /// likes when nothing is said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub provider: Option<Url>,
    /// The protocol in which it signs people in.
    pub protocol: Protocol,
    /// The provider's world in which it is registered; with `{world}` in `base` the documented world or file of which worlds
    /// are made. `run` plays each scenario in this world when `base` has no `{world}`.
    #[serde(default = "main")]
    pub world: String,
    /// Key of the person in the seed who signs in (needed by `conformance`).
    #[serde(default)]
    pub person: String,
    /// Where a sign-in starts.
    pub sign_in: Place,
    /// How one sees that somebody is signed in.
    pub signed_in: Sign,
    /// How a refusal looks, on the page to which the provider sends people back.
    pub refused: Sign,
    /// Where one signs out.
    pub sign_out: Place,
    /// By what it knows people again.
    #[serde(default)]
    pub recognised_by: RecognisedBy,
    /// Command that restarts it, for faults of what it fetches once and keeps, and for when it does not recover by itself. It is
    /// waited for until it ends, and then until somebody answers at the base URL.
    #[serde(default)]
    pub restart: Vec<String>,
    /// Mnemonic with which it is registered: that of a file of `run --client` (needed by `run`).
    #[serde(default)]
    pub client: Option<String>,
    /// The school's register (`run`).
    #[serde(default)]
    pub register: Register,
    /// How its clock is moved (`run`). Left out: it cannot be moved.
    #[serde(default)]
    pub clock: Option<Action>,
    /// Pages of the school's staff (`run`). Left out: it has none.
    #[serde(default)]
    pub staff: Option<Staff>,
    /// How each documented refusal looks there, by its name (`run`). One that is left out is not told apart, and scenarios
    /// that expect it are not possible.
    #[serde(default)]
    pub refusals: BTreeMap<String, Sign>,
    /// How somebody's page looks who is signed in and has no icon of the diary (`run`).
    #[serde(default)]
    pub no_icon: Option<Sign>,
    /// Sections by their documented names (`run`).
    #[serde(default)]
    pub sections: BTreeMap<String, Section>,
    /// Its own words for the words of the documented pages (`run`).
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// Regional profiles whose worlds it is made for (`run`).
    #[serde(default = "ryazan")]
    pub profiles: Vec<String>,
}

/// By what a client knows people again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecognisedBy {
    /// By the number of the account: somebody with another name or address is the same person.
    #[default]
    Account,
    /// By the person's data, which it compares with a register of its own: it tells somebody whose data differ what to do.
    Data,
}

fn main() -> String {
    "main".to_owned()
}

/// Profile of worlds that do not name one.
pub(super) const DEFAULT_PROFILE: &str = "ryazan";

fn ryazan() -> Vec<String> {
    vec![DEFAULT_PROFILE.to_owned()]
}

impl Client {
    /// Checks whether the client has a base URL for each world.
    pub fn has_worlds(&self) -> bool {
        self.base.contains(WORLD)
    }

    /// Returns the client's base URL in a world, ending with a slash.
    ///
    /// # Errors
    /// Fails if the result is not a valid URL.
    pub fn home(&self, world: &str) -> Result<Url, url::ParseError> {
        self.base.replace(WORLD, world).parse().map(folder)
    }

    /// Returns the URL of a path of the client in a world.
    ///
    /// # Errors
    /// Fails if the result is not a valid URL.
    pub fn at(&self, world: &str, path: &str) -> Result<Url, url::ParseError> {
        self.home(world)?.join(path.trim_start_matches('/'))
    }
}
