//! JSON API of messages, and the code, status and next step of each refusal.

use axum::{extract::Path, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Json, Problem, Query};

use super::{
    forms::{AnswerForm, FamilyLetter, Letter},
    model::MessageError,
    new_pages::{send, send_to_family},
    pages::write,
    view::{self, FamilyView, Older, OpenThreadView, TeacherView, ThreadView},
};
use crate::{event::DiaryEvent, signin::Visitor, state::Diary};

impl MessageError {
    /// Returns a stable code for pages, logs and tests.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::NoPupil => "no-such-pupil",
            Self::NoTeacher => "no-such-teacher",
            Self::NoFamily => "no-such-family",
            Self::Closed => "thread-closed",
            Self::NoTopic => "topic-empty",
            Self::LongTopic => "topic-too-long",
            Self::NoText => "text-empty",
            Self::LongText => "text-too-long",
            Self::Full => "thread-full",
            Self::TooMany => "too-many-messages",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Unknown | Self::NoPupil | Self::NoFamily => StatusCode::NOT_FOUND,
            Self::NoTeacher | Self::NoTopic | Self::LongTopic | Self::NoText | Self::LongText => {
                StatusCode::BAD_REQUEST
            }
            Self::Closed | Self::Full => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// Returns the form field at which the refusal is shown.
    pub(crate) const fn field(self) -> Option<&'static str> {
        match self {
            Self::NoTeacher => Some("teacher"),
            Self::NoTopic | Self::LongTopic => Some("topic"),
            Self::NoText | Self::LongText => Some("text"),
            Self::NoPupil => Some("pupil"),
            Self::Unknown | Self::NoFamily | Self::Closed | Self::Full | Self::TooMany => None,
        }
    }

    /// Returns the next step for the person, in Russian.
    pub(crate) const fn way_out(self) -> &'static str {
        match self {
            Self::Unknown => "Все ваши переписки — на странице «Сообщения»",
            Self::NoPupil => "Выберите ученика на странице «Сообщения»",
            Self::NoTeacher => "Выберите учителя из списка",
            Self::NoFamily => "Кому можно написать — на странице «Написать семье»",
            Self::Closed => "Прежние сообщения остаются, новых написать нельзя",
            Self::NoTopic | Self::LongTopic | Self::NoText | Self::LongText => "Исправьте и отправьте ещё раз",
            Self::Full => "Начните новую переписку",
            Self::TooMany => "Подождите и отправьте ещё раз",
        }
    }
}

/// A new thread.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BegunView {
    /// Number of the new thread, as in its address.
    id: u32,
}

/// How many messages wait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnreadView {
    /// Messages that I have not read.
    unread: usize,
}

/// To whom I may write about a pupil (R003.4).
#[utoipa::path(get, path = "/api/diary/{pupil}/teachers", tag = "messages",
    responses((status = 200, body = [TeacherView]), (status = 401), (status = 404)))]
pub(crate) async fn teachers(visitor: Visitor, Path(pupil): Path<String>) -> Result<Json<Vec<TeacherView>>, Problem> {
    Ok(Json(visitor.world.read(|diary, _| view::teachers(diary, &visitor.who, &pupil)).await??))
}

/// My threads, the newest first.
#[utoipa::path(get, path = "/api/messages", tag = "messages", params(Older),
    responses((status = 200, body = [ThreadView]), (status = 400), (status = 401)))]
pub(crate) async fn list(visitor: Visitor, Query(part): Query<Older>) -> Result<Json<Vec<ThreadView>>, Problem> {
    Ok(Json(visitor.world.read(|diary, _| view::list(diary, &visitor.who, &part)).await?))
}

/// How many messages I have not read.
#[utoipa::path(get, path = "/api/messages/unread", tag = "messages",
    responses((status = 200, body = UnreadView), (status = 401)))]
pub(crate) async fn unread(visitor: Visitor) -> Result<Json<UnreadView>, Problem> {
    let unread = visitor.world.read(|diary, _| diary.unread_of(&visitor.who)).await?;
    Ok(Json(UnreadView { unread }))
}

/// Begins a thread with a teacher.
#[utoipa::path(post, path = "/api/messages", tag = "messages", request_body = Letter,
    responses((status = 201, body = BegunView), (status = 400), (status = 401), (status = 404), (status = 429)))]
pub(crate) async fn begin(
    visitor: Visitor,
    Json(letter): Json<Letter>,
) -> Result<(StatusCode, Json<BegunView>), Problem> {
    let id = send(&visitor, &letter).await?;
    Ok((StatusCode::CREATED, Json(BegunView { id })))
}

/// To whom I may write as a teacher: the pupils of my classes and their parents.
#[utoipa::path(get, path = "/api/messages/families", tag = "messages",
    responses((status = 200, body = [FamilyView]), (status = 401)))]
pub(crate) async fn families(visitor: Visitor) -> Result<Json<Vec<FamilyView>>, Problem> {
    Ok(Json(visitor.world.read(|diary, _| view::families(diary, &visitor.who)).await?))
}

/// Begins a thread with a pupil of one of my classes, or with a parent.
#[utoipa::path(post, path = "/api/messages/families", tag = "messages", request_body = FamilyLetter,
    responses((status = 201, body = BegunView), (status = 400), (status = 401), (status = 404), (status = 429)))]
pub(crate) async fn begin_with_family(
    visitor: Visitor,
    Json(letter): Json<FamilyLetter>,
) -> Result<(StatusCode, Json<BegunView>), Problem> {
    let id = send_to_family(&visitor, &letter).await?;
    Ok((StatusCode::CREATED, Json(BegunView { id })))
}

/// One of my threads. Reading it so marks nothing.
#[utoipa::path(get, path = "/api/messages/{id}", tag = "messages",
    responses((status = 200, body = OpenThreadView), (status = 401), (status = 404)))]
pub(crate) async fn one(visitor: Visitor, Path(id): Path<u32>) -> Result<Json<OpenThreadView>, Problem> {
    Ok(Json(visitor.world.read(|diary, _| view::one(diary, &visitor.who, id)).await??))
}

/// Writes into one of my threads.
#[utoipa::path(post, path = "/api/messages/{id}", tag = "messages", request_body = AnswerForm,
    responses((status = 204), (status = 400), (status = 401), (status = 404), (status = 409), (status = 429)))]
pub(crate) async fn answer(
    visitor: Visitor,
    Path(id): Path<u32>,
    Json(form): Json<AnswerForm>,
) -> Result<StatusCode, Problem> {
    write(&visitor, id, &form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Marks what the other side has written in a thread as read.
#[utoipa::path(post, path = "/api/messages/{id}/read", tag = "messages",
    responses((status = 204), (status = 401), (status = 404)))]
pub(crate) async fn read(visitor: Visitor, Path(id): Path<u32>) -> Result<StatusCode, Problem> {
    let marked = visitor.world.act(|diary: &Diary, _, _| {
        let event = diary.mark_read(&visitor.who, id)?;
        Ok::<_, MessageError>((event.map(|event| DiaryEvent::Messages { event }).into_iter().collect(), ()))
    });
    marked.await?;
    Ok(StatusCode::NO_CONTENT)
}
