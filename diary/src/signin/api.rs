//! JSON API of the sign-in.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Cookies, InWorld, Json, Problem};

use super::{
    cookies::REFUSAL_COOKIE,
    pages::sign_out,
    password::{Credentials, enter},
    refusal::Words,
    visitor::Visitor,
};
use crate::state::Diary;

/// A session to use as `Authorization: Bearer …`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Value of the cookie `diary_session`, for a client without a cookie jar.
    pub(crate) session: String,
}

/// Signs in with the diary's own password, until that ends (R000.1).
#[utoipa::path(post, path = "/api/login", tag = "signin", request_body = Credentials,
    responses((status = 200, body = SessionView), (status = 401), (status = 403)))]
pub(crate) async fn login(
    InWorld { world, .. }: InWorld<Diary>,
    Json(given): Json<Credentials>,
) -> Result<Json<SessionView>, Problem> {
    let (session, _) = enter(&world, &given).await?;
    Ok(Json(SessionView { session }))
}

/// Ends the session.
#[utoipa::path(delete, path = "/api/session", tag = "signin", responses((status = 204), (status = 401)))]
pub(crate) async fn logout(visitor: Visitor) -> Result<StatusCode, Problem> {
    sign_out(&visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why somebody was not let in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalView {
    /// Stable name of the refusal, as `child-not-found`.
    code: &'static str,
    /// The exact text.
    text: String,
    /// Why there is no diary, one sentence in Russian.
    reason: String,
    /// What to do.
    next_step: String,
    /// What the account lacks, one by one (R003.2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
}

impl From<Words> for RefusalView {
    fn from(words: Words) -> Self {
        let Words { code, text, reason, next_step, faults } = words;
        Self { code, text, reason, next_step, faults }
    }
}

/// This browser's last refusal.
#[utoipa::path(get, path = "/api/refusal", tag = "signin", responses((status = 200, body = RefusalView), (status = 404)))]
pub(crate) async fn refusal(
    InWorld { world, world_url }: InWorld<Diary>,
    cookies: Cookies,
) -> Result<Json<RefusalView>, Problem> {
    let id = cookies.get(&world_url, REFUSAL_COOKIE).unwrap_or_default();
    let known = world
        .read(|diary, now| diary.refusals.get(id, now).map(|refusal| refusal.words(&diary.config.profile)))
        .await?;
    Ok(Json(known.ok_or_else(|| Problem::not_found("Отказа во входе не было"))?.into()))
}
