//! The people of a world, as a tester sees them: who they are, a session without a password, what was sent to them. Both
//! servers keep one contract; each says through [`People`] what its worlds hold.

mod contract;
mod outbox;
mod person;
mod session;

pub use contract::People;
pub use outbox::{OutboxChannel, OutboxMessage};
pub use person::{Acting, PersonView, no_person};
pub(crate) use session::link_is_over;
pub(crate) use session::{LINK_PATH, LinkTarget, NewSession, OpenedSession};
pub use session::{LINK_TTL, LinkSession, is_link_of};
