//! Menu of the personal account.

use chrono::NaiveDate;
use esia::Oid;
use web::MenuItem;

use super::state::Portal;

const HOME: MenuItem = MenuItem::new("/lk", "Личный кабинет");
const NOTICES: MenuItem = MenuItem::new("/lk/notifications", "Уведомления");
const FAMILY: MenuItem = MenuItem::new("/lk/family", "Семья и дети");
const PORTFOLIO: MenuItem = MenuItem::new("/lk/portfolio", "Школьное портфолио");
const PROFILE: MenuItem = MenuItem::new("/lk/profile", "Профиль").and_below("/lk/consents");

impl Portal {
    /// Checks whether a person gets the pages for children: known to be younger than 18, and without cards of their own
    /// children.
    pub(crate) fn is_child(&self, person: Oid, today: NaiveDate) -> bool {
        let is_minor = self.accounts.get(person).is_some_and(|account| account.is_minor(today));
        is_minor && self.family.of(person).next().is_none()
    }

    /// Returns the sections of a person's menu. A child gets neither «Семья и дети» nor «Школьное портфолио».
    pub(crate) fn menu(&self, person: Oid, today: NaiveDate) -> Vec<MenuItem> {
        let notices = MenuItem { news: self.notices.news(person), ..NOTICES };
        let of_adult = if self.is_child(person, today) { &[] } else { [FAMILY, PORTFOLIO].as_slice() };
        [HOME, notices].into_iter().chain(of_adult.iter().copied()).chain([PROFILE]).collect()
    }
}
