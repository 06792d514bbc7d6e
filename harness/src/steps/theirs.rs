//! Person at a foreign diary: documented sentences are played on the diary's own pages with its own words.

use std::rc::Rc;

use url::Url;

use super::pages::expect;
use crate::{
    browser::Page,
    language::tr,
    relying_party::{Foreign, Place, Section, Sign},
    scenario::{Done, ScenarioState, StepError, TestBed},
};

/// Foreign diary from the point of view of one person in a scenario.
pub(super) struct AtTheirs<'a> {
    pub(super) theirs: &'a Foreign,
    who: &'a str,
    /// Base URL of the diary in the scenario's world.
    base: Url,
}

impl<'a> AtTheirs<'a> {
    /// Foreign diary of a test bed.
    ///
    /// # Errors
    /// Fails if the diary is ours, and before «Дано мир …».
    pub(super) fn of(bed: &'a TestBed, state: &ScenarioState, who: &'a str) -> Result<Self, StepError> {
        let none = || StepError::CouldNotAsk(tr!("чужого дневника нет", "there is no foreign diary").into());
        Ok(Self { theirs: bed.diary.foreign().ok_or_else(none)?, who, base: bed.diary.world(state.world()?)? })
    }

    /// Checks whether the open page belongs to the diary.
    pub(super) async fn is_open(&self, state: &mut ScenarioState) -> Result<bool, StepError> {
        Ok(state.page(self.who).await?.url().as_str().starts_with(self.base.as_str()))
    }

    /// Opens a page, and presses the button or link that the description names for it.
    pub(super) async fn visit(&self, state: &mut ScenarioState, place: &Place) -> Done {
        self.open(state, &place.open).await?;
        match &place.press {
            Some(press) => Ok(state.browser(self.who).await?.press(press.as_str().into()).await?),
            None => Ok(()),
        }
    }

    /// Opens the page where a visitor with a bookmark begins.
    pub(super) async fn open_home(&self, state: &mut ScenarioState) -> Done {
        self.open(state, self.theirs.client.signed_in.open.as_deref().unwrap_or_default()).await
    }

    async fn open(&self, state: &mut ScenarioState, path: &str) -> Done {
        let url = self.base.join(path.trim_start_matches('/'));
        let url = url.map_err(|error| StepError::Unmet(format!("{path}: {error}")))?;
        Ok(state.browser(self.who).await?.open(&url).await?)
    }

    /// Signs out, as the description says.
    pub(super) async fn leave(&self, state: &mut ScenarioState) -> Done {
        self.visit(state, &self.theirs.client.sign_out).await
    }

    /// Opens the school's register, for a member of the staff who is signed in.
    pub(super) async fn opens_register(&self, state: &mut ScenarioState) -> Done {
        let none =
            || StepError::Unmet(tr!("у дневника нет страниц сотрудников", "the diary has no pages of the staff"));
        let staff = self.theirs.client.staff.as_ref().ok_or_else(none)?;
        self.visit(state, &staff.at).await?;
        let page = state.page(self.who).await?;
        expect(self.shows(&page, &staff.shows), || {
            tr!("журнал школы не открылся: «{}»", "the journal of the school did not open: «{}»", page.title())
        })
    }

    fn shows(&self, page: &Page, sign: &Sign) -> bool {
        sign.is_on(page, &self.base)
    }

    /// Checks that the person is in the diary: the page of the sign shows it.
    pub(super) async fn is_in(&self, state: &mut ScenarioState) -> Done {
        let sign = &self.theirs.client.signed_in;
        if sign.open.is_some() {
            self.open_home(state).await?;
        }
        let page = state.page(self.who).await?;
        expect(page.status().unwrap_or(200) < 400 && self.shows(&page, sign), || {
            tr!("дневник не открылся: «{}», {}", "the diary did not open: «{}», {}", page.title(), page.url())
        })
    }

    /// Checks that the open page is one of these refusals, or, if none of them is described, that it shows the text in
    /// the diary's words.
    pub(super) async fn is_refused(&self, state: &mut ScenarioState, names: &[&str], said: &str) -> Done {
        let (page, client) = (state.page(self.who).await?, &self.theirs.client);
        expect(self.shows(&page, &client.refused), || {
            tr!("дневник не отказал, а должен: «{said}»", "the diary did not refuse and should: «{said}»")
        })?;
        let described: Vec<_> = names.iter().filter_map(|name| client.refusals.get(*name)).collect();
        let is_the_one = if described.is_empty() {
            page.says(client.words.get(said).map_or(said, String::as_str))
        } else {
            described.into_iter().any(|sign| self.shows(&page, sign))
        };
        expect(is_the_one, || self.another(&page, names))
    }

    /// Checks whether the open page is a refusal of any kind.
    pub(super) async fn is_refusal(&self, state: &mut ScenarioState) -> Result<bool, StepError> {
        Ok(self.shows(&*state.page(self.who).await?, &self.theirs.client.refused))
    }

    fn another(&self, page: &Page, names: &[&str]) -> String {
        let lines = page.main_text().replace('\n', "\n  | ");
        let shown = self.theirs.client.refusals.iter().find(|(_, sign)| self.shows(page, sign));
        let shown = shown.map_or_else(|| page.url().to_string(), |(name, _)| name.clone());
        let names = names.join(", ");
        tr!(
            "отказ другой ({shown}), а нужен {names}:\n  | {lines}",
            "another refusal ({shown}), where {names} is wanted:\n  | {lines}"
        )
    }

    /// Opens a section and returns its page.
    pub(super) async fn reach(&self, state: &mut ScenarioState, section: &Section) -> Result<Rc<Page>, StepError> {
        self.visit(state, &section.at).await?;
        let page = state.page(self.who).await?;
        let is_there =
            page.status().unwrap_or(200) < 400 && (section.shows.is_empty() || self.shows(&page, &section.shows));
        expect(is_there, || {
            tr!("раздел не открылся: «{}», {}", "the section did not open: «{}», {}", page.title(), page.url())
        })?;
        Ok(page)
    }

    /// Checks whether the open page has what a documented text stands for: a section, a refusal or an icon. `None` if
    /// it stands for none of them.
    pub(super) async fn has(&self, state: &mut ScenarioState, text: &str) -> Result<Option<bool>, StepError> {
        let client = &self.theirs.client;
        if client.words.contains_key(text) {
            return Ok(None);
        }
        if let Some(section) = client.sections.get(text) {
            return match self.reach(state, section).await {
                Ok(_) => Ok(Some(true)),
                Err(StepError::Unmet(_)) => Ok(Some(false)),
                Err(error) => Err(error),
            };
        }
        let page = state.page(self.who).await?;
        if let Some(sign) = client.no_icon.as_ref().filter(|_| self.theirs.documented.is_icon(text)) {
            return Ok(Some(!self.shows(&page, sign)));
        }
        let names = self.theirs.documented.saying(text);
        let mut described = names.iter().filter_map(|name| client.refusals.get(*name)).peekable();
        if described.peek().is_none() {
            return Ok(None);
        }
        Ok(Some(self.shows(&page, &client.refused) && described.any(|sign| self.shows(&page, sign))))
    }

    /// Returns the diary's own words for a documented text.
    pub(super) fn words(&self, text: &str) -> String {
        self.theirs.client.words.get(text).map_or_else(|| text.to_owned(), Clone::clone)
    }
}
