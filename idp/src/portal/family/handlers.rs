//! Pages of «Семья и дети»: cards, their documents and checks, auto-update.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use web::{Form, Frame, InWorld, NoFields, Page, Problem, see_other};
use worlds::World;
use worlds::moscow::date;

use super::{
    AutoUpdate, CardData, CardError, CardId, CardInput, CertificateInput, CheckStatus, Faults, Paper, confirm,
    input::{Marked, PaperInput, paper},
    view::{CardView, PaperView},
};
use crate::{
    event::Event,
    portal::{
        accounts::SignedIn,
        agencies::{BirthDocument, BirthKind},
    },
    state::Gosuslugi,
};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/lk/family", get(list_page))
        .route("/lk/family/check", post(check_marked))
        .route("/lk/family/auto-update/on", post(auto_update_on))
        .route("/lk/family/auto-update/off", post(auto_update_off))
        .route("/lk/family/new", get(new_page).post(add))
        .route("/lk/family/{id}", get(card_page))
        .route("/lk/family/{id}/check", post(check))
        .route("/lk/family/{id}/certificate", post(enter_certificate))
        .route("/lk/family/{id}/certificate/delete", get(confirm::certificate).post(delete_certificate))
        .route("/lk/family/{id}/papers/{paper}", post(enter_paper))
        .route("/lk/family/{id}/papers/{paper}/delete", get(confirm::paper).post(delete_paper))
}

pub(super) type Acted<T> = Result<T, worlds::ActError<CardError>>;

/// Runs a decision and records its events.
async fn act<F>(world: &World<Gosuslugi>, decide: F) -> Acted<()>
where
    F: Fn(&Gosuslugi, chrono::DateTime<chrono::Utc>) -> Result<Vec<Event>, CardError> + Send + Sync,
{
    world.act(|state, now, _| Ok((decide(state, now)?, ()))).await
}

#[derive(Template)]
#[template(path = "family/list.html")]
struct ListPage {
    frame: Frame,
    cards: Vec<CardView>,
    auto_update: AutoUpdate,
    faults: Faults,
    /// Whether the person is a child, who sees no cards of children.
    is_child: bool,
}

impl ListPage {
    fn has_any_to_check(&self) -> bool {
        self.cards.iter().any(|card| card.may_be_checked)
    }
}

async fn show_list(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    frame: Frame,
    faults: Faults,
) -> Result<Page<ListPage>, Problem> {
    let look = |state: &Gosuslugi, now| {
        let cards = state.portal.family.of(me.oid()).map(|card| CardView::of(state, card, date(now))).collect();
        let is_child = state.portal.is_child(me.oid(), date(now));
        (state.portal.name_of(me.oid()), cards, state.portal.auto_update(me.oid()), is_child)
    };
    let (who, cards, auto_update, is_child) = world.read(look).await?;
    Ok(Page(ListPage { frame: frame.signed_in(who), cards, auto_update, faults, is_child }))
}

async fn list_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<ListPage>, Problem> {
    show_list(&world, &me, frame, Faults::default()).await
}

/// Redirects to the list after success, else renders the list with the refusal.
async fn list_after(
    done: Acted<()>,
    InWorld { world, world_url }: &InWorld<Gosuslugi>,
    me: &SignedIn,
    frame: Frame,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(see_other(world_url, "/lk/family")),
        Err(worlds::ActError::Refused(error)) => {
            let faults = Faults::one("card", error.to_string());
            Ok(show_list(world, me, frame, faults).await?.with(StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn send(world: &World<Gosuslugi>, me: &SignedIn, marked: &Marked) -> Acted<()> {
    let cards = marked.cards();
    act(world, |state, now| state.portal.send_to_check(&cards, me.oid(), now)).await
}

pub(super) async fn switch_on(world: &World<Gosuslugi>, me: &SignedIn, marked: &Marked) -> Acted<()> {
    let cards = marked.cards();
    act(world, |state, now| state.portal.switch_auto_update_on(me.oid(), &cards, now)).await
}

pub(super) async fn switch_off(world: &World<Gosuslugi>, me: &SignedIn) -> Acted<()> {
    act(world, |state, now| state.portal.switch_auto_update_off(me.oid(), now)).await
}

async fn check_marked(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(marked): Form<Marked>,
) -> Result<Response, Problem> {
    list_after(send(&world.world, &me, &marked).await, &world, &me, frame).await
}

async fn auto_update_on(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(marked): Form<Marked>,
) -> Result<Response, Problem> {
    list_after(switch_on(&world.world, &me, &marked).await, &world, &me, frame).await
}

async fn auto_update_off(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    list_after(switch_off(&world.world, &me).await, &world, &me, frame).await
}

#[derive(Template)]
#[template(path = "family/new.html")]
struct NewPage {
    frame: Frame,
    input: CardInput,
    faults: Faults,
}

async fn new_page(
    me: SignedIn,
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
) -> Result<Response, Problem> {
    let look = |state: &Gosuslugi, now| (state.portal.name_of(me.oid()), state.portal.is_child(me.oid(), date(now)));
    let (who, is_child) = world.read(look).await?;
    if is_child {
        return Ok(see_other(&world_url, "/lk/family"));
    }
    let (frame, input) = (frame.signed_in(who), CardInput::default());
    Ok(Page(NewPage { frame, input, faults: Faults::default() }).into_response())
}

pub(super) async fn put_card(world: &World<Gosuslugi>, me: &SignedIn, data: &CardData) -> Acted<CardId> {
    world.act(|state, now, _| state.portal.add_card(me.oid(), data.clone(), date(now))).await
}

async fn add(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(input): Form<CardInput>,
) -> Result<Response, Problem> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(data) => match put_card(&world, &me, &data).await {
            Ok(card) => return Ok(see_other(&world_url, &format!("/lk/family/{}", card.0))),
            Err(worlds::ActError::Refused(error)) => error.into(),
            Err(error) => return Err(error.into()),
        },
    };
    let frame = frame.signed_in(world.read(|state, _| state.portal.name_of(me.oid())).await?);
    Ok(Page(NewPage { frame, input, faults }).with(StatusCode::BAD_REQUEST))
}

#[derive(Template)]
#[template(path = "family/card.html")]
pub(super) struct CardPage {
    frame: Frame,
    card: CardView,
    input: CertificateInput,
    faults: Faults,
    pub(super) created: bool,
}

impl CardPage {
    /// Returns the fault of a document's number.
    fn fault(&self, paper: &PaperView) -> &str {
        self.faults.of(paper.paper.code())
    }
}

pub(super) async fn show_card(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    frame: Frame,
    (input, faults): (CertificateInput, Faults),
) -> Result<Page<CardPage>, Problem> {
    let card = view(world, me, id).await?;
    let frame = frame.signed_in(world.read(|state, _| state.portal.name_of(me.oid())).await?);
    Ok(Page(CardPage { frame, card, input, faults, created: false }))
}

pub(super) async fn view(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<CardView, Problem> {
    let look = |state: &Gosuslugi, now| {
        Ok::<_, CardError>(CardView::of(state, state.portal.family.own(CardId(id), me.oid())?, date(now)))
    };
    Ok(world.read(look).await??)
}

async fn card_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<CardPage>, Problem> {
    show_card(&world, &me, id, frame, (CertificateInput::default(), Faults::default())).await
}

pub(super) async fn start_check(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    Ok(send(world, me, &Marked { card: vec![id] }).await?)
}

pub(super) async fn drop_certificate(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    Ok(act(world, |state, _| state.portal.delete_certificate(CardId(id), me.oid())).await?)
}

pub(super) async fn put_certificate(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    document: &BirthDocument,
) -> Acted<()> {
    act(world, |state, _| state.portal.enter_certificate(CardId(id), me.oid(), document.clone())).await
}

pub(super) async fn put_paper(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    paper: Paper,
    value: Option<String>,
) -> Acted<()> {
    act(world, |state, _| state.portal.change_paper(CardId(id), me.oid(), paper, value.clone())).await
}

async fn check(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    start_check(&world, &me, id).await?;
    Ok(see_other(&world_url, &format!("/lk/family/{id}")))
}

async fn delete_certificate(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    drop_certificate(&world, &me, id).await?;
    Ok(see_other(&world_url, &format!("/lk/family/{id}")))
}

async fn enter_certificate(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<CertificateInput>,
) -> Result<Response, Problem> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(document) => match put_certificate(&world, &me, id, &document).await {
            Ok(()) => return Ok(see_other(&world_url, &format!("/lk/family/{id}"))),
            Err(worlds::ActError::Refused(error)) if error.field().is_some() => {
                Faults::one("series", error.to_string())
            }
            Err(error) => return Err(error.into()),
        },
    };
    Ok(show_card(&world, &me, id, frame, (input, faults)).await?.with(StatusCode::BAD_REQUEST))
}

async fn enter_paper(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path((id, code)): Path<(u64, String)>,
    frame: Frame,
    Form(input): Form<PaperInput>,
) -> Result<Response, Problem> {
    let paper = paper(&code)?;
    let fault = match paper.read(&input.value) {
        Err(fault) => fault,
        Ok(value) => match put_paper(&world, &me, id, paper, Some(value)).await {
            Ok(()) => return Ok(see_other(&world_url, &format!("/lk/family/{id}"))),
            Err(worlds::ActError::Refused(error)) if error.field().is_some() => error.to_string(),
            Err(error) => return Err(error.into()),
        },
    };
    let faults = Faults::one(paper.code(), fault);
    Ok(show_card(&world, &me, id, frame, (CertificateInput::default(), faults)).await?.with(StatusCode::BAD_REQUEST))
}

async fn delete_paper(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path((id, code)): Path<(u64, String)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    put_paper(&world, &me, id, paper(&code)?, None).await?;
    Ok(see_other(&world_url, &format!("/lk/family/{id}")))
}
