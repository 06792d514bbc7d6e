//! Pages of the sign-in: the buttons, the redirect to Gosuslugi, the refusal, the sign-out.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use web::{Cookies, Form, Frame, InWorld, NoFields, Page, Problem, Query, SetCookie, see_other};
use worlds::World;

use super::{
    cookies::{PENDING_COOKIE, REFUSAL_COOKIE, SESSION_COOKIE},
    grant::OidcSecrets,
    pending_sign_in::{PendingSignIn, PendingSignIns, term},
    protocol::Protocol,
    provider_client::ProviderClient,
    refusal::Words,
    visitor::Visitor,
};
use crate::{event::DiaryEvent, state::Diary};

#[derive(Template)]
#[template(path = "signin/login.html")]
pub(crate) struct LoginPage {
    pub(super) frame: Frame,
    pub(super) school: String,
    /// Text of the button that leads to Gosuslugi.
    pub(super) button: String,
    /// Label of the password form, which says for whom passwords still work; `None` when for no one.
    pub(super) passwords: Option<&'static str>,
    pub(super) login: String,
    /// Typed password, when the page shows it.
    pub(super) password: Option<String>,
    pub(super) error: Option<String>,
    /// Whether a session has just expired or was ended by the diary.
    pub(super) is_ended: bool,
}

impl LoginPage {
    fn typed(&self) -> &str {
        self.password.as_deref().unwrap_or_default()
    }

    fn attributes(&self) -> &'static str {
        if self.password.is_some() {
            "type=text autocomplete=off required"
        } else {
            "type=password autocomplete=current-password required"
        }
    }

    /// Builds the page for the world's current day.
    pub(super) async fn new(world: &World<Diary>, frame: Frame) -> Result<Self, Problem> {
        let (school, button, passwords) = world
            .read(|diary, now| {
                let (sign_in, today) = (&diary.config.profile.sign_in, worlds::moscow::date(now));
                let passwords =
                    match (sign_in.families.passwords.work_on(today), sign_in.staff.passwords.work_on(today)) {
                        (true, true) => Some("По паролю дневника"),
                        (true, false) => Some("По паролю дневника — ученикам и родителям"),
                        (false, true) => Some("По паролю дневника — работникам школы"),
                        (false, false) => None,
                    };
                (diary.config.school_name(), sign_in.button.clone(), passwords)
            })
            .await?;
        Ok(Self {
            frame,
            school,
            button,
            passwords,
            login: String::new(),
            password: None,
            error: None,
            is_ended: false,
        })
    }
}

/// Query of the sign-in page.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    ended: Option<String>,
}

/// `GET /login`: shows the button of Gosuslugi and the password form.
pub(crate) async fn sign_in(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Query(Said { ended }): Query<Said>,
) -> Result<Page<LoginPage>, Problem> {
    Ok(Page(LoginPage { is_ended: ended.is_some(), ..LoginPage::new(&world, frame).await? }))
}

/// `GET /login/gosuslugi`: redirects to the provider's authorization endpoint.
pub(crate) async fn to_gosuslugi(
    InWorld { world, world_url }: InWorld<Diary>,
    State(client): State<Arc<ProviderClient>>,
    cookies: Cookies,
) -> Result<Response, Problem> {
    let config = world.read(|diary, _| diary.config.clone()).await?;
    let is_oidc = client.protocol(&config) == Protocol::Oidc;
    let (pending, now) = world
        .act::<_, Problem>(|_, now, rng| {
            let state = rng.uuid();
            let oidc = is_oidc.then(|| OidcSecrets { nonce: rng.hex::<16>(), verifier: rng.hex::<32>() });
            let started = DiaryEvent::SigninStarted { state: state.clone() };
            let expires_at = now + term();
            Ok((vec![started], (PendingSignIn { state, expires_at, oidc }, now)))
        })
        .await?;
    let redirect_uri = world_url.url("/callback");
    let url = async {
        let provider = client.connect(&config, &world_url.world, now)?;
        provider.authorization_url(&pending.state, pending.oidc.as_ref(), &redirect_uri).await
    };
    let url = url.await.map_err(|error| Problem::from(&error))?;
    let under_way = PendingSignIns::read(cookies.get(&world_url, PENDING_COOKIE), now).and(pending);
    let cookie = SetCookie::new(&world_url, PENDING_COOKIE, &under_way.to_string());
    Ok((StatusCode::FOUND, cookie, [(header::LOCATION, url), (header::CACHE_CONTROL, "no-store".to_owned())])
        .into_response())
}

#[derive(Template)]
#[template(path = "signin/refusal.html")]
struct RefusalPage {
    frame: Frame,
    refusal: Words,
    feedback_url: String,
}

/// `GET /refusal`: shows the browser's last refusal.
pub(crate) async fn refused(
    InWorld { world, world_url }: InWorld<Diary>,
    frame: Frame,
    cookies: Cookies,
) -> Result<Response, Problem> {
    let id = cookies.get(&world_url, REFUSAL_COOKIE).unwrap_or_default();
    let known = world
        .read(|diary, now| {
            let refusal = diary.refusals.get(id, now)?;
            Some((refusal.words(&diary.config.profile), diary.config.feedback_url()))
        })
        .await?;
    let Some((refusal, feedback_url)) = known else { return Ok(see_other(&world_url, "/login")) };
    let feedback_url = if feedback_url.starts_with('/') { world_url.path(&feedback_url) } else { feedback_url };
    Ok(Page(RefusalPage { frame, refusal, feedback_url }).with(StatusCode::FORBIDDEN))
}

/// `POST /logout`: ends the session here and at Gosuslugi; only there if the visitor has no session, as after a
/// refusal.
pub(crate) async fn logout(
    InWorld { world, world_url }: InWorld<Diary>,
    State(client): State<Arc<ProviderClient>>,
    visitor: Result<Visitor, Response>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let through_gosuslugi = match visitor {
        Ok(visitor) => {
            sign_out(&visitor).await?;
            visitor.oid.is_some()
        }
        Err(_) => true,
    };
    let gone = (SetCookie::remove(&world_url, SESSION_COOKIE), SetCookie::remove(&world_url, REFUSAL_COOKIE));
    let (config, now) = world.read(|diary, now| (diary.config.clone(), now)).await?;
    let url = async { client.connect(&config, &world_url.world, now)?.logout_url(&world_url.url("/login")).await };
    let url = if through_gosuslugi { url.await.ok() } else { None };
    let response = url.map(|url| (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response());
    // The diary's session ends even when the provider cannot be reached.
    let response = response.unwrap_or_else(|| see_other(&world_url, "/login"));
    Ok((gone, response).into_response())
}

/// Ends the visitor's session.
pub(super) async fn sign_out(visitor: &Visitor) -> Result<(), Problem> {
    let gone = DiaryEvent::SignedOut { session: visitor.session.clone(), name: visitor.who.name.clone() };
    Ok(visitor.world.act::<_, Problem>(|_, _, _| Ok((vec![gone.clone()], ()))).await?)
}
