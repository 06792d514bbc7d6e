//! `/school`.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use web::{Form, Frame, Page, Query, Trouble, see_other};
use worlds::ActError;

use super::{
    Employee, LISTED, SchoolNav,
    api::{After, CorrectionView, ParentView, change, parents_of},
    card_path,
    forms::{Faults, ParentForm, PupilForm, PupilRecord},
};
use crate::{
    pupil::PupilView,
    register::{RegisterError, Role},
    signin::Nothing,
};

#[derive(Template)]
#[template(path = "school/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    nav: SchoolNav,
    pupils: Vec<PupilView>,
    /// Query of the next part, if there is one.
    next: Option<String>,
}

/// `GET /school`
pub(crate) async fn list(
    employee: Employee,
    frame: Frame,
    Query(part): Query<After>,
) -> Result<Page<ListPage>, Trouble> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let nav = SchoolNav::of(&employee.visitor.who, diary)?;
        Ok::<_, RegisterError>((nav, employee.pupils_after(diary, &part, LISTED + 1)?))
    });
    let (nav, mut pupils) = read.await??;
    let is_more = pupils.len() > LISTED;
    pupils.truncate(LISTED);
    let last = pupils.last().filter(|_| is_more);
    let next =
        last.map(|last| url::form_urlencoded::Serializer::new(String::new()).append_pair("after", &last.name).finish());
    Ok(Page(ListPage { frame: visitor.frame(frame), nav, pupils, next }))
}

/// One form of a parent, with what is wrong in it.
struct ParentRow {
    view: ParentView,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "school/card.html")]
struct CardPage {
    frame: Frame,
    nav: SchoolNav,
    key: String,
    name: String,
    class: String,
    /// Whether the employee may correct the card, or only read it.
    may_correct: bool,
    /// Whether the employee takes consents on paper.
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
    /// What is wrong with a field.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn fault<'f>(&self, faults: &'f Faults, field: &str) -> Option<&'f str> {
        faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.as_str())
    }

    fn path(&self) -> String {
        self.frame.path(&card_path(&self.key))
    }

    fn answer(self) -> Response {
        let is_wrong = !self.faults.is_empty()
            || !self.new_faults.is_empty()
            || self.parents.iter().any(|row| !row.faults.is_empty());
        Page(self).with(if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK })
    }
}

async fn page(employee: &Employee, frame: Frame, key: String) -> Result<CardPage, Trouble> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let (nav, pupil) = (SchoolNav::of(&employee.visitor.who, diary)?, employee.card(diary, &key)?);
        let (parents, staff) = (parents_of(&diary.register, pupil), employee.staff(diary)?);
        let takes_consents = staff.is(Role::Secretary) && diary.settled.profile.consent.at_school;
        let rights = (staff.may_correct(pupil), takes_consents);
        let history = CorrectionView::of(diary, &key);
        Ok::<_, RegisterError>((nav, PupilRecord::of(pupil), pupil.class.clone(), parents, rights, history))
    });
    let (nav, record, class, parents, (may_correct, takes_consents), history) = read.await??;
    let form = PupilForm::from(&record);
    Ok(CardPage {
        frame: visitor.frame(frame),
        nav,
        key,
        name: form.name.clone(),
        class,
        may_correct,
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

/// What the page says after a change.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    saved: Option<String>,
}

/// `GET /school/pupils/{pupil}`
pub(crate) async fn card(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let page = CardPage { is_saved: said.saved.is_some(), ..page(&employee, frame, key).await? };
    Ok(page.answer())
}

/// After a change: back to the card; faults of the register are told at their field.
fn saved(
    employee: &Employee,
    key: &str,
    result: Result<(), ActError<RegisterError>>,
) -> Result<Result<Response, Faults>, Trouble> {
    match result {
        Ok(()) => Ok(Ok(see_other(&employee.visitor.place, &format!("{}?saved=1", card_path(key))))),
        Err(ActError::Refused(error @ (RegisterError::SnilsTaken(_) | RegisterError::OnCard))) => {
            Ok(Err(vec![("snils", error.to_string())]))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /school/pupils/{pupil}`
pub(crate) async fn correct(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Form(form): Form<PupilForm>,
) -> Result<Response, Trouble> {
    let outcome = match form.read() {
        Ok(record) => {
            let kept = change(&employee, &key, |diary, by| diary.correct_pupil(by, &key, &record)).await;
            saved(&employee, &key, kept)?
        }
        Err(faults) => Err(faults),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(faults) => Ok(CardPage { form, faults, ..page(&employee, frame, key).await? }.answer()),
    }
}

/// `POST /school/pupils/{pupil}/parents`
pub(crate) async fn add_parent(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Form(new): Form<ParentForm>,
) -> Result<Response, Trouble> {
    let outcome = match new.read() {
        Ok(parent) => {
            let kept = change(&employee, &key, |diary, by| diary.add_parent(by, &key, &parent)).await;
            saved(&employee, &key, kept)?
        }
        Err(faults) => Err(faults),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(new_faults) => Ok(CardPage { new, new_faults, ..page(&employee, frame, key).await? }.answer()),
    }
}

/// A parent's form with its checkbox, which a browser sends only when it is set.
#[derive(Debug, Deserialize)]
pub(crate) struct ParentRowForm {
    name: String,
    snils: String,
    active: Option<String>,
}

/// `POST /school/pupils/{pupil}/parents/{parent}`
pub(crate) async fn correct_parent(
    employee: Employee,
    frame: Frame,
    Path((key, parent)): Path<(String, String)>,
    Form(row): Form<ParentRowForm>,
) -> Result<Response, Trouble> {
    let (form, active) = (ParentForm { name: row.name, snils: row.snils }, row.active.is_some());
    let outcome = match form.read() {
        Ok(data) => {
            let on_card = (&*key, &*parent);
            let kept = change(&employee, &key, |diary, by| diary.correct_parent(by, on_card, &data, active)).await;
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
    *shown = ParentRow { view: ParentView { key: parent, name: form.name, snils: form.snils, active }, faults };
    Ok(page.answer())
}

/// `POST /school/pupils/{pupil}/parents/{parent}/remove`
pub(crate) async fn remove_parent(
    employee: Employee,
    Path((key, parent)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Trouble> {
    change(&employee, &key, |diary, by| diary.remove_parent(by, &key, &parent)).await?;
    Ok(see_other(&employee.visitor.place, &format!("{}?saved=1", card_path(&key))).into_response())
}
