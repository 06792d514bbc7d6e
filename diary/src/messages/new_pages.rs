//! `/messages/new` and `/messages/families`: new threads begun by a family and by a teacher.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use web::{Form, Frame, Page, Problem, Query, see_other};
use worlds::ActError;

use super::{
    forms::{FamilyLetter, Letter},
    model::MessageError,
    nav::Sections,
    pages::Written,
    view::{self, FamilyView, TeacherView},
};
use crate::{
    event::DiaryEvent,
    pupil::{PupilView, open_views},
    signin::Visitor,
};

/// Begins a thread in the visitor's name and returns its number.
pub(super) async fn send(visitor: &Visitor, letter: &Letter) -> Result<u32, ActError<MessageError>> {
    let sent = visitor.world.act(|diary, now, _| {
        let (event, id) = diary.begin_thread(&visitor.who, letter, now)?;
        Ok((vec![DiaryEvent::Messages { event }], id))
    });
    sent.await
}

/// Begins a thread in the name of the visitor as a teacher and returns its number.
pub(super) async fn send_to_family(visitor: &Visitor, letter: &FamilyLetter) -> Result<u32, ActError<MessageError>> {
    let sent = visitor.world.act(|diary, now, _| {
        let (event, id) = diary.begin_with_family(&visitor.who, letter, now)?;
        Ok((vec![DiaryEvent::Messages { event }], id))
    });
    sent.await
}

/// Query of the form: key of the pupil whom a new thread is about.
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

impl Written for NewPage {
    fn error(&self) -> Option<MessageError> {
        self.error
    }
}

async fn new_page(visitor: &Visitor, frame: Frame, letter: Letter) -> Result<NewPage, Problem> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| {
        let teachers = view::teachers(diary, who, &letter.pupil)?;
        let pupil = open_views(diary, who)?.into_iter().find(|one| one.key == letter.pupil);
        Ok::<_, Problem>((Sections::of(diary, visitor), pupil.ok_or(MessageError::NoPupil)?, teachers))
    });
    let (nav, pupil, teachers) = read.await??;
    Ok(NewPage { frame: visitor.frame(frame).with_menu(nav.menu.clone()), nav, pupil, teachers, letter, error: None })
}

/// `GET /messages/new`: shows the form for a message to a teacher.
pub(crate) async fn new(visitor: Visitor, frame: Frame, Query(about): Query<About>) -> Result<Response, Problem> {
    let letter = Letter { pupil: about.pupil.unwrap_or_default(), ..Letter::default() };
    Ok(new_page(&visitor, frame, letter).await?.answer())
}

/// `POST /messages/new`: begins a thread with a teacher.
pub(crate) async fn begin(visitor: Visitor, frame: Frame, Form(letter): Form<Letter>) -> Result<Response, Problem> {
    match send(&visitor, &letter).await {
        Ok(id) => Ok(see_other(&visitor.world_url, &format!("/messages/{id}"))),
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

/// `GET /messages/families`: lists the families to which a teacher may write.
pub(crate) async fn families(visitor: Visitor, frame: Frame) -> Result<Page<FamiliesPage>, Problem> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| (Sections::of(diary, &visitor), view::families(diary, who)));
    let (nav, families) = read.await?;
    Ok(Page(FamiliesPage { frame: visitor.frame(frame).with_menu(nav.menu), families }))
}

#[derive(Template)]
#[template(path = "messages/family.html")]
struct FamilyPage {
    frame: Frame,
    /// «Фамилия Имя Отчество» of the recipient.
    to: String,
    pupil: String,
    class: String,
    letter: FamilyLetter,
    error: Option<MessageError>,
}

impl Written for FamilyPage {
    fn error(&self) -> Option<MessageError> {
        self.error
    }
}

async fn family_page(visitor: &Visitor, frame: Frame, letter: FamilyLetter) -> Result<FamilyPage, Problem> {
    let who = &visitor.who;
    let read = visitor.world.read(|diary, _| {
        let family = letter.family();
        let to = diary.register.identity(&family.id()).filter(|_| diary.may_write_to(who, &letter.pupil, &family));
        let pupil = diary.register.pupil(&letter.pupil);
        let (pupil, (to, _)) = pupil.zip(to).ok_or(MessageError::NoFamily)?;
        let names = (to.to_string(), pupil.name.to_string(), pupil.class.clone());
        Ok::<_, MessageError>((Sections::of(diary, visitor), names))
    });
    let (nav, (to, pupil, class)) = read.await??;
    Ok(FamilyPage { frame: visitor.frame(frame).with_menu(nav.menu), to, pupil, class, letter, error: None })
}

/// `GET /messages/families/new`: shows the form for a message to a family.
pub(crate) async fn new_to_family(
    visitor: Visitor,
    frame: Frame,
    Query(letter): Query<FamilyLetter>,
) -> Result<Response, Problem> {
    Ok(family_page(&visitor, frame, letter).await?.answer())
}

/// `POST /messages/families/new`: begins a thread with a family member.
pub(crate) async fn begin_with_family(
    visitor: Visitor,
    frame: Frame,
    Form(letter): Form<FamilyLetter>,
) -> Result<Response, Problem> {
    match send_to_family(&visitor, &letter).await {
        Ok(id) => Ok(see_other(&visitor.world_url, &format!("/messages/{id}"))),
        Err(ActError::Refused(error)) => {
            Ok(FamilyPage { error: Some(error), ..family_page(&visitor, frame, letter).await? }.answer())
        }
        Err(error @ ActError::Store(_)) => Err(error.into()),
    }
}
