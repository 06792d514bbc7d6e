//! A seed document in YAML, the provider's section of it, and the world that it makes.
#![no_main]

use fuzz::now;
use idp::Gosuslugi;
use libfuzzer_sys::fuzz_target;
use worlds::{Domain as _, SeedDocument};

fuzz_target!(|text: &str| {
    let Ok(document) = serde_saphyr::from_str::<SeedDocument>(text) else { return };
    if let Err(error) = Gosuslugi::genesis(&document, now()) {
        assert!(!error.path.is_empty() && !error.message.is_empty(), "an error without a place: {error:?}");
    }
});
