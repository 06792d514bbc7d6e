//! The consent page of an authorization request.

use std::collections::BTreeSet;

use askama::Template;
use esia::language::pick;
use serde::Deserialize;
use web::{Frame, Page};

use crate::{clients::Client, portal::accounts::Account};

/// What the consent page says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asking {
    /// The system's title.
    pub(crate) title: String,
    /// Who runs it.
    pub(crate) organisation: String,
    /// What it asks for, in words.
    pub(crate) items: Vec<String>,
    /// Consents of the digital profile, each in a line.
    pub(crate) consents: Vec<String>,
    /// Who is asked.
    pub(crate) who: String,
}

impl Asking {
    /// The page's words for scopes, given by their bare names.
    pub(crate) fn of(client: &Client, account: &Account, asked: &BTreeSet<String>) -> Self {
        let known = esia::scope::all_known().filter(|known| asked.contains(known.name));
        let strange = asked.iter().filter(|name| esia::scope::all_known().all(|known| known.name != name.as_str()));
        Self {
            title: client.spec.title.clone(),
            organisation: client.spec.organisation.clone(),
            items: known.map(|known| known.description.to_owned()).chain(strange.cloned()).collect(),
            consents: Vec::new(),
            who: account.name.to_string(),
        }
    }

    /// The same with a line for each consent of the digital profile.
    pub(crate) fn with_consents(mut self, consents: Vec<String>) -> Self {
        self.consents = consents;
        self
    }
}

#[derive(Template)]
#[template(path = "oauth/consent.html")]
pub(crate) struct ConsentPage {
    frame: Frame,
    /// Where the answer goes.
    action: &'static str,
    request: String,
    asking: Asking,
}

impl ConsentPage {
    /// The page, whose answer is posted to `action`.
    pub(crate) fn asking(frame: Frame, action: &'static str, request: String, asking: Asking) -> Page<Self> {
        Page(Self { frame: frame.signed_in(asking.who.clone()), action, request, asking })
    }
}

/// The query of a page between login and client: the authorization request that waits.
#[derive(Debug, Deserialize)]
pub(crate) struct PendingRequest {
    pub(crate) request: String,
}

/// The form of the consent page.
#[derive(Debug, Deserialize)]
pub(crate) struct ConsentForm {
    pub(crate) request: String,
    pub(crate) answer: ConsentAnswer,
}

/// «Предоставить» or «Отказать».
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ConsentAnswer {
    Grant,
    Refuse,
}

/// The request of a page is not there (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    pick(
        "Запрос на вход не найден: он уже выполнен или его срок истёк",
        "The request to sign in was not found: it is done already, or has expired"
    )
)]
pub(crate) struct RequestGone;
