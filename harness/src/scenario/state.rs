//! State of a scenario during a run: its world on both servers, and a browser for each of its people.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    fmt,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::time::timeout;
use worlds::{SystemWall, WallClock as _};

use super::{
    Done, Evidence, OwnSite, Record, StepError, StepResult, TestBed,
    program::Program,
    tabs::{is_tab, person_of},
};
use crate::browser::{Browser, Download, Page, Target};
use crate::{
    control::ControlError,
    language::{pick, tr},
    race::Turn,
    wire::Book,
};

/// Time limit for closing a browser or dropping a world.
const CLOSING: Duration = Duration::from_secs(3);

/// Title, file name prefix and repeat number of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Title of the scenario in reports.
    pub title: String,
    /// Prefix of the file names of its pictures.
    pub slug: String,
    /// Number of this repeat, from 1.
    pub repeat: usize,
}

/// State of one scenario; Cucumber calls it a world.
#[derive(Default)]
pub struct ScenarioState {
    pub(super) test_bed: Option<Arc<TestBed>>,
    /// File of the feature, which determines where its seeds are.
    pub(super) feature: String,
    /// Title of the scenario in reports.
    pub(super) title: String,
    /// Prefix of the file names of its pictures.
    pub(super) slug: String,
    pub(super) browsers: BTreeMap<String, Box<dyn Browser>>,
    /// Person whose page was used last.
    pub(super) last: Option<String>,
    /// Number of the current step, from 1.
    pub(super) number: usize,
    /// Sequence number of the last reported event of each server, Gosuslugi first.
    pub(super) told: [u64; 2],
    pub(super) began: Option<Instant>,
    /// Number of this repeat, from 1.
    pub(super) repeat: usize,
    /// Random number of the world's seed, which decides the order of races.
    pub(super) random: u64,
    /// Turn that new browsers wait for before each request; set on a side of a race.
    pub(super) turn: Option<Turn>,
    /// People who acted in the last race, one of each side.
    pub(super) racers: Vec<String>,
    /// Errors so far in each person's browser console.
    pub(super) complaints: BTreeMap<String, Vec<String>>,
    /// Whether no step concerns the foreign diary, which then gets no world.
    pub(super) leaves_the_diary_alone: bool,
    /// Recorded requests of people and of the diary, if the run has a wire.
    pub(super) book: Arc<Book>,
    /// Record of the steps so far.
    pub(super) record: Record,
    /// Binding codes that steps have remembered, oldest first.
    pub codes: Vec<String>,
    /// One-time password that an МФЦ issued last.
    pub one_time_password: Option<String>,
    /// Program that sends requests to the team's own site.
    pub(super) program: Program,
    /// Last downloaded file of each person.
    pub(super) files: BTreeMap<String, Download>,
}

impl fmt::Debug for ScenarioState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScenarioState")
            .field("scenario", &self.slug)
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl cucumber::World for ScenarioState {
    type Error = Infallible;

    async fn new() -> Result<Self, Infallible> {
        Ok(Self::default())
    }
}

impl ScenarioState {
    /// Starts a scenario on a test bed.
    pub fn enter(&mut self, test_bed: &Arc<TestBed>, feature: &gherkin::Feature, named: Named) {
        self.test_bed = Some(Arc::clone(test_bed));
        self.leaves_the_diary_alone = false;
        self.book = Arc::default();
        if let Some(wire) = &test_bed.wire {
            wire.begin(Arc::clone(&self.book));
        }
        self.feature = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        (self.title, self.slug, self.repeat) = (named.title, named.slug, named.repeat);
        self.began = Some(Instant::now());
        self.record.began_at = Some(SystemWall.now());
    }

    /// Marks a foreign diary as unused, because no step concerns it.
    pub(crate) fn leave_the_diary_alone(&mut self) {
        self.leaves_the_diary_alone = self.test_bed.as_ref().is_some_and(|bed| bed.diary.foreign().is_some());
    }

    /// Checks whether the scenario has started.
    pub fn has_begun(&self) -> bool {
        self.began.is_some()
    }

    /// Returns the test bed, or `None` if the run was stopped or the scenario has not started.
    pub(crate) fn running_test_bed(&self) -> Option<Arc<TestBed>> {
        self.test_bed.clone().filter(|test_bed| test_bed.halted().is_none())
    }

    /// Counts a step that starts; pictures are numbered by step.
    pub(crate) const fn count_step(&mut self) {
        self.number += 1;
    }

    /// Adds the result of a step to the record.
    pub(crate) fn keep(&mut self, result: StepResult) {
        self.record.steps.push(result);
    }

    /// Adds the evidence of a failed step to the record.
    pub(crate) fn keep_evidence(&mut self, evidence: Evidence) {
        self.record.evidence = evidence;
    }

    /// Closes the browsers, drops the world, and returns the record of the scenario.
    pub async fn leave(&mut self) -> Record {
        for browser in self.browsers.values_mut() {
            if timeout(CLOSING, browser.close()).await.is_err() {
                tracing::debug!("a browser did not end in time");
            }
        }
        self.browsers.clear();
        self.record.exchanges = self.exchanges().await;
        if let (Some(test_bed), Some(world)) = (&self.test_bed, &self.record.world)
            && !test_bed.keep
        {
            dropped(test_bed, world, test_bed.idp.delete(world)).await;
            if !self.leaves_the_diary_alone {
                dropped(test_bed, world, test_bed.diary.delete(world)).await;
            }
        }
        self.record.took = self.began.map(|began| began.elapsed()).unwrap_or_default();
        std::mem::take(&mut self.record)
    }

    /// Returns the test bed of the run.
    ///
    /// # Errors
    /// Fails outside of a run.
    pub fn test_bed(&self) -> Result<&Arc<TestBed>, StepError> {
        self.test_bed.as_ref().ok_or_else(|| {
            StepError::CouldNotAsk(tr!("сценарий играют вне прогона", "the scenario is played outside of a run").into())
        })
    }

    /// Returns the name of the scenario's world.
    ///
    /// # Errors
    /// Fails before the step «Дано мир …».
    pub fn world(&self) -> Result<&str, StepError> {
        self.record.world.as_deref().ok_or_else(|| {
            StepError::Unmet(tr!("сначала нужен мир: «Дано мир «…»»", "a world is needed first: «Дано мир «…»»"))
        })
    }

    /// Returns the seed with the name that a step uses.
    ///
    /// # Errors
    /// Fails if there is none, which is found before a run.
    pub fn seed(&self, name: &str) -> Result<Value, StepError> {
        let seed = self.test_bed()?.seeds.get(&(self.feature.clone(), name.to_owned()));
        seed.cloned().ok_or_else(|| StepError::Unmet(tr!("мира «{name}» нет", "there is no world «{name}»")))
    }

    /// Returns the browser of a person, and starts it on first use.
    ///
    /// # Errors
    /// Fails if the browser does not start.
    pub async fn browser(&mut self, who: &str) -> Result<&mut dyn Browser, StepError> {
        self.last = Some(who.to_owned());
        if !self.browsers.contains_key(who) {
            let mut browser = self.fresh(who).await?;
            if let Some(turn) = &self.turn {
                browser.take_turns(turn.clone())?;
            }
            self.browsers.insert(who.to_owned(), browser);
        }
        match self.browsers.get_mut(who) {
            Some(browser) => Ok(&mut **browser),
            None => Err(StepError::CouldNotAsk(tr!("браузера нет", "there is no browser").into())),
        }
    }

    /// Starts a new browser, or opens a further tab of the person's browser.
    async fn fresh(&mut self, who: &str) -> Result<Box<dyn Browser>, StepError> {
        let book = Arc::clone(&self.book);
        if !is_tab(who) {
            return Ok(self.test_bed()?.browser(&book).await?);
        }
        let person = person_of(who);
        if !self.browsers.contains_key(person) {
            let own = self.test_bed()?.browser(&book).await?;
            self.browsers.insert(person.to_owned(), own);
        }
        match self.browsers.get_mut(person) {
            Some(own) => Ok(own.tab().await?),
            None => Err(StepError::CouldNotAsk(tr!("браузера нет", "there is no browser").into())),
        }
    }

    /// Returns the current page of a person.
    ///
    /// # Errors
    /// Fails if the browser does not answer.
    pub async fn page(&mut self, who: &str) -> Result<Rc<Page>, StepError> {
        Ok(self.browser(who).await?.page().await?)
    }

    /// Fills in a field of the page.
    ///
    /// # Errors
    /// Fails if there is no such field.
    pub async fn fill(&mut self, who: &str, field: Target<'_>, value: &str) -> Done {
        Ok(self.browser(who).await?.fill(field, value).await?)
    }

    /// Keeps a file that a person has downloaded.
    pub(crate) fn keep_file(&mut self, who: &str, file: Download) {
        self.files.insert(who.to_owned(), file);
    }

    /// Returns the last file that a person has downloaded.
    ///
    /// # Errors
    /// Fails if there is none.
    pub(crate) fn file(&self, who: &str) -> Result<&Download, StepError> {
        self.files.get(who).ok_or_else(|| {
            StepError::Unmet(tr!(
                "{who} ещё ничего не скачивает: сначала «{who} скачивает «…»»",
                "{who} has downloaded nothing yet: first «{who} скачивает «…»»"
            ))
        })
    }

    /// Expects an element with this `data-test` on the page.
    ///
    /// # Errors
    /// Fails if there is none.
    pub async fn expect_mark(&mut self, who: &str, mark: &str) -> Done {
        let page = self.page(who).await?;
        if page.has(mark) {
            return Ok(());
        }
        let what = match mark {
            "lk" => pick("личный кабинет не открылся", "the personal account did not open"),
            "diary" => pick("дневник не открылся", "the diary did not open"),
            "school" => pick("журнал школы не открылся", "the journal of the school did not open"),
            "consent" => pick("Госуслуги не спрашивают о согласии", "Gosuslugi does not ask for consent"),
            "binding-window" => pick("окна «Введите код привязки» нет", "there is no window «Введите код привязки»"),
            _ => pick("на странице нет ожидаемого", "the page does not have what is expected"),
        };
        Err(StepError::Unmet(what.to_owned()))
    }

    /// Expects no console errors about our pages in the browser that was used last.
    ///
    /// # Errors
    /// Fails with the text of all errors.
    pub async fn no_console_errors(&mut self) -> Done {
        let Some(who) = self.last.clone() else { return Ok(()) };
        let Some(browser) = self.browsers.get_mut(&who) else { return Ok(()) };
        let said = browser.console_errors().await?;
        if said.is_empty() {
            return Ok(());
        }
        self.complaints.entry(who).or_default().extend(said.clone());
        let said = self.of_our_pages(said);
        if said.is_empty() {
            return Ok(());
        }
        Err(StepError::Unmet(tr!(
            "в консоли браузера ошибки: {}",
            "errors in the browser's console: {}",
            said.join("; ")
        )))
    }

    /// Returns the errors about our pages; errors of a foreign diary or of the team's own site do not concern the
    /// scenario.
    fn of_our_pages(&self, mut said: Vec<String>) -> Vec<String> {
        let foreign = self.test_bed.as_ref().filter(|bed| bed.diary.foreign().is_some());
        if let Some(Ok(url)) = foreign.map(|bed| bed.diary.world("any")) {
            let site = url.origin().ascii_serialization();
            said.retain(|complaint| !complaint.contains(&site));
        }
        for own in self.test_bed.iter().filter_map(|bed| bed.site.as_ref()).flat_map(OwnSite::all) {
            let site = own.origin().ascii_serialization();
            said.retain(|complaint| !complaint.contains(&site));
        }
        said
    }
}

/// Waits until a server has dropped a world, at most [`CLOSING`], and logs a failure.
async fn dropped(test_bed: &TestBed, world: &str, dropping: impl Future<Output = Result<(), ControlError>>) {
    match timeout(CLOSING, dropping).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) if test_bed.halted().is_none() => tracing::warn!(%error, world, "a world was not dropped"),
        _ => tracing::debug!(world, "a world was not dropped"),
    }
}
