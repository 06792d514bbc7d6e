//! The inbox: letters and SMS of a world, by person, with links that work.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{Extension, Router, routing::get};
use serde::Deserialize;
use worlds::moscow::date_time_s;

use crate::{
    AnyWorld, Frame, OutboxChannel, OutboxMessage, Page, Problem, Query, ReaderLanguage, filled, stand::Stand,
};

/// Maximum number of messages on the page.
const SHOWN: usize = 200;

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/inbox", get(inbox))
}

/// Whose messages are shown.
#[derive(Debug, Default, Deserialize)]
struct InboxFilter {
    /// An e-mail address or a phone.
    to: Option<String>,
}

struct Letter {
    /// Whose address it is, if it is somebody's.
    person: Option<String>,
    /// The link in it, in full.
    link: Option<String>,
    message: OutboxMessage,
}

impl Letter {
    fn at(&self) -> String {
        date_time_s(self.message.at)
    }

    fn channel(&self, reads: ReaderLanguage) -> &'static str {
        match self.message.channel {
            OutboxChannel::Email => reads.t("Письмо", "E-mail"),
            OutboxChannel::Sms => "SMS",
        }
    }
}

#[derive(Template)]
#[template(path = "console/inbox.html")]
struct InboxPage {
    frame: Frame,
    reads: ReaderLanguage,
    to: Option<String>,
    /// Address and whose it is, of all that anything was sent to or may be.
    addresses: BTreeMap<String, String>,
    letters: Vec<Letter>,
}

async fn inbox(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    frame: Frame,
    reads: ReaderLanguage,
    Query(filter): Query<InboxFilter>,
) -> Result<Page<InboxPage>, Problem> {
    let to = filled(filter.to);
    let people = world.people().await?;
    let of_person =
        people.iter().flat_map(|person| person.contacts.iter().map(|contact| (contact.clone(), person.name.clone())));
    let known: BTreeMap<String, String> = of_person.collect();
    let sent = world.outbox(None, SHOWN).await?;
    let mut addresses = known.clone();
    for message in &sent {
        addresses.entry(message.to.clone()).or_default();
    }
    let is_wanted = |message: &OutboxMessage| to.as_ref().is_none_or(|to| message.to == *to);
    let letter = |message: OutboxMessage| Letter {
        person: known.get(&message.to).cloned(),
        link: message.link.as_ref().map(|link| frame.path(link)),
        message,
    };
    let letters = sent.into_iter().filter(is_wanted).map(letter).collect();
    Ok(Page(InboxPage { frame, reads, to, addresses, letters }))
}
