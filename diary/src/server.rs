//! The composition of the server: its options, the state of its handlers, and its routes.

use std::{pin::Pin, sync::Arc};

use axum::{
    Router,
    extract::FromRef,
    middleware,
    routing::{get, post},
};
use url::Url;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Addresses, AnyWorlds, Front, Settings, Site};
use worlds::{
    Limits, SeedDocument, WallClock, WorldError, WorldName, Worlds, drop_idle_worlds, store::Store, store::StoreError,
};

use crate::{
    access, console, feedback, messages,
    profile::ProfileSeed,
    pupil, school,
    signin::{self, Protocol, ProviderClient, Reaching},
    state::Diary,
    teacher,
};

static SITE: Site = Site::new(
    Addresses {
        uploads: &["/school/import", "/api/school/import"],
        // Only the provider calls it (OpenID Connect Back-Channel Logout §2.5).
        programs: &["/logout/backchannel"],
        ..Addresses::NONE
    },
    "diary",
    "Электронный дневник",
    "МОК · не настоящий электронный дневник",
    include_str!("../assets/diary.css"),
);

/// Options of the diary's server, in addition to the settings that every server has.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits on worlds, logs and journals.
    pub limits: Limits,
    /// Base URL of the provider's server: the world `main` uses it, any other world `w` uses `/w/w` below it. A URL in
    /// a world's own seed overrides it.
    pub provider: Option<Url>,
    /// Protocol of worlds whose seed does not name one.
    pub protocol: Protocol,
    /// Profile of worlds whose seed does not name one.
    pub profile: Option<ProfileSeed>,
    /// Seed of the world `main` when the store does not have that world yet.
    pub seed: SeedDocument,
    /// Signing key and edge for requests to providers.
    pub reaching: Reaching,
}

/// Error that stops the diary from starting.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The world `main` could not be created.
    #[error("мир main: {0}")]
    World(#[from] WorldError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client could not be built.
    #[error("HTTP: {0}")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// State of the handlers.
#[derive(Clone)]
struct App {
    provider: Arc<ProviderClient>,
}

impl FromRef<App> for Arc<ProviderClient> {
    fn from_ref(app: &App) -> Self {
        Self::clone(&app.provider)
    }
}

/// Builds the diary's server over a store, ready for [`web::Bound`]. Creates the world `main` from the options' seed
/// when the store does not have it.
///
/// The future is boxed, so that a program that starts the server does not compile its code again.
///
/// # Errors
/// Fails as listed in [`StartError`].
pub fn server(
    settings: Settings,
    store: Arc<dyn Store>,
    wall: Arc<dyn WallClock>,
    options: Options,
) -> Pin<Box<dyn Future<Output = Result<Router, StartError>> + Send>> {
    Box::pin(put_together(settings, store, wall, options))
}

async fn put_together(
    settings: Settings,
    store: Arc<dyn Store>,
    wall: Arc<dyn WallClock>,
    options: Options,
) -> Result<Router, StartError> {
    let Options { limits, provider, protocol, profile, seed, reaching } = options;
    let limits = Limits { quotas: settings.teams.quotas(), ..limits };
    let worlds = Worlds::<Diary>::new("diary", store, wall, limits);
    let worlds = match profile {
        Some(profile) => worlds.preparing(move |seed| profile.complete(seed)),
        None => worlds,
    };
    let worlds = Arc::new(worlds);
    worlds.get_or_create(&WorldName::main(), seed).await?;
    drop_idle_worlds(&worlds);
    let provider = ProviderClient::new(provider, protocol, reaching).map_err(StartError::Http)?;
    let app = App { provider: Arc::new(provider) };
    let worlds: Arc<dyn AnyWorlds> = worlds;
    Ok(Front::new(&SITE, settings, worlds, pages(app.clone()), api(app)).into_router())
}

/// Builds the routes of pages: those open to anybody and those for signed-in people.
fn pages(app: App) -> Router {
    Router::new()
        .route("/", get(console::start))
        .route("/login", get(signin::sign_in).post(signin::with_password))
        .route("/login/show", post(signin::show))
        .route("/login/forgotten", get(signin::forgotten).post(signin::forgot))
        .route("/login/recovery/{secret}", get(signin::new_password).post(signin::make_anew))
        .route("/login/gosuslugi", get(signin::to_gosuslugi))
        .route("/callback", get(signin::callback))
        .route("/refusal", get(signin::refused))
        .route("/logout", post(signin::logout))
        .route("/logout/backchannel", post(signin::backchannel))
        .route("/feedback", get(feedback::form).post(feedback::leave))
        .merge(signed_in_pages().layer(middleware::from_fn_with_state(app.clone(), signin::check_session)))
        .with_state(app)
}

fn signed_in_pages() -> Router<App> {
    Router::new()
        .route("/desk", get(pupil::desk))
        .route("/diary", get(pupil::home))
        .route("/diary/{pupil}", get(pupil::diary))
        .route("/messages", get(messages::pages::list))
        .route("/messages/new", get(messages::new_pages::new).post(messages::new_pages::begin))
        .route("/messages/families", get(messages::new_pages::families))
        .route(
            "/messages/families/new",
            get(messages::new_pages::new_to_family).post(messages::new_pages::begin_with_family),
        )
        .route("/messages/{id}", get(messages::pages::thread).post(messages::pages::answer))
        .route("/school", get(school::pages::list))
        .route("/school/pupils/{pupil}", get(school::pages::card).post(school::pages::correct))
        .route("/school/pupils/{pupil}/parents", post(school::pages::add_parent))
        .route("/school/pupils/{pupil}/parents/{parent}", post(school::pages::correct_parent))
        .route(
            "/school/pupils/{pupil}/parents/{parent}/remove",
            get(school::confirm::remove_parent).post(school::pages::remove_parent),
        )
        .route("/school/parents", get(school::parents::list))
        .route("/school/parents/{parent}", post(school::parents::activate))
        .route("/school/lessons", get(teacher::pages::week))
        .route("/school/lessons/{class}/{subject}/{date}", get(teacher::pages::lesson).post(teacher::pages::record))
        .route("/school/applications", get(access::queue::list))
        .route("/school/applications/{id}", get(access::queue::one))
        .route("/school/applications/{id}/accept", post(access::queue::accept))
        .route("/school/applications/{id}/decline", post(access::queue::decline))
        .route("/school/pupils/{pupil}/consents", get(access::consent_pages::list).post(access::consent_pages::take))
        .route(
            "/school/pupils/{pupil}/consents/{id}/withdraw",
            get(access::consent_pages::ask_to_withdraw).post(access::consent_pages::withdraw),
        )
        .route("/school/pupils/{pupil}/phone", post(access::consent_pages::give_phone))
        .route("/school/import", get(school::import::pages::form).post(school::import::pages::upload))
        .route("/school/import/template.csv", get(school::import::pages::empty))
        .route("/school/register.csv", get(school::import::pages::whole))
        .route("/access", get(access::pages::list))
        .route("/access/application", get(access::pages::form).post(access::pages::apply))
        .route("/access/applications/{id}", get(access::pages::application))
}

/// Builds the JSON endpoints, open to anybody or for signed-in people; each is described in the OpenAPI document.
fn api(app: App) -> OpenApiRouter {
    let mut router = OpenApiRouter::new()
        .routes(routes!(signin::api::login))
        .routes(routes!(signin::recovery::forgot_json))
        .routes(routes!(signin::recovery::make_anew_json))
        .routes(routes!(signin::api::refusal))
        .routes(routes!(feedback::leave_json))
        .merge(signed_in_api().layer(middleware::from_fn_with_state(app, signin::check_session)));
    web::add_examples(router.get_openapi_mut(), include_str!("examples.json"));
    router
}

fn signed_in_api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(signin::api::logout))
        .routes(routes!(pupil::api::me))
        .routes(routes!(pupil::api::diary))
        .routes(routes!(messages::api::teachers))
        .routes(routes!(messages::api::list, messages::api::begin))
        .routes(routes!(messages::api::unread))
        .routes(routes!(messages::api::families, messages::api::begin_with_family))
        .routes(routes!(messages::api::one, messages::api::answer))
        .routes(routes!(messages::api::read))
        .routes(routes!(school::api::list))
        .routes(routes!(school::api::card, school::api::correct))
        .routes(routes!(school::api::add_parent))
        .routes(routes!(school::parents::list_json))
        .routes(routes!(school::parents::activate_json))
        .routes(routes!(school::api::correct_parent, school::api::remove_parent))
        .routes(routes!(teacher::api::week))
        .routes(routes!(teacher::api::lesson, teacher::api::record))
        .routes(routes!(access::api::list, access::api::apply))
        .routes(routes!(access::api::one))
        .routes(routes!(access::queue_api::list))
        .routes(routes!(access::queue_api::one))
        .routes(routes!(access::queue_api::accept))
        .routes(routes!(access::queue_api::decline))
        .routes(routes!(access::consent_api::list, access::consent_api::take))
        .routes(routes!(access::consent_api::withdraw))
        .routes(routes!(access::consent_api::give_phone))
        .routes(routes!(school::import::api::upload))
        .routes(routes!(school::import::api::template_csv))
        .routes(routes!(school::import::api::register_csv))
}
