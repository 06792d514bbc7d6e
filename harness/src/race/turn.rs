//! A turn: what one side of a race waits for before each of its requests.

use std::{cell::Cell, future::poll_fn, rc::Rc, task::Poll};

/// Where a side is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    /// Between two of its requests, or before the first.
    #[default]
    Work,
    /// Before a request that it may not send yet.
    Gate,
    /// Before a request that it may send.
    Open,
}

/// The turn of one side; copies are the same turn. Only whoever plays the race gives it.
#[derive(Debug, Clone, Default)]
pub struct Turn(Rc<Cell<At>>);

impl Turn {
    /// Waits until this side's next request may leave.
    pub async fn come(&self) {
        self.0.set(At::Gate);
        poll_fn(|_| match self.0.get() {
            At::Open => {
                self.0.set(At::Work);
                Poll::Ready(())
            }
            // Whoever gives the turn polls the side again then: nobody has to be woken.
            _ => Poll::Pending,
        })
        .await;
    }

    /// Whether the side waits for it.
    pub(super) fn is_awaited(&self) -> bool {
        self.0.get() == At::Gate
    }

    /// Lets the request leave before which the side waits.
    pub(super) fn give(&self) {
        if self.is_awaited() {
            self.0.set(At::Open);
        }
    }
}
