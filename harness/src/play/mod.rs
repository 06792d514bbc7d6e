//! A scenario under way: its world on both servers, and a browser for each of its people.

mod perform;
mod record;
mod stage;

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
use url::Url;

pub(crate) use perform::perform;
pub use record::{Event, Evidence, Played, Record, Refused, Seen, StepEnd};
pub use stage::{Halt, Screen, Stage};

use crate::{
    browser::{Browser, Page, Target},
    steps::{Done, StepError},
};

/// How long ending a browser or dropping a world may take.
const FAREWELL: Duration = Duration::from_secs(3);

/// The state of one scenario: what Cucumber calls a world.
#[derive(Default)]
pub struct Play {
    stage: Option<Arc<Stage>>,
    /// The feature's file, which says where its seeds are.
    feature: String,
    /// What its pictures are called.
    slug: String,
    browsers: BTreeMap<String, Box<dyn Browser>>,
    /// Whose page was last looked at.
    last: Option<String>,
    /// The number of the step that is played, from 1.
    number: usize,
    /// The last event of each party that was told of, Gosuslugi first.
    told: [u64; 2],
    began: Option<Instant>,
    /// How it goes.
    record: Record,
    /// Binding codes that somebody remembers, oldest first.
    pub codes: Vec<String>,
    /// The password that an МФЦ gave last.
    pub one_time_password: Option<String>,
}

impl fmt::Debug for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Play").field("scenario", &self.slug).field("record", &self.record).finish_non_exhaustive()
    }
}

impl cucumber::World for Play {
    type Error = Infallible;

    async fn new() -> Result<Self, Infallible> {
        Ok(Self::default())
    }
}

impl Play {
    /// Puts a scenario on a stage. Its pictures are called `slug`.
    pub fn enter(&mut self, stage: &Arc<Stage>, feature: &gherkin::Feature, slug: String) {
        self.stage = Some(Arc::clone(stage));
        self.feature = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        (self.slug, self.began) = (slug, Some(Instant::now()));
    }

    /// Whether it is on a stage.
    pub fn has_begun(&self) -> bool {
        self.began.is_some()
    }

    /// Ends the browsers and drops the world; gives what is kept of the scenario.
    pub async fn leave(&mut self) -> Record {
        for browser in self.browsers.values_mut() {
            if timeout(FAREWELL, browser.close()).await.is_err() {
                tracing::debug!("a browser did not end in time");
            }
        }
        self.browsers.clear();
        if let (Some(stage), Some(world)) = (&self.stage, &self.record.world)
            && !stage.keep
        {
            for server in [&stage.idp, &stage.diary] {
                match timeout(FAREWELL, server.delete(world)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) if stage.halted().is_none() => {
                        tracing::warn!(%error, world, "a world was not dropped");
                    }
                    _ => tracing::debug!(world, "a world was not dropped"),
                }
            }
        }
        self.record.took = self.began.map(|began| began.elapsed()).unwrap_or_default();
        std::mem::take(&mut self.record)
    }

    /// The servers and browsers.
    ///
    /// # Errors
    /// Outside of a run.
    pub fn stage(&self) -> Result<&Arc<Stage>, StepError> {
        self.stage.as_ref().ok_or_else(|| StepError::CouldNotAsk("сценарий играют вне прогона".to_owned()))
    }

    /// The name of the scenario's world.
    ///
    /// # Errors
    /// Before «Дано мир …».
    pub fn world(&self) -> Result<&str, StepError> {
        self.record.world.as_deref().ok_or_else(|| StepError::Unmet("сначала нужен мир: «Дано мир «…»»".to_owned()))
    }

    /// The seed that a scenario names.
    ///
    /// # Errors
    /// When there is none; found before a run.
    pub fn seed(&self, name: &str) -> Result<Value, StepError> {
        let seed = self.stage()?.seeds.get(&(self.feature.clone(), name.to_owned()));
        seed.cloned().ok_or_else(|| StepError::Unmet(format!("мира «{name}» нет")))
    }

    /// Makes the scenario's world on both servers.
    ///
    /// # Errors
    /// A seed that a server refuses; a second world in one scenario.
    pub async fn begin(&mut self, mut seed: Value) -> Done {
        let stage = Arc::clone(self.stage()?);
        if self.record.world.is_some() {
            return Err(StepError::Unmet("в сценарии уже есть мир".to_owned()));
        }
        let name = stage.fresh_name();
        if seed["diary"].is_object() {
            let provider = stage.idp.world(&name)?;
            seed["diary"]["provider"]["url"] = provider.as_str().trim_end_matches('/').into();
            if let (Some(profile), Value::Null) = (&stage.profile, &seed["diary"]["profile"]) {
                seed["diary"]["profile"] = profile.clone();
            }
            if let (Some(door), Value::Null) = (stage.protocol, &seed["diary"]["provider"]["protocol"]) {
                seed["diary"]["provider"]["protocol"] = door.name().into();
            }
        }
        self.record.world = Some(name.clone());
        stage.idp.create(&name, &seed).await?;
        Ok(stage.diary.create(&name, &seed).await?)
    }

    /// Changes both clocks.
    ///
    /// # Errors
    /// A change that a server refuses.
    pub async fn clock(&self, order: &Value) -> Done {
        let (stage, world) = (self.stage()?, self.world()?);
        stage.idp.clock(world, order).await?;
        Ok(stage.diary.clock(world, order).await?)
    }

    /// An address of Gosuslugi in the scenario's world.
    ///
    /// # Errors
    /// Before «Дано мир …».
    pub fn gosuslugi(&self, path: &str) -> Result<Url, StepError> {
        Ok(self.stage()?.idp.address(self.world()?, path)?)
    }

    /// An address of the diary in the scenario's world.
    ///
    /// # Errors
    /// Before «Дано мир …».
    pub fn diary(&self, path: &str) -> Result<Url, StepError> {
        Ok(self.stage()?.diary.address(self.world()?, path)?)
    }

    /// A person's own browser, started when first needed.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn browser(&mut self, who: &str) -> Result<&mut dyn Browser, StepError> {
        self.last = Some(who.to_owned());
        if !self.browsers.contains_key(who) {
            let browser = self.stage()?.browser().await?;
            self.browsers.insert(who.to_owned(), browser);
        }
        match self.browsers.get_mut(who) {
            Some(browser) => Ok(&mut **browser),
            None => Err(StepError::CouldNotAsk("браузера нет".to_owned())),
        }
    }

    /// The page that a person looks at.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn page(&mut self, who: &str) -> Result<Rc<Page>, StepError> {
        Ok(self.browser(who).await?.page().await?)
    }

    /// Types into a field of the page.
    ///
    /// # Errors
    /// When there is none.
    pub async fn fill(&mut self, who: &str, field: Target<'_>, value: &str) -> Done {
        Ok(self.browser(who).await?.fill(field, value).await?)
    }

    /// Opens the diary's sign-in page and presses the button that leads to Gosuslugi, whatever the profile calls it.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn leave_for_gosuslugi(&mut self, who: &str) -> Done {
        let login = self.diary("login")?;
        self.browser(who).await?.open(&login).await?;
        let button = self.page(who).await?.element_text("to-gosuslugi");
        let button =
            button.ok_or_else(|| StepError::Unmet("на странице входа нет входа через Госуслуги".to_owned()))?;
        Ok(self.browser(who).await?.press(button.as_str().into()).await?)
    }

    /// Login and password of a person, as the provider knows them now.
    ///
    /// # Errors
    /// When the person has no account.
    pub async fn account(&self, who: &str) -> Result<(String, String), StepError> {
        let people = self.stage()?.idp.people(self.world()?).await?;
        let key = who.to_lowercase();
        let person = people.into_iter().find(|person| person.key.to_lowercase() == key);
        let person = person.ok_or_else(|| StepError::Unmet(format!("в мире нет человека «{key}»")))?;
        match (person.login, person.password) {
            (Some(login), Some(password)) => Ok((login, password)),
            _ => Err(StepError::Unmet(format!("у человека «{key}» нет учётной записи на Госуслугах"))),
        }
    }

    /// Signs a person in on Gosuslugi, signing out whoever is signed in in that browser.
    ///
    /// # Errors
    /// When the login page is not as it should be.
    pub async fn sign_in(&mut self, who: &str, login: &str, password: &str) -> Done {
        let page = self.gosuslugi("login")?;
        let home = self.gosuslugi("lk")?;
        self.browser(who).await?.open(&home).await?;
        if self.page(who).await?.has("lk") {
            self.browser(who).await?.press("Выйти".into()).await?;
        }
        self.browser(who).await?.open(&page).await?;
        self.credentials(who, login, password).await
    }

    /// Fills in the login page of Gosuslugi, which is open.
    ///
    /// # Errors
    /// When it is not.
    pub async fn credentials(&mut self, who: &str, login: &str, password: &str) -> Done {
        let browser = self.browser(who).await?;
        browser.fill("Телефон / Email / СНИЛС".into(), login).await?;
        browser.fill("Пароль".into(), password).await?;
        Ok(browser.press("Войти".into()).await?)
    }

    /// The page must have an element with this `data-test`.
    ///
    /// # Errors
    /// When it has not.
    pub async fn expect_mark(&mut self, who: &str, mark: &str) -> Done {
        let page = self.page(who).await?;
        if page.has(mark) {
            return Ok(());
        }
        let what = match mark {
            "lk" => "личный кабинет не открылся",
            "diary" => "дневник не открылся",
            "school" => "журнал школы не открылся",
            "consent" => "Госуслуги не спрашивают о согласии",
            "binding-window" => "окна «Введите код привязки» нет",
            _ => "на странице нет ожидаемого",
        };
        Err(StepError::Unmet(what.to_owned()))
    }

    /// The console of the browser that was last used must be silent.
    ///
    /// # Errors
    /// What it says.
    pub async fn no_complaints(&mut self) -> Done {
        let Some(browser) = self.last.as_ref().and_then(|who| self.browsers.get_mut(who)) else { return Ok(()) };
        let said = browser.complaints().await?;
        if said.is_empty() {
            return Ok(());
        }
        Err(StepError::Unmet(format!("в консоли браузера ошибки: {}", said.join("; "))))
    }
}
