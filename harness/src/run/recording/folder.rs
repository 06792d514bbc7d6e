//! Folder of a recording: an archive for each scenario, named after it.

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

/// Folder of a recording, and secrets that must not appear in it.
#[derive(Clone)]
pub struct RecordingFolder {
    /// Folder that contains all archives.
    pub path: PathBuf,
    /// Passwords and secrets to hide in addition to those found in the requests.
    pub secrets: Vec<String>,
}

impl std::fmt::Debug for RecordingFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RecordingFolder").field(&self.path).finish()
    }
}

impl RecordingFolder {
    /// Creates the folder and removes the archives of an earlier recording from it.
    ///
    /// # Errors
    /// Fails if the folder cannot be written.
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

    /// Path of a scenario's archive.
    pub(in super::super) fn of(&self, scenario: &Scenario) -> PathBuf {
        self.path.join(format!("{}.har", scenario.slug))
    }

    /// Writes the exchanges of a scenario's last attempt.
    ///
    /// # Errors
    /// Fails if the archive cannot be written.
    pub(in super::super) fn keep(&self, scenario: &Scenario) -> io::Result<()> {
        let Some(record) = &scenario.record else { return Ok(()) };
        let title = format!("{} ({})", scenario.title, scenario.place);
        let archive = recorded(&title, record.world.as_deref(), &record.exchanges, &self.secrets);
        fs::write(self.of(scenario), serde_json::to_string_pretty(&archive).unwrap_or_default() + "\n")
    }
}

/// Checks whether this program has written an archive.
fn is_ours(file: &Path) -> bool {
    let read = fs::read_to_string(file).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    read.is_some_and(|archive| archive["log"]["creator"]["name"] == "esia-stand")
}

/// Archive of a scenario's exchanges in HAR 1.2. Credentials are hidden; of signed tokens, header and claims stay.
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
