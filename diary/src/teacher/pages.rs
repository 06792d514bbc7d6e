//! `/school/lessons`: a teacher's week and lessons.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use serde::Deserialize;
use web::{Form, Frame, Page, Problem, Query, see_other};

use super::{
    model::{LessonError, LessonForm},
    view::{LessonAddress, LessonPageView, Part, WeekView, enter, lesson_of, week_of},
};
use crate::{
    school::{Employee, SchoolNav},
    seed::AttendanceStatus,
};

#[derive(Template)]
#[template(path = "teacher/week.html")]
pub(crate) struct WeekPage {
    frame: Frame,
    nav: SchoolNav,
    view: WeekView,
    today: NaiveDate,
}

impl WeekPage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes references")]
    fn path(&self, class: &str, subject: &str, date: &NaiveDate) -> String {
        self.frame.path(&lesson_path(class, subject, &date.to_string()))
    }
}

/// Returns the path of a lesson.
fn lesson_path(class: &str, subject: &str, date: &str) -> String {
    // In a path, `+` does not stand for a space.
    let encoded =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("/school/lessons/{}/{}/{}", encoded(class), encoded(subject), encoded(date))
}

/// `GET /school/lessons`: shows the teacher's lessons of a week.
pub(crate) async fn week(
    employee: Employee,
    frame: Frame,
    Query(part): Query<Part>,
) -> Result<Page<WeekPage>, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, now| {
        let today = worlds::moscow::date(now);
        let view = week_of(&employee, diary, &part, today)?;
        Ok::<_, Problem>((SchoolNav::of(&employee.visitor, diary)?, view, today))
    });
    let (nav, view, today) = read.await??;
    Ok(Page(WeekPage { frame: visitor.frame(frame).with_menu(nav.menu.clone()), nav, view, today }))
}

/// Fields of the form by name, as `pupils.ваня.mark`.
type Fields = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "teacher/lesson.html")]
struct LessonPage {
    frame: Frame,
    view: LessonPageView,
    is_saved: bool,
    /// Current values of the fields.
    fields: Fields,
    faults: Vec<(String, String)>,
}

impl LessonPage {
    fn path(&self) -> String {
        self.frame.path(&lesson_path(&self.view.class, &self.view.subject, &self.view.date.to_string()))
    }

    #[expect(clippy::unused_self, reason = "a template calls methods")]
    fn name(&self, key: &str, field: &str) -> String {
        format!("pupils.{key}.{field}")
    }

    fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn fault(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(at, _)| at == name).map(|(_, text)| text.as_str())
    }

    /// Returns the faults of fields that the page does not have.
    fn other_faults(&self) -> impl Iterator<Item = &str> {
        let has = |name: &str| {
            name == "homework" || self.view.pupils.iter().any(|row| name.starts_with(&format!("pupils.{}.", row.key)))
        };
        self.faults.iter().filter(move |(at, _)| !has(at)).map(|(_, text)| text.as_str())
    }

    #[expect(clippy::unused_self, reason = "a template calls methods")]
    fn statuses(&self) -> [AttendanceStatus; 3] {
        AttendanceStatus::ALL
    }

    fn answer(self) -> Response {
        let status = if self.faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        Page(self).with(status)
    }
}

fn fields_of(view: &LessonPageView) -> Fields {
    let mut fields = Fields::new();
    fields.insert("homework".to_owned(), view.homework.clone().unwrap_or_default());
    for row in &view.pupils {
        let mut put = |field: &str, value: String| fields.insert(format!("pupils.{}.{field}", row.key), value);
        put("mark", row.mark.map(|mark| mark.to_string()).unwrap_or_default());
        put("weight", row.weight.unwrap_or(1).to_string());
        put("work", row.work.clone());
        put("attendance", row.attendance.map(|status| status.code().to_owned()).unwrap_or_default());
    }
    fields
}

async fn page(employee: &Employee, frame: Frame, address: &LessonAddress) -> Result<LessonPage, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, now| {
        let view = lesson_of(employee, diary, address, worlds::moscow::date(now))?;
        Ok::<_, Problem>((SchoolNav::of(&employee.visitor, diary)?, view))
    });
    let (nav, view) = read.await??;
    let fields = fields_of(&view);
    Ok(LessonPage {
        frame: visitor.frame(frame).with_menu(nav.menu),
        view,
        is_saved: false,
        fields,
        faults: Vec::new(),
    })
}

/// Query of a page after a change.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    saved: Option<String>,
}

/// `GET /school/lessons/{class}/{subject}/{date}`: shows one lesson.
pub(crate) async fn lesson(
    employee: Employee,
    frame: Frame,
    Path(address): Path<LessonAddress>,
    Query(said): Query<Said>,
) -> Result<Response, Problem> {
    Ok(LessonPage { is_saved: said.saved.is_some(), ..page(&employee, frame, &address).await? }.answer())
}

/// Parses the names of fields; the model validates their values.
fn read(fields: &Fields) -> Result<LessonForm, Problem> {
    let mut form = LessonForm::default();
    // A text that is not a number becomes -1, which the model refuses.
    let number = |text: &str| if text.trim().is_empty() { None } else { Some(text.trim().parse().unwrap_or(-1)) };
    for (name, value) in fields {
        match *name.split('.').collect::<Vec<_>>() {
            ["csrf"] => {}
            ["homework"] => form.homework = Some(value.replace("\r\n", "\n")),
            ["pupils", key, field @ ("mark" | "weight" | "work" | "attendance")] => {
                let row = form.pupils.entry(key.to_owned()).or_default();
                match field {
                    "mark" => row.mark = number(value),
                    "weight" => row.weight = number(value),
                    "work" => row.work.clone_from(value),
                    _ => row.attendance.clone_from(value),
                }
            }
            _ => return Err(Problem::bad_request(name.as_str(), "Такого поля нет")),
        }
    }
    Ok(form)
}

/// `POST /school/lessons/{class}/{subject}/{date}`: enters marks, attendance and homework.
pub(crate) async fn record(
    employee: Employee,
    frame: Frame,
    Path(address): Path<LessonAddress>,
    Form(typed): Form<Fields>,
) -> Result<Response, Problem> {
    let form = read(&typed)?;
    match enter(&employee, &address, &form).await? {
        Ok(()) => {
            let LessonAddress { class, subject, date } = &address;
            let path = format!("{}?saved=1", lesson_path(class, subject, date));
            Ok(see_other(&employee.visitor.world_url, &path).into_response())
        }
        Err(LessonError::Wrong(faults)) => {
            let mut page = LessonPage { faults, ..page(&employee, frame, &address).await? };
            page.fields.extend(typed);
            Ok(page.answer())
        }
        Err(error) => Err(error.into()),
    }
}
