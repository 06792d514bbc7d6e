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

/// Reason to end a run before its scenarios do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// Nothing more can be asked, for this reason.
    CouldNotAsk(NoAnswer),
    /// A scenario did not pass, and the run was to end at the first.
    FirstFailure,
    /// Somebody has asked the program to stop; it ends with this code.
    Signal(Exit),
}

/// Way of looking at pages.
#[derive(Debug)]
pub enum Screen {
    /// Read over plain HTTP; past any proxy of the environment when `direct`.
    Http {
        /// Whether to go past proxies.
        direct: bool,
    },
    /// Shown by a real browser.
    Real(Box<Driver>),
}

/// What is gathered of a scenario when a step of it fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gathered {
    /// The page, and the requests that a check failed: what its story tells.
    #[default]
    Story,
    /// The whole journals of both servers besides.
    Journals,
    /// Pages, worlds and consoles of browsers besides.
    Everything,
}

/// Servers, browsers and seeds of a run.
#[derive(Debug)]
pub struct TestBed {
    /// The provider: our mock Gosuslugi, or a foreign one.
    pub idp: ProviderSide,
    /// The diary that signs people in through it.
    pub diary: RelyingParty,
    /// Seeds by feature file and name.
    pub seeds: HashMap<(String, String), Value>,
    /// Way of looking at pages.
    pub screen: Screen,
    /// What the requests of people go over, where they are limited or kept.
    pub wire: Option<Arc<Wire>>,
    /// The team's own site, where a run names one.
    pub site: Option<OwnSite>,
    /// Folder for pictures.
    pub screenshots: Option<PathBuf>,
    /// Whether worlds outlive their scenarios.
    pub keep: bool,
    /// Whether a failure, and a step that says so, wait for a person.
    pub pauses: bool,
    /// What is gathered when a step fails.
    pub gathered: Gathered,
    /// The protocol of the provider, for worlds that name none.
    pub protocol: Option<Protocol>,
    /// The diary's profile, for worlds that name none.
    pub profile: Option<Value>,
    /// The orders of races, where they are given and not drawn.
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
    /// A test bed with two servers.
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

    /// The same with what a run wants.
    #[must_use]
    pub fn with(mut self, screenshots: Option<PathBuf>, keep: bool, seeds: HashMap<(String, String), Value>) -> Self {
        (self.screenshots, self.keep, self.seeds) = (screenshots, keep, seeds);
        self
    }

    /// The same, with people's requests going over a wire.
    #[must_use]
    pub fn over(self, wire: Option<Arc<Wire>>) -> Self {
        Self { wire, ..self }
    }

    /// The same, with a site of the team's own.
    #[must_use]
    pub fn beside(self, site: Option<OwnSite>) -> Self {
        Self { site, ..self }
    }

    /// The same, waiting for a person at failures if it is to.
    #[must_use]
    pub fn pausing(self, pauses: bool) -> Self {
        Self { pauses, ..self }
    }

    /// The same, with races played in these orders.
    #[must_use]
    pub fn in_order(self, orders: Vec<Order>) -> Self {
        Self { orders, ..self }
    }

    /// The same with more or less gathered when a step fails.
    #[must_use]
    pub fn gathering(self, gathered: Gathered) -> Self {
        Self { gathered, ..self }
    }

    /// The same with the diary signing in by a certain protocol, and with a certain profile.
    #[must_use]
    pub fn through(self, protocol: Option<Protocol>, profile: Option<&ProfileSeed>) -> Self {
        Self { protocol, profile: profile.and_then(|profile| serde_json::to_value(profile).ok()), ..self }
    }

    /// The name of the next scenario's world: one that no other has, of this run or another, or the one world that the diary
    /// has for all.
    pub fn fresh_name(&self) -> String {
        if let Some(shared) = self.diary.foreign().and_then(Foreign::shared_world) {
            return shared.to_owned();
        }
        if let Some(stand) = self.idp.foreign() {
            return stand.description.world.clone();
        }
        format!("run-{:06x}-{}", self.names.run, self.names.next.fetch_add(1, Ordering::Relaxed))
    }

    /// A fresh browser, whose requests are written into this book where they go over a wire.
    ///
    /// # Errors
    /// When it does not start.
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

    /// Ends what the test bed has started besides the browsers of its scenarios.
    pub async fn close(&self) {
        if let Screen::Real(driver) = &self.screen {
            driver.close().await;
        }
    }

    /// Stops the run. The first reason stands.
    pub fn stop(&self, why: Halt) {
        self.halt.send_if_modified(|halt| {
            let first = halt.is_none();
            if first {
                *halt = Some(why);
            }
            first
        });
    }

    /// Reason for which the run was stopped; `None` while it goes on.
    pub fn halted(&self) -> Option<Halt> {
        self.halt.borrow().clone()
    }

    /// Done when the run is stopped.
    pub async fn stopped(&self) {
        // An error means that there is no test_bed any more, and nobody waits then.
        let _ = self.halt.subscribe().wait_for(Option::is_some).await;
    }

    /// Name of an address in a world: the address where the world outlives its scenario, server and path otherwise.
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
