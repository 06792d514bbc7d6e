//! Pages between password and session: the second factor, and a new password in place of the one-time password of an
//! МФЦ.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use web::{Form, Frame, InWorld, Page, Problem, Query, see_other};

use super::{
    EntryError,
    entry::Asked,
    handlers::{attempt, go_on, inside},
    password::read_password,
};
use crate::{input::Faults, state::Gosuslugi};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/login/second", get(show).post(pass))
        .route("/login/second/again", post(again))
        .route("/login/second/password", post(replace))
}

/// Query of the pages: the unfinished sign-in and the address to go to afterwards.
#[derive(Debug, Clone, Default, Deserialize)]
struct Which {
    #[serde(default)]
    entry: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "accounts/second.html")]
struct SecondPage {
    frame: Frame,
    entry: String,
    next: String,
    /// Last four digits of the phone; `None` for TOTP.
    phone: Option<String>,
    error: String,
}

#[derive(Template)]
#[template(path = "accounts/one-time.html")]
struct OneTimePage {
    frame: Frame,
    entry: String,
    next: String,
    faults: Faults,
}

async fn show(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Query(Which { entry, next }): Query<Which>,
) -> Result<Response, Problem> {
    let next = inside(&next);
    let asked = world.read(|state, now| state.portal.accounts.asked(&entry, now)).await??;
    Ok(match asked.ok_or(EntryError::Gone)? {
        Asked::Password => Page(OneTimePage { frame, entry, next, faults: Faults::default() }).into_response(),
        asked => Page(SecondPage { frame, entry, next, phone: ending(asked), error: String::new() }).into_response(),
    })
}

/// Returns the last four digits of the phone to which the code was sent.
fn ending(asked: Asked) -> Option<String> {
    let Asked::Sms(phone) = asked else { return None };
    let bare = phone.bare();
    Some(bare.get(bare.len().saturating_sub(4)..).unwrap_or_default().to_owned())
}

/// Form with the code of the second factor.
#[derive(Debug, Deserialize)]
struct SecondFactorCodeInput {
    /// Secret identifier of the sign-in.
    #[serde(default)]
    entry: String,
    #[serde(default)]
    code: String,
    /// Address to go to afterwards.
    #[serde(default)]
    next: String,
}

async fn pass(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(input): Form<SecondFactorCodeInput>,
) -> Result<Response, Problem> {
    let refusal =
        match attempt(&world, |state, now, rng| state.portal.pass(&input.entry, &input.code, now, rng)).await? {
            Ok(step) => return Ok(go_on(&world_url, &step, &input.next)),
            Err(EntryError::Gone) => return Err(EntryError::Gone.into()),
            Err(refusal) => refusal,
        };
    let asked = world.read(|state, now| state.portal.accounts.asked(&input.entry, now)).await??;
    let (next, phone) = (inside(&input.next), asked.and_then(ending));
    let page = SecondPage { frame, entry: input.entry, next, phone, error: refusal.to_string() };
    Ok(Page(page).with(StatusCode::FORBIDDEN))
}

/// Form that requests another SMS code.
#[derive(Debug, Deserialize)]
struct SecondFactorAgainInput {
    /// Secret identifier of the sign-in.
    #[serde(default)]
    entry: String,
    /// Address to go to afterwards.
    #[serde(default)]
    next: String,
}

async fn again(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Form(input): Form<SecondFactorAgainInput>,
) -> Result<Response, Problem> {
    let send = |state: &Gosuslugi, now, rng: &mut _| {
        Ok::<_, EntryError>((state.portal.send_again(&input.entry, now, rng)?, ()))
    };
    world.act(send).await?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("entry", &input.entry)
        .append_pair("next", &inside(&input.next))
        .finish();
    Ok(see_other(&world_url, &format!("/login/second?{query}")))
}

/// Form with the new password in place of the one-time password.
#[derive(Debug, Deserialize)]
struct ReplaceInput {
    /// Secret identifier of the sign-in.
    #[serde(default)]
    entry: String,
    /// A password of 8 to 100 characters.
    #[serde(default)]
    password: String,
    /// Repetition of the password.
    #[serde(default)]
    repeated: String,
    /// Address to go to afterwards.
    #[serde(default)]
    next: String,
}

async fn replace(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(input): Form<ReplaceInput>,
) -> Result<Response, Problem> {
    let faults = match read_password(&input.password, &input.repeated) {
        Err(faults) => faults,
        Ok(password) => {
            let replaced =
                world.act(|state, now, rng| state.portal.replace_password(&input.entry, password, now, rng)).await;
            match replaced {
                Ok(step) => return Ok(go_on(&world_url, &step, &input.next)),
                Err(worlds::ActError::Refused(error @ EntryError::SamePassword)) => {
                    Faults::one("password", error.to_string())
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let page = OneTimePage { frame, entry: input.entry, next: inside(&input.next), faults };
    Ok(Page(page).with(StatusCode::BAD_REQUEST))
}
