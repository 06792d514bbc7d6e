//! Turn that a side of a race awaits before each of its requests.

use std::{cell::Cell, future::poll_fn, rc::Rc, task::Poll};

/// State of a side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    /// Between two requests, or before the first.
    #[default]
    Work,
    /// Before a request that must not be sent yet.
    Gate,
    /// Before a request that may be sent.
    Open,
}

/// Turn of one side; clones share it. Only the race gives it.
#[derive(Debug, Clone, Default)]
pub struct Turn(Rc<Cell<At>>);

impl Turn {
    /// Waits until this side's next request may be sent.
    pub async fn come(&self) {
        self.0.set(At::Gate);
        poll_fn(|_| match self.0.get() {
            At::Open => {
                self.0.set(At::Work);
                Poll::Ready(())
            }
            // The race polls the side after it gives the turn, so no waker is needed.
            _ => Poll::Pending,
        })
        .await;
    }

    /// Checks whether the side is waiting for its turn.
    pub(super) fn is_awaited(&self) -> bool {
        self.0.get() == At::Gate
    }

    /// Lets the request be sent before which the side waits.
    pub(super) fn give(&self) {
        if self.is_awaited() {
            self.0.set(At::Open);
        }
    }
}
