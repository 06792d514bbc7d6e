//! Time that passes between two looks at a client.

use std::time::Duration;

use idp::Fault;
use serde_json::{Value, json};

use super::stand::Stand;

/// How long the tokens of a client live whose clock cannot be moved, seconds.
const SHORT_S: u64 = 2;
/// How long is waited for them to end.
const WAIT: Duration = Duration::from_secs(4);

/// How time passes for a client that somebody has signed in to.
pub(super) struct Passing<'s> {
    stand: &'s Stand,
    world: &'s str,
    how: How,
}

/// Which clock is moved.
enum How {
    /// Those of the world at both servers, by so much.
    Clocks(&'static str),
    /// None: what ends, ends within seconds.
    Wait,
}

impl<'s> Passing<'s> {
    /// The time after which a fault shows that is about the end of a session (letter L); none for other faults, and where nobody can
    /// wait so long.
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

    /// A fault beside it, with which tokens end within seconds.
    pub(super) fn beside(&self) -> Option<Value> {
        let short = json!({ "fault": "time.token-ends-in-use", "parameters": { "seconds": SHORT_S } });
        matches!(self.how, How::Wait).then_some(short)
    }

    /// Lets the time pass; whether it did.
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

/// Whether a fault shows when tokens are renewed.
pub(super) fn is_of_refreshing(fault: &Fault) -> bool {
    fault.id.starts_with("te.refresh-")
}

/// Whether a fault changes how long a session may live.
fn is_of_term(fault: &Fault) -> bool {
    matches!(fault.id, "claim.exp-milliseconds" | "claim.exp-as-string")
}

#[expect(clippy::disallowed_methods, reason = "a client's own clock cannot be moved: its tokens end by it")]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}
