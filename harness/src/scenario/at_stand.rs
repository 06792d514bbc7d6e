//! The ways of a person through the sign-in pages of a foreign provider, as its description says.

use std::sync::Arc;

use super::{Done, ScenarioState, StepError, TestBed};
use crate::{
    language::tr,
    provider::ForeignProvider,
    relying_party::{Place, Sign},
};

impl ScenarioState {
    /// Whether the open page asks who somebody is.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn is_asked_who(&mut self, who: &str) -> Result<bool, StepError> {
        let bed = Arc::clone(self.test_bed()?);
        match bed.idp.foreign() {
            Some(stand) => self.shows_at_stand(who, stand, &stand.description.sign_in.shows).await,
            None => Ok(self.page(who).await?.has_field("Телефон / Email / СНИЛС")),
        }
    }

    /// Whether the open page asks for consent.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn is_asked_for_consent(&mut self, who: &str) -> Result<bool, StepError> {
        let bed = Arc::clone(self.test_bed()?);
        match bed.idp.foreign() {
            Some(stand) => match &stand.description.consent {
                Some(sign) => self.shows_at_stand(who, stand, sign).await,
                None => Ok(false),
            },
            None => Ok(self.page(who).await?.has("consent")),
        }
    }

    /// Consents to what is asked for on the open page.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn consent(&mut self, who: &str) -> Done {
        let bed = Arc::clone(self.test_bed()?);
        let own = in_words(&bed, "Предоставить");
        Ok(self.browser(who).await?.press(own.as_str().into()).await?)
    }

    /// Opens the foreign provider's sign-in page with nobody signed in.
    pub(super) async fn enter_stand(&mut self, who: &str, stand: &ForeignProvider) -> Done {
        if self.is_in_at_stand(who, stand).await? {
            self.leave_stand(who, stand).await?;
        }
        let page = self.gosuslugi(&stand.description.sign_in.open)?;
        Ok(self.browser(who).await?.open(&page).await?)
    }

    /// Whether somebody is signed in there: the page of the sign says so.
    pub(super) async fn is_in_at_stand(&mut self, who: &str, stand: &ForeignProvider) -> Result<bool, StepError> {
        let Some(sign) = &stand.description.signed_in else { return Ok(false) };
        if let Some(open) = &sign.open {
            let page = self.gosuslugi(open)?;
            self.browser(who).await?.open(&page).await?;
        }
        self.shows_at_stand(who, stand, sign).await
    }

    /// Signs out there, as the description says.
    ///
    /// # Errors
    /// When it does not say.
    pub async fn leave_stand(&mut self, who: &str, stand: &ForeignProvider) -> Done {
        let none = || {
            StepError::Unmet(tr!(
                "в описании поставщика нет, где выходят (sign-out)",
                "the provider's description does not say where one signs out (sign-out)"
            ))
        };
        let Place { open, press } = stand.description.sign_out.as_ref().ok_or_else(none)?;
        let page = self.gosuslugi(open)?;
        self.browser(who).await?.open(&page).await?;
        match press {
            Some(press) => Ok(self.browser(who).await?.press(press.as_str().into()).await?),
            None => Ok(()),
        }
    }

    /// Fills in the foreign provider's sign-in page, which is open.
    pub(super) async fn credentials_at_stand(
        &mut self,
        who: &str,
        stand: &ForeignProvider,
        [login, password]: [&str; 2],
    ) -> Done {
        let page = &stand.description.sign_in;
        let browser = self.browser(who).await?;
        browser.fill(page.login.as_str().into(), login).await?;
        browser.fill(page.password.as_str().into(), password).await?;
        Ok(browser.press(page.press.as_str().into()).await?)
    }

    async fn shows_at_stand(&mut self, who: &str, stand: &ForeignProvider, sign: &Sign) -> Result<bool, StepError> {
        let page = self.page(who).await?;
        let home = stand.description.home();
        let is_theirs = stand.description.has_page(page.url());
        Ok(is_theirs && page.status().unwrap_or(200) < 400 && sign.is_on(&page, &home))
    }
}

/// The provider's own words for a text of Gosuslugi's pages; the text itself where it is ours, or has no other.
pub(crate) fn in_words(bed: &TestBed, text: &str) -> String {
    let own = bed.idp.foreign().and_then(|stand| stand.description.words.get(text));
    own.map_or_else(|| text.to_owned(), Clone::clone)
}
