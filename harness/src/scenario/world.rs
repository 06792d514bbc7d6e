//! The scenario's world on both sides: its creation, clocks and addresses.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::{Done, ScenarioState, StepError};
use crate::{
    language::tr,
    servers::{Defaults, prepared},
};

impl ScenarioState {
    /// Creates the scenario's world on both servers.
    ///
    /// # Errors
    /// Fails if a server refuses the seed, or if the scenario already has a world.
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
                // A world of this name remains only from a run that was killed.
                let _ = test_bed.idp.delete(&name).await;
            }
        }
        if let Some(wire) = &test_bed.wire {
            // Each world may have a host of its own.
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

    /// Changes the clocks of the world on both sides.
    ///
    /// # Errors
    /// Fails if a server refuses the change.
    pub async fn clock(&self, order: &Value) -> Done {
        let (test_bed, world) = (self.test_bed()?, self.world()?);
        test_bed.idp.clock(world, order).await?;
        if self.leaves_the_diary_alone {
            return Ok(());
        }
        Ok(test_bed.diary.clock(&test_bed.idp, world, order).await?)
    }

    /// Returns the URL of a path at Gosuslugi in the scenario's world.
    ///
    /// # Errors
    /// Fails before the step «Дано мир …».
    pub fn gosuslugi(&self, path: &str) -> Result<Url, StepError> {
        Ok(self.test_bed()?.idp.address(self.world()?, path)?)
    }

    /// Returns the URL of a path at the diary in the scenario's world.
    ///
    /// # Errors
    /// Fails before the step «Дано мир …».
    pub fn diary(&self, path: &str) -> Result<Url, StepError> {
        Ok(self.test_bed()?.diary.address(self.world()?, path)?)
    }
}
