//! Catalogue of the worlds of the documented suite, for servers that create worlds by name.

use serde::Deserialize;
use web::SeedCatalogue;
use worlds::SeedDocument;

use super::seed::seed;
use crate::suite::{File, documented_worlds};

/// Seeds of the documented suite.
#[derive(Debug)]
pub(super) struct Documented;

/// Field of a seed that the list of seeds needs.
#[derive(Deserialize)]
struct Titled {
    #[serde(default)]
    title: String,
}

impl SeedCatalogue for Documented {
    fn titles(&self) -> Vec<(String, String)> {
        let title =
            |file: &File| serde_saphyr::from_str::<Titled>(&file.text).map(|read| read.title).unwrap_or_default();
        documented_worlds().into_iter().map(|(name, file)| (name, title(&file))).collect()
    }

    fn seed(&self, name: &str) -> Option<SeedDocument> {
        // A name that came over HTTP must not be read as a file path.
        let is_known = documented_worlds().iter().any(|(known, _)| known == name);
        is_known.then(|| seed(Some(name)).ok()).flatten()
    }
}
