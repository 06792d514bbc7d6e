//! Use of the sign-in pages of a foreign provider, following its description.

use std::sync::Arc;

use super::{Done, ScenarioState, StepError, TestBed};
use crate::{
    language::tr,
    provider::ForeignProvider,
    relying_party::{Place, Sign},
};

impl ScenarioState {
    /// Checks whether the open page asks for login and password.
    ///
    /// # Errors
    /// Fails if the browser does not answer.
    pub async fn is_asked_who(&mut self, who: &str) -> Result<bool, StepError> {
        let bed = Arc::clone(self.test_bed()?);
        match bed.idp.foreign() {
            Some(stand) => self.shows_at_stand(who, stand, &stand.description.sign_in.shows).await,
            None => Ok(self.page(who).await?.has_field("Телефон / Email / СНИЛС")),
        }
    }

    /// Checks whether the open page asks for consent.
    ///
    /// # Errors
    /// Fails if the browser does not answer.
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

    /// Presses the button that gives the consent on the open page.
    ///
    /// # Errors
    /// Fails if there is no such button.
    pub async fn consent(&mut self, who: &str) -> Done {
        let bed = Arc::clone(self.test_bed()?);
        let own = in_words(&bed, "Предоставить");
        Ok(self.browser(who).await?.press(own.as_str().into()).await?)
    }

    /// Signs out if necessary, and opens the sign-in page of the foreign provider.
    pub(super) async fn enter_stand(&mut self, who: &str, stand: &ForeignProvider) -> Done {
        if self.is_in_at_stand(who, stand).await? {
            self.leave_stand(who, stand).await?;
        }
        let page = self.gosuslugi(&stand.description.sign_in.open)?;
        Ok(self.browser(who).await?.open(&page).await?)
    }

    /// Checks whether a person is signed in at the foreign provider, by the description's sign.
    pub(super) async fn is_in_at_stand(&mut self, who: &str, stand: &ForeignProvider) -> Result<bool, StepError> {
        let Some(sign) = &stand.description.signed_in else { return Ok(false) };
        if let Some(open) = &sign.open {
            let page = self.gosuslugi(open)?;
            self.browser(who).await?.open(&page).await?;
        }
        self.shows_at_stand(who, stand, sign).await
    }

    /// Signs out at the foreign provider, following its description.
    ///
    /// # Errors
    /// Fails if the description does not say where to sign out.
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

    /// Fills in and submits the sign-in page of the foreign provider, which must be open.
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

/// Returns the foreign provider's words for a text of Gosuslugi's pages; the text itself if the provider is ours or has
/// no other words.
pub(crate) fn in_words(bed: &TestBed, text: &str) -> String {
    let own = bed.idp.foreign().and_then(|stand| stand.description.words.get(text));
    own.map_or_else(|| text.to_owned(), Clone::clone)
}
