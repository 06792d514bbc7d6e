//! `/school/applications`: the administrator's queue of applications.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use web::{Form, Frame, NoFields, Page, Problem, Query, see_other};
use worlds::ActError;

use super::{data::Stage, forms::DeclineForm, model::ApplicationError, view::QueuedView};
use crate::{
    event::DiaryEvent,
    register::Role,
    school::{Employee, Faults, SchoolNav},
    state::Diary,
};

/// Maximum number of applications in one part of the queue.
const LISTED: usize = 100;

/// Which part of the queue.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct Wanted {
    /// `waiting` or `decided`; `waiting` by default.
    pub(super) stage: Option<String>,
    /// Applications with numbers after this one (before it among those decided, where the newest come first).
    pub(super) after: Option<u32>,
}

/// Returns up to 100 applications to the employee's school: waiting ones, oldest first, or decided ones, newest first.
pub(super) fn queue(employee: &Employee, diary: &Diary, wanted: &Wanted) -> Result<Vec<QueuedView>, Problem> {
    let staff = employee.staff_as(diary, Role::Administrator)?;
    let decided = match wanted.stage.as_deref() {
        None | Some("waiting") => false,
        Some("decided") => true,
        Some(_) => return Err(Problem::bad_request("stage", "stage — waiting или decided")),
    };
    let all = &diary.access.applications;
    let ids: Box<dyn Iterator<Item = &u32>> = match (decided, wanted.after) {
        (false, after) => Box::new(all.range(after.map_or(0, |id| id.saturating_add(1))..).map(|(id, _)| id)),
        (true, None) => Box::new(all.keys().rev()),
        (true, Some(before)) => Box::new(all.range(..before).rev().map(|(id, _)| id)),
    };
    let own = ids.filter_map(|id| Some((*id, diary.application_to(staff, *id).ok()?)));
    let of_stage = own.filter(|(_, one)| (one.stage != Stage::Waiting) == decided);
    Ok(of_stage.take(LISTED).map(|(id, one)| QueuedView::of(diary, id, one)).collect())
}

/// Returns one application to the employee's school.
pub(super) fn queued(employee: &Employee, diary: &Diary, id: u32) -> Result<QueuedView, Problem> {
    let staff = employee.staff_as(diary, Role::Administrator)?;
    Ok(QueuedView::of(diary, id, diary.application_to(staff, id)?))
}

#[derive(Template)]
#[template(path = "access/queue.html")]
pub(crate) struct QueuePage {
    frame: Frame,
    nav: SchoolNav,
    /// Waiting applications; `None` when the page continues the list of decided ones.
    waiting: Option<Vec<QueuedView>>,
    /// Decided applications; `None` when the page continues the list of waiting ones.
    decided: Option<Vec<QueuedView>>,
}

impl QueuePage {
    /// Returns the query string of the next part of a list, if there may be one.
    #[expect(clippy::unused_self, reason = "a template calls methods")]
    fn next(&self, stage: &str, part: &[QueuedView]) -> Option<String> {
        let last = part.last().filter(|_| part.len() == LISTED)?;
        Some(format!("stage={stage}&after={}", last.application.id))
    }
}

/// `GET /school/applications`: shows both lists from the start, or a later part of one of them.
pub(crate) async fn list(
    employee: Employee,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Page<QueuePage>, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let part = |stage: &str| {
            let is_wanted = wanted.after.is_none() || wanted.stage.as_deref().unwrap_or("waiting") == stage;
            let stage = Some(stage.to_owned());
            is_wanted.then(|| queue(&employee, diary, &Wanted { stage, after: wanted.after })).transpose()
        };
        Ok::<_, Problem>((SchoolNav::of(visitor, diary)?, part("waiting")?, part("decided")?))
    });
    let (nav, waiting, decided) = read.await??;
    Ok(Page(QueuePage { frame: visitor.frame(frame).with_menu(nav.menu.clone()), nav, waiting, decided }))
}

#[derive(Template)]
#[template(path = "access/queued.html")]
struct QueuedPage {
    frame: Frame,
    one: QueuedView,
    card: String,
    form: DeclineForm,
    faults: Faults,
    error: Option<ApplicationError>,
}

impl QueuedPage {
    fn path(&self) -> String {
        self.frame.path(&format!("/school/applications/{}", self.one.application.id))
    }

    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.as_str())
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

async fn page(employee: &Employee, frame: Frame, id: u32) -> Result<QueuedPage, Problem> {
    let visitor = &employee.visitor;
    let read = visitor
        .world
        .read(|diary, _| Ok::<_, Problem>((SchoolNav::of(&employee.visitor, diary)?, queued(employee, diary, id)?)));
    let (nav, one) = read.await??;
    let card = crate::school::card_path(&one.pupil);
    let (form, faults) = (DeclineForm::default(), Faults::new());
    Ok(QueuedPage { frame: visitor.frame(frame).with_menu(nav.menu), one, card, form, faults, error: None })
}

/// `GET /school/applications/{id}`: shows an application to the school.
pub(crate) async fn one(employee: Employee, frame: Frame, Path(id): Path<u32>) -> Result<Response, Problem> {
    Ok(page(&employee, frame, id).await?.answer())
}

/// Records the decision of an administrator.
pub(super) async fn decide(
    employee: &Employee,
    id: u32,
    declined: Option<&str>,
) -> Result<Result<(), ApplicationError>, Problem> {
    let decided = employee.visitor.world.act(|diary, _, _| {
        let staff = employee.staff_as(diary, Role::Administrator)?;
        match diary.decide_application(staff, id, declined) {
            Ok(events) => Ok((events.into_iter().map(|event| DiaryEvent::Access { event }).collect(), Ok(()))),
            Err(error) => Ok((Vec::new(), Err(error))),
        }
    });
    decided.await.map_err(|error: ActError<Problem>| error.into())
}

async fn after(
    employee: &Employee,
    frame: Frame,
    id: u32,
    decided: Result<(), ApplicationError>,
) -> Result<Response, Problem> {
    match decided {
        Ok(()) => Ok(see_other(&employee.visitor.world_url, &format!("/school/applications/{id}")).into_response()),
        Err(error @ ApplicationError::Unknown) => Err(error.into()),
        Err(error) => Ok(QueuedPage { error: Some(error), ..page(employee, frame, id).await? }.answer()),
    }
}

/// `POST /school/applications/{id}/accept`: opens the diary to the applicant.
pub(crate) async fn accept(
    employee: Employee,
    frame: Frame,
    Path(id): Path<u32>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let decided = decide(&employee, id, None).await?;
    after(&employee, frame, id, decided).await
}

/// `POST /school/applications/{id}/decline`: declines an application; a reason is required.
pub(crate) async fn decline(
    employee: Employee,
    frame: Frame,
    Path(id): Path<u32>,
    Form(form): Form<DeclineForm>,
) -> Result<Response, Problem> {
    let reason = match form.read() {
        Ok(reason) => reason.to_owned(),
        Err(faults) => return Ok(QueuedPage { form, faults, ..page(&employee, frame, id).await? }.answer()),
    };
    let decided = decide(&employee, id, Some(&reason)).await?;
    after(&employee, frame, id, decided).await
}
