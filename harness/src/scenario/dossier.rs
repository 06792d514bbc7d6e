//! Everything that is had of a scenario at the moment at which it fails: its folder of evidence is made of it.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::control::Party;

/// The worlds, pages and consoles of a scenario.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dossier {
    /// The last page of each person.
    pub pages: Vec<KeptPage>,
    /// Complaints of each person's browser console, where there are any.
    pub console: BTreeMap<String, Vec<String>>,
    /// The world at each server.
    pub worlds: Vec<KeptWorld>,
}

/// A page as a browser had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPage {
    /// Person who looked at it.
    pub who: String,
    /// Address at which it was found.
    pub url: String,
    /// Its document in HTML.
    pub html: String,
    /// A picture of it as PNG, where there are pictures.
    pub picture: Option<Vec<u8>>,
}

/// A world as a server had it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptWorld {
    /// The server that has it.
    pub party: Party,
    /// Its base URL, ending with a slash.
    pub base: Url,
    /// Every event, oldest first.
    pub timeline: Vec<Value>,
    /// What the server exports; another server imports it.
    pub export: Value,
}
