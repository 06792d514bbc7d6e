//! The feedback form that refusals link to (R001.2, R001.5).

use askama::Template;
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, Json, Page, Problem};
use worlds::World;

use crate::{
    event::DiaryEvent,
    state::{Diary, FeedbackTotals},
};

/// Maximum length of a text, bytes: about 4,000 Russian letters.
const TEXT_LIMIT: usize = 8_000;
/// Maximum length of a contact, bytes.
const CONTACT_LIMIT: usize = 400;
/// Maximum number of messages in a world; the form is open to anybody.
const MESSAGES: usize = 1_000;
/// Maximum size of all messages of a world together, bytes.
const TOGETHER: usize = 1024 * 1024;

/// What somebody writes to the school.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct Feedback {
    /// What is the matter.
    text: String,
    /// How to answer: a phone or an e-mail. May be empty.
    #[serde(default)]
    contact: String,
}

impl Feedback {
    /// Returns the first faulty field with a Russian explanation.
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.text.trim().is_empty() {
            return Some(("text", "Напишите, что случилось"));
        }
        if self.text.len() > TEXT_LIMIT {
            return Some(("text", "Слишком длинно: помещается 8000 байт, это около 4000 русских букв"));
        }
        let is_long = self.contact.len() > CONTACT_LIMIT;
        is_long.then_some(("contact", "Слишком длинно: помещается 400 байт, это около 200 русских букв"))
    }
}

impl Feedback {
    /// Decides whether the world can keep this message in addition to those it has; 507 when a limit is reached.
    fn left(&self, kept: FeedbackTotals) -> Result<DiaryEvent, Problem> {
        if kept.messages >= MESSAGES || kept.bytes + self.text.len() + self.contact.len() > TOGETHER {
            return Err(full());
        }
        Ok(DiaryEvent::FeedbackLeft { text: self.text.clone(), contact: self.contact.clone() })
    }
}

#[derive(Template)]
#[template(path = "feedback.html")]
pub(crate) struct FeedbackPage {
    frame: Frame,
    school: String,
    given: Feedback,
    fault: Option<(&'static str, &'static str)>,
    is_taken: bool,
}

impl FeedbackPage {
    fn at(&self, field: &str) -> Option<&'static str> {
        self.fault.filter(|(at, _)| *at == field).map(|(_, text)| text)
    }
}

async fn page(world: &World<Diary>, frame: Frame, given: Feedback) -> Result<FeedbackPage, Problem> {
    let school = world.read(|diary, _| diary.config.school_name()).await?;
    Ok(FeedbackPage { frame, school, given, fault: None, is_taken: false })
}

/// `GET /feedback`: shows the empty form.
pub(crate) async fn form(InWorld { world, .. }: InWorld<Diary>, frame: Frame) -> Result<Page<FeedbackPage>, Problem> {
    Ok(Page(page(&world, frame, Feedback::default()).await?))
}

async fn keep(world: &World<Diary>, given: &Feedback) -> Result<(), Problem> {
    Ok(world.act(|diary, _, _| Ok::<_, Problem>((vec![given.left(diary.feedback)?], ()))).await?)
}

fn full() -> Problem {
    let message = "Обращений слишком много: больше школа сейчас не принимает";
    Problem::new(StatusCode::INSUFFICIENT_STORAGE, "feedback-full", message)
        .or("Позвоните в школу. Тестировщику: в этом мире уже 1000 обращений или мегабайт текста, нужен новый мир")
}

/// `POST /feedback`: records a message, or shows the form again with its fault.
pub(crate) async fn leave(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Form(given): Form<Feedback>,
) -> Result<Response, Problem> {
    let fault = given.fault();
    if fault.is_some() {
        let page = FeedbackPage { fault, ..page(&world, frame, given).await? };
        return Ok(Page(page).with(StatusCode::BAD_REQUEST));
    }
    keep(&world, &given).await?;
    let page = FeedbackPage { is_taken: true, ..page(&world, frame, given).await? };
    Ok(Page(page).with(StatusCode::OK))
}

/// Writes to the school.
#[utoipa::path(post, path = "/api/feedback", tag = "feedback", request_body = Feedback,
    responses((status = 204), (status = 400), (status = 507)))]
pub(crate) async fn leave_json(
    InWorld { world, .. }: InWorld<Diary>,
    Json(given): Json<Feedback>,
) -> Result<StatusCode, Problem> {
    if let Some((field, text)) = given.fault() {
        return Err(Problem::bad_request(field, text));
    }
    keep(&world, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: usize, contact: usize) -> Feedback {
        Feedback { text: "x".repeat(text), contact: "x".repeat(contact) }
    }

    #[test]
    fn a_message_is_counted_in_bytes() {
        assert_eq!(given(8_000, 400).fault(), None);
        assert_eq!(given(8_001, 0).fault().map(|(field, _)| field), Some("text"));
        assert_eq!(given(1, 401).fault().map(|(field, _)| field), Some("contact"));
        let letters = |count: usize| Feedback { text: "😀".repeat(count), contact: String::new() };
        assert!(letters(2_000).fault().is_none() && letters(2_001).fault().is_some());
    }

    #[test]
    fn a_world_takes_a_thousand_messages_or_a_megabyte() {
        let kept = |messages, bytes| FeedbackTotals { messages, bytes };
        assert!(given(1, 0).left(kept(999, 0)).is_ok());
        let full = given(1, 0).left(kept(1_000, 0)).unwrap_err();
        assert_eq!((full.status.as_u16(), full.code), (507, "feedback-full"));
        assert!(given(4, 6).left(kept(1, 1024 * 1024 - 10)).is_ok());
        assert!(given(4, 7).left(kept(1, 1024 * 1024 - 10)).is_err());
    }
}
