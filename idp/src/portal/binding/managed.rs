//! Pages and JSON endpoints of «Управление учётной записью ребёнка»: settings, password, deletion.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{ConfirmPage, Form, Frame, InWorld, Json, NoFields, Page, Problem, see_other};
use worlds::World;
use worlds::moscow::date;

use super::{Logins, ManageError};
use crate::{
    input::Faults,
    portal::{
        accounts::{SecondFactor, SignedIn, check_password},
        family::{CardId, OwnCard},
    },
    state::Gosuslugi,
};

/// Returns the routes of the pages.
pub(super) fn pages() -> Router {
    Router::new()
        .route("/lk/family/{id}/manage", get(manage_page).post(change_page))
        .route("/lk/family/{id}/manage/password", post(password_page))
        .route("/lk/family/{id}/manage/factor", get(ask_to_drop_factor).post(factor_page))
        .route("/lk/family/{id}/manage/delete", get(delete_page).post(delete))
}

/// Returns the routes of the JSON endpoints.
pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_view, api_change, api_delete))
        .routes(routes!(api_password))
        .routes(routes!(api_factor))
}

/// A child's account, for the guardian who manages it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ManagedView {
    /// Number of the account.
    oid: u64,
    /// Surname, name, patronymic.
    name: String,
    /// E-mail, a login.
    email: Option<String>,
    /// Phone, a login.
    phone: Option<String>,
    /// Whether a code is asked for after the password.
    second_factor: bool,
    /// Guardians that the account is bound to.
    guardians: Vec<String>,
}

async fn view(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(ManagedView, String), Problem> {
    let look = |state: &Gosuslugi, now| {
        let child = state.portal.managed(CardId(id), me.oid(), date(now))?;
        let view = ManagedView {
            oid: child.oid.get(),
            name: child.name.to_string(),
            email: child.email.as_ref().map(ToString::to_string),
            phone: child.phone.as_ref().map(ToString::to_string),
            second_factor: *child.factor() != SecondFactor::None,
            guardians: state
                .portal
                .bindings
                .guardians_of(child.oid)
                .map(|guardian| state.portal.name_of(guardian))
                .collect(),
        };
        Ok::<_, ManageError>((view, state.portal.name_of(me.oid())))
    };
    Ok(world.read(look).await??)
}

/// The logins of a child's account as they are typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct LoginsInput {
    /// E-mail; may be empty when there is a phone.
    #[serde(default)]
    email: String,
    /// Phone; may be empty when there is an e-mail.
    #[serde(default)]
    phone: String,
}

impl LoginsInput {
    fn read(&self) -> Result<Logins, Faults> {
        let mut faults = Faults::default();
        let (email, phone) = (faults.take_any("email", &self.email), faults.take_any("phone", &self.phone));
        if !faults.is_empty() {
            return Err(faults);
        }
        if email.is_none() && phone.is_none() {
            return Err(Faults::one("email", "Нужна электронная почта или телефон: иначе ребёнку нечем войти"));
        }
        Ok(Logins { email, phone })
    }
}

/// A new password as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct ManagedPasswordInput {
    /// A password of 8 to 100 characters.
    #[serde(default)]
    password: String,
    /// The same again.
    #[serde(default)]
    repeated: String,
}

async fn change(world: &World<Gosuslugi>, me: &SignedIn, id: u64, input: &LoginsInput) -> Result<(), Problem> {
    let logins = input.read()?;
    let decide = |state: &Gosuslugi, now, _: &mut worlds::WorldRng| {
        Ok::<_, ManageError>((
            state.portal.change_child_logins(OwnCard::new(id, me.oid()), logins.clone(), date(now))?,
            (),
        ))
    };
    Ok(world.act(decide).await?)
}

async fn set_password(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    input: &ManagedPasswordInput,
) -> Result<(), Problem> {
    check_password(&input.password, &input.repeated).map_err(|fault| Problem::from(Faults::one("password", fault)))?;
    let decide = |state: &Gosuslugi, now, _: &mut worlds::WorldRng| {
        Ok::<_, ManageError>((
            state.portal.change_child_password(OwnCard::new(id, me.oid()), &input.password, date(now))?,
            (),
        ))
    };
    Ok(world.act(decide).await?)
}

async fn drop_factor(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut worlds::WorldRng| {
        Ok::<_, ManageError>((state.portal.switch_factor_off(OwnCard::new(id, me.oid()), date(now))?, ()))
    };
    Ok(world.act(decide).await?)
}

async fn remove(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut worlds::WorldRng| {
        Ok::<_, ManageError>((state.portal.delete_child_account(OwnCard::new(id, me.oid()), date(now))?, ()))
    };
    Ok(world.act(decide).await?)
}

#[derive(Template)]
#[template(path = "binding/manage.html")]
struct ManagePage {
    frame: Frame,
    id: u64,
    child: ManagedView,
    input: LoginsInput,
    /// Name of the faulty field, and its message.
    fault: (String, String),
    done: &'static str,
}

impl ManagePage {
    fn fault_of(&self, field: &str) -> &str {
        if self.fault.0 == field { &self.fault.1 } else { "" }
    }
}

async fn show(world: &World<Gosuslugi>, me: &SignedIn, id: u64, frame: Frame) -> Result<ManagePage, Problem> {
    let (child, who) = view(world, me, id).await?;
    let (email, phone) = (child.email.clone().unwrap_or_default(), child.phone.clone().unwrap_or_default());
    let (input, fault) = (LoginsInput { email, phone }, Default::default());
    Ok(ManagePage { frame: frame.signed_in(who), id, child, input, fault, done: "" })
}

async fn manage_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<ManagePage>, Problem> {
    Ok(Page(show(&world, &me, id, frame).await?))
}

/// Renders the page after an action: with a confirmation, or with the fault at its field.
fn answered(
    shown: Result<ManagePage, Problem>,
    outcome: Result<&'static str, Problem>,
    typed: Option<LoginsInput>,
) -> Result<Response, Problem> {
    match outcome {
        Ok(done) => Ok(Page(ManagePage { done, ..shown? }).with(StatusCode::OK)),
        Err(Problem { field: Some(field), message, status, .. }) => {
            let page = shown?;
            let input = typed.unwrap_or_else(|| page.input.clone());
            Ok(Page(ManagePage { fault: (field, message), input, ..page }).with(status))
        }
        Err(problem) => Err(problem),
    }
}

async fn change_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<LoginsInput>,
) -> Result<Response, Problem> {
    let outcome = change(&world, &me, id, &input).await.map(|()| "Настройки сохранены");
    answered(show(&world, &me, id, frame).await, outcome, Some(input))
}

async fn password_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<ManagedPasswordInput>,
) -> Result<Response, Problem> {
    let outcome = set_password(&world, &me, id, &input).await;
    let outcome = outcome.map(|()| "Пароль сменён. Сеансы ребёнка завершены");
    answered(show(&world, &me, id, frame).await, outcome, None)
}

/// Shows the confirmation page for switching off the second factor of a child's account.
async fn ask_to_drop_factor(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<ConfirmPage>, Problem> {
    let (child, who) = view(&world, &me, id).await?;
    Ok(Page(ConfirmPage {
        frame: frame.signed_in(who),
        tone: "",
        question: "Отключить подтверждение входа?",
        about: child.name,
        consequence: "Чтобы войти в учётную запись ребёнка, хватит одного пароля. Включить подтверждение снова сможет только сам ребёнок.",
        button: "Да, отключить",
        action: format!("/lk/family/{id}/manage/factor"),
        back: format!("/lk/family/{id}/manage"),
    }))
}

async fn factor_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let outcome = drop_factor(&world, &me, id).await.map(|()| "Подтверждение входа отключено");
    answered(show(&world, &me, id, frame).await, outcome, None)
}

#[derive(Template)]
#[template(path = "binding/delete.html")]
struct DeletePage {
    frame: Frame,
    id: u64,
    child: ManagedView,
}

async fn delete_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<DeletePage>, Problem> {
    let (child, who) = view(&world, &me, id).await?;
    Ok(Page(DeletePage { frame: frame.signed_in(who), id, child }))
}

async fn delete(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    remove(&world, &me, id).await?;
    Ok(see_other(&world_url, &format!("/lk/family/{id}")))
}

/// The account of a bound child.
#[utoipa::path(get, path = "/lk/api/family/{id}/manage", tag = "binding",
    responses((status = 200, body = ManagedView), (status = 404), (status = 409)))]
async fn api_view(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<Json<ManagedView>, Problem> {
    Ok(Json(view(&world, &me, id).await?.0))
}

/// Gives a bound child's account another e-mail and phone.
#[utoipa::path(put, path = "/lk/api/family/{id}/manage", tag = "binding", request_body = LoginsInput,
    responses((status = 200, body = ManagedView), (status = 400), (status = 404), (status = 409)))]
async fn api_change(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<LoginsInput>,
) -> Result<Json<ManagedView>, Problem> {
    change(&world, &me, id, &input).await?;
    Ok(Json(view(&world, &me, id).await?.0))
}

/// Makes a bound child a new password; the child's sessions end.
#[utoipa::path(put, path = "/lk/api/family/{id}/manage/password", tag = "binding", request_body = ManagedPasswordInput,
    responses((status = 204), (status = 400), (status = 404), (status = 409)))]
async fn api_password(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<ManagedPasswordInput>,
) -> Result<StatusCode, Problem> {
    set_password(&world, &me, id, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches a bound child's second factor off.
#[utoipa::path(delete, path = "/lk/api/family/{id}/manage/factor", tag = "binding",
    responses((status = 204), (status = 404), (status = 409)))]
async fn api_factor(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    drop_factor(&world, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a bound child's account.
#[utoipa::path(delete, path = "/lk/api/family/{id}/manage", tag = "binding",
    responses((status = 204), (status = 404), (status = 409)))]
async fn api_delete(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    remove(&world, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
