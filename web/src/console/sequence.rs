//! The page of the sequence diagram: who asked whom in a world.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{Extension, Router, extract::State, routing::get};
use serde::Deserialize;

use super::{
    diagram::Diagram,
    exchange::{own, theirs},
};
use crate::{AnyWorld, Frame, Page, Query, ReaderLanguage, filled, stand::Stand};

/// How many requests are drawn when nobody says.
const DRAWN: usize = 40;
/// How many of the newest requests of either server are looked through.
const SEARCHED: usize = 400;

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/sequence", get(sequence))
}

/// What is drawn.
#[derive(Debug, Default, Deserialize)]
struct Drawn {
    /// How many of the newest requests.
    last: Option<usize>,
    /// Only requests about this person, and those about nobody.
    person: Option<String>,
}

#[derive(Template)]
#[template(path = "console/sequence.html")]
struct SequencePage {
    frame: Frame,
    reads: ReaderLanguage,
    diagram: Diagram,
    person: Option<String>,
    people: BTreeSet<String>,
    last: usize,
}

async fn sequence(
    State(stand): State<Stand>,
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    frame: Frame,
    reads: ReaderLanguage,
    Query(drawn): Query<Drawn>,
) -> Page<SequencePage> {
    let last = drawn.last.unwrap_or(DRAWN).clamp(1, SEARCHED);
    let mut exchanges = own(&*world, &frame, SEARCHED);
    if let Some(peer) = &stand.peer {
        exchanges.extend(theirs(peer, world.name(), SEARCHED).await.unwrap_or_default());
    }
    let people = exchanges.iter().filter_map(|exchange| exchange.person.clone()).collect();
    let person = filled(drawn.person);
    exchanges.retain(|exchange| {
        // The start page is the tester's own.
        exchange.request != "GET /" && (person.is_none() || exchange.person.is_none() || exchange.person == person)
    });
    exchanges.sort_by_key(|exchange| exchange.answered_at);
    let diagram = Diagram::of(exchanges.split_off(exchanges.len().saturating_sub(last)), reads);
    Page(SequencePage { frame, reads, diagram, person, people, last })
}
