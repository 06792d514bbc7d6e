//! Seeds that are known by name.

use std::fmt;

use worlds::SeedDocument;

/// Seeds that worlds can be made from by name.
pub trait SeedCatalogue: fmt::Debug + Send + Sync {
    /// Name and title of each, in order of names.
    fn titles(&self) -> Vec<(String, String)>;
    /// The seed of that name.
    fn seed(&self, name: &str) -> Option<SeedDocument>;
}
