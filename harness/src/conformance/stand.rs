//! Environment in which a client is judged: its provider, and a world for each fault or one for all.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{
    control::{Control, ControlError},
    relying_party::Client,
    servers::{Defaults, prepared},
};

/// Relying party's side of a fresh world.
#[derive(Debug)]
pub enum Side {
    /// Our diary, whose control API creates worlds.
    Ours(Box<Control>),
    /// A foreign client, which creates its world from the address alone.
    Foreign,
}

/// Worlds in which a client is judged.
#[derive(Debug)]
pub enum Worlds {
    /// One world for all faults, which are lifted in between.
    One(String),
    /// A fresh world for each fault.
    Fresh {
        /// Seed of each world.
        seed: Value,
        /// Client's side of each world.
        side: Side,
    },
}

/// Client, its provider and its worlds.
#[derive(Debug)]
pub struct Stand {
    /// Client as described in its file.
    pub client: Client,
    /// Control API of the provider.
    pub provider: Control,
    /// Worlds in which the client is judged.
    pub worlds: Worlds,
    made: AtomicUsize,
    /// Whether the client was not notified of a sign-out at the provider, although it should have been.
    deaf: AtomicBool,
}

impl Stand {
    /// Creates the environment of a client at its provider.
    pub fn new(client: Client, provider: Control, worlds: Worlds) -> Self {
        Self { client, provider, worlds, made: AtomicUsize::new(0), deaf: AtomicBool::new(false) }
    }

    /// Checks whether the clocks of both sides of a world can be moved, that is, whether the client is our diary.
    pub(super) const fn moves_clocks(&self) -> bool {
        matches!(self.worlds, Worlds::Fresh { side: Side::Ours(_), .. })
    }

    /// Advances the clocks of both sides of a world by a time like `65m`.
    ///
    /// # Errors
    /// Fails if a server does not advance its clock.
    pub(super) async fn advance(&self, world: &str, by: &str) -> Result<(), ControlError> {
        let order = json!({ "advance": by });
        self.provider.clock(world, &order).await?;
        match &self.worlds {
            Worlds::Fresh { side: Side::Ours(diary), .. } => diary.clock(world, &order).await,
            _ => Ok(()),
        }
    }

    /// Records whether the client is notified of a sign-out at the provider.
    pub(super) fn heard(&self, is_heard: bool) {
        self.deaf.store(!is_heard, Ordering::Relaxed);
    }

    /// Checks whether the client is known not to be notified.
    pub(super) fn is_deaf(&self) -> bool {
        self.deaf.load(Ordering::Relaxed)
    }

    /// Number of faults that can be played at the same time.
    pub(super) fn at_once(&self) -> usize {
        match self.worlds {
            Worlds::One(_) => 1,
            Worlds::Fresh { .. } => 4 * std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        }
    }

    /// Returns a world without faults for the next fault.
    ///
    /// # Errors
    /// Fails if a server does not create the world.
    pub(super) async fn begin(&self) -> Result<String, ControlError> {
        match &self.worlds {
            Worlds::One(world) => {
                self.provider.lift_faults(world).await?;
                Ok(world.clone())
            }
            Worlds::Fresh { seed, side } => {
                let number = self.made.fetch_add(1, Ordering::Relaxed);
                let name = format!("conformance-{}-{number}", self.client.protocol.name());
                let defaults = Defaults { protocol: Some(self.client.protocol), profile: None };
                let seed = prepared(seed.clone(), &self.provider.world(&name)?, defaults);
                self.provider.create(&name, &seed).await?;
                if let Side::Ours(diary) = side {
                    diary.create(&name, &seed).await?;
                }
                Ok(name)
            }
        }
    }

    /// Lifts the faults of the world that all faults share, when a run is stopped.
    pub(super) async fn leave(&self) {
        if let Worlds::One(world) = &self.worlds {
            self.end(world).await;
        }
    }

    /// Restores a shared world, or deletes a fresh one. A world that cannot be deleted ends with the servers.
    pub(super) async fn end(&self, world: &str) {
        let ended = match &self.worlds {
            Worlds::One(world) => self.provider.lift_faults(world).await,
            Worlds::Fresh { side, .. } => {
                if let Side::Ours(diary) = side
                    && let Err(error) = diary.delete(world).await
                {
                    tracing::debug!(%error, world, "a world was not dropped");
                }
                self.provider.delete(world).await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, world, "a world was not left as it was found");
        }
    }
}
