//! The consent page of an authorization request.

use std::collections::BTreeSet;

use askama::Template;
use esia::language::pick;
use serde::Deserialize;
use web::{Frame, Page};

use crate::{clients::Client, portal::accounts::Account};

/// Content of the consent page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asking {
    /// Title of the client.
    pub(crate) title: String,
    /// Organisation that owns the client.
    pub(crate) organisation: String,
    /// Descriptions of the requested scopes; an unknown scope is shown by its name.
    pub(crate) items: Vec<String>,
    /// Requested consents of the digital profile, one line each.
    pub(crate) consents: Vec<String>,
    /// Name of the person who is asked for consent.
    pub(crate) who: String,
}

impl Asking {
    /// Creates the content for scopes given by their bare names.
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

    /// Adds the lines of the consents of the digital profile.
    pub(crate) fn with_consents(mut self, consents: Vec<String>) -> Self {
        self.consents = consents;
        self
    }
}

#[derive(Template)]
#[template(path = "oauth/consent.html")]
pub(crate) struct ConsentPage {
    frame: Frame,
    /// Address of the form.
    action: &'static str,
    request: String,
    asking: Asking,
}

impl ConsentPage {
    /// Creates the page; its form is posted to `action`.
    pub(crate) fn asking(frame: Frame, action: &'static str, request: String, asking: Asking) -> Page<Self> {
        Page(Self { frame: frame.signed_in(asking.who.clone()), action, request, asking })
    }
}

/// Query of a page shown before the redirect to the client: identifier of the pending authorization request.
#[derive(Debug, Deserialize)]
pub(crate) struct PendingRequest {
    pub(crate) request: String,
}

/// Form of the consent page.
#[derive(Debug, Deserialize)]
pub(crate) struct ConsentForm {
    pub(crate) request: String,
    pub(crate) answer: ConsentAnswer,
}

/// Answer to the consent page: «Предоставить» or «Отказать».
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ConsentAnswer {
    Grant,
    Refuse,
}

/// Error: a page names an authorization request that is unknown, answered or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    pick(
        "Запрос на вход не найден: он уже выполнен или его срок истёк",
        "The request to sign in was not found: it is done already, or has expired"
    )
)]
pub(crate) struct RequestGone;
