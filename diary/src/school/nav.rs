//! Which sections of the school's side stand in the head of its pages.

use crate::{
    profile::Strangers,
    register::{RegisterError, Role, Who},
    state::Diary,
};

/// The sections that are open to an employee.
#[expect(clippy::struct_excessive_bools, reason = "one for each section")]
pub(crate) struct SchoolNav {
    /// Name of the school.
    pub(crate) school: String,
    /// The employee has a diary to read as well.
    pub(crate) has_diary: bool,
    /// The employee is a teacher.
    pub(crate) teaches: bool,
    /// How many applications wait, for whoever decides on them.
    pub(crate) applications: Option<usize>,
    /// How many messages are not read, for whoever teaches or has a thread.
    pub(crate) messages: Option<usize>,
    /// Whether the register may be uploaded.
    pub(crate) imports: bool,
    /// Whether cards are corrected, and the parents on them.
    pub(crate) corrects: bool,
}

impl SchoolNav {
    /// What an employee sees.
    ///
    /// # Errors
    /// The visitor is no employee.
    pub(crate) fn of(who: &Who, diary: &Diary) -> Result<Self, RegisterError> {
        let staff = diary.register.staff_of(who).ok_or(RegisterError::NotYours)?;
        let decides = staff.is(Role::Administrator) && diary.config.profile.strangers == Strangers::Application;
        let teaches = staff.is(Role::Teacher) || staff.is(Role::ClassTeacher);
        Ok(Self {
            school: diary.config.name_of(&staff.school),
            has_diary: who.home() == "/diary",
            imports: staff.is(Role::Administrator),
            corrects: staff.is(Role::Administrator) || staff.is(Role::ClassTeacher),
            teaches: staff.is(Role::Teacher),
            applications: decides.then(|| diary.waiting_at(staff)),
            messages: teaches.then(|| diary.unread_of(who)),
        })
    }
}
