//! Composition of the provider: routes, OpenAPI document and worlds.

use std::{pin::Pin, sync::Arc};

use askama::Template;
use axum::{Router, middleware::from_fn, routing::get};
use utoipa_axum::router::OpenApiRouter;
use web::{Addresses, Console, Frame, Front, InWorld, OtherClock, ScriptedPage, Settings, Site, add_examples};
use worlds::{
    Limits, SeedDocument, WallClock, WorldError, WorldName, Worlds, drop_idle_worlds,
    store::{Store, StoreError},
};

use crate::{
    clients::{self, ClientSpec},
    control, described, faults, grants,
    portal::{accounts, agencies, binding, consents, family, lk},
    protocols::{esia as oauth, oidc, rs},
    signing,
    state::Gosuslugi,
};

/// Name, styles and special addresses of the provider's site.
static SITE: Site = Site::new(
    Addresses {
        uploads: &[],
        programs: &[
            "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server",
            "/oidc/jwks",
            "/oidc/token",
            "/oidc/userinfo",
            "/oidc/revoke",
            "/oidc/introspect",
            "/oidc/consent-requests",
            "/aas/oauth2/te",
            "/aas/oauth2/v2/te",
            "/aas/oauth2/v3/te",
            "/public/*",
            "/rs/*",
            "/esia-rs/api/public/*",
        ],
        arrivals: &["/aas/oauth2/ac", "/aas/oauth2/v2/ac", "/idp/ext/Logout", "/oidc/authorize", "/oidc/logout"],
    },
    "idp",
    "Мок Госуслуг",
    "МОК · не настоящие Госуслуги",
    include_str!("../assets/idp.css"),
);

/// Options that a provider is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits on what the server keeps.
    pub limits: Limits,
    /// Seed of the world `main`, used if the store has no such world.
    pub seed: SeedDocument,
    /// Clients added to `main` and to every world that is made from a seed, in addition to those that the seed names.
    pub clients: Vec<ClientSpec>,
}

/// Builds the provider as a router for [`web::Bound`].
///
/// The future is boxed, so that a crate that calls this function does not compile the server again.
///
/// # Errors
/// Fails if the seed is invalid or the store fails.
pub fn server(
    settings: Settings,
    store: Arc<dyn Store>,
    wall: Arc<dyn WallClock>,
    options: Options,
) -> Pin<Box<dyn Future<Output = Result<Router, WorldError>> + Send>> {
    Box::pin(put_together(settings, store, wall, options))
}

async fn put_together(
    settings: Settings,
    store: Arc<dyn Store>,
    wall: Arc<dyn WallClock>,
    options: Options,
) -> Result<Router, WorldError> {
    let clients = options.clients;
    let added = serde_json::to_value(&clients).map_err(|error| StoreError::Failed(Box::new(error)))?;
    let limits = Limits { quotas: settings.teams.quotas(), ..options.limits };
    let worlds = Worlds::<Gosuslugi>::new(SITE.key, store, wall, limits).preparing(move |seed| {
        clients::add_to(&mut seed.gosuslugi, &added);
        clients::without_private_keys(&mut seed.gosuslugi);
    });
    let main = worlds.get_or_create(&WorldName::main(), options.seed).await?;
    clients::catch_up(&main, &clients).await?;
    let pages = Router::new()
        .route("/", get(start))
        .merge(control::pages())
        .merge(control::faults_pages())
        .merge(control::keys_pages())
        .merge(clients::pages())
        .merge(accounts::pages())
        .merge(lk::pages())
        .merge(family::pages())
        .merge(agencies::pages())
        .merge(binding::pages())
        .merge(consents::pages())
        .merge(grants::sign_out_pages())
        .merge(oauth::routes().merge(oidc::routes()).merge(rs::routes()).layer(from_fn(faults::around)));
    let mut api = OpenApiRouter::new()
        .merge(control::api())
        .merge(control::faults_api())
        .merge(control::keys_api())
        .merge(clients::routes())
        .merge(accounts::api())
        .merge(lk::api())
        .merge(family::api())
        .merge(agencies::api())
        .merge(binding::api())
        .merge(consents::api())
        .merge(grants::sign_out_api())
        .merge(oauth::api());
    api.get_openapi_mut().merge(described::document());
    add_examples(api.get_openapi_mut(), include_str!("examples.json"));
    let worlds = Arc::new(worlds);
    drop_idle_worlds(&worlds);
    Ok(Front::new(&SITE, settings, worlds, pages, api).counting(signing::register).into_router())
}

#[derive(Template)]
#[template(path = "console.html")]
struct StartPage {
    frame: Frame,
    title: String,
    console: Console,
}

/// Shows the start page of the console, for testers.
async fn start(InWorld { world, .. }: InWorld<Gosuslugi>, frame: Frame, console: Console) -> ScriptedPage<StartPage> {
    let title = world.genesis().seed.title.clone();
    ScriptedPage(StartPage { frame, title, console })
}
