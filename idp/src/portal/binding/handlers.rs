//! Pages and JSON endpoints of «Привязать»: the guardian requests a code, and the child enters it.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use esia::Email;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem};
use worlds::moscow::{date, date_time};
use worlds::{ActError, World};

use super::{BindingCode, BindingError, RedeemError, managed};
use crate::{
    portal::{
        accounts::SignedIn,
        family::{CardError, CardId},
    },
    state::Gosuslugi,
};

/// Returns the routes of the pages of binding.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/lk/family/{id}/binding", get(binding_page).post(ask_code))
        .route("/lk/binding", post(redeem_page))
        .merge(managed::pages())
}

/// Returns the routes of the JSON endpoints of binding.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(api_ask_code)).routes(routes!(api_redeem)).merge(managed::api())
}

#[derive(Template)]
#[template(path = "binding/ask.html")]
struct AskPage {
    frame: Frame,
    id: u64,
    child: String,
    email: String,
    error: String,
    code: Option<(String, DateTime<Utc>)>,
}

impl AskPage {
    /// Returns the digits of the code for the template.
    fn digits(&self) -> &str {
        self.code.as_ref().map_or("", |(code, _)| code)
    }

    /// Returns the expiry of the code as text.
    fn until(&self) -> String {
        self.code.as_ref().map_or_else(String::new, |(_, at)| date_time(*at))
    }
}

async fn show(world: &World<Gosuslugi>, me: &SignedIn, id: u64, frame: Frame) -> Result<AskPage, Problem> {
    let look = |state: &Gosuslugi, now| {
        let card = state.portal.family.own(CardId(id), me.oid())?;
        let code = state.portal.bindings.code(card.id, now);
        let email = code.and_then(|code| state.portal.accounts.get(code.child)?.email.clone());
        if code.is_none() {
            state.portal.may_bind(card, date(now))?;
        }
        Ok::<_, AskError>((card.name.to_string(), code.cloned(), email, state.portal.name_of(me.oid())))
    };
    let (child, code, email, who) = world.read(look).await??;
    Ok(AskPage {
        frame: frame.signed_in(who),
        id,
        child,
        email: email.map_or_else(String::new, |email| email.to_string()),
        error: String::new(),
        code: code.map(|code| (code.code.to_string(), code.expires_at)),
    })
}

async fn binding_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<AskPage>, Problem> {
    Ok(Page(show(&world, &me, id, frame).await?))
}

/// The child's e-mail.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct EmailInput {
    /// As it stands in the child's own profile.
    #[serde(default)]
    email: String,
}

impl EmailInput {
    fn read(&self) -> Result<Email, Problem> {
        self.email
            .trim()
            .parse()
            .map_err(|error: esia::ids::EmailError| Problem::bad_request("email", error.to_string()))
    }
}

/// Reason why a code is not issued: the card or the binding.
#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(transparent)]
    Binding(#[from] BindingError),
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Card(error) => error.into(),
            AskError::Binding(error) => error.into(),
        }
    }
}

async fn issue(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    email: &Email,
) -> Result<BindingCode, ActError<AskError>> {
    world
        .act(|state, now, rng| {
            let card = state.portal.family.own(CardId(id), me.oid())?;
            Ok(state.portal.issue_binding_code(card, email, now, rng)?)
        })
        .await
}

async fn ask_code(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<EmailInput>,
) -> Result<Response, Problem> {
    let refused = match input.read() {
        Err(problem) => problem,
        Ok(email) => match issue(&world, &me, id, &email).await {
            Ok(_) => return Ok(Page(show(&world, &me, id, frame).await?).into_response()),
            Err(error) => error.into(),
        },
    };
    if refused.field.as_deref() != Some("email") {
        return Err(refused);
    }
    let page = show(&world, &me, id, frame).await?;
    Ok(Page(AskPage { email: input.email, error: refused.message, code: None, ..page }).with(refused.status))
}

/// The code that was read to the child.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct BindingCodeInput {
    /// Six digits, the code that the parent was shown.
    #[serde(default)]
    code: String,
}

async fn redeem(world: &World<Gosuslugi>, me: &SignedIn, input: &BindingCodeInput) -> Result<String, Problem> {
    let code: BindingCode = input.code.parse()?;
    let guardian = world.act(|state, now, _| state.portal.redeem_code(me.oid(), &code, now)).await??;
    Ok(world.read(|state, _| state.portal.name_of(guardian)).await?)
}

#[derive(Template)]
#[template(path = "binding/redeemed.html")]
struct RedeemedPage {
    frame: Frame,
    guardian: String,
    error: String,
}

async fn redeem_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(input): Form<BindingCodeInput>,
) -> Result<Response, Problem> {
    let frame = frame.signed_in(world.read(|state, _| state.portal.name_of(me.oid())).await?);
    match redeem(&world, &me, &input).await {
        Ok(guardian) => Ok(Page(RedeemedPage { frame, guardian, error: String::new() }).into_response()),
        Err(problem) if problem.field.is_some() => {
            let (guardian, error) = (String::new(), problem.message);
            Ok(Page(RedeemedPage { frame, guardian, error }).with(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

/// A code for the child to enter.
#[derive(Debug, Serialize, ToSchema)]
struct CodeView {
    /// Six digits that the child enters.
    code: String,
    /// Until when it works.
    expires_at: DateTime<Utc>,
}

/// «Привязать»: asks for a code for the account with the child's e-mail.
#[utoipa::path(post, path = "/lk/api/family/{id}/binding", tag = "binding", request_body = EmailInput,
    responses((status = 201, body = CodeView), (status = 400), (status = 404), (status = 409)))]
async fn api_ask_code(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<EmailInput>,
) -> Result<(StatusCode, Json<CodeView>), Problem> {
    let code = issue(&world, &me, id, &input.read()?).await?;
    let expires_at =
        world.read(|state, now| state.portal.bindings.code(CardId(id), now).map(|code| code.expires_at)).await?;
    let expires_at = expires_at.ok_or(RedeemError::NothingToRedeem)?;
    Ok((StatusCode::CREATED, Json(CodeView { code: code.to_string(), expires_at })))
}

/// Who the account is bound to now.
#[derive(Debug, Serialize, ToSchema)]
struct BoundView {
    /// The guardian's name.
    guardian: String,
}

/// Enters a code in the child's own account.
#[utoipa::path(post, path = "/lk/api/binding/redeem", tag = "binding", request_body = BindingCodeInput,
    responses((status = 200, body = BoundView), (status = 400), (status = 409)))]
async fn api_redeem(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(input): Json<BindingCodeInput>,
) -> Result<Json<BoundView>, Problem> {
    Ok(Json(BoundView { guardian: redeem(&world, &me, &input).await? }))
}
