//! Head of the pages of messages.

use web::MenuItem;

use crate::{menu, signin::Visitor, state::Diary};

/// Menu in the head of a page, and the kinds of threads that the visitor may begin.
pub(crate) struct Sections {
    pub(super) menu: Vec<MenuItem>,
    /// Whether the visitor works at a school; the pages then have the school's colour.
    pub(super) is_staff: bool,
    pub(super) unread: usize,
    /// Whether the visitor teaches a class.
    pub(super) teaches: bool,
}

impl Sections {
    pub(super) fn of(diary: &Diary, visitor: &Visitor) -> Self {
        let staff = diary.register.staff_of(&visitor.who);
        let teaches = staff.is_some_and(|staff| !staff.classes.is_empty() || !staff.teaches.is_empty());
        let unread = diary.unread_of(&visitor.who);
        Self { menu: menu::menu(diary, visitor), is_staff: staff.is_some(), unread, teaches }
    }

    /// Subtracts messages that have just been read from the numbers of unread ones.
    pub(super) fn read(&mut self, count: usize) {
        self.unread = self.unread.saturating_sub(count);
        menu::read(&mut self.menu, count);
    }
}
