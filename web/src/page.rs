//! Pages: askama templates in a common frame.

use std::convert::Infallible;
use worlds::moscow::date_time;

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use esia::language::pick;

use crate::{Csrf, MenuItem, Problem, Site, WorldUrl, site::Addresses};

/// What every page shows around its content. The first field of each page's struct is `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// `idp` or `diary`.
    pub site: &'static str,
    /// What the site calls itself.
    pub site_title: &'static str,
    /// The ribbon's text.
    pub ribbon: &'static str,
    /// Where the request stands.
    pub world_url: WorldUrl,
    /// The world's time; `None` outside of any world.
    now: Option<DateTime<Utc>>,
    /// The token of every form.
    pub csrf: String,
    /// Path of the stylesheet.
    pub css: &'static str,
    /// Who is signed in, as the page's head shows it.
    pub who: Option<String>,
    /// The sections that are open to whoever is signed in.
    pub menu: Vec<MenuItem>,
    /// Path of the page within the world.
    pub(crate) here: String,
    /// Whether the control API is open to this request: whoever looks may see people, passwords and tools.
    pub is_insider: bool,
}

impl Frame {
    pub(crate) fn new(site: &'static Site, world_url: WorldUrl, csrf: &Csrf, is_insider: bool) -> Self {
        Self {
            site: site.key,
            site_title: site.title,
            ribbon: site.ribbon,
            world_url,
            now: None,
            csrf: csrf.token.clone(),
            css: site.css_path(),
            who: None,
            menu: Vec::new(),
            here: String::new(),
            is_insider,
        }
    }

    /// The same on the page of this path, within the world.
    pub(crate) fn on(self, path: &str) -> Self {
        Self { here: path.to_owned(), ..self }
    }

    /// The same in a world, at its time.
    pub(crate) fn at(self, now: DateTime<Utc>) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The world's time as text.
    pub fn clock(&self) -> String {
        self.now.map(date_time).unwrap_or_default()
    }

    /// The frame of a page that belongs to no world.
    pub(crate) fn nowhere(site: &'static Site) -> Self {
        let world_url = WorldUrl { world: worlds::WorldName::main(), origin: String::new(), prefix: String::new() };
        Self::new(site, world_url, &Csrf::default(), false)
    }

    /// `ru` or `en`: the language in which the page is told.
    pub fn language(&self) -> &'static str {
        self.t("ru", "en")
    }

    /// One of two texts.
    pub fn t<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        pick(ru, en)
    }

    /// A link inside this world.
    pub fn path(&self, path: &str) -> String {
        self.world_url.path(path)
    }

    /// Path of the script of the console.
    pub fn script(&self) -> &'static str {
        crate::console::script_path()
    }

    /// The same frame with a menu in its head.
    #[must_use]
    pub fn with_menu(self, menu: Vec<MenuItem>) -> Self {
        Self { menu, ..self }
    }

    /// Value of `aria-current` of a section in the menu.
    pub fn current(&self, item: &MenuItem) -> Option<&'static str> {
        item.current(&self.menu, &self.here)
    }

    /// How much waits for the person in all the sections of the menu.
    pub fn news(&self) -> usize {
        self.menu.iter().map(|item| item.news).sum()
    }

    /// The same frame with a person in its head.
    #[must_use]
    pub fn signed_in(mut self, who: impl Into<String>) -> Self {
        self.who = Some(who.into());
        self
    }
}

impl<S: Sync> FromRequestParts<S> for Frame {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("a page was asked outside of `Front`"))
    }
}

/// A page to answer with: 200 unless said otherwise.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    /// The page with another status.
    pub fn with(self, status: StatusCode) -> Response {
        let mut response = self.into_response();
        if response.status().is_success() {
            *response.status_mut() = status;
        }
        response
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

/// A page that runs the script of the console ([`Frame::script`]).
#[derive(Debug)]
pub struct ScriptedPage<T>(pub T);

impl<T: Template> IntoResponse for ScriptedPage<T> {
    fn into_response(self) -> Response {
        crate::console::with_script(Page(self.0).into_response())
    }
}

/// After a form: 303 to a path of this world.
pub fn see_other(world_url: &WorldUrl, path: &str) -> Response {
    redirect(StatusCode::SEE_OTHER, &world_url.path(path))
}

fn redirect(status: StatusCode, location: &str) -> Response {
    (status, [(header::LOCATION, location)]).into_response()
}

/// The page of a [`Problem`].
#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct ProblemPage<'t> {
    pub(crate) frame: Frame,
    pub(crate) problem: &'t Problem,
}

impl<S: Sync> FromRequestParts<S> for &'static Site {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        static NOWHERE: Site = Site::new(Addresses::NONE, "", "", "", "");
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(&NOWHERE))
    }
}
