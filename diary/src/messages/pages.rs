//! `/messages`.

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
    forms::{AnswerForm, FamilyLetter, Letter},
    model::{Family, MessageError, TEXT_LIMIT, TOPIC_LIMIT},
    view::{self, FamilyView, LISTED, Older, OpenThreadView, TeacherView, ThreadView},
};
use crate::{
    pupil::{PupilView, open_to},
    register::Who,
    school::SchoolNav,
    signin::Visitor,
    state::{Diary, DiaryEvent},
};

/// The head of the pages: which sections are open to the visitor.
pub(crate) struct Sections {
    has_diary: bool,
    /// The school's side, for whoever works there.
    school: Option<SchoolNav>,
    unread: usize,
    /// Somebody who teaches a class.
    teaches: bool,
}

impl Sections {
    fn of(diary: &Diary, who: &Who) -> Self {
        let staff = who.staff.as_ref().and_then(|key| diary.register.staff(key));
        let teaches = staff.is_some_and(|staff| !staff.classes.is_empty() || !staff.teaches.is_empty());
        let school = SchoolNav::of(who, diary).ok();
        Self { has_diary: who.home() == "/diary", school, unread: diary.unread_of(who), teaches }
    }

    /// So many fewer are unread.
    fn read(&mut self, count: usize) {
        self.unread = self.unread.saturating_sub(count);
        if let Some(unread) = self.school.as_mut().and_then(|nav| nav.messages.as_mut()) {
            *unread = unread.saturating_sub(count);
        }
    }
}

/// Whose diaries are open to the visitor.
///
/// # Errors
/// None, and nothing at school either: why.
fn children(diary: &Diary, who: &Who) -> Result<Vec<PupilView>, Trouble> {
    match open_to(diary, who) {
        Err(_) if who.staff.is_some() => Ok(Vec::new()),
        open => open,
    }
}

/// Begins a thread in the visitor's name; answers with its number.
pub(super) async fn send(visitor: &Visitor, letter: &Letter) -> Result<u32, ActError<MessageError>> {
    let sent = visitor.world.act(|diary, now, _| {
        let (event, id) = diary.begin_thread(&visitor.who, letter, now)?;
        Ok((vec![DiaryEvent::Messages { event }], id))
    });
    sent.await
}

/// Begins a thread in the visitor's name as a teacher; answers with its number.
pub(super) async fn send_to_family(visitor: &Visitor, letter: &FamilyLetter) -> Result<u32, ActError<MessageError>> {
    let sent = visitor.world.act(|diary, now, _| {
        let (event, id) = diary.begin_with_family(&visitor.who, letter, now)?;
        Ok((vec![DiaryEvent::Messages { event }], id))
    });
    sent.await
}

/// Writes into one of the visitor's threads.
pub(super) async fn write(visitor: &Visitor, id: u32, form: &AnswerForm) -> Result<(), ActError<MessageError>> {
    let written = visitor.world.act(|diary, now, _| {
        let event = diary.answer(&visitor.who, (id, &form.text), now)?;
        Ok((vec![DiaryEvent::Messages { event }], ()))
    });
    written.await
}

#[derive(Template)]
#[template(path = "messages/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    nav: Sections,
    children: Vec<PupilView>,
    threads: Vec<ThreadView>,
    /// `before` of the next part, if there is one.
    next: Option<u64>,
}

impl ListPage {
    fn new_path(&self, pupil: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("pupil", pupil).finish();
        self.frame.path(&format!("/messages/new?{query}"))
    }
}

/// `GET /messages`
pub(crate) async fn list(visitor: Visitor, frame: Frame, Query(part): Query<Older>) -> Result<Page<ListPage>, Trouble> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| {
        Ok::<_, Trouble>((Sections::of(diary, who), children(diary, who)?, view::list(diary, who, &part)))
    });
    let (nav, children, threads) = read.await??;
    let next = threads.last().filter(|_| threads.len() == LISTED).map(|last| last.last);
    Ok(Page(ListPage { frame: visitor.frame(frame), nav, children, threads, next }))
}

/// About whom a new thread is.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct About {
    pupil: Option<String>,
}

#[derive(Template)]
#[template(path = "messages/new.html")]
struct NewPage {
    frame: Frame,
    nav: Sections,
    pupil: PupilView,
    teachers: Vec<TeacherView>,
    letter: Letter,
    error: Option<MessageError>,
}

impl NewPage {
    const TEXT_LIMIT: usize = TEXT_LIMIT;
    const TOPIC_LIMIT: usize = TOPIC_LIMIT;

    fn fault(&self, field: &str) -> Option<String> {
        self.error.filter(|error| error.field() == Some(field)).map(|error| error.to_string())
    }

    fn answer(self) -> Response {
        let status = self.error.map_or(StatusCode::OK, MessageError::status);
        Page(self).with(status)
    }
}

async fn new_page(visitor: &Visitor, frame: Frame, letter: Letter) -> Result<NewPage, Trouble> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| {
        let teachers = view::teachers(diary, who, &letter.pupil)?;
        let pupil = open_to(diary, who)?.into_iter().find(|one| one.key == letter.pupil);
        Ok::<_, Trouble>((Sections::of(diary, who), pupil.ok_or(MessageError::NoPupil)?, teachers))
    });
    let (nav, pupil, teachers) = read.await??;
    Ok(NewPage { frame: visitor.frame(frame), nav, pupil, teachers, letter, error: None })
}

/// `GET /messages/new`
pub(crate) async fn new(visitor: Visitor, frame: Frame, Query(about): Query<About>) -> Result<Response, Trouble> {
    let letter = Letter { pupil: about.pupil.unwrap_or_default(), ..Letter::default() };
    Ok(new_page(&visitor, frame, letter).await?.answer())
}

/// `POST /messages/new`
pub(crate) async fn begin(visitor: Visitor, frame: Frame, Form(letter): Form<Letter>) -> Result<Response, Trouble> {
    match send(&visitor, &letter).await {
        Ok(id) => Ok(see_other(&visitor.place, &format!("/messages/{id}"))),
        Err(ActError::Refused(error)) => {
            Ok(NewPage { error: Some(error), ..new_page(&visitor, frame, letter).await? }.answer())
        }
        Err(error @ ActError::Store(_)) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "messages/families.html")]
pub(crate) struct FamiliesPage {
    frame: Frame,
    nav: Sections,
    families: Vec<FamilyView>,
}

impl FamiliesPage {
    fn write_path(&self, pupil: &str, parent: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("pupil", pupil);
        if !parent.is_empty() {
            query.append_pair("parent", parent);
        }
        self.frame.path(&format!("/messages/families/new?{}", query.finish()))
    }
}

/// `GET /messages/families`
pub(crate) async fn families(visitor: Visitor, frame: Frame) -> Result<Page<FamiliesPage>, Trouble> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| (Sections::of(diary, who), view::families(diary, who)));
    let (nav, families) = read.await?;
    Ok(Page(FamiliesPage { frame: visitor.frame(frame), nav, families }))
}

#[derive(Template)]
#[template(path = "messages/family.html")]
struct FamilyPage {
    frame: Frame,
    nav: Sections,
    /// «Фамилия Имя Отчество» of the one who is written to.
    to: String,
    pupil: String,
    class: String,
    letter: FamilyLetter,
    error: Option<MessageError>,
}

impl FamilyPage {
    const TEXT_LIMIT: usize = TEXT_LIMIT;
    const TOPIC_LIMIT: usize = TOPIC_LIMIT;

    fn fault(&self, field: &str) -> Option<String> {
        self.error.filter(|error| error.field() == Some(field)).map(|error| error.to_string())
    }

    fn answer(self) -> Response {
        let status = self.error.map_or(StatusCode::OK, MessageError::status);
        Page(self).with(status)
    }
}

async fn family_page(visitor: &Visitor, frame: Frame, letter: FamilyLetter) -> Result<FamilyPage, Trouble> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| {
        let parent = Some(&letter.parent).filter(|key| !key.is_empty());
        let family = parent.map_or_else(|| Family::Pupil(letter.pupil.clone()), |key| Family::Parent(key.clone()));
        let to = diary.register.identity(&family.id()).filter(|_| diary.may_write_to(who, &letter.pupil, &family));
        let pupil = diary.register.pupil(&letter.pupil);
        let (pupil, (to, _)) = pupil.zip(to).ok_or(MessageError::NoFamily)?;
        let names = (to.to_string(), pupil.name.to_string(), pupil.class.clone());
        Ok::<_, MessageError>((Sections::of(diary, who), names))
    });
    let (nav, (to, pupil, class)) = read.await??;
    Ok(FamilyPage { frame: visitor.frame(frame), nav, to, pupil, class, letter, error: None })
}

/// `GET /messages/families/new`
pub(crate) async fn new_to_family(
    visitor: Visitor,
    frame: Frame,
    Query(letter): Query<FamilyLetter>,
) -> Result<Response, Trouble> {
    Ok(family_page(&visitor, frame, letter).await?.answer())
}

/// `POST /messages/families/new`
pub(crate) async fn begin_with_family(
    visitor: Visitor,
    frame: Frame,
    Form(letter): Form<FamilyLetter>,
) -> Result<Response, Trouble> {
    match send_to_family(&visitor, &letter).await {
        Ok(id) => Ok(see_other(&visitor.place, &format!("/messages/{id}"))),
        Err(ActError::Refused(error)) => {
            Ok(FamilyPage { error: Some(error), ..family_page(&visitor, frame, letter).await? }.answer())
        }
        Err(error @ ActError::Store(_)) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "messages/thread.html")]
struct ThreadPage {
    frame: Frame,
    nav: Sections,
    open: OpenThreadView,
    form: AnswerForm,
    error: Option<MessageError>,
}

impl ThreadPage {
    const TEXT_LIMIT: usize = TEXT_LIMIT;

    fn path(&self) -> String {
        self.frame.path(&format!("/messages/{}", self.open.thread.id))
    }

    fn fault(&self, field: &str) -> Option<String> {
        self.error.filter(|error| error.field() == Some(field)).map(|error| error.to_string())
    }
}

/// Shows a thread, which is how it is read: what it says and the mark are one step, so that nothing is marked unseen.
async fn thread_page(visitor: &Visitor, frame: Frame, id: u32) -> Result<ThreadPage, Trouble> {
    let who = &visitor.who;
    let shown = visitor.world.act(|diary: &Diary, _, _| {
        let (open, event) = (view::one(diary, who, id)?, diary.mark_read(who, id)?);
        let mut nav = Sections::of(diary, who);
        nav.read(open.thread.unread);
        let events = event.map(|event| DiaryEvent::Messages { event }).into_iter().collect();
        Ok::<_, MessageError>((events, (nav, open)))
    });
    let (nav, open) = shown.await?;
    Ok(ThreadPage { frame: visitor.frame(frame), nav, open, form: AnswerForm::default(), error: None })
}

/// `GET /messages/{id}`
pub(crate) async fn thread(visitor: Visitor, frame: Frame, Path(id): Path<u32>) -> Result<Response, Trouble> {
    Ok(Page(thread_page(&visitor, frame, id).await?).into_response())
}

/// `POST /messages/{id}`
pub(crate) async fn answer(
    visitor: Visitor,
    frame: Frame,
    Path(id): Path<u32>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Trouble> {
    match write(&visitor, id, &form).await {
        Ok(()) => Ok(see_other(&visitor.place, &format!("/messages/{id}"))),
        Err(ActError::Refused(MessageError::Unknown)) => Err(MessageError::Unknown.into()),
        Err(ActError::Refused(error)) => {
            let page = thread_page(&visitor, frame, id).await?;
            Ok(Page(ThreadPage { form, error: Some(error), ..page }).with(error.status()))
        }
        Err(error @ ActError::Store(_)) => Err(error.into()),
    }
}
