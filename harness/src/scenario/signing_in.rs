//! Use of the sign-in pages by a person.

use std::sync::Arc;

use super::{Done, ScenarioState, StepError, tabs::person_of};
use crate::{language::tr, relying_party::Place};

impl ScenarioState {
    /// Opens the diary's sign-in page and presses the button that leads to Gosuslugi, whatever text the profile gives
    /// it.
    ///
    /// # Errors
    /// Fails if there is no such button.
    pub async fn leave_for_gosuslugi(&mut self, who: &str) -> Done {
        let bed = Arc::clone(self.test_bed()?);
        if let Some(foreign) = bed.diary.foreign() {
            let Place { open, press } = &foreign.client.sign_in;
            let page = self.diary(open)?;
            self.browser(who).await?.open(&page).await?;
            return match press {
                Some(press) => Ok(self.browser(who).await?.press(press.as_str().into()).await?),
                None => Ok(()),
            };
        }
        let login = self.diary("login")?;
        self.browser(who).await?.open(&login).await?;
        let button = self.page(who).await?.element_text("to-gosuslugi");
        let button = button.ok_or_else(|| {
            StepError::Unmet(tr!(
                "на странице входа нет входа через Госуслуги",
                "the sign-in page has no sign-in through Gosuslugi"
            ))
        })?;
        Ok(self.browser(who).await?.press(button.as_str().into()).await?)
    }

    /// Signs a person in at Gosuslugi, after signing out anyone who is signed in in that browser.
    ///
    /// # Errors
    /// Fails if the sign-in page does not have the expected fields.
    pub async fn sign_in(&mut self, who: &str, login: &str, password: &str) -> Done {
        let bed = Arc::clone(self.test_bed()?);
        if let Some(stand) = bed.idp.foreign() {
            self.enter_stand(who, stand).await?;
            return self.credentials_at_stand(who, stand, [login, password]).await;
        }
        let page = self.gosuslugi("login")?;
        let home = self.gosuslugi("lk")?;
        self.browser(who).await?.open(&home).await?;
        if self.page(who).await?.has("lk") {
            self.browser(who).await?.press("Выйти".into()).await?;
        }
        self.browser(who).await?.open(&page).await?;
        self.credentials(who, login, password).await
    }

    /// Fills in and submits the sign-in page of Gosuslugi, which must be open.
    ///
    /// # Errors
    /// Fails if the open page is another one.
    pub async fn credentials(&mut self, who: &str, login: &str, password: &str) -> Done {
        let bed = Arc::clone(self.test_bed()?);
        if let Some(stand) = bed.idp.foreign() {
            return self.credentials_at_stand(who, stand, [login, password]).await;
        }
        let browser = self.browser(who).await?;
        browser.fill("Телефон / Email / СНИЛС".into(), login).await?;
        browser.fill("Пароль".into(), password).await?;
        Ok(browser.press("Войти".into()).await?)
    }

    /// Checks that the provider's own page shows a person as signed in.
    ///
    /// # Errors
    /// Fails if the page does not show it.
    pub async fn expect_signed_in(&mut self, who: &str) -> Done {
        let bed = Arc::clone(self.test_bed()?);
        let Some(stand) = bed.idp.foreign() else { return self.expect_mark(who, "lk").await };
        if self.is_in_at_stand(who, stand).await? {
            return Ok(());
        }
        Err(StepError::Unmet(tr!("поставщик не впустил", "the provider did not let anybody in")))
    }

    /// Returns the current login and password of a person at the provider.
    ///
    /// # Errors
    /// Fails if the person has no account.
    pub async fn account(&self, who: &str) -> Result<(String, String), StepError> {
        let people = self.test_bed()?.idp.people(self.world()?).await?;
        let key = person_of(who).to_lowercase();
        let person = people.into_iter().find(|person| person.key.to_lowercase() == key);
        let person = person.ok_or_else(|| {
            StepError::Unmet(tr!("в мире нет человека «{key}»", "there is no person «{key}» in the world"))
        })?;
        match (person.login, person.password) {
            (Some(login), Some(password)) => Ok((login, password)),
            _ => Err(StepError::Unmet(tr!(
                "у человека «{key}» нет учётной записи на Госуслугах",
                "the person «{key}» has no account at Gosuslugi"
            ))),
        }
    }
}
