//! Data gathered from a scenario when a step fails, for the folder of evidence.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::control::Party;

/// Worlds, pages and browser consoles of a scenario.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dossier {
    /// Last page of each person.
    pub pages: Vec<KeptPage>,
    /// Errors in each person's browser console; people without errors are left out.
    pub console: BTreeMap<String, Vec<String>>,
    /// World of the scenario at each of our servers.
    pub worlds: Vec<KeptWorld>,
}

/// Page in a browser at the time of the failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPage {
    /// Person whose browser showed the page.
    pub who: String,
    /// Address of the page.
    pub url: String,
    /// HTML of the page.
    pub html: String,
    /// Screenshot as PNG, if the browser can take one.
    pub picture: Option<Vec<u8>>,
}

/// World of a server at the time of the failure.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptWorld {
    /// Server that holds the world.
    pub party: Party,
    /// Base URL of the world, ending with a slash.
    pub base: Url,
    /// All events, oldest first.
    pub timeline: Vec<Value>,
    /// Export of the world, which another server can import.
    pub export: Value,
}
