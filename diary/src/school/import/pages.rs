//! `/school/import`: checks the file, shows what it would change, and then imports it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use web::{Frame, Page, Problem, Upload};

use super::{
    FileFaults,
    export::{download, register, template},
    plan::{Plan, PlanView, plan},
    read::read,
    text::{Sheet, sheet},
};
use crate::{
    event::DiaryEvent,
    register::Role,
    school::{Employee, SchoolNav},
    state::Diary,
};

#[derive(Template)]
#[template(path = "school/import.html")]
pub(crate) struct ImportPage {
    frame: Frame,
    nav: SchoolNav,
    /// Text of the uploaded file; empty if the file cannot be decoded.
    text: String,
    /// Changes that the file would make, or has made.
    plan: Option<PlanView>,
    is_done: bool,
    faults: FileFaults,
}

async fn page(employee: &Employee, frame: Frame) -> Result<ImportPage, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        employee.staff_as(diary, Role::Administrator)?;
        Ok::<_, Problem>(SchoolNav::of(&employee.visitor, diary)?)
    });
    let nav = read.await??;
    let frame = visitor.frame(frame).with_menu(nav.menu.clone());
    Ok(ImportPage { frame, nav, text: String::new(), plan: None, is_done: false, faults: FileFaults::default() })
}

/// `GET /school/import`: shows the upload form.
pub(crate) async fn form(employee: Employee, frame: Frame) -> Result<Page<ImportPage>, Problem> {
    Ok(Page(page(&employee, frame).await?))
}

/// Plan of the changes of a file, or all its faults.
type Checked = Result<Plan, FileFaults>;

fn checked(employee: &Employee, diary: &Diary, bytes: &[u8], today: chrono::NaiveDate) -> Result<Checked, Problem> {
    let staff = employee.staff_as(diary, Role::Administrator)?;
    let (lines, faults) = read(bytes, today);
    Ok(match plan(diary, staff, &lines) {
        Ok(plan) if faults.is_empty() => Ok(plan),
        Ok(_) => Err(faults),
        Err(conflicts) => Err(faults.and(conflicts)),
    })
}

/// Checks a file, and imports it if `takes` is set and the file has no faults.
pub(super) async fn import(
    employee: &Employee,
    bytes: &[u8],
    takes: bool,
) -> Result<Result<PlanView, FileFaults>, Problem> {
    let world = &employee.visitor.world;
    if !takes {
        let read = world.read(|diary, now| checked(employee, diary, bytes, worlds::moscow::date(now)));
        return Ok(read.await??.map(|plan| plan.view));
    }
    let outcome = world.act::<_, Problem>(|diary, now, _| {
        let by = employee.staff_as(diary, Role::Administrator)?.name.to_string();
        Ok(match checked(employee, diary, bytes, worlds::moscow::date(now))? {
            Ok(Plan { pupils, view }) if pupils.is_empty() => (Vec::new(), Ok(view)),
            Ok(Plan { pupils, view }) => (vec![DiaryEvent::RegisterImported { by, pupils }], Ok(view)),
            Err(faults) => (Vec::new(), Err(faults)),
        })
    });
    Ok(outcome.await?)
}

/// `POST /school/import`: checks a file, and imports it in the second step.
pub(crate) async fn upload(employee: Employee, frame: Frame, upload: Upload) -> Result<Response, Problem> {
    let bytes = [upload.bytes("file"), upload.bytes("text")].into_iter().find(|bytes| !bytes.is_empty());
    let bytes = bytes.unwrap_or_default();
    let takes = upload.bytes("step") == b"import";
    let outcome = import(&employee, bytes, takes).await?;
    let page = page(&employee, frame).await?;
    let text = sheet(bytes).map(Sheet::into_text).unwrap_or_default();
    Ok(match outcome {
        Ok(view) => Page(ImportPage { text, plan: Some(view), is_done: takes, ..page }).into_response(),
        Err(faults) => Page(ImportPage { text, faults, ..page }).with(StatusCode::BAD_REQUEST),
    })
}

/// `GET /school/import/template.csv`: returns the column titles without pupils.
pub(crate) async fn empty(employee: Employee) -> Result<Response, Problem> {
    let read = employee.visitor.world.read(|diary, _| employee.staff_as(diary, Role::Administrator).map(|_| ()));
    read.await??;
    download("template.csv", template())
}

/// `GET /school/register.csv`: returns the register of the employee's school.
pub(crate) async fn whole(employee: Employee) -> Result<Response, Problem> {
    let read = employee.visitor.world.read(|diary, _| {
        let staff = employee.staff_as(diary, Role::Administrator)?;
        Ok::<_, Problem>(register(diary, staff))
    });
    download("register.csv", read.await??)
}
