//! The head of the pages.

use crate::{register::Who, school::SchoolNav, state::Diary};

/// Which sections are open to the visitor.
pub(crate) struct Sections {
    pub(super) has_diary: bool,
    /// The school's side, for whoever works there.
    pub(super) school: Option<SchoolNav>,
    pub(super) unread: usize,
    /// Somebody who teaches a class.
    pub(super) teaches: bool,
}

impl Sections {
    pub(super) fn of(diary: &Diary, who: &Who) -> Self {
        let staff = diary.register.staff_of(who);
        let teaches = staff.is_some_and(|staff| !staff.classes.is_empty() || !staff.teaches.is_empty());
        let school = SchoolNav::of(who, diary).ok();
        Self { has_diary: who.home() == "/diary", school, unread: diary.unread_of(who), teaches }
    }

    /// Takes messages that have just been read off the number of unread ones.
    pub(super) fn read(&mut self, count: usize) {
        self.unread = self.unread.saturating_sub(count);
        if let Some(unread) = self.school.as_mut().and_then(|nav| nav.messages.as_mut()) {
            *unread = unread.saturating_sub(count);
        }
    }
}
