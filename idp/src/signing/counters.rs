//! Signatures of tokens, counted for `/metrics`.

use std::sync::LazyLock;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use crate::clients::TokenAlgorithm;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    /// The header `alg`.
    alg: &'static str,
}

/// Of the process: keys are shared by its worlds.
static COUNTED: LazyLock<Family<Labels, Counter>> = LazyLock::new(Family::default);

/// Counts a signature.
pub(super) fn count(algorithm: TokenAlgorithm) {
    let alg = match algorithm {
        TokenAlgorithm::Rs256 => "RS256",
        TokenAlgorithm::Gost => "GOST3410_2012_256",
    };
    COUNTED.get_or_create(&Labels { alg }).inc();
}

/// Puts them where they are shown.
pub(crate) fn register(registry: &mut Registry) {
    registry.register("signatures", "Tokens signed", COUNTED.clone());
}
