//! JSON API of the school's side.

use axum::{extract::Path, http::StatusCode};
use esia::FullName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Json, Problem, Query};
use worlds::ActError;

use super::{
    Employee,
    decide::{CardEntry, Editor},
    forms::{ParentForm, PupilForm},
};
use crate::{
    error::first,
    event::DiaryEvent,
    pupil::PupilView,
    register::{NameRange, Parent, Pupil, Register, RegisterError, Relation, Role},
    state::Diary,
};

/// Maximum number of people on one page of a list.
const LISTED: usize = 100;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct PupilsPart {
    /// Pupils whose names stand after this one.
    #[serde(default)]
    pub(super) after: String,
    /// How their surnames begin.
    #[serde(default)]
    pub(super) surname: String,
    /// Their class; empty: every one.
    #[serde(default)]
    pub(super) class: String,
}

/// A pupil's card.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardView {
    /// Key, for addresses.
    key: String,
    /// The data that are compared with those of Gosuslugi, and the class.
    #[serde(flatten)]
    data: PupilForm,
    /// Parents on the card.
    parents: Vec<ParentView>,
    /// What was corrected, the newest first.
    history: Vec<CorrectionView>,
}

/// A correction of a card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CorrectionView {
    /// When the card was corrected.
    at: chrono::DateTime<chrono::Utc>,
    /// Who did what, in one sentence.
    pub(super) text: String,
    /// What was there before, where something was replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
}

impl CorrectionView {
    /// Returns the corrections of a card, newest first.
    pub(super) fn of(diary: &Diary, pupil: &str) -> Vec<Self> {
        let kept = diary.history.get(pupil).into_iter().flatten().rev();
        kept.map(|one| Self { at: one.at, text: one.text.clone(), before: one.before.clone() }).collect()
    }

    pub(super) fn when(&self) -> String {
        worlds::moscow::date_time(self.at)
    }
}

/// A parent on a card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ParentView {
    /// Key, for addresses.
    pub(super) key: String,
    /// «Фамилия Имя Отчество».
    pub(super) name: String,
    /// «СНИЛС», as `001-000-006 00`.
    pub(super) snils: String,
    /// «Активный пользователь»: the diary is open to the parent (R000.2).
    pub(super) active: bool,
    /// «Кем приходится ученику».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) relation: Option<Relation>,
}

impl ParentView {
    pub(super) fn of(key: &str, parent: &Parent) -> Self {
        let Parent { name, snils, active, relation, .. } = parent;
        let (key, name, snils) = (key.to_owned(), name.to_string(), snils.to_string());
        Self { key, name, snils, active: *active, relation: *relation }
    }
}

/// What to make of a parent on a card.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ParentUpdate {
    #[serde(flatten)]
    form: ParentForm,
    /// «Активный пользователь»: the diary is open to the parent (R000.2).
    active: bool,
}

pub(super) fn parents_of(register: &Register, pupil: &Pupil) -> Vec<ParentView> {
    let on_card = pupil.parents.iter().filter_map(|key| register.parent(key).map(|parent| (key, parent)));
    on_card.map(|(key, parent)| ParentView::of(key, parent)).collect()
}

/// Records a decision about a card in the name of the employee, who must be allowed to correct the card.
pub(super) async fn change(
    employee: &Employee,
    pupil: &str,
    decide: impl Fn(&Diary, Editor<'_>) -> Result<Vec<DiaryEvent>, RegisterError> + Sync,
) -> Result<(), ActError<RegisterError>> {
    let visitor = &employee.visitor;
    let decide = |diary: &Diary| {
        employee.own_card(diary, pupil)?;
        decide(diary, Editor { name: &visitor.who.name, staff: employee.staff(diary)? })
    };
    visitor.world.act(|diary, _, _| Ok((decide(diary)?, ()))).await
}

impl Employee {
    /// Returns the pupils whose cards the employee may read, in the order of names, and the last name if there are
    /// more.
    ///
    /// # Errors
    /// Fails if the visitor is not an employee.
    pub(super) fn pupils(
        &self,
        diary: &Diary,
        part: &PupilsPart,
    ) -> Result<(Vec<PupilView>, Option<String>), RegisterError> {
        let (staff, names) = (self.staff(diary)?, NameRange::new(&part.after, &part.surname));
        let view = |(key, pupil): (&str, &Pupil)| PupilView::of(diary, key, pupil);
        let own: Vec<_> = match part.class.trim() {
            // Employees who see every class go through all names; class teachers go through their classes only.
            "" if staff.is(Role::Administrator) || staff.is(Role::Secretary) => {
                let all = diary.register.pupils(&names).filter(|(_, pupil)| staff.may_see(pupil));
                return Ok(listed(all.map(|one| (&one.1.name, view(one)))));
            }
            "" => staff.classes.iter().map(String::as_str).collect(),
            class => vec![class],
        };
        let own = own.into_iter().map(|class| (staff.school.clone(), class.to_owned())).collect::<Vec<_>>();
        let of_classes = own.iter().flat_map(|class| diary.register.in_class(class));
        let mut pupils: Vec<_> =
            of_classes.filter(|(_, pupil)| staff.may_see(pupil) && names.has(&pupil.name)).collect();
        pupils.sort_by_key(|(key, pupil)| (&pupil.name, *key));
        Ok(listed(pupils.into_iter().map(|one| (&one.1.name, view(one)))))
    }
}

/// Returns the first part of a list, and its last name if there are more. People of the same name stay together,
/// because the next part begins after a name.
pub(super) fn listed<'n, T>(all: impl Iterator<Item = (&'n FullName, T)>) -> (Vec<T>, Option<String>) {
    let (mut part, mut last) = (Vec::new(), None);
    for (name, one) in all {
        if part.len() >= LISTED && last != Some(name) {
            return (part, last.map(ToString::to_string));
        }
        part.push(one);
        last = Some(name);
    }
    (part, None)
}

/// Pupils whose cards are open, in the order of names, a hundred at a time.
#[utoipa::path(get, path = "/api/school/pupils", tag = "school", params(PupilsPart),
    responses((status = 200, body = [PupilView]), (status = 401), (status = 403)))]
pub(crate) async fn list(employee: Employee, Query(part): Query<PupilsPart>) -> Result<Json<Vec<PupilView>>, Problem> {
    let (pupils, _) = employee.visitor.world.read(|diary, _| employee.pupils(diary, &part)).await??;
    Ok(Json(pupils))
}

/// A pupil's card.
#[utoipa::path(get, path = "/api/school/pupils/{pupil}", tag = "school",
    responses((status = 200, body = CardView), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn card(employee: Employee, Path(key): Path<String>) -> Result<Json<CardView>, Problem> {
    let view = employee
        .visitor
        .world
        .read(|diary, _| {
            let pupil = employee.card(diary, &key)?;
            let parents = parents_of(&diary.register, pupil);
            let (data, history) = (PupilForm::from(pupil), CorrectionView::of(diary, &key));
            Ok::<_, RegisterError>(CardView { key: key.clone(), data, parents, history })
        })
        .await??;
    Ok(Json(view))
}

/// Corrects a pupil's card.
#[utoipa::path(put, path = "/api/school/pupils/{pupil}", tag = "school", request_body = PupilForm,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn correct(
    employee: Employee,
    Path(key): Path<String>,
    Json(form): Json<PupilForm>,
) -> Result<StatusCode, Problem> {
    let record = form.read(worlds::moscow::date(employee.visitor.world.now())).map_err(first)?;
    change(&employee, &key, |diary, editor| diary.correct_pupil(editor, &key, &record)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a parent on a pupil's card. A new one is not an active user yet.
#[utoipa::path(post, path = "/api/school/pupils/{pupil}/parents", tag = "school", request_body = ParentForm,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn add_parent(
    employee: Employee,
    Path(key): Path<String>,
    Json(form): Json<ParentForm>,
) -> Result<StatusCode, Problem> {
    let parent = form.read().map_err(first)?;
    change(&employee, &key, |diary, editor| diary.add_parent(editor.name, &key, &parent)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Corrects a parent on a pupil's card.
#[utoipa::path(put, path = "/api/school/pupils/{pupil}/parents/{parent}", tag = "school", request_body = ParentUpdate,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn correct_parent(
    employee: Employee,
    Path((pupil, parent)): Path<(String, String)>,
    Json(update): Json<ParentUpdate>,
) -> Result<StatusCode, Problem> {
    let data = update.form.read().map_err(first)?;
    let entry = CardEntry { pupil: &pupil, parent: &parent };
    change(&employee, &pupil, |diary, editor| diary.correct_parent(editor.name, entry, &data, update.active)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a parent off a pupil's card.
#[utoipa::path(delete, path = "/api/school/pupils/{pupil}/parents/{parent}", tag = "school",
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn remove_parent(
    employee: Employee,
    Path((pupil, parent)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    change(&employee, &pupil, |diary, editor| diary.remove_parent(editor.name, &pupil, &parent)).await?;
    Ok(StatusCode::NO_CONTENT)
}
