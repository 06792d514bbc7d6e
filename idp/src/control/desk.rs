//! Desks that confirm accounts and restore access outside the portal, for testers: an МФЦ and an online bank. JSON
//! endpoints and one console page.

use askama::Template;
use axum::{Router, extract::Path, http::StatusCode, response::Response, routing::get};
use chrono::{DateTime, Utc};
use esia::language::{pick, tr};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, People as _, PersonView, Problem, ReaderLanguage};
use worlds::World;
use worlds::moscow::date;

use super::people::{account_of, contacts};
use crate::{
    portal::{
        Portal,
        accounts::{BankCard, Desk, SecondFactor, totp_now},
    },
    state::Gosuslugi,
};

/// Returns the console page of the desks.
pub(crate) fn pages() -> Router {
    Router::new().route("/control/console/desks", get(page).post(serve))
}

/// Returns the JSON endpoints of the desks.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(confirm)).routes(routes!(restore)).routes(routes!(totp))
}

/// The desk at which an account is confirmed (R000.5).
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum DeskKind {
    /// A multifunctional centre, МФЦ.
    Mfc,
    /// An online bank.
    Bank,
}

/// What a person does to have the account confirmed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// The desk: `mfc` or `bank`.
    place: DeskKind,
    /// With which card, at an online bank; from 18 on any will do.
    #[serde(default)]
    card: Option<BankCard>,
}

impl Confirmation {
    fn desk(self) -> Desk {
        match self.place {
            DeskKind::Mfc => Desk::Mfc,
            DeskKind::Bank => Desk::Bank(self.card),
        }
    }
}

async fn confirmed(world: &World<Gosuslugi>, key: &str, desk: Desk) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut _| {
        let events = Portal::confirm(account_of(state, key)?, desk, date(now))?;
        Ok::<_, Problem>((events, ()))
    };
    Ok(world.act(decide).await?)
}

async fn restored(world: &World<Gosuslugi>, key: &str) -> Result<String, Problem> {
    let decide = |state: &Gosuslugi, now, rng: &mut _| {
        let decided = Portal::give_one_time_password(account_of(state, key)?, date(now), rng);
        decided.map_err(Problem::from)
    };
    Ok(world.act(decide).await?)
}

/// Confirms a стандартная account as an МФЦ or an online bank does. From 14 on; until 18 a bank needs an adult card in the
/// person's own name. `key` is the person's in the seed, or a login.
#[utoipa::path(post, path = "/control/people/{key}/confirm", tag = "people", request_body = Confirmation,
    responses((status = 200, body = PersonView), (status = 404), (status = 409)))]
async fn confirm(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(key): Path<String>,
    Json(confirmation): Json<Confirmation>,
) -> Result<Json<PersonView>, Problem> {
    confirmed(&world, &key, confirmation.desk()).await?;
    let view = world.read(|state, now| person(state, &key, now)).await?;
    Ok(Json(view?))
}

fn person(state: &Gosuslugi, key: &str, now: DateTime<Utc>) -> Result<PersonView, Problem> {
    let account = account_of(state, key)?;
    let known = state.people(now).into_iter().find(|person| person.oid == Some(account.oid.get()));
    Ok(known.unwrap_or_else(|| PersonView {
        key: key.to_owned(),
        name: account.name.to_string(),
        about: String::new(),
        oid: Some(account.oid.get()),
        contacts: contacts(account),
        login: Some(account.login()),
        password: Some(account.password.clone()),
    }))
}

/// What an МФЦ hands out.
#[derive(Debug, Serialize, ToSchema)]
struct OneTimeView {
    /// Works for one sign-in, which asks for a new one.
    password: String,
}

/// Restores access as an МФЦ does when neither letter nor SMS can: a one-time password; the second factor is off, all
/// sessions end. `key` is the person's in the seed, or a login.
#[utoipa::path(post, path = "/control/people/{key}/restore", tag = "people",
    responses((status = 200, body = OneTimeView), (status = 404), (status = 409)))]
async fn restore(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(key): Path<String>,
) -> Result<Json<OneTimeView>, Problem> {
    Ok(Json(OneTimeView { password: restored(&world, &key).await? }))
}

/// What an application shows.
#[derive(Debug, Serialize, ToSchema)]
struct TotpView {
    /// Six digits, good for thirty seconds.
    code: String,
    /// The key in Base32.
    secret: String,
    /// When the next code comes.
    next_at: DateTime<Utc>,
}

/// The code that a person's application shows now: of the key that waits for its first code, else of the one in use. `key`
/// is the person's in the seed, or a login.
#[utoipa::path(get, path = "/control/people/{key}/totp", tag = "people",
    responses((status = 200, body = TotpView), (status = 404)))]
async fn totp(InWorld { world, .. }: InWorld<Gosuslugi>, Path(key): Path<String>) -> Result<Json<TotpView>, Problem> {
    let look = |state: &Gosuslugi, now| {
        let account = account_of(state, &key)?;
        let secret = match (state.portal.accounts.offer(account.oid, now), &account.second_factor) {
            (Some(secret), _) => secret,
            (None, SecondFactor::Totp { secret, .. }) => secret,
            (None, _) => {
                return Err(Problem::not_found(pick(
                    "К этой учётной записи приложение не подключено",
                    "No application is connected to this account",
                )));
            }
        };
        let shown = totp_now(secret, now).ok_or_else(|| Problem::internal("a key that is not Base32"))?;
        Ok(TotpView { code: shown.0, secret: secret.to_owned(), next_at: shown.1 })
    };
    Ok(Json(world.read(look).await??))
}

#[derive(Template)]
#[template(path = "accounts/desks.html")]
struct DesksPage {
    frame: Frame,
    reads: ReaderLanguage,
    people: Vec<PersonView>,
    login: String,
    done: String,
    error: String,
    way_out: String,
}

async fn page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
) -> Result<Page<DesksPage>, Problem> {
    let [login, done, error, way_out] = [const { String::new() }; 4];
    let people = with_accounts(&world).await?;
    Ok(Page(DesksPage { frame, reads, people, login, done, error, way_out }))
}

/// Returns the people of the seed who have an account.
async fn with_accounts(world: &World<Gosuslugi>) -> Result<Vec<PersonView>, Problem> {
    let people = world.read(Gosuslugi::people).await?;
    Ok(people.into_iter().filter(|person| person.oid.is_some()).collect())
}

/// Service that a person asks for at a desk.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Errand {
    /// Confirmation of the account at an МФЦ.
    Mfc,
    /// Confirmation of the account at an online bank, with an adult card.
    BankAdult,
    /// Confirmation of the account at an online bank, with a child's card.
    BankChild,
    /// A one-time password.
    Restore,
}

#[derive(Debug, Deserialize)]
struct ErrandForm {
    #[serde(default)]
    login: String,
    errand: Errand,
}

async fn serve(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
    Form(ErrandForm { login, errand }): Form<ErrandForm>,
) -> Result<Response, Problem> {
    let key = login.trim();
    let confirmed = pick("Учётная запись подтверждена", "The account is confirmed");
    let served = match errand {
        Errand::Mfc => self::confirmed(&world, key, Desk::Mfc).await.map(|()| confirmed.to_owned()),
        Errand::BankAdult => {
            let desk = Desk::Bank(Some(BankCard::Adult));
            self::confirmed(&world, key, desk).await.map(|()| confirmed.to_owned())
        }
        Errand::BankChild => {
            let desk = Desk::Bank(Some(BankCard::Child));
            self::confirmed(&world, key, desk).await.map(|()| confirmed.to_owned())
        }
        Errand::Restore => restored(&world, key)
            .await
            .map(|password| tr!("Одноразовый пароль: {password}", "One-time password: {password}")),
    };
    let (status, done, error, way_out) = match served {
        Ok(done) => (StatusCode::OK, done, String::new(), String::new()),
        Err(problem) => (problem.status, String::new(), problem.message, problem.way_out.unwrap_or_default()),
    };
    let people = with_accounts(&world).await?;
    Ok(Page(DesksPage { frame, reads, people, login, done, error, way_out }).with(status))
}
