//! What a server's worlds and their store do, counted for whoever watches it.

use prometheus_client::{
    metrics::{
        counter::Counter,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

/// Counters of a server's worlds.
#[derive(Debug, Clone)]
pub struct Meters {
    pub(crate) events: Counter,
    pub(crate) races: Counter,
    pub(crate) append_seconds: Histogram,
}

impl Default for Meters {
    fn default() -> Self {
        // From 16 µs, as the memory takes, to 4 s, when a database is given up.
        let append_seconds = Histogram::new(exponential_buckets(0.000_016, 4.0, 10));
        Self { events: Counter::default(), races: Counter::default(), append_seconds }
    }
}

impl Meters {
    /// Puts them where they are shown.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("events", "Events recorded by this process", self.events.clone());
        registry.register("races", "Changes decided anew because another replica was first", self.races.clone());
        let name = "Time until the store has kept a change";
        registry.register_with_unit("append", name, Unit::Seconds, self.append_seconds.clone());
    }
}
