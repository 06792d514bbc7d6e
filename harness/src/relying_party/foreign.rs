//! A foreign relying party in a run: its addresses in a world, its register and its clock.

use idp::ClientSpec;
use serde_json::Value;
use url::Url;

use super::{
    action::{Action, ActionError, Given},
    description::Client,
    documented::Documented,
    stand_in::stand_in,
};
use crate::{control::Time, suite::Wording};

/// A relying party that is not ours, ready to be played.
#[derive(Debug)]
pub struct Foreign {
    /// What its file says of it.
    pub client: Client,
    /// What the documented diary says in the profiles that it is made for.
    pub documented: Documented,
    /// Whose words the scenarios are written in.
    pub wording: Wording,
    /// Its registration at Gosuslugi; at a foreign provider somebody has registered it.
    registration: Option<ClientSpec>,
    mnemonic: String,
}

/// What an action may be told of a world.
#[derive(Debug)]
pub(super) struct Situation<'s> {
    pub(super) world: &'s str,
    /// Base URL of the world at Gosuslugi.
    pub(super) provider: &'s Url,
    pub(super) time: &'s Time,
}

/// One value of the register that is corrected.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'c> {
    /// Name of the pupil on whose card it stands.
    pub pupil: &'c str,
    /// Name of the parent whose value it is; empty for the pupil's own.
    pub parent: &'c str,
    /// Name of the field, as the documented register calls it.
    pub field: &'c str,
    /// The new value.
    pub value: &'c str,
}

impl Foreign {
    /// A relying party that is described, registered so, for scenarios in these words.
    pub fn new(client: Client, registration: ClientSpec, wording: Wording) -> Self {
        let mnemonic = registration.mnemonic.to_string();
        Self { registration: Some(registration), ..Self::registered_elsewhere(client, mnemonic, wording) }
    }

    /// A relying party that is described, and registered at a provider that is not ours.
    pub fn registered_elsewhere(client: Client, mnemonic: String, wording: Wording) -> Self {
        let documented = Documented::of(&client.profiles);
        Self { client, documented, wording, registration: None, mnemonic }
    }

    /// The one world in which every scenario is played; `None` where each has its own.
    pub fn shared_world(&self) -> Option<&str> {
        (!self.client.has_worlds()).then_some(&*self.client.world)
    }

    /// A seed in which it stands in the documented diary's place.
    pub fn registered_in(&self, seed: Value) -> Value {
        match &self.registration {
            Some(registration) => stand_in(seed, registration),
            None => seed,
        }
    }

    /// Fills its register.
    pub(super) async fn prepare(&self, at: &Situation<'_>, seed: &Value) -> Result<(), ActionError> {
        let mut given = self.given(at);
        given.insert("register", seed["diary"].clone());
        self.act(self.client.register.prepare.as_ref(), at.world, &given).await
    }

    /// Forgets a world.
    pub(super) async fn reset(&self, world: &str) -> Result<(), ActionError> {
        let given = [("world", world.into()), ("client", self.mnemonic())].into();
        self.act(self.client.register.reset.as_ref(), world, &given).await
    }

    /// Tells it the time.
    pub(super) async fn tell_time(&self, at: &Situation<'_>) -> Result<(), ActionError> {
        self.act(self.client.clock.as_ref(), at.world, &self.given(at)).await
    }

    /// Corrects a value of its register.
    pub(super) async fn correct(&self, at: &Situation<'_>, correction: Correction<'_>) -> Result<(), ActionError> {
        let mut given = self.given(at);
        let Correction { pupil, parent, field, value } = correction;
        given.extend(
            [("pupil", pupil), ("parent", parent), ("field", field), ("value", value)]
                .map(|(name, text)| (name, text.into())),
        );
        self.act(self.client.register.correct.as_ref(), at.world, &given).await
    }

    async fn act(&self, action: Option<&Action>, world: &str, given: &Given) -> Result<(), ActionError> {
        let Some(action) = action else { return Ok(()) };
        let base = self.client.home(world).map_err(ActionError::of)?;
        action.run(&base, given).await
    }

    fn given(&self, at: &Situation<'_>) -> Given {
        let clock = if at.time.stands() { "frozen" } else { "running" };
        [
            ("world", at.world.into()),
            ("provider", at.provider.as_str().trim_end_matches('/').into()),
            ("client", self.mnemonic()),
            ("now", at.time.now.to_rfc3339().into()),
            ("clock", clock.into()),
        ]
        .into()
    }

    fn mnemonic(&self) -> Value {
        self.mnemonic.clone().into()
    }
}
