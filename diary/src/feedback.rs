//! The form of feedback that refusals point to (R001.2, R001.5).

use askama::Template;
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, Json, Page, Trouble};
use worlds::World;

use crate::state::{Diary, DiaryEvent};

/// The longest text, characters.
const TEXT_LIMIT: usize = 4_000;
/// The longest contact, characters.
const CONTACT_LIMIT: usize = 200;

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
    /// The field at fault, and what is wrong with it.
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.text.trim().is_empty() {
            return Some(("text", "Напишите, что случилось"));
        }
        if self.text.chars().count() > TEXT_LIMIT {
            return Some(("text", "Не больше 4000 знаков"));
        }
        (self.contact.chars().count() > CONTACT_LIMIT).then_some(("contact", "Не больше 200 знаков"))
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

async fn page(world: &World<Diary>, frame: Frame, given: Feedback) -> Result<FeedbackPage, Trouble> {
    let school = world.read(|diary, _| diary.settled.school_name()).await?;
    Ok(FeedbackPage { frame, school, given, fault: None, is_taken: false })
}

/// `GET /feedback`
pub(crate) async fn form(InWorld { world, .. }: InWorld<Diary>, frame: Frame) -> Result<Page<FeedbackPage>, Trouble> {
    Ok(Page(page(&world, frame, Feedback::default()).await?))
}

async fn keep(world: &World<Diary>, given: &Feedback) -> Result<(), Trouble> {
    let event = DiaryEvent::FeedbackLeft { text: given.text.clone(), contact: given.contact.clone() };
    Ok(world.act::<_, Trouble>(|_, _, _| Ok((vec![event.clone()], ()))).await?)
}

/// `POST /feedback`
pub(crate) async fn leave(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Form(given): Form<Feedback>,
) -> Result<Response, Trouble> {
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
    responses((status = 204), (status = 400)))]
pub(crate) async fn leave_json(
    InWorld { world, .. }: InWorld<Diary>,
    Json(given): Json<Feedback>,
) -> Result<StatusCode, Trouble> {
    if let Some((field, text)) = given.fault() {
        return Err(Trouble::bad_request(field, text));
    }
    keep(&world, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}
