//! `/access`: the pages «Доступ к дневнику» and «Подать заявление».

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use web::{Form, Frame, Page, Problem, see_other};
use worlds::ActError;

use super::{data::Applicant, data::Request, forms::ApplicationForm, model::ApplicationError, view::ApplicationView};
use crate::{event::DiaryEvent, menu::menu, register::Relation, school::Faults, signin::Visitor, state::Diary};

#[derive(Template)]
#[template(path = "access/list.html")]
pub(crate) struct AccessPage {
    frame: Frame,
    applications: Vec<ApplicationView>,
}

/// `GET /access`: lists the visitor's applications.
pub(crate) async fn list(visitor: Visitor, frame: Frame) -> Result<Page<AccessPage>, Problem> {
    let read = visitor.world.read(|diary, _| Ok::<_, ApplicationError>((own(&visitor, diary)?, menu(diary, &visitor))));
    let (applications, menu) = read.await??;
    Ok(Page(AccessPage { frame: visitor.frame(frame).with_menu(menu), applications }))
}

/// Returns the visitor's applications, newest first.
pub(super) fn own(visitor: &Visitor, diary: &Diary) -> Result<Vec<ApplicationView>, ApplicationError> {
    let snils = visitor.applicant(diary)?.snils;
    Ok(diary.access.of(snils).map(|(id, one)| ApplicationView::of(diary, id, one)).collect())
}

/// Returns one of the visitor's applications.
pub(super) fn own_one(visitor: &Visitor, diary: &Diary, id: u32) -> Result<ApplicationView, ApplicationError> {
    let snils = visitor.applicant(diary)?.snils;
    let found = diary.access.applications.get(&id).filter(|one| one.applicant.snils == snils);
    found.map(|one| ApplicationView::of(diary, id, one)).ok_or(ApplicationError::Unknown)
}

#[derive(Template)]
#[template(path = "access/form.html")]
pub(crate) struct FormPage {
    frame: Frame,
    applicant: Applicant,
    form: ApplicationForm,
    faults: Faults,
    error: Option<ApplicationError>,
}

impl FormPage {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.as_str())
    }

    fn relations(&self) -> impl Iterator<Item = (Relation, bool)> {
        Relation::REPRESENTATIVES.into_iter().map(|one| (one, one.code() == self.form.relation))
    }

    fn way_out(&self) -> &'static str {
        self.error.as_ref().map(ApplicationError::way_out).unwrap_or_default()
    }

    fn answer(self) -> Response {
        let status = match &self.error {
            Some(error) => error.status(),
            None if self.faults.is_empty() => StatusCode::OK,
            None => StatusCode::BAD_REQUEST,
        };
        Page(self).with(status)
    }
}

async fn form_page(visitor: &Visitor, frame: Frame) -> Result<FormPage, Problem> {
    let read =
        visitor.world.read(|diary, _| Ok::<_, ApplicationError>((visitor.applicant(diary)?, menu(diary, visitor))));
    let (applicant, menu) = read.await??;
    let phone = applicant.phone.map(|phone| phone.to_string()).unwrap_or_default();
    let form = ApplicationForm { phone, ..ApplicationForm::default() };
    Ok(FormPage { frame: visitor.frame(frame).with_menu(menu), applicant, form, faults: Faults::new(), error: None })
}

/// `GET /access/application`: shows the empty form.
pub(crate) async fn form(visitor: Visitor, frame: Frame) -> Result<Response, Problem> {
    Ok(form_page(&visitor, frame).await?.answer())
}

/// Files an application in the visitor's name and returns its number.
pub(super) async fn file(visitor: &Visitor, request: &Request) -> Result<u32, ActError<ApplicationError>> {
    let filed = visitor.world.act(|diary, _, _| {
        let applicant = visitor.applicant(diary)?;
        let (events, outcome) = diary.file(&applicant, request)?;
        Ok((events.into_iter().map(|event| DiaryEvent::Access { event }).collect(), outcome))
    });
    filed.await?.map_err(ActError::Refused)
}

/// `POST /access/application`: files an application, or shows the form with its faults.
pub(crate) async fn apply(
    visitor: Visitor,
    frame: Frame,
    Form(form): Form<ApplicationForm>,
) -> Result<Response, Problem> {
    let today = visitor.world.read(|_, now| worlds::moscow::date(now)).await?;
    let request = match form.read(today) {
        Ok(request) => request,
        Err(faults) => return Ok(FormPage { form, faults, ..form_page(&visitor, frame).await? }.answer()),
    };
    match file(&visitor, &request).await {
        Ok(id) => Ok(see_other(&visitor.world_url, &format!("/access/applications/{id}"))),
        Err(ActError::Refused(ApplicationError::NotHere)) => Err(ApplicationError::NotHere.into()),
        Err(ActError::Refused(error)) => {
            let faults = error.field().map(|field| (field, error.to_string())).into_iter().collect();
            let page = form_page(&visitor, frame).await?;
            Ok(FormPage { form, faults, error: Some(error), ..page }.answer())
        }
        Err(error @ ActError::Store(_)) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "access/application.html")]
struct ApplicationPage {
    frame: Frame,
    application: ApplicationView,
}

/// `GET /access/applications/{id}`: shows one of the visitor's applications.
pub(crate) async fn application(visitor: Visitor, frame: Frame, Path(id): Path<u32>) -> Result<Response, Problem> {
    let read = visitor
        .world
        .read(|diary, _| Ok::<_, ApplicationError>((own_one(&visitor, diary, id)?, menu(diary, &visitor))));
    let (application, menu) = read.await??;
    Ok(Page(ApplicationPage { frame: visitor.frame(frame).with_menu(menu), application }).into_response())
}
