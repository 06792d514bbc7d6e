//! `/messages`: the list of threads, and one thread.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use web::{Form, Frame, Page, Problem, Query, see_other};
use worlds::ActError;

use super::{
    forms::AnswerForm,
    model::{MessageError, TEXT_LIMIT, TOPIC_LIMIT},
    nav::Sections,
    view::{self, LISTED, Older, OpenThreadView, ThreadView},
};
use crate::{
    event::DiaryEvent,
    pupil::{PupilView, open_views},
    register::Who,
    signin::Visitor,
    state::Diary,
};

/// Returns the pupils whose diaries are open to the visitor.
///
/// # Errors
/// Returns the reason if there is none and the visitor is not an employee.
fn children(diary: &Diary, who: &Who) -> Result<Vec<PupilView>, Problem> {
    match open_views(diary, who) {
        Err(_) if who.staff.is_some() => Ok(Vec::new()),
        open => Ok(open?),
    }
}

/// Adds a message to one of the visitor's threads.
pub(super) async fn write(visitor: &Visitor, id: u32, form: &AnswerForm) -> Result<(), ActError<MessageError>> {
    let written = visitor.world.act(|diary, now, _| {
        let event = diary.answer(&visitor.who, id, &form.text, now)?;
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
    /// Parameter `before` of the next part, if there is one.
    next: Option<u64>,
}

impl ListPage {
    fn new_path(&self, pupil: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("pupil", pupil).finish();
        self.frame.path(&format!("/messages/new?{query}"))
    }
}

/// `GET /messages`: lists the visitor's threads, newest first.
pub(crate) async fn list(visitor: Visitor, frame: Frame, Query(part): Query<Older>) -> Result<Page<ListPage>, Problem> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| {
        Ok::<_, Problem>((Sections::of(diary, &visitor), children(diary, who)?, view::list(diary, who, &part)))
    });
    let (nav, children, threads) = read.await??;
    let next = threads.last().filter(|_| threads.len() == LISTED).map(|last| last.last);
    Ok(Page(ListPage { frame: visitor.frame(frame).with_menu(nav.menu.clone()), nav, children, threads, next }))
}

/// Page with a form for a message.
pub(super) trait Written: Template + Sized {
    const TEXT_LIMIT: usize = TEXT_LIMIT;
    const TOPIC_LIMIT: usize = TOPIC_LIMIT;

    /// Returns the reason why the message was not sent.
    fn error(&self) -> Option<MessageError>;

    /// Returns the fault of a field.
    fn fault(&self, field: &str) -> Option<String> {
        self.error().filter(|error| error.field() == Some(field)).map(|error| error.to_string())
    }

    fn answer(self) -> Response {
        let status = self.error().map_or(StatusCode::OK, MessageError::status);
        Page(self).with(status)
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
    fn path(&self) -> String {
        self.frame.path(&format!("/messages/{}", self.open.thread.id))
    }
}

impl Written for ThreadPage {
    fn error(&self) -> Option<MessageError> {
        self.error
    }
}

/// Shows a thread and marks it as read in one atomic step, so that no message is marked without being shown.
async fn thread_page(visitor: &Visitor, frame: Frame, id: u32) -> Result<ThreadPage, Problem> {
    let who = &visitor.who;
    let shown = visitor.world.act(|diary: &Diary, _, _| {
        let (open, event) = (view::one(diary, who, id)?, diary.mark_read(who, id)?);
        let mut nav = Sections::of(diary, visitor);
        nav.read(open.thread.unread);
        let events = event.map(|event| DiaryEvent::Messages { event }).into_iter().collect();
        Ok::<_, MessageError>((events, (nav, open)))
    });
    let (nav, open) = shown.await?;
    Ok(ThreadPage {
        frame: visitor.frame(frame).with_menu(nav.menu.clone()),
        nav,
        open,
        form: AnswerForm::default(),
        error: None,
    })
}

/// `GET /messages/{id}`: shows a thread and marks it as read.
pub(crate) async fn thread(visitor: Visitor, frame: Frame, Path(id): Path<u32>) -> Result<Response, Problem> {
    Ok(thread_page(&visitor, frame, id).await?.answer())
}

/// `POST /messages/{id}`: adds a message to a thread.
pub(crate) async fn answer(
    visitor: Visitor,
    frame: Frame,
    Path(id): Path<u32>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    match write(&visitor, id, &form).await {
        Ok(()) => Ok(see_other(&visitor.world_url, &format!("/messages/{id}"))),
        Err(ActError::Refused(MessageError::Unknown)) => Err(MessageError::Unknown.into()),
        Err(ActError::Refused(error)) => {
            Ok(ThreadPage { form, error: Some(error), ..thread_page(&visitor, frame, id).await? }.answer())
        }
        Err(error @ ActError::Store(_)) => Err(error.into()),
    }
}
