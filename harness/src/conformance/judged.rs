//! Row of the report: a fault and its verdict.

use idp::Fault;
use serde::Serialize;

use super::{
    attempt::Seen,
    choice::{class, does},
    end::End,
    judge::{Verdict, right_of, unseen},
    shown::Shown,
};
use crate::{cli::Protocol, control::JournalEntry, relying_party::Client};

/// Fault with its verdict and the observations.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Judged {
    /// Name of the fault.
    pub fault: &'static str,
    /// Protocol in which it was played.
    pub protocol: Protocol,
    /// What the provider did, in the language of the run.
    pub does: &'static str,
    /// Class of the fault, which says what a correct client does: `refuse`, `accept`, `degrade`.
    pub right: &'static str,
    /// Source of the rule.
    pub source: &'static str,
    /// Verdict on the client.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Letters of the catalogue that the verdict does not cover.
    pub unseen: Vec<&'static str>,
    /// Page on which the sign-in with the fault ended.
    pub(super) page: Option<Shown>,
    /// Requests to the provider during that sign-in.
    pub requests: Vec<String>,
}

/// Row without observations.
pub(super) fn row(client: &Client, fault: &'static Fault, verdict: Verdict) -> Judged {
    Judged {
        fault: fault.id,
        protocol: client.protocol,
        does: does(fault),
        right: class(right_of(fault, client)),
        source: fault.source,
        verdict,
        unseen: Vec::new(),
        page: None,
        requests: Vec::new(),
    }
}

/// Adds page and requests of a sign-in to a row.
pub(super) fn with_page(row: Judged, fault: &Fault, seen: Seen) -> Judged {
    let line = |entry: &JournalEntry| {
        let faults = if entry.faults.is_empty() { String::new() } else { format!("  [{}]", entry.faults.join(", ")) };
        format!("{} {} → {}{faults}", entry.method, entry.path(), entry.status)
    };
    let requests = seen.requests.iter().map(line).collect();
    debug_assert!(!matches!(seen.end, End::Returned) || !seen.page.url.is_empty(), "a page has an address");
    let unseen = unseen(fault, &seen);
    Judged { page: Some(seen.page), requests, unseen, ..row }
}
