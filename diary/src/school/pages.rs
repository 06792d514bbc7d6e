//! `/school`: the list of pupils, and their cards.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use serde::Deserialize;
use web::{Form, Frame, NoFields, Page, Problem, Query, see_other};
use worlds::ActError;

use super::{
    Employee, SchoolNav,
    address::{card_path, query_of},
    api::{CorrectionView, ParentView, PupilsPart, change, parents_of},
    decide::CardEntry,
    forms::{Faults, ParentForm, PupilForm},
};
use crate::{
    pupil::PupilView,
    register::{RegisterError, Relation, Role},
};

#[derive(Template)]
#[template(path = "school/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    nav: SchoolNav,
    /// Whether the employee may read any card; a subject teacher has lessons but no cards.
    has_cards: bool,
    part: PupilsPart,
    /// Classes of the school, for employees who see all of them.
    classes: Vec<String>,
    pupils: Vec<PupilView>,
    /// Query string of the next part, if there is one.
    next: Option<String>,
}

impl ListPage {
    fn is_filtered(&self) -> bool {
        !self.part.surname.is_empty() || !self.part.class.is_empty()
    }
}

/// `GET /school`: lists the pupils whose cards the employee may read.
pub(crate) async fn list(
    employee: Employee,
    frame: Frame,
    Query(part): Query<PupilsPart>,
) -> Result<Page<ListPage>, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let (nav, staff) = (SchoolNav::of(visitor, diary)?, employee.staff(diary)?);
        let sees_all = staff.is(Role::Administrator) || staff.is(Role::Secretary);
        let classes = diary.register.classes(&staff.school).filter(|_| sees_all).map(str::to_owned).collect();
        let has_cards = sees_all || staff.is(Role::ClassTeacher);
        Ok::<_, RegisterError>((nav, has_cards, classes, employee.pupils(diary, &part)?))
    });
    let (nav, has_cards, classes, (pupils, last)) = read.await??;
    let next = last.map(|last| query_of(&[("after", &last), ("surname", &part.surname), ("class", &part.class)]));
    Ok(Page(ListPage {
        frame: visitor.frame(frame).with_menu(nav.menu.clone()),
        nav,
        has_cards,
        part,
        classes,
        pupils,
        next,
    }))
}

/// Form of one parent, with its faults.
struct ParentRow {
    view: ParentView,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "school/card.html")]
#[expect(clippy::struct_excessive_bools, reason = "one for each right")]
struct CardPage {
    frame: Frame,
    key: String,
    name: String,
    born: NaiveDate,
    class: String,
    /// Whether the employee may correct the card.
    may_correct: bool,
    /// Whether the employee may move the pupil to another class.
    moves: bool,
    /// Whether the employee records consents on paper.
    takes_consents: bool,
    history: Vec<CorrectionView>,
    is_saved: bool,
    form: PupilForm,
    faults: Faults,
    parents: Vec<ParentRow>,
    new: ParentForm,
    new_faults: Faults,
}

impl CardPage {
    /// Returns the fault of a field.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn fault<'f>(&self, faults: &'f Faults, field: &str) -> Option<&'f str> {
        faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.as_str())
    }

    fn path(&self) -> String {
        self.frame.path(&card_path(&self.key))
    }

    /// Returns all relations, with the chosen one marked.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn relations(&self, chosen: Option<&Relation>) -> [(Relation, bool); 4] {
        Relation::ALL.map(|one| (one, Some(&one) == chosen))
    }

    fn answer(self) -> Response {
        let is_wrong = !self.faults.is_empty()
            || !self.new_faults.is_empty()
            || self.parents.iter().any(|row| !row.faults.is_empty());
        Page(self).with(if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK })
    }
}

async fn page(employee: &Employee, frame: Frame, key: String) -> Result<CardPage, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let (nav, pupil) = (SchoolNav::of(&employee.visitor, diary)?, employee.card(diary, &key)?);
        let (parents, staff) = (parents_of(&diary.register, pupil), employee.staff(diary)?);
        let takes_consents = staff.is(Role::Secretary) && diary.config.profile.consent.at_school;
        let may_correct = staff.may_correct(pupil);
        let rights = (may_correct, may_correct && staff.is(Role::Administrator), takes_consents);
        let history = CorrectionView::of(diary, &key);
        let (form, born) = (PupilForm::from(pupil), pupil.born);
        Ok::<_, RegisterError>((nav, (form, born, pupil.class.clone()), parents, rights, history))
    });
    let (nav, (form, born, class), parents, (may_correct, moves, takes_consents), history) = read.await??;
    Ok(CardPage {
        frame: visitor.frame(frame).with_menu(nav.menu),
        key,
        name: form.name.clone(),
        born,
        class,
        may_correct,
        moves,
        takes_consents,
        history,
        is_saved: false,
        form,
        faults: Faults::new(),
        parents: parents.into_iter().map(|view| ParentRow { view, faults: Faults::new() }).collect(),
        new: ParentForm::default(),
        new_faults: Faults::new(),
    })
}

/// Query of a page after a change.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    pub(super) saved: Option<String>,
}

/// `GET /school/pupils/{pupil}`: shows a pupil's card.
pub(crate) async fn card(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, Problem> {
    let page = CardPage { is_saved: said.saved.is_some(), ..page(&employee, frame, key).await? };
    Ok(page.answer())
}

/// Redirects to the card after a change, or returns the register's refusal as a fault of its field.
fn saved(
    employee: &Employee,
    key: &str,
    result: Result<(), ActError<RegisterError>>,
) -> Result<Result<Response, Faults>, Problem> {
    match result {
        Ok(()) => Ok(Ok(see_other(&employee.visitor.world_url, &format!("{}?saved=1", card_path(key))))),
        Err(ActError::Refused(error @ RegisterError::NotYourClass)) => Ok(Err(vec![("class", error.to_string())])),
        Err(ActError::Refused(error @ (RegisterError::SnilsTaken(_) | RegisterError::OnCard))) => {
            Ok(Err(vec![("snils", error.to_string())]))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /school/pupils/{pupil}`: corrects the card.
pub(crate) async fn correct(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Form(form): Form<PupilForm>,
) -> Result<Response, Problem> {
    let outcome = match form.read(worlds::moscow::date(employee.visitor.world.now())) {
        Ok(record) => {
            let kept = change(&employee, &key, |diary, editor| diary.correct_pupil(editor, &key, &record)).await;
            saved(&employee, &key, kept)?
        }
        Err(faults) => Err(faults),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(faults) => Ok(CardPage { form, faults, ..page(&employee, frame, key).await? }.answer()),
    }
}

/// `POST /school/pupils/{pupil}/parents`: puts a parent on the card.
pub(crate) async fn add_parent(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Form(new): Form<ParentForm>,
) -> Result<Response, Problem> {
    let outcome = match new.read() {
        Ok(parent) => {
            let kept = change(&employee, &key, |diary, editor| diary.add_parent(editor.name, &key, &parent)).await;
            saved(&employee, &key, kept)?
        }
        Err(faults) => Err(faults),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(new_faults) => Ok(CardPage { new, new_faults, ..page(&employee, frame, key).await? }.answer()),
    }
}

/// Form of a parent with its checkbox, which a browser sends only if it is set.
#[derive(Debug, Deserialize)]
pub(crate) struct ParentRowForm {
    name: String,
    snils: String,
    #[serde(default)]
    relation: String,
    active: Option<String>,
}

/// `POST /school/pupils/{pupil}/parents/{parent}`: corrects a parent on the card.
pub(crate) async fn correct_parent(
    employee: Employee,
    frame: Frame,
    Path((key, parent)): Path<(String, String)>,
    Form(row): Form<ParentRowForm>,
) -> Result<Response, Problem> {
    let (form, active) =
        (ParentForm { name: row.name, snils: row.snils, relation: row.relation }, row.active.is_some());
    let outcome = match form.read() {
        Ok(data) => {
            let entry = CardEntry { pupil: &key, parent: &parent };
            let kept =
                change(&employee, &key, |diary, editor| diary.correct_parent(editor.name, entry, &data, active)).await;
            saved(&employee, &key, kept)?
        }
        Err(faults) => Err(faults),
    };
    let faults = match outcome {
        Ok(response) => return Ok(response),
        Err(faults) => faults,
    };
    let mut page = page(&employee, frame, key).await?;
    let shown = page.parents.iter_mut().find(|row| row.view.key == parent).ok_or(RegisterError::NoParent)?;
    let relation = Relation::of_code(&form.relation).or(shown.view.relation);
    let view = ParentView { key: parent, name: form.name, snils: form.snils, active, relation };
    *shown = ParentRow { view, faults };
    Ok(page.answer())
}

/// `POST /school/pupils/{pupil}/parents/{parent}/remove`: takes a parent off the card.
pub(crate) async fn remove_parent(
    employee: Employee,
    Path((key, parent)): Path<(String, String)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    change(&employee, &key, |diary, editor| diary.remove_parent(editor.name, &key, &parent)).await?;
    Ok(see_other(&employee.visitor.world_url, &format!("{}?saved=1", card_path(&key))).into_response())
}
