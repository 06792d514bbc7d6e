//! Head of the school's own pages: name of the school, and the menu.

use web::MenuItem;

use crate::{
    menu::menu,
    register::{RegisterError, Role},
    signin::Visitor,
    state::Diary,
};

/// Data for the head of an employee's page.
pub(crate) struct SchoolNav {
    /// Name of the school.
    pub(crate) school: String,
    /// Whether the employee is a teacher.
    pub(crate) teaches: bool,
    /// Whether the employee may upload the register.
    pub(crate) imports: bool,
    pub(crate) menu: Vec<MenuItem>,
}

impl SchoolNav {
    /// Returns the head of the page for an employee.
    ///
    /// # Errors
    /// Fails if the visitor is not an employee.
    pub(crate) fn of(visitor: &Visitor, diary: &Diary) -> Result<Self, RegisterError> {
        let staff = diary.register.staff_of(&visitor.who).ok_or(RegisterError::NotYours)?;
        let school = diary.config.name_of(&staff.school);
        let (teaches, imports) = (staff.is(Role::Teacher), staff.is(Role::Administrator));
        Ok(Self { school, teaches, imports, menu: menu(diary, visitor) })
    }
}
