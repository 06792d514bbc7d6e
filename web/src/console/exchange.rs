//! Requests of both servers as messages between a person's browser, a client system and Gosuslugi.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use worlds::{Entry, WorldName};

use crate::{
    AnyWorld, Frame,
    addressing::world_in,
    peer::{Peer, PeerError},
};

/// Who takes part in a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    Browser,
    Client,
    Gosuslugi,
}

/// A request and its answer, as a message from one party to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub(super) answered_at: DateTime<Utc>,
    pub(super) from: Party,
    pub(super) to: Party,
    /// Method and path.
    pub(super) request: String,
    pub(super) status: u16,
    /// Where the answer sends a browser.
    pub(super) location: Option<String>,
    pub(super) is_refused: bool,
    /// Address of its verdict.
    pub(super) page: String,
    pub(super) person: Option<String>,
}

/// What is read of a journal's entry, of this server or of the other.
#[derive(Debug, Deserialize)]
struct Read {
    id: u64,
    answered_at: DateTime<Utc>,
    method: String,
    target: String,
    status: u16,
    by_program: bool,
    person: Option<String>,
    response: Answer,
    verdict: Vec<Checked>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    headers: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Checked {
    outcome: String,
}

impl Exchange {
    /// Of an entry of the journal of a server, `idp` or `diary`; its verdict is told at `page`.
    pub fn of(entry: Entry, server: &str, page: String) -> Self {
        let is_refused = entry.outcome() == "failed";
        let read = Read {
            id: entry.id,
            answered_at: entry.answered_at,
            method: entry.method,
            target: entry.target,
            status: entry.status,
            by_program: entry.by_program,
            person: entry.person,
            response: Answer { headers: entry.response.headers },
            verdict: Vec::new(),
        };
        Self { is_refused, page, ..read.exchange(server, "") }
    }
}

impl Read {
    /// `server` is `idp` or `diary`, `base` the URL of the world there.
    fn exchange(self, server: &str, base: &str) -> Exchange {
        let path = self.target.split('?').next().unwrap_or_default().to_owned();
        let (from, to) = match (server, self.by_program) {
            ("idp", true) => (Party::Client, Party::Gosuslugi),
            ("idp", false) => (Party::Browser, Party::Gosuslugi),
            (_, true) => (Party::Gosuslugi, Party::Client),
            (_, false) => (Party::Browser, Party::Client),
        };
        let location = self.response.headers.into_iter().find(|(name, _)| name == "location");
        Exchange {
            answered_at: self.answered_at,
            from,
            to,
            request: format!("{} {path}", self.method),
            status: self.status,
            location: location.map(|(_, url)| path_of(&url)),
            is_refused: self.verdict.iter().any(|check| check.outcome == "failed"),
            page: format!("{base}/control/console/requests/{}", self.id),
            person: self.person,
        }
    }
}

/// The path of an address within its world, which says more than the host where all stand on one machine.
fn path_of(location: &str) -> String {
    let absolute = url::Url::parse(location).map(|url| url.path().to_owned());
    let path = absolute.unwrap_or_else(|_| location.split('?').next().unwrap_or_default().to_owned());
    world_in(&path).map_or_else(|| path.clone(), |(_, within)| within.to_owned())
}

/// The newest exchanges of this server, newest first.
pub(super) fn own(world: &dyn AnyWorld, frame: &Frame, limit: usize) -> Vec<Exchange> {
    let exchange = |entry: Entry| {
        let page = frame.path(&format!("/control/console/requests/{}", entry.id));
        Exchange::of(entry, frame.site, page)
    };
    world.journal().newest(limit, |_| true).into_iter().map(exchange).collect()
}

/// The newest exchanges of the other server, newest first.
///
/// # Errors
/// As the other server answers.
pub(super) async fn theirs(peer: &Peer, name: &WorldName, limit: usize) -> Result<Vec<Exchange>, PeerError> {
    let entries: Vec<Read> = peer.get(name, &format!("/control/requests?limit={limit}")).await?;
    Ok(entries.into_iter().map(|entry| entry.exchange(peer.server(), &peer.world(name))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_leads_to_a_path_within_its_world() {
        assert_eq!(path_of("http://127.0.0.1:1/w/run-1/aas/oauth2/ac?client_id=A"), "/aas/oauth2/ac");
        assert_eq!(path_of("/w/run-1/login?next=/w/x/"), "/login");
        assert_eq!(path_of("https://diary.example/callback?code=1"), "/callback");
        assert_eq!(path_of("/w"), "/w");
    }
}
