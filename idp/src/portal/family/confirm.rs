//! Confirmation pages for the deletion of a card's documents.

use axum::extract::Path;
use web::{ConfirmPage, Frame, InWorld, Page, Problem};
use worlds::World;

use super::{CardError, CardId, input};
use crate::{portal::accounts::SignedIn, state::Gosuslugi};

/// Returns the names of the child on the guardian's card and of the guardian.
async fn names(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(String, String), Problem> {
    let look = |state: &Gosuslugi, _| {
        let child = state.portal.family.own(CardId(id), me.oid())?.name.to_string();
        Ok::<_, CardError>((child, state.portal.name_of(me.oid())))
    };
    Ok(world.read(look).await??)
}

/// `GET /lk/family/{id}/certificate/delete`: asks before the data of the birth certificate are deleted.
pub(super) async fn certificate(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<ConfirmPage>, Problem> {
    let (child, who) = names(&world, &me, id).await?;
    Ok(Page(ConfirmPage {
        frame: frame.signed_in(who),
        tone: "",
        question: "Удалить данные свидетельства?",
        about: child,
        consequence: "Данные свидетельства о рождении исчезнут из карточки. Чтобы проверить их снова, их нужно будет ввести и отправить на проверку.",
        button: "Да, удалить",
        action: format!("/lk/family/{id}/certificate/delete"),
        back: format!("/lk/family/{id}"),
    }))
}

/// `GET /lk/family/{id}/papers/{paper}/delete`: asks before a document's number is deleted.
pub(super) async fn paper(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path((id, code)): Path<(u64, String)>,
    frame: Frame,
) -> Result<Page<ConfirmPage>, Problem> {
    let paper = input::paper(&code)?;
    let (child, who) = names(&world, &me, id).await?;
    Ok(Page(ConfirmPage {
        frame: frame.signed_in(who),
        tone: "",
        question: "Удалить документ из карточки?",
        about: format!("{child}: {}", paper.title()),
        consequence: "Номер документа исчезнет из карточки. Внести его снова можно в любое время.",
        button: "Да, удалить",
        action: format!("/lk/family/{id}/papers/{}/delete", paper.code()),
        back: format!("/lk/family/{id}"),
    }))
}
