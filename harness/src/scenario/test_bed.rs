//! The test bed: servers, browser driver and seeds that all scenarios of a run share.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use diary::ProfileSeed;
use serde_json::Value;
use tokio::sync::watch;
use url::Url;

use super::{NoAnswer, OwnSite};
use crate::{
    browser::{Browser, BrowserError, Driver, HttpBrowser, RealBrowser},
    cli::Protocol,
    control::{ControlError, Party},
    exit::Exit,
    provider::ProviderSide,
    race::Order,
    relying_party::{Foreign, RelyingParty},
    wire::{Book, Wire},
};

/// Reason to end a run before all scenarios have been played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// No further answers can be obtained.
    CouldNotAsk(NoAnswer),
    /// A scenario did not pass, and the run ends at the first failure.
    FirstFailure,
    /// A signal asked the program to stop; it ends with this exit code.
    Signal(Exit),
}

/// Kind of browser that shows pages.
#[derive(Debug)]
pub enum Screen {
    /// Pages are read over plain HTTP.
    Http {
        /// Whether requests bypass the proxy of the environment.
        direct: bool,
    },
    /// Pages are shown by a real browser.
    Real(Box<Driver>),
}

/// Amount of data gathered when a step fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gathered {
    /// The page, and the requests that failed a check.
    #[default]
    Story,
    /// In addition, the whole journals of both servers.
    Journals,
    /// In addition, pages, worlds and browser consoles.
    Everything,
}

/// Servers, browsers and seeds of a run.
#[derive(Debug)]
pub struct TestBed {
    /// The provider: our mock Gosuslugi, or a foreign one.
    pub idp: ProviderSide,
    /// Diary that signs people in through the provider.
    pub diary: RelyingParty,
    /// Seeds by feature file and name.
    pub seeds: HashMap<(String, String), Value>,
    /// Kind of browser that shows pages.
    pub screen: Screen,
    /// Wire of people's requests, if the run limits or records them.
    pub wire: Option<Arc<Wire>>,
    /// The team's own site, if the run names one.
    pub site: Option<OwnSite>,
    /// Folder for pictures, if the run takes them.
    pub screenshots: Option<PathBuf>,
    /// Whether worlds are kept after their scenarios.
    pub keep: bool,
    /// Whether the run waits for a person at a failure and at a step that pauses.
    pub pauses: bool,
    /// Amount of data gathered when a step fails.
    pub gathered: Gathered,
    /// Protocol of the provider for worlds that do not name one.
    pub protocol: Option<Protocol>,
    /// Profile of the diary for worlds that do not name one.
    pub profile: Option<Value>,
    /// Orders of races given to the run; races without one draw theirs.
    pub orders: Vec<Order>,
    names: Names,
    halt: watch::Sender<Option<Halt>>,
}

#[derive(Debug)]
struct Names {
    run: u32,
    next: AtomicU64,
}

impl TestBed {
    /// Creates a test bed of a provider, a diary and a kind of browser.
    pub fn new(idp: impl Into<ProviderSide>, diary: impl Into<RelyingParty>, screen: Screen) -> Self {
        let run = u32::try_from(RandomState::new().hash_one(std::process::id()) & 0xff_ffff).unwrap_or_default();
        Self {
            idp: idp.into(),
            diary: diary.into(),
            seeds: HashMap::new(),
            screen,
            wire: None,
            site: None,
            screenshots: None,
            keep: false,
            pauses: false,
            gathered: Gathered::Story,
            protocol: None,
            profile: None,
            orders: Vec::new(),
            names: Names { run, next: AtomicU64::new(1) },
            halt: watch::Sender::new(None),
        }
    }

    /// Sets the folder for pictures, whether worlds are kept, and the seeds.
    #[must_use]
    pub fn with(mut self, screenshots: Option<PathBuf>, keep: bool, seeds: HashMap<(String, String), Value>) -> Self {
        (self.screenshots, self.keep, self.seeds) = (screenshots, keep, seeds);
        self
    }

    /// Sets the wire of people's requests.
    #[must_use]
    pub fn over(self, wire: Option<Arc<Wire>>) -> Self {
        Self { wire, ..self }
    }

    /// Sets the team's own site.
    #[must_use]
    pub fn beside(self, site: Option<OwnSite>) -> Self {
        Self { site, ..self }
    }

    /// Sets whether the run waits for a person at failures.
    #[must_use]
    pub fn pausing(self, pauses: bool) -> Self {
        Self { pauses, ..self }
    }

    /// Sets the orders of races.
    #[must_use]
    pub fn in_order(self, orders: Vec<Order>) -> Self {
        Self { orders, ..self }
    }

    /// Sets the amount of data gathered when a step fails.
    #[must_use]
    pub fn gathering(self, gathered: Gathered) -> Self {
        Self { gathered, ..self }
    }

    /// Sets the protocol and the profile for worlds that do not name them.
    #[must_use]
    pub fn through(self, protocol: Option<Protocol>, profile: Option<&ProfileSeed>) -> Self {
        Self { protocol, profile: profile.and_then(|profile| serde_json::to_value(profile).ok()), ..self }
    }

    /// Returns the name of the next scenario's world: the shared world of a foreign diary or provider, or else a name
    /// that no other world of this or another run has.
    pub fn fresh_name(&self) -> String {
        if let Some(shared) = self.diary.foreign().and_then(Foreign::shared_world) {
            return shared.to_owned();
        }
        if let Some(stand) = self.idp.foreign() {
            return stand.description.world.clone();
        }
        format!("run-{:06x}-{}", self.names.run, self.names.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Starts a new browser; if the run has a wire, the browser's requests are recorded in `book`.
    ///
    /// # Errors
    /// Fails if the browser does not start.
    pub async fn browser(&self, book: &Arc<Book>) -> Result<Box<dyn Browser>, BrowserError> {
        match (&self.screen, &self.wire) {
            (Screen::Http { direct }, Some(wire)) => Ok(Box::new(HttpBrowser::over(wire, book, *direct)?)),
            (screen, _) => Self::unlimited(screen).await,
        }
    }

    async fn unlimited(screen: &Screen) -> Result<Box<dyn Browser>, BrowserError> {
        match screen {
            Screen::Http { direct } => Ok(Box::new(HttpBrowser::new(*direct)?)),
            Screen::Real(driver) => Ok(Box::new(RealBrowser::new(driver).await?)),
        }
    }

    /// Ends the browser driver; browsers of scenarios are closed by the scenarios.
    pub async fn close(&self) {
        if let Screen::Real(driver) = &self.screen {
            driver.close().await;
        }
    }

    /// Stops the run. Only the first reason is kept.
    pub fn stop(&self, why: Halt) {
        self.halt.send_if_modified(|halt| {
            let first = halt.is_none();
            if first {
                *halt = Some(why);
            }
            first
        });
    }

    /// Returns the reason why the run was stopped, or `None` while it goes on.
    pub fn halted(&self) -> Option<Halt> {
        self.halt.borrow().clone()
    }

    /// Completes when the run is stopped.
    pub async fn stopped(&self) {
        // The channel cannot be closed here: `self` holds its sender.
        let _ = self.halt.subscribe().wait_for(Option::is_some).await;
    }

    /// Returns the address of a page in a world: the URL if worlds are kept, otherwise server and path.
    pub fn place(&self, world: &str, url: &Url) -> String {
        if self.keep {
            return url.to_string();
        }
        let within = |party: Party, base: Result<Url, ControlError>| {
            let base = base.ok()?;
            let path = url.as_str().strip_prefix(base.as_str())?;
            Some(format!("{}, /{}", party.name(), path.split(['?', '#']).next().unwrap_or_default()))
        };
        let at_provider = within(Party::Idp, self.idp.world(world));
        let found = at_provider.or_else(|| within(Party::Diary, self.diary.world(world)));
        found.unwrap_or_else(|| url.to_string())
    }
}
