//! Folder of HAR archives, one for each scenario, as the comparison reads it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    language::{pick, tr},
    words::of_system,
};

/// Extension of an archive's file name.
const HAR: &str = "har";

/// Error of a folder that cannot be compared, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ArchiveError(String);

/// Recording of a run: its scenarios by the names of their files.
#[derive(Debug, Default)]
pub struct Recording {
    /// Exchanges of each scenario, in order.
    pub(super) scenarios: BTreeMap<String, Archive>,
}

/// Recording of a scenario.
#[derive(Debug, Deserialize)]
pub(super) struct Archive {
    pub(super) log: Log,
}

#[derive(Debug, Deserialize)]
pub(super) struct Log {
    /// Name of the world in URLs, if the recording has it.
    #[serde(default, rename = "_world")]
    pub(super) world: String,
    pub(super) entries: Vec<Exchange>,
}

/// Request and response as in HAR 1.2.
#[derive(Debug, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) response: Response,
    /// Server that was asked, and the number of the request there.
    #[serde(default)]
    pub(super) comment: String,
    /// Header and claims of the tokens in the response, by the names of their fields.
    #[serde(default, rename = "_tokens")]
    pub(super) tokens: BTreeMap<String, Token>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    #[serde(default)]
    pub(super) headers: Vec<Pair>,
    #[serde(default)]
    pub(super) query_string: Vec<Pair>,
    #[serde(default)]
    pub(super) post_data: Option<PostData>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct PostData {
    #[serde(default)]
    pub(super) params: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: Vec<Pair>,
    #[serde(default)]
    pub(super) content: Content,
    #[serde(default, rename = "redirectURL")]
    pub(super) redirect_url: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Content {
    #[serde(default)]
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pair {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    pub(super) header: Value,
    pub(super) claims: Value,
}

impl Recording {
    /// Reads a folder of archives.
    ///
    /// # Errors
    /// Fails for a folder or file that cannot be read, and for a folder without an archive.
    pub fn read(folder: &Path) -> Result<Self, ArchiveError> {
        let wrong = |file: &Path, why: &str| ArchiveError(format!("{}: {why}", file.display()));
        let listed = fs::read_dir(folder).map_err(|error| wrong(folder, &of_system(&error)))?;
        let mut files: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == HAR));
        files.sort();
        if files.is_empty() {
            let none = pick(
                "здесь нет записей (*.har): их пишет esia-stand run --record ПАПКА",
                "there are no recordings here (*.har): esia-stand run --record DIR makes them",
            );
            return Err(wrong(folder, none));
        }
        let mut scenarios = BTreeMap::new();
        for file in files {
            let text = fs::read_to_string(&file).map_err(|error| wrong(&file, &of_system(&error)))?;
            let archive = serde_json::from_str(&text)
                .map_err(|error| wrong(&file, &tr!("это не HAR 1.2: {error}", "this is no HAR 1.2: {error}")))?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            scenarios.insert(name, archive);
        }
        Ok(Self { scenarios })
    }
}

/// Returns the value of a name, whatever its case.
pub(super) fn value<'p>(pairs: &'p [Pair], name: &str) -> Option<&'p str> {
    pairs.iter().find(|pair| pair.name.eq_ignore_ascii_case(name)).map(|pair| pair.value.as_str())
}
