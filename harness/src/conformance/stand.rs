//! Where a client is met: its provider, and a world for each fault or one for all.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{
    control::{Control, ControlError},
    relying_party::Client,
    servers::{Defaults, prepared},
};

/// The relying party's side of a fresh world.
#[derive(Debug)]
pub enum Side {
    /// Its own control API makes worlds: our diary.
    Ours(Box<Control>),
    /// It makes its world of the address alone.
    Foreign,
}

/// Worlds in which a client is met.
#[derive(Debug)]
pub enum Worlds {
    /// One for all faults, which are lifted in between.
    One(String),
    /// A fresh one for each fault, from this seed.
    Fresh {
        /// The seed of each.
        seed: Value,
        /// The client's side of each.
        side: Side,
    },
}

/// A client, its provider and its worlds.
#[derive(Debug)]
pub struct Stand {
    /// The client as it is described.
    pub client: Client,
    /// The control API of its provider.
    pub provider: Control,
    /// Worlds in which it is met.
    pub worlds: Worlds,
    made: AtomicUsize,
    /// Whether the client was not told that somebody has left the provider, where it should have been.
    deaf: AtomicBool,
}

impl Stand {
    /// A client at its provider.
    pub fn new(client: Client, provider: Control, worlds: Worlds) -> Self {
        Self { client, provider, worlds, made: AtomicUsize::new(0), deaf: AtomicBool::new(false) }
    }

    /// Whether the clocks of both sides of a world can be moved: the client is ours.
    pub(super) const fn moves_clocks(&self) -> bool {
        matches!(self.worlds, Worlds::Fresh { side: Side::Ours(_), .. })
    }

    /// Moves the clocks of both sides of a world on, as `65m`.
    ///
    /// # Errors
    /// When a server does not.
    pub(super) async fn advance(&self, world: &str, by: &str) -> Result<(), ControlError> {
        let order = json!({ "advance": by });
        self.provider.clock(world, &order).await?;
        match &self.worlds {
            Worlds::Fresh { side: Side::Ours(diary), .. } => diary.clock(world, &order).await,
            _ => Ok(()),
        }
    }

    /// Keeps whether the client is told that somebody has left the provider.
    pub(super) fn heard(&self, is_heard: bool) {
        self.deaf.store(!is_heard, Ordering::Relaxed);
    }

    /// Whether the client is known not to be told.
    pub(super) fn is_deaf(&self) -> bool {
        self.deaf.load(Ordering::Relaxed)
    }

    /// Number of faults that can be played at once.
    pub(super) fn at_once(&self) -> usize {
        match self.worlds {
            Worlds::One(_) => 1,
            Worlds::Fresh { .. } => 4 * std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        }
    }

    /// A world for the next fault, without any fault.
    ///
    /// # Errors
    /// When a server does not make it.
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

    /// Leaves the one world of all faults as it was found, whatever was on when a run stopped.
    pub(super) async fn leave(&self) {
        if let Worlds::One(world) = &self.worlds {
            self.end(world).await;
        }
    }

    /// Leaves a world as it was found: a fresh one is dropped. What cannot be dropped ends with the servers.
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
