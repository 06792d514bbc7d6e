//! The menu at the top of pages: the same on every page, with the sections that are open to the visitor.

use web::MenuItem;

use crate::{
    profile::Strangers,
    pupil::open_views,
    register::{Role, Staff},
    signin::Visitor,
    state::Diary,
};

const DIARY: MenuItem = MenuItem::new("/diary", "Дневник");
const MESSAGES: MenuItem = MenuItem::new("/messages", "Сообщения");
const SCHOOL: MenuItem = MenuItem::new("/school", "Журнал школы");
const PARENTS: MenuItem = MenuItem::new("/school/parents", "Родители");
const LESSONS: MenuItem = MenuItem::new("/school/lessons", "Уроки");
const APPLICATIONS: MenuItem = MenuItem::new("/school/applications", "Заявления");
const IMPORT: MenuItem = MenuItem::new("/school/import", "Загрузка из файла");
const ACCESS: MenuItem = MenuItem::new("/access", "Доступ к дневнику");
const DESK: MenuItem = MenuItem::new("/desk", "Рабочее поле");

/// Returns the menu items that the visitor may open now, in order.
pub(crate) fn menu(diary: &Diary, visitor: &Visitor) -> Vec<MenuItem> {
    let who = &visitor.who;
    let has_diary = open_views(diary, who).is_ok();
    let staff = diary.register.staff_of(who);
    let is = |role| staff.is_some_and(|staff| staff.is(role));
    let mut menu = Vec::new();
    menu.extend(has_diary.then_some(DIARY));
    menu.extend(staff.into_iter().flat_map(|staff| of_school(diary, staff)));
    if has_diary || is(Role::Teacher) || is(Role::ClassTeacher) {
        menu.push(MenuItem { news: diary.unread_of(who), ..MESSAGES });
    }
    menu.extend(is(Role::Administrator).then_some(IMPORT));
    menu.extend(visitor.may_apply(diary).then_some(ACCESS));
    menu.push(DESK);
    menu
}

fn of_school(diary: &Diary, staff: &Staff) -> Vec<MenuItem> {
    let mut menu = vec![SCHOOL];
    menu.extend((staff.is(Role::Administrator) || staff.is(Role::ClassTeacher)).then_some(PARENTS));
    menu.extend(staff.is(Role::Teacher).then_some(LESSONS));
    if staff.is(Role::Administrator) && diary.config.profile.strangers == Strangers::Application {
        menu.push(MenuItem { news: diary.waiting_at(staff), ..APPLICATIONS });
    }
    menu
}

/// Subtracts messages that have just been read from the count of unread ones in the menu.
pub(crate) fn read(menu: &mut [MenuItem], count: usize) {
    for item in menu.iter_mut().filter(|item| item.path == MESSAGES.path) {
        item.news = item.news.saturating_sub(count);
    }
}
