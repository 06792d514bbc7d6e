//! `/diary`, and `/desk` for visitors without a diary.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use web::{Frame, Page, Problem, Query, see_other};

use super::{
    marks::MarksTable,
    plots::{self, AttendancePlot, MarksPlot},
    view::{DiaryView, Part, PupilView, diary_of, open_views},
};
use crate::{
    menu::menu,
    signin::{Refusal, Visitor, Words},
    state::Diary,
};

#[derive(Template)]
#[template(path = "pupil/diary.html")]
pub(crate) struct DiaryPage {
    frame: Frame,
    /// Pupils whose diaries the visitor may open.
    open: Vec<PupilView>,
    /// Diary on the page; `None` while the visitor still has to choose one.
    shown: Option<DiaryView>,
    /// Whether the visitor used a password before, and this is the first session through Gosuslugi.
    used_password: bool,
    today: NaiveDate,
}

impl DiaryPage {
    /// Checks whether the page shows the diary of this pupil.
    fn shows(&self, key: &str) -> bool {
        self.shown.as_ref().is_some_and(|diary| diary.pupil.key == key)
    }

    fn path(&self, key: &str) -> String {
        self.frame.path(&format!("/diary/{key}"))
    }

    /// Returns the name of the shown term, for the titles of tables and plots.
    fn term(diary: &DiaryView) -> &str {
        let shown = diary.term.and_then(|number| diary.terms.get(number.checked_sub(1)?));
        shown.map_or("четверть", |term| &term.title)
    }

    fn table(diary: &DiaryView) -> MarksTable<'_> {
        MarksTable::of(&diary.marks)
    }

    fn marks_plots(diary: &DiaryView) -> Vec<MarksPlot<'_>> {
        plots::of_marks(diary)
    }

    fn attendance_plot(diary: &DiaryView) -> AttendancePlot<'_> {
        plots::of_attendance(&diary.weeks)
    }
}

async fn page(visitor: Visitor, frame: Frame, wanted: Option<&str>, part: Part) -> Result<DiaryPage, Problem> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, now| {
        let (open, today) = (open_views(diary, who)?, worlds::moscow::date(now));
        let key = wanted.or(match open.as_slice() {
            [only] => Some(&only.key),
            _ => None,
        });
        let shown = key.map(|key| diary_of(diary, who, key, &part, today)).transpose()?;
        let used_password = who.key().is_some_and(|key| diary.taken_over.get(key) == Some(&visitor.session));
        Ok::<_, Problem>((open, shown, used_password, today, menu(diary, &visitor)))
    });
    let (open, shown, used_password, today, menu) = read.await??;
    Ok(DiaryPage { frame: visitor.frame(frame).with_menu(menu), open, shown, used_password, today })
}

/// `GET /diary`: shows the diary if only one is open to the visitor, or else the choice.
pub(crate) async fn home(visitor: Visitor, frame: Frame, Query(part): Query<Part>) -> Result<Response, Problem> {
    if visitor.who.home() != "/diary" {
        return Ok(see_other(&visitor.world_url, visitor.who.home()));
    }
    Ok(Page(page(visitor, frame, None, part).await?).into_response())
}

/// `GET /diary/{pupil}`: shows marks, timetable and attendance.
pub(crate) async fn diary(
    visitor: Visitor,
    frame: Frame,
    Path(key): Path<String>,
    Query(part): Query<Part>,
) -> Result<Page<DiaryPage>, Problem> {
    Ok(Page(page(visitor, frame, Some(&key), part).await?))
}

#[derive(Template)]
#[template(path = "pupil/desk.html")]
pub(crate) struct DeskPage {
    frame: Frame,
    school: String,
    /// Title of the diary's icon, if a diary is open to the visitor.
    icon: Option<String>,
    is_staff: bool,
    /// Whether the visitor may apply for access to a diary.
    may_apply: bool,
    /// Reason why no diary is open to the visitor.
    why: Option<Words>,
}

/// Returns the reason why the visitor has no diary: unknown to the register, or no longer attached to a pupil.
fn why_no_diary(diary: &Diary, visitor: &Visitor) -> Option<Refusal> {
    match &visitor.stranger {
        Some(stranger) => Some(stranger.refusal.clone()),
        None if open_views(diary, &visitor.who).is_ok() => None,
        None => diary.register.admit_parent(&visitor.who, &mut Vec::new()).err(),
    }
}

/// `GET /desk`: shows the icons that are open to the visitor; without the diary's icon, also the reason (R004.3,
/// R003.5).
pub(crate) async fn desk(visitor: Visitor, frame: Frame) -> Result<Page<DeskPage>, Problem> {
    let page = visitor.world.read(|diary, _| {
        let profile = &diary.config.profile;
        DeskPage {
            frame: visitor.frame(frame).with_menu(menu(diary, &visitor)),
            school: diary.config.school_name(),
            icon: open_views(diary, &visitor.who).is_ok().then(|| profile.icon.clone()),
            is_staff: visitor.who.staff.is_some(),
            may_apply: visitor.may_apply(diary),
            why: why_no_diary(diary, &visitor).map(|refusal| refusal.words(profile)),
        }
    });
    Ok(Page(page.await?))
}
