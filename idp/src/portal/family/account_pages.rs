//! Pages of «Создать», the creation of a child's account: contacts, e-mail, SMS, password.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, NoFields, Page, Problem, Query, see_other};
use worlds::moscow::date;
use worlds::{ActError, World};

use super::{
    CHILDRENS_MAIL, CardError, CertificateInput, ChildAccountError, Faults, OwnCard, ReachInput,
    handlers::show_card,
    view::{CardView, DraftView},
};
use crate::{
    event::Event,
    portal::accounts::{SignedIn, check_password},
    state::Gosuslugi,
};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/lk/family/{id}/account", get(account_page).post(start_page))
        .route("/lk/family/{id}/account/email/again", post(letter_page))
        .route("/lk/family/{id}/account/phone", post(phone_page))
        .route("/lk/family/{id}/account/phone/again", post(sms_page))
        .route("/lk/family/{id}/account/cancel", post(cancel_page))
        .route("/lk/family/{id}/account/password", post(finish_page))
        .route("/child-account/email", get(email_page))
}

/// A code from an SMS as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct ChildAccountCodeInput {
    /// Six digits from the SMS.
    code: String,
}

/// A password as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct ChildAccountPasswordInput {
    /// A password of 8 to 100 characters.
    password: String,
    /// The same again.
    repeated: String,
}

/// Reason why a step failed: faulty form fields, a rule, or another problem.
pub(super) enum Refusal {
    Fields(Faults),
    Rule(ChildAccountError),
    Failed(Problem),
}

impl From<Faults> for Refusal {
    fn from(faults: Faults) -> Self {
        Self::Fields(faults)
    }
}

impl From<ActError<ChildAccountError>> for Refusal {
    fn from(error: ActError<ChildAccountError>) -> Self {
        match error {
            ActError::Refused(error) => Self::Rule(error),
            store @ ActError::Store(_) => Self::Failed(store.into()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fields(faults) => faults.into(),
            Refusal::Rule(error) => error.into(),
            Refusal::Failed(problem) => problem,
        }
    }
}

impl Refusal {
    /// Returns the faults of the page's fields. A refusal that concerns no field becomes a [`Problem`].
    fn faults(self) -> Result<Faults, Problem> {
        match self {
            Self::Fields(faults) => Ok(faults),
            Self::Rule(error) if error.field().is_some() => Ok(error.into()),
            other => Err(other.into()),
        }
    }
}

pub(super) async fn start(world: &World<Gosuslugi>, own: OwnCard, input: &ReachInput) -> Result<(), Refusal> {
    let reach = input.read()?;
    Ok(world.act(|state, now, rng| Ok((state.portal.start_child_account(own, &reach, now, rng)?, ()))).await?)
}

pub(super) async fn send_letter(world: &World<Gosuslugi>, OwnCard { card, guardian }: OwnCard) -> Result<(), Refusal> {
    Ok(world.act(|state, _, rng| Ok((state.portal.resend_letter(card, guardian, rng)?, ()))).await?)
}

pub(super) async fn send_sms(world: &World<Gosuslugi>, own: OwnCard) -> Result<(), Refusal> {
    Ok(world.act(|state, now, rng| Ok((state.portal.resend_code(own, now, rng)?, ()))).await?)
}

pub(super) async fn enter_code(
    world: &World<Gosuslugi>,
    own: OwnCard,
    input: &ChildAccountCodeInput,
) -> Result<(), Refusal> {
    let outcome = world.act(|state, now, _| state.portal.confirm_child_phone(own, &input.code, now)).await?;
    outcome.map_err(|error| Refusal::Rule(error.into()))
}

pub(super) async fn cancel(world: &World<Gosuslugi>, OwnCard { card, guardian }: OwnCard) -> Result<(), Refusal> {
    let decide = |state: &Gosuslugi, _, _: &mut worlds::WorldRng| {
        Ok::<(Vec<Event>, ()), ChildAccountError>((state.portal.cancel_child_account(card, guardian)?, ()))
    };
    Ok(world.act(decide).await?)
}

pub(super) async fn finish(
    world: &World<Gosuslugi>,
    own: OwnCard,
    input: &ChildAccountPasswordInput,
) -> Result<(), Refusal> {
    check_password(&input.password, &input.repeated).map_err(|fault| Faults::one("password", fault))?;
    world.act(|state, now, _| state.portal.finish_child_account(own, input.password.clone(), now)).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "family/account.html")]
struct AccountPage {
    frame: Frame,
    card: CardView,
    draft: Option<DraftView>,
    input: ReachInput,
    faults: Faults,
}

impl AccountPage {
    /// Returns the domain of «Детская почта» for the template.
    fn mail_domain() -> &'static str {
        CHILDRENS_MAIL
    }
}

async fn show(
    world: &World<Gosuslugi>,
    OwnCard { card, guardian }: OwnCard,
    frame: Frame,
    input: ReachInput,
    faults: Faults,
) -> Result<Page<AccountPage>, Problem> {
    let look = |state: &Gosuslugi, now| {
        let card = state.portal.family.own(card, guardian)?;
        state.portal.offers_account(card, date(now))?;
        let draft = state.portal.draft(card.id).map(DraftView::from);
        Ok::<_, CardError>((CardView::of(state, card, date(now)), draft, state.portal.name_of(guardian)))
    };
    let (card, draft, who) = world.read(look).await??;
    Ok(Page(AccountPage { frame: frame.signed_in(who), card, draft, input, faults }))
}

async fn account_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<AccountPage>, Problem> {
    show(&world, OwnCard::new(id, me.oid()), frame, ReachInput::default(), Faults::default()).await
}

/// Redirects to the page of the steps after success, else renders that page with the faults.
async fn after(
    done: Result<(), Refusal>,
    InWorld { world, world_url }: &InWorld<Gosuslugi>,
    own: OwnCard,
    frame: Frame,
    input: ReachInput,
) -> Result<Response, Problem> {
    let Err(refusal) = done else {
        return Ok(see_other(world_url, &format!("/lk/family/{}/account", own.card.0)));
    };
    let faults = refusal.faults()?;
    Ok(show(world, own, frame, input, faults).await?.with(StatusCode::BAD_REQUEST))
}

async fn start_page(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<ReachInput>,
) -> Result<Response, Problem> {
    let own = OwnCard::new(id, me.oid());
    after(start(&world.world, own, &input).await, &world, own, frame, input).await
}

async fn letter_page(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let own = OwnCard::new(id, me.oid());
    after(send_letter(&world.world, own).await, &world, own, frame, ReachInput::default()).await
}

async fn sms_page(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let own = OwnCard::new(id, me.oid());
    after(send_sms(&world.world, own).await, &world, own, frame, ReachInput::default()).await
}

async fn phone_page(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<ChildAccountCodeInput>,
) -> Result<Response, Problem> {
    let own = OwnCard::new(id, me.oid());
    after(enter_code(&world.world, own, &input).await, &world, own, frame, ReachInput::default()).await
}

async fn cancel_page(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    cancel(&world, OwnCard::new(id, me.oid())).await?;
    Ok(see_other(&world_url, &format!("/lk/family/{id}/account")))
}

async fn finish_page(
    world: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<ChildAccountPasswordInput>,
) -> Result<Response, Problem> {
    let own = OwnCard::new(id, me.oid());
    let done = finish(&world.world, own, &input).await;
    if done.is_err() {
        return after(done, &world, own, frame, ReachInput::default()).await;
    }
    let mut page = show_card(&world.world, &me, id, frame, (CertificateInput::default(), Faults::default())).await?;
    page.0.created = true;
    Ok(page.into_response())
}

/// The secret in the letter's link.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Token {
    /// As the link says.
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "family/email.html")]
struct EmailPage {
    frame: Frame,
    email: String,
}

/// Confirms the e-mail address by the secret of the link. Returns the address.
pub(super) async fn follow(world: &World<Gosuslugi>, Token { token }: &Token) -> Result<String, Problem> {
    Ok(world.act(|state, _, _| state.portal.confirm_child_email(token)).await?.to_string())
}

/// Handles the link of the e-mail. The reader of the mailbox need not be signed in.
async fn email_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Query(token): Query<Token>,
) -> Result<Page<EmailPage>, Problem> {
    Ok(Page(EmailPage { frame, email: follow(&world, &token).await? }))
}
