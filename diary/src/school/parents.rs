//! `/school/parents`: parents of the pupils whose cards an employee may correct, and whether they are active users
//! (R000.2).

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Form, Frame, Json, Page, Problem, Query, see_other};
use worlds::ActError;

use super::{
    Employee, SchoolNav,
    address::{card_path, query_of},
    api::{ParentView, listed},
    decide::Editor,
    pages::Said,
};
use crate::{
    pupil::PupilView,
    register::{NameRange, Parent, RegisterError, Role, Staff},
    state::Diary,
};

/// Which part of the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct ParentsPart {
    /// Parents whose names stand after this one.
    #[serde(default)]
    after: String,
    /// How their surnames begin.
    #[serde(default)]
    surname: String,
    /// `yes`: active users, `no`: others; empty: all.
    #[serde(default)]
    active: String,
}

/// A parent with the children on whose cards they stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParentOfView {
    #[serde(flatten)]
    parent: ParentView,
    /// Children whose cards the reader may correct.
    children: Vec<PupilView>,
}

impl ParentsPart {
    fn has(&self, parent: &Parent) -> bool {
        match self.active.as_str() {
            "yes" => parent.active,
            "no" => !parent.active,
            _ => true,
        }
    }
}

fn view(diary: &Diary, staff: &Staff, key: &str, parent: &Parent) -> ParentOfView {
    let children = parent.children.iter().filter_map(|key| Some((key, diary.register.pupil(key)?)));
    let own = children.filter(|(_, pupil)| staff.may_correct(pupil));
    let children = own.map(|(key, pupil)| PupilView::of(diary, key, pupil)).collect();
    ParentOfView { parent: ParentView::of(key, parent), children }
}

impl Employee {
    /// Returns the parents of pupils whose cards the employee may correct, in the order of names, and the last name if
    /// there are more.
    fn parents(&self, diary: &Diary, part: &ParentsPart) -> Result<(Vec<ParentOfView>, Option<String>), RegisterError> {
        let (staff, names) = (self.staff(diary)?, NameRange::new(&part.after, &part.surname));
        let register = &diary.register;
        let shown = |(key, parent): (&str, &Parent)| view(diary, staff, key, parent);
        if staff.is(Role::Administrator) {
            let all = register.parents(&names).filter(|(_, parent)| part.has(parent));
            let own = all.filter(|(_, parent)| staff.may_correct_child_of(register, parent));
            return Ok(listed(own.map(|one| (&one.1.name, shown(one)))));
        }
        // A class teacher sees the parents of their own classes.
        let classes: Vec<_> = staff.classes.iter().map(|class| (staff.school.clone(), class.clone())).collect();
        let pupils = classes.iter().flat_map(|class| register.in_class(class));
        let parents = pupils.filter(|(_, pupil)| staff.may_correct(pupil)).flat_map(|(_, pupil)| &pupil.parents);
        let parents = parents.filter_map(|key| register.parent(key).map(|parent| (key.as_str(), parent)));
        let own = parents.filter(|(_, parent)| part.has(parent) && names.has(&parent.name));
        let own: BTreeMap<_, _> = own.map(|(key, parent)| ((&parent.name, key), parent)).collect();
        Ok(listed(own.into_iter().map(|((name, key), parent)| (name, shown((key, parent))))))
    }

    async fn activate(&self, parent: &str, active: bool) -> Result<(), ActError<RegisterError>> {
        let decide = |diary: &Diary| {
            let editor = Editor { name: &self.visitor.who.name, staff: self.staff(diary)? };
            diary.activate_parent(editor, parent, active)
        };
        self.visitor.world.act(|diary, _, _| Ok((decide(diary)?, ()))).await
    }
}

#[derive(Template)]
#[template(path = "school/parents.html")]
pub(crate) struct ParentsPage {
    frame: Frame,
    nav: SchoolNav,
    part: ParentsPart,
    parents: Vec<ParentOfView>,
    is_saved: bool,
    /// Query string of the next part, if there is one.
    next: Option<String>,
}

impl ParentsPage {
    fn card(&self, pupil: &str) -> String {
        self.frame.path(&card_path(pupil))
    }
}

/// `GET /school/parents`: lists the parents of the employee's pupils.
pub(crate) async fn list(
    employee: Employee,
    frame: Frame,
    Query(part): Query<ParentsPart>,
    Query(said): Query<Said>,
) -> Result<Page<ParentsPage>, Problem> {
    let visitor = &employee.visitor;
    let read = visitor
        .world
        .read(|diary, _| Ok::<_, RegisterError>((SchoolNav::of(visitor, diary)?, employee.parents(diary, &part)?)));
    let (nav, (parents, last)) = read.await??;
    let next = last.map(|last| query_of(&[("after", &last), ("surname", &part.surname), ("active", &part.active)]));
    let is_saved = said.saved.is_some();
    Ok(Page(ParentsPage {
        frame: visitor.frame(frame).with_menu(nav.menu.clone()),
        nav,
        part,
        parents,
        is_saved,
        next,
    }))
}

/// Form that makes a parent active or not, with the filter of the list to return to.
#[derive(Debug, Deserialize)]
pub(crate) struct ActiveForm {
    active: String,
    #[serde(default)]
    surname: String,
}

/// `POST /school/parents/{parent}`: makes a parent an active user, or revokes that.
pub(crate) async fn activate(
    employee: Employee,
    Path(parent): Path<String>,
    Form(form): Form<ActiveForm>,
) -> Result<Response, Problem> {
    employee.activate(&parent, form.active == "yes").await?;
    let back = query_of(&[("surname", &form.surname), ("saved", "1")]);
    Ok(see_other(&employee.visitor.world_url, &format!("/school/parents?{back}")))
}

/// Parents of the pupils whose cards I may correct, in the order of names, a hundred at a time.
#[utoipa::path(get, path = "/api/school/parents", tag = "school", params(ParentsPart),
    responses((status = 200, body = [ParentOfView]), (status = 401), (status = 403)))]
pub(crate) async fn list_json(
    employee: Employee,
    Query(part): Query<ParentsPart>,
) -> Result<Json<Vec<ParentOfView>>, Problem> {
    let (parents, _) = employee.visitor.world.read(|diary, _| employee.parents(diary, &part)).await??;
    Ok(Json(parents))
}

/// What to make of a parent.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ActiveUpdate {
    /// «Активный пользователь»: the diary is open to the parent (R000.2).
    active: bool,
}

/// Makes a parent an active user of the diary, or the contrary.
#[utoipa::path(put, path = "/api/school/parents/{parent}", tag = "school", request_body = ActiveUpdate,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn activate_json(
    employee: Employee,
    Path(parent): Path<String>,
    Json(update): Json<ActiveUpdate>,
) -> Result<StatusCode, Problem> {
    employee.activate(&parent, update.active).await?;
    Ok(StatusCode::NO_CONTENT)
}
