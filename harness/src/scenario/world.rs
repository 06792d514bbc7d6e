//! The scenario's world on both sides: made, moved through time, and its addresses.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::{Done, ScenarioState, StepError};
use crate::{
    language::tr,
    servers::{Defaults, prepared},
};

impl ScenarioState {
    /// Makes the scenario's world on both servers.
    ///
    /// # Errors
    /// A seed that a server refuses; a second world in one scenario.
    pub async fn begin(&mut self, seed: Value) -> Done {
        let test_bed = Arc::clone(self.test_bed()?);
        if self.record.world.is_some() {
            return Err(StepError::Unmet(tr!("в сценарии уже есть мир", "the scenario has a world already")));
        }
        let name = test_bed.fresh_name();
        self.random = seed["random"].as_u64().unwrap_or_default();
        let defaults = Defaults { protocol: test_bed.protocol, profile: test_bed.profile.as_ref() };
        let mut seed = prepared(seed, &test_bed.idp.world(&name)?, defaults);
        if let Some(stand) = test_bed.idp.foreign() {
            seed = stand.seeded(seed);
        }
        if let Some(foreign) = test_bed.diary.foreign().filter(|_| !self.leaves_the_diary_alone) {
            seed = foreign.registered_in(seed);
            if foreign.shared_world().is_some() {
                // Of a run that was killed; there is none otherwise.
                let _ = test_bed.idp.delete(&name).await;
            }
        }
        if let Some(wire) = &test_bed.wire {
            // Where each world has a host of its own.
            wire.allow(&test_bed.idp.world(&name)?);
            wire.allow(&test_bed.diary.world(&name)?);
        }
        self.record.world = Some(name.clone());
        test_bed.idp.create(&name, &seed).await?;
        if self.leaves_the_diary_alone {
            return Ok(());
        }
        Ok(test_bed.diary.create(&test_bed.idp, &name, &seed).await?)
    }

    /// Changes both clocks.
    ///
    /// # Errors
    /// A change that a server refuses.
    pub async fn clock(&self, order: &Value) -> Done {
        let (test_bed, world) = (self.test_bed()?, self.world()?);
        test_bed.idp.clock(world, order).await?;
        if self.leaves_the_diary_alone {
            return Ok(());
        }
        Ok(test_bed.diary.clock(&test_bed.idp, world, order).await?)
    }

    /// An address of Gosuslugi in the scenario's world.
    ///
    /// # Errors
    /// Before «Дано мир …».
    pub fn gosuslugi(&self, path: &str) -> Result<Url, StepError> {
        Ok(self.test_bed()?.idp.address(self.world()?, path)?)
    }

    /// An address of the diary in the scenario's world.
    ///
    /// # Errors
    /// Before «Дано мир …».
    pub fn diary(&self, path: &str) -> Result<Url, StepError> {
        Ok(self.test_bed()?.diary.address(self.world()?, path)?)
    }
}
