//! Time that passes between two looks at a client.

use std::time::Duration;

use idp::Fault;
use serde_json::{Value, json};

use super::stand::Stand;

/// Lifetime of tokens for a client whose clock cannot be moved, in seconds.
const SHORT_S: u64 = 2;
/// Time to wait until these tokens have expired.
const WAIT: Duration = Duration::from_secs(4);

/// Passing of time for a client at which a person is signed in.
pub(super) struct Passing<'s> {
    stand: &'s Stand,
    world: &'s str,
    how: How,
}

/// Way in which time passes.
enum How {
    /// The clocks of the world at both servers are advanced by this time.
    Clocks(&'static str),
    /// No clock is moved: the tokens expire within seconds, and the run waits.
    Wait,
}

impl<'s> Passing<'s> {
    /// Time after which a fault about the end of a session (letter L) shows. `None` for other faults, and if the
    /// client's clock cannot be moved and the time is too long to wait.
    pub(super) fn of(fault: &Fault, stand: &'s Stand, world: &'s str) -> Option<Self> {
        let is_of_refreshing = is_of_refreshing(fault);
        if !is_of_refreshing && !is_of_term(fault) {
            return None;
        }
        let how = match (stand.moves_clocks(), is_of_refreshing) {
            (true, true) => How::Clocks("65m"),
            (true, false) => How::Clocks("25h"),
            (false, true) => How::Wait,
            (false, false) => return None,
        };
        Some(Self { stand, world, how })
    }

    /// Additional fault with which tokens expire within seconds.
    pub(super) fn beside(&self) -> Option<Value> {
        let short = json!({ "fault": "time.token-ends-in-use", "parameters": { "seconds": SHORT_S } });
        matches!(self.how, How::Wait).then_some(short)
    }

    /// Lets the time pass; returns whether it did.
    pub(super) async fn pass(&self) -> bool {
        match self.how {
            How::Clocks(by) => self.stand.advance(self.world, by).await.is_ok(),
            How::Wait => {
                wait(WAIT).await;
                true
            }
        }
    }
}

/// Checks whether a fault shows when tokens are refreshed.
pub(super) fn is_of_refreshing(fault: &Fault) -> bool {
    fault.id.starts_with("te.refresh-")
}

/// Checks whether a fault changes the lifetime of a session.
fn is_of_term(fault: &Fault) -> bool {
    matches!(fault.id, "claim.exp-milliseconds" | "claim.exp-as-string")
}

#[expect(clippy::disallowed_methods, reason = "a client's own clock cannot be moved: its tokens end by it")]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}
