//! The menu of the personal account: the sections that are a person's own.

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
    /// Whether a person sees a child's pages: known to be younger than 18, and without cards of own children.
    pub(crate) fn is_child(&self, person: Oid, today: NaiveDate) -> bool {
        let is_minor = self.accounts.get(person).is_some_and(|account| account.is_minor(today));
        is_minor && self.family.of(person).next().is_none()
    }

    /// The sections that a person sees. Cards of children and consents for them are a grown-up's.
    pub(crate) fn menu(&self, person: Oid, today: NaiveDate) -> Vec<MenuItem> {
        let notices = MenuItem { news: self.notices.news(person), ..NOTICES };
        let of_adult = if self.is_child(person, today) { &[] } else { [FAMILY, PORTFOLIO].as_slice() };
        [HOME, notices].into_iter().chain(of_adult.iter().copied()).chain([PROFILE]).collect()
    }
}
