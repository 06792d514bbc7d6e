//! What all scenarios of a run share.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use diary::ProfileSeed;
use serde_json::Value;

use crate::{
    browser::{Browser, BrowserError, ChromiumBrowser, Driver, HttpBrowser},
    cli::Protocol,
    control::Control,
};

/// How pages are looked at.
#[derive(Debug)]
pub enum Screen {
    /// Read over plain HTTP; past any proxy of the environment when `direct`.
    Http {
        /// Whether to go past proxies.
        direct: bool,
    },
    /// Shown by Chromium.
    Chromium(Box<Driver>),
}

/// Servers, browsers and seeds of a run.
#[derive(Debug)]
pub struct Stage {
    /// The provider.
    pub idp: Control,
    /// The diary.
    pub diary: Control,
    /// Seeds by feature file and name.
    pub seeds: HashMap<(String, String), Value>,
    /// How pages are looked at.
    pub screen: Screen,
    /// Where pictures go.
    pub screenshots: Option<PathBuf>,
    /// Whether worlds outlive their scenarios.
    pub keep: bool,
    /// The door of the provider, for worlds that name none.
    pub protocol: Option<Protocol>,
    /// The diary's profile, for worlds that name none.
    pub profile: Option<Value>,
    names: Names,
    halt: OnceLock<String>,
}

#[derive(Debug)]
struct Names {
    run: u32,
    next: AtomicU64,
}

impl Stage {
    /// A stage with two servers.
    pub fn new(idp: Control, diary: Control, screen: Screen) -> Self {
        let run = u32::try_from(RandomState::new().hash_one(std::process::id()) & 0xff_ffff).unwrap_or_default();
        Self {
            idp,
            diary,
            seeds: HashMap::new(),
            screen,
            screenshots: None,
            keep: false,
            protocol: None,
            profile: None,
            names: Names { run, next: AtomicU64::new(1) },
            halt: OnceLock::new(),
        }
    }

    /// The same with what a run wants.
    #[must_use]
    pub fn with(mut self, screenshots: Option<PathBuf>, keep: bool, seeds: HashMap<(String, String), Value>) -> Self {
        (self.screenshots, self.keep, self.seeds) = (screenshots, keep, seeds);
        self
    }

    /// The same with the diary at a certain door of the provider, and with a certain profile.
    #[must_use]
    pub fn through(self, protocol: Option<Protocol>, profile: Option<&ProfileSeed>) -> Self {
        Self { protocol, profile: profile.and_then(|profile| serde_json::to_value(profile).ok()), ..self }
    }

    /// A name that no other scenario has, of this run or another.
    pub fn fresh_name(&self) -> String {
        format!("run-{:06x}-{}", self.names.run, self.names.next.fetch_add(1, Ordering::Relaxed))
    }

    /// A fresh browser.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn browser(&self) -> Result<Box<dyn Browser>, BrowserError> {
        match &self.screen {
            Screen::Http { direct } => Ok(Box::new(HttpBrowser::new(*direct)?)),
            Screen::Chromium(driver) => Ok(Box::new(ChromiumBrowser::new(driver).await?)),
        }
    }

    /// Stops the run: nothing more can be asked.
    pub fn stop(&self, why: &str) {
        let _ = self.halt.set(why.to_owned());
    }

    /// Why the run was stopped, if it was.
    pub fn halted(&self) -> Option<String> {
        self.halt.get().cloned()
    }
}
