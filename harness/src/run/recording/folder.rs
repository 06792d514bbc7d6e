//! The folder of a recording: an archive for each scenario, named as the scenario is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    super::{evidence::archive_entry, plan::Scenario, secrets::Secrets},
    token::tokens,
};
use crate::{control::Party, wire::KeptExchange};

/// Where a recording goes, and what must not be in it.
#[derive(Clone)]
pub struct RecordingFolder {
    /// The folder with all archives.
    pub path: PathBuf,
    /// Passwords and secrets beside those that requests themselves show.
    pub secrets: Vec<String>,
}

impl std::fmt::Debug for RecordingFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RecordingFolder").field(&self.path).finish()
    }
}

impl RecordingFolder {
    /// Makes the folder, and takes the archives of an earlier recording out of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        for entry in fs::read_dir(&self.path)? {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "har") && is_ours(&file) {
                fs::remove_file(file)?;
            }
        }
        tempfile::tempfile_in(&self.path).map(|_| ())
    }

    /// The archive of a scenario.
    pub(in super::super) fn of(&self, scenario: &Scenario) -> PathBuf {
        self.path.join(format!("{}.har", scenario.slug))
    }

    /// Writes what the last attempt of a scenario has recorded.
    ///
    /// # Errors
    /// What could not be written.
    pub(in super::super) fn keep(&self, scenario: &Scenario) -> io::Result<()> {
        let Some(record) = &scenario.record else { return Ok(()) };
        let title = format!("{} ({})", scenario.title, scenario.place);
        let archive = recorded(&title, record.world.as_deref(), &record.exchanges, &self.secrets);
        fs::write(self.of(scenario), serde_json::to_string_pretty(&archive).unwrap_or_default() + "\n")
    }
}

/// Whether an archive was written by this program.
fn is_ours(file: &Path) -> bool {
    let read = fs::read_to_string(file).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    read.is_some_and(|archive| archive["log"]["creator"]["name"] == "esia-stand")
}

/// The archive of a scenario's exchanges, HAR 1.2. Credentials are hidden; of signed tokens, header and claims stay.
fn recorded(title: &str, world: Option<&str>, exchanges: &[KeptExchange], secrets: &[String]) -> Value {
    let hidden = Secrets::of(exchanges.iter().map(|kept| &kept.exchange.entry)).and(secrets);
    let entries = exchanges.iter().map(|kept| {
        let exchange = &kept.exchange;
        let mut told = archive_entry(&exchange.entry, exchange.url.as_str(), &hidden);
        told["comment"] = kept.party.map_or("site", Party::key).into();
        told["_asker"] = exchange.asker.key().into();
        let tokens = tokens(&exchange.entry.response.body);
        if !tokens.is_empty() {
            told["_tokens"] = serde_json::from_str(&hidden.hide(&json!(tokens).to_string())).unwrap_or_default();
        }
        told
    });
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "esia-stand", "version": env!("CARGO_PKG_VERSION") },
        "comment": title,
        "_world": world.unwrap_or_default(),
        "entries": entries.collect::<Vec<_>>(),
    } })
}
