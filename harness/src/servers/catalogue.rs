//! The worlds of the documented suite, for servers that make worlds by name.

use serde::Deserialize;
use web::SeedCatalogue;
use worlds::SeedDocument;

use super::seed::seed;
use crate::suite::embedded;

/// Seeds of the documented suite.
#[derive(Debug)]
pub(super) struct Documented;

/// What is read of a seed for a list.
#[derive(Deserialize)]
struct Titled {
    #[serde(default)]
    title: String,
}

impl SeedCatalogue for Documented {
    fn titles(&self) -> Vec<(String, String)> {
        let titled = embedded().into_iter().filter_map(|file| {
            let name = file.name.strip_prefix("scenarios/worlds/")?.strip_suffix(".yaml")?.to_owned();
            let title = serde_saphyr::from_str::<Titled>(&file.text).map(|titled| titled.title).unwrap_or_default();
            Some((name, title))
        });
        let mut titles: Vec<_> = titled.collect();
        titles.sort_unstable();
        titles
    }

    fn seed(&self, name: &str) -> Option<SeedDocument> {
        let is_known = self.titles().iter().any(|(known, _)| known == name);
        is_known.then(|| seed(Some(name)).ok()).flatten()
    }
}
