//! `/metrics`: what a server does, in the text format of `OpenMetrics`, for Prometheus and its like.

use std::{fs, sync::Arc};

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use parking_lot::RwLock;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

use crate::{AnyWorlds, Problem};

/// The content type of the format.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Bytes of a page of memory, as `/proc` counts them on each architecture that this is built for.
const PAGE_BYTES: i64 = 4096;

/// What a request was for, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    /// `control`, `program` or `page`.
    kind: &'static str,
    /// The first digit of the status code.
    status: u16,
}

/// Which server it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WorldLabels {
    /// `kept`, or `open`: in memory.
    state: &'static str,
}

/// The counters of a server.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<RwLock<Registry>>,
    requests: Family<RequestLabels, Counter>,
    seconds: Histogram,
    worlds: Family<WorldLabels, Gauge>,
    store_bytes: Gauge,
    resident_bytes: Gauge,
}

impl Metrics {
    pub(crate) fn of(worlds: &dyn AnyWorlds) -> Self {
        let labels = [("server".into(), worlds.server().into())];
        let mut registry = Registry::with_prefix_and_labels("esia_stand", labels.into_iter());
        let requests = Family::default();
        registry.register("requests", "Requests answered", Family::clone(&requests));
        // From 64 µs to 16 s.
        let seconds = Histogram::new(exponential_buckets(0.000_064, 4.0, 10));
        registry.register_with_unit("request", "Time until a request was answered", Unit::Seconds, seconds.clone());
        let (kept, store_bytes, resident_bytes) = (Family::default(), Gauge::default(), Gauge::default());
        registry.register("worlds", "Worlds that the store keeps, and those in memory", Family::clone(&kept));
        registry.register_with_unit("store", "Room that all worlds take", Unit::Bytes, store_bytes.clone());
        registry.register_with_unit("resident_memory", "Memory of this process", Unit::Bytes, resident_bytes.clone());
        worlds.meters().register(&mut registry);
        Self { registry: Arc::new(RwLock::new(registry)), requests, seconds, worlds: kept, store_bytes, resident_bytes }
    }

    /// Adds counters of a server's own.
    pub(crate) fn add(&self, register: impl FnOnce(&mut Registry)) {
        register(&mut self.registry.write());
    }

    /// Counts a request that is answered.
    pub(crate) fn count(&self, kind: &'static str, status: u16, seconds: f64) {
        self.requests.get_or_create(&RequestLabels { kind, status: status / 100 }).inc();
        self.seconds.observe(seconds);
    }

    /// Answers `GET /metrics`.
    pub(crate) async fn answer(&self, worlds: &dyn AnyWorlds) -> Response {
        // A store that does not answer is seen by its last numbers, and by `/health/ready`.
        if let Ok((size, open)) = worlds.size().await {
            let set = |state, count: usize| {
                let gauge = self.worlds.get_or_create(&WorldLabels { state });
                gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
            };
            set("kept", size.worlds);
            set("open", open);
            self.store_bytes.set(size.bytes.cast_signed());
        }
        if let Some(bytes) = resident_bytes() {
            self.resident_bytes.set(bytes);
        }
        let mut text = String::new();
        match encode(&mut text, &self.registry.read()) {
            Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
            Err(error) => Problem::internal(error).problem(),
        }
    }
}

fn resident_bytes() -> Option<i64> {
    let pages: i64 = fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}
