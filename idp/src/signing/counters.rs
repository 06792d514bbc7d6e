//! Counter of signed tokens, for `/metrics`.

use std::sync::LazyLock;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use crate::clients::TokenAlgorithm;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    /// Header parameter `alg` of the token.
    alg: &'static str,
}

/// Counter of the whole process, because its worlds share keys.
static COUNTED: LazyLock<Family<Labels, Counter>> = LazyLock::new(Family::default);

/// Counts one signature.
pub(super) fn count(algorithm: TokenAlgorithm) {
    let alg = match algorithm {
        TokenAlgorithm::Rs256 => "RS256",
        TokenAlgorithm::Gost => "GOST3410_2012_256",
    };
    COUNTED.get_or_create(&Labels { alg }).inc();
}

/// Registers the counter for `/metrics`.
pub(crate) fn register(registry: &mut Registry) {
    registry.register("signatures", "Tokens signed", COUNTED.clone());
}
