//! `/diary`.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use web::{Frame, Page, Trouble, see_other};

use super::view::{DiaryView, PupilView, diary_of, open_to};
use crate::signin::Visitor;

#[derive(Template)]
#[template(path = "pupil/diary.html")]
pub(crate) struct DiaryPage {
    frame: Frame,
    is_staff: bool,
    /// All that the visitor may open.
    open: Vec<PupilView>,
    /// The one that is open, unless it is still to be chosen.
    shown: Option<DiaryView>,
}

/// `GET /diary`: the only diary that is open to the visitor, or the choice.
pub(crate) async fn home(visitor: Visitor, frame: Frame) -> Result<Response, Trouble> {
    let who = &visitor.who;
    if who.home() == "/school" {
        return Ok(see_other(&visitor.place, "/school"));
    }
    let (open, shown) = visitor
        .world
        .read(|diary, _| {
            let open = open_to(diary, who)?;
            let shown = match open.as_slice() {
                [only] => Some(diary_of(diary, who, &only.key)?),
                _ => None,
            };
            Ok::<_, Trouble>((open, shown))
        })
        .await??;
    Ok(Page(DiaryPage { frame: visitor.frame(frame), is_staff: who.staff.is_some(), open, shown }).into_response())
}

/// `GET /diary/{pupil}`
pub(crate) async fn diary(visitor: Visitor, frame: Frame, Path(key): Path<String>) -> Result<Page<DiaryPage>, Trouble> {
    let who = &visitor.who;
    let (open, shown) =
        visitor.world.read(|diary, _| Ok::<_, Trouble>((open_to(diary, who)?, diary_of(diary, who, &key)?))).await??;
    Ok(Page(DiaryPage { frame: visitor.frame(frame), is_staff: who.staff.is_some(), open, shown: Some(shown) }))
}
