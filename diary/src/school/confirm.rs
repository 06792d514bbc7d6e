//! Confirmation page before a parent is taken off a card.

use axum::extract::Path;
use web::{ConfirmPage, Frame, Page, Problem};

use super::{Employee, SchoolNav, address::card_path};
use crate::register::RegisterError;

/// `GET /school/pupils/{pupil}/parents/{parent}/remove`: asks before a parent is taken off the card.
pub(crate) async fn remove_parent(
    employee: Employee,
    frame: Frame,
    Path((key, parent)): Path<(String, String)>,
) -> Result<Page<ConfirmPage>, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let (nav, pupil) = (SchoolNav::of(visitor, diary)?, employee.card(diary, &key)?);
        let staff = employee.staff(diary)?;
        if !staff.may_correct(pupil) {
            return Err(RegisterError::NotYours);
        }
        let on_card = pupil.parents.contains(&parent).then(|| diary.register.parent(&parent)).flatten();
        let about = format!("{} — {}", on_card.ok_or(RegisterError::NoParent)?.name, pupil.name);
        Ok((nav, about))
    });
    let (nav, about) = read.await??;
    let back = card_path(&key);
    let encoded: String = url::form_urlencoded::byte_serialize(parent.as_bytes()).collect();
    Ok(Page(ConfirmPage {
        frame: visitor.frame(frame).with_menu(nav.menu),
        tone: "grey",
        question: "Убрать родителя из карточки?",
        about,
        consequence: "Родителю больше не откроется дневник этого ребёнка. Вернуть родителя в карточку можно в любое время.",
        button: "Да, убрать",
        action: format!("{back}/parents/{encoded}/remove"),
        back,
    }))
}
