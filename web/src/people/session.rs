//! A session that a program has opened without a password, and the link by which a browser takes it over.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::language::pick;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use crate::{Problem, ReturnTo, SetCookie, WorldUrl};

/// Path of the link, on both servers.
pub(crate) const LINK_PATH: &str = "/login/link/{code}";
/// How long a link works, by the world's clock.
pub const LINK_TTL: TimeDelta = TimeDelta::minutes(5);

/// A session that has just been opened.
#[derive(Debug)]
pub struct NewSession {
    /// Value of the cookie.
    pub(crate) session: String,
    /// Until when its link works.
    pub(crate) link_until: DateTime<Utc>,
}

/// A session that a browser has taken over by its link.
#[derive(Debug)]
pub struct LinkSession {
    /// Value of the cookie.
    pub session: String,
    /// Path of the person's first page.
    pub home: &'static str,
}

/// A session opened without a password.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenedSession {
    /// The session: for `Authorization: Bearer` at the JSON endpoints of the person. The answer sets it as the cookie of the
    /// server's pages too.
    #[schema(example = "5a1f3c0e9b7d42668f10a2c4d6e8b093")]
    session: String,
    /// Opened in a browser, it signs that browser in and leads to the person's first page, or to `?next=/another/page`. It
    /// works once.
    #[schema(example = "http://127.0.0.1:8081/login/link/0f4c1b7a29d85e63b1a0c9d8e7f60514")]
    link: String,
    /// Until when the link works, by the world's clock.
    link_expires_at: DateTime<Utc>,
}

/// Where a link leads.
#[derive(Debug, Deserialize)]
pub(crate) struct LinkTarget {
    /// A page of the same world.
    #[serde(default)]
    next: String,
}

impl OpenedSession {
    /// 201 with the session, its link and its cookie.
    pub(crate) fn answer(world_url: &WorldUrl, opened: NewSession, cookie: SetCookie) -> Response {
        let NewSession { session, link_until: link_expires_at } = opened;
        let link = world_url.url(&LINK_PATH.replace("{code}", &link_code(&session)));
        let opened = Self { session, link, link_expires_at };
        (StatusCode::CREATED, [("cache-control", "no-store")], cookie, axum::Json(opened)).into_response()
    }
}

impl LinkTarget {
    /// The page to go to: of the request's own world, whatever was asked for.
    pub(crate) fn page(&self, world_url: &WorldUrl, first: &str) -> String {
        inside(world_url, &self.next).unwrap_or_else(|| first.to_owned())
    }
}

/// The path inside a world of an address that is given as a path, with or without the world's prefix, or in full; none for
/// any other address.
fn inside(world_url: &WorldUrl, address: &str) -> Option<String> {
    let path = address.strip_prefix(&world_url.origin).unwrap_or(address);
    let of_world = path.strip_prefix(&world_url.prefix).filter(|rest| rest.starts_with('/'));
    ReturnTo::parse(of_world.unwrap_or(path)).map(|to| to.as_str().to_owned())
}

/// The secret in a session's link. It tells nothing of the session's own.
fn link_code(session: &str) -> String {
    let hash = Sha256::digest(format!("link to the session {session}"));
    hex::encode(&hash[..16])
}

/// Whether a link is that of a session.
pub fn is_link_of(code: &str, session: &str) -> bool {
    code.as_bytes().ct_eq(link_code(session).as_bytes()).into()
}

/// The answer to a link that signs nobody in (any more).
pub(crate) fn link_is_over() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "link-over",
        pick("Ссылка для входа больше не действует", "The link for signing in works no longer"),
    )
    .or(pick(
        "Она открывается один раз, в течение пяти минут. Новая: POST /control/people/{имя}/session",
        "It opens once, within five minutes. A new one: POST /control/people/{key}/session",
    ))
}
