//! What a server knows of the stand that it belongs to.

use std::sync::Arc;

use esia::language::{answering_in, pick, spoken, tr};
use serde::Deserialize;
use serde_json::{Value, json};
use worlds::{SeedDocument, WorldError, WorldName, store::StoreError};

use crate::{AnyWorld, AnyWorlds, Problem, SeedCatalogue, peer::Peer, read_json};

/// A document in the place where a request carries it.
#[derive(Deserialize)]
struct Seeded {
    seed: SeedDocument,
}

/// The worlds of this server, the other server, and the seeds that are known by name.
#[derive(Clone)]
pub(crate) struct Stand {
    /// This server's worlds.
    pub(crate) worlds: Arc<dyn AnyWorlds>,
    /// The other server, where this one knows it.
    pub(crate) peer: Option<Peer>,
    /// Seeds by name.
    pub(crate) catalogue: Option<&'static dyn SeedCatalogue>,
}

impl Stand {
    /// Begins a world anew. It goes on to its end even if whoever asked for it goes away: between the old world and the new one
    /// there is none of that name.
    ///
    /// # Errors
    /// As [`worlds::Worlds::reset`].
    pub(crate) async fn reset(&self, name: &WorldName) -> Result<Arc<dyn AnyWorld>, WorldError> {
        let (worlds, name) = (Arc::clone(&self.worlds), name.clone());
        let reset = tokio::spawn(answering_in(spoken(), async move { worlds.reset(&name).await }));
        reset.await.map_err(|error| StoreError::Failed(Box::new(error)))?
    }

    /// The seed that is known by a name.
    ///
    /// # Errors
    /// 400 with the names that there are.
    pub(crate) fn seed(&self, name: &str) -> Result<SeedDocument, Problem> {
        let found = self.catalogue.and_then(|catalogue| catalogue.seed(name));
        found.ok_or_else(|| {
            let titles = self.catalogue.map(SeedCatalogue::titles).unwrap_or_default();
            let names = titles.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            let problem = Problem::bad_request(
                "seed",
                tr!("Документированного мира «{name}» нет", "There is no documented world «{name}»"),
            );
            if names.is_empty() {
                problem.or(pick("Пришлите описание мира целиком", "Send the whole description of the world"))
            } else {
                problem.or(tr!("Есть: {names}", "There are: {names}"))
            }
        })
    }

    /// A seed as a request carries it: a document, or the name of one.
    ///
    /// # Errors
    /// 400 that names the field.
    pub(crate) fn read_seed(&self, seed: Value) -> Result<SeedDocument, Problem> {
        match seed {
            Value::Null => Ok(SeedDocument::default()),
            Value::String(name) => self.seed(&name),
            // In its place, so that a mistake is told with its whole path.
            seed => Ok(read_json::<Seeded>(json!({ "seed": seed }).to_string().as_bytes())?.seed),
        }
    }
}
