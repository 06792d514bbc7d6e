//! Page and JSON endpoint of «История согласий».

use askama::Template;
use chrono::{DateTime, Utc};
use esia::Oid;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Frame, InWorld, Json, Page, Problem};

use super::{
    Line, MAX_KEPT,
    view::{system, words},
};
use crate::{portal::accounts::SignedIn, state::Gosuslugi};

/// One line of the history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineView {
    /// When it happened, by the world's clock.
    at: DateTime<Utc>,
    /// `requested`, `granted`, `refused`, `revoked`, `expired`, `ended`, `request-expired` or `request-closed`.
    what: &'static str,
    /// The same in words, with the reason.
    text: String,
    /// Who did it; nobody when a system asked or a term ended.
    by: Option<String>,
    /// Name of the person whose data it is about.
    subject: String,
    /// Mnemonic of the system.
    client: String,
    /// What the system is called.
    title: String,
    /// The organisation that runs it.
    organisation: String,
    /// Purpose, as the client has said it.
    purpose: String,
    /// Which data, in words.
    data: Vec<String>,
    /// Names of the scopes that it opens.
    scopes: Vec<String>,
    /// The term of the consent or of the request.
    expires_at: DateTime<Utc>,
}

fn line(state: &Gosuslugi, subject: Oid, line: &Line) -> LineView {
    let (title, organisation) = system(state, &line.client);
    LineView {
        at: line.at,
        what: line.what.code(),
        text: line.what.text(),
        by: line.by.map(|by| state.portal.name_of(by)),
        subject: state.portal.name_of(subject),
        client: line.client.to_string(),
        title,
        organisation,
        purpose: line.purpose.clone(),
        data: line.scopes.iter().map(|scope| words(scope)).collect(),
        scopes: line.scopes.iter().cloned().collect(),
        expires_at: line.expires_at,
    }
}

/// Returns the history of consents about a person and the children bound to the person, newest first.
fn lines(state: &Gosuslugi, me: Oid) -> Vec<LineView> {
    let subjects = std::iter::once(me).chain(state.portal.bindings.children_of(me));
    let all = subjects.flat_map(|subject| state.portal.consents.history(subject).map(move |line| (subject, line)));
    let mut all: Vec<_> = all.collect();
    // The sort is stable: entries of one instant stay newest first for each person.
    all.sort_by_key(|(_, line)| std::cmp::Reverse(line.at));
    all.into_iter().take(MAX_KEPT).map(|(subject, found)| line(state, subject, found)).collect()
}

#[derive(Template)]
#[template(path = "consents/history.html")]
pub(super) struct HistoryPage {
    frame: Frame,
    lines: Vec<LineView>,
}

pub(super) async fn history_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<HistoryPage>, Problem> {
    let page = world
        .read(|state, _| HistoryPage {
            frame: frame.signed_in(state.portal.name_of(me.oid())),
            lines: lines(state, me.oid()),
        })
        .await?;
    Ok(Page(page))
}

/// What became of consents and requests, one's own and one's children's, newest first; the newest hundred.
#[utoipa::path(get, path = "/lk/api/consents/history", tag = "consents", responses((status = 200, body = [LineView])))]
pub(super) async fn api_history(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
) -> Result<Json<Vec<LineView>>, Problem> {
    Ok(Json(world.read(|state, _| lines(state, me.oid())).await?))
}
