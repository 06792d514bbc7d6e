//! Files that an editor has open.

use std::{collections::BTreeMap, path::PathBuf, str::FromStr as _};

use lsp_types::Uri;
use url::Url;

use crate::suite::{OpenFile, Unsaved};

/// Texts of the open files by path.
#[derive(Debug, Default)]
pub(super) struct Documents(BTreeMap<PathBuf, String>);

impl Documents {
    pub(super) fn put(&mut self, uri: &Uri, text: String) {
        if let Some(path) = path_of(uri) {
            self.0.insert(path, text);
        }
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        if let Some(path) = path_of(uri) {
            self.0.remove(&path);
        }
    }

    /// Returns the file if it is open.
    pub(super) fn file(&self, uri: &Uri) -> Option<OpenFile> {
        let path = path_of(uri)?;
        Some(OpenFile::new(&path, self.0.get(&path)?))
    }

    /// All open files.
    pub(super) fn all(&self) -> impl Iterator<Item = OpenFile> {
        self.0.iter().map(|(path, text)| OpenFile::new(path, text))
    }

    /// Returns the text of an open file by its name.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(std::path::Path::new(name)).cloned()
    }

    pub(super) fn texts(&self) -> Unsaved {
        self.0.clone().into_iter().collect()
    }
}

/// Path of a `file:` URI; `None` for any other URI.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    Url::parse(uri.as_str()).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}

/// URI of a file's path.
pub(super) fn uri_of(path: &str) -> Option<Uri> {
    let whole = std::path::absolute(path).ok()?;
    Uri::from_str(Url::from_file_path(whole).ok()?.as_str()).ok()
}
