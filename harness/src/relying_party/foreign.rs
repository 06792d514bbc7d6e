//! A foreign relying party during a run: its addresses in a world, its register and its clock.

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

/// Relying party that is not part of the stand, ready for scenarios.
#[derive(Debug)]
pub struct Foreign {
    /// Description from its file.
    pub client: Client,
    /// Texts of the documented diary in the profiles that the relying party supports.
    pub documented: Documented,
    /// Wording of the scenarios' steps for this relying party.
    pub wording: Wording,
    /// Registration at our Gosuslugi; `None` at a foreign provider, where it is registered already.
    registration: Option<ClientSpec>,
    mnemonic: String,
}

/// World, provider and time that fill the placeholders of an action.
#[derive(Debug)]
pub(super) struct Situation<'s> {
    pub(super) world: &'s str,
    /// Base URL of the provider in this world.
    pub(super) provider: &'s Url,
    pub(super) time: &'s Time,
}

/// Correction of one value in the register.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'c> {
    /// Name of the pupil whose card is corrected.
    pub pupil: &'c str,
    /// Name of the parent whose value it is; empty for a value of the pupil.
    pub parent: &'c str,
    /// Name of the field in the documented register.
    pub field: &'c str,
    /// New value of the field.
    pub value: &'c str,
}

impl Foreign {
    /// Creates a relying party from its description and its registration at our Gosuslugi.
    pub fn new(client: Client, registration: ClientSpec, wording: Wording) -> Self {
        let mnemonic = registration.mnemonic.to_string();
        Self { registration: Some(registration), ..Self::registered_elsewhere(client, mnemonic, wording) }
    }

    /// Creates a relying party that is registered at a foreign provider.
    pub fn registered_elsewhere(client: Client, mnemonic: String, wording: Wording) -> Self {
        let documented = Documented::of(&client.profiles);
        Self { client, documented, wording, registration: None, mnemonic }
    }

    /// Returns the one world in which every scenario is played, or `None` if each scenario has its own.
    pub fn shared_world(&self) -> Option<&str> {
        (!self.client.has_worlds()).then_some(&*self.client.world)
    }

    /// Returns the seed with this relying party registered in place of the documented diary.
    pub fn registered_in(&self, seed: Value) -> Value {
        match &self.registration {
            Some(registration) => stand_in(seed, registration),
            None => seed,
        }
    }

    /// Fills the register of a world from the `diary` part of its seed.
    pub(super) async fn prepare(&self, at: &Situation<'_>, seed: &Value) -> Result<(), ActionError> {
        let mut given = self.given(at);
        given.insert("register", seed["diary"].clone());
        self.act(self.client.register.prepare.as_ref(), at.world, &given).await
    }

    /// Makes the relying party forget a world.
    pub(super) async fn reset(&self, world: &str) -> Result<(), ActionError> {
        let given = [("world", world.into()), ("client", self.mnemonic())].into();
        self.act(self.client.register.reset.as_ref(), world, &given).await
    }

    /// Sets the clock of the relying party to the provider's time.
    pub(super) async fn tell_time(&self, at: &Situation<'_>) -> Result<(), ActionError> {
        self.act(self.client.clock.as_ref(), at.world, &self.given(at)).await
    }

    /// Corrects a value of the register.
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
