//! What goes over the wire at the client's edge: the requests of people's browsers, and those that our diary sends to a foreign
//! provider. Here they are held to the hosts that may be asked and to a pace, and here they are kept for a recording.

mod ask;
mod book;
mod edge;
mod limits;
mod walk;

pub(crate) use ask::{Reply, ask};
pub use book::{Asker, Book, Exchange, KeptExchange};
pub use edge::Edge;
pub use limits::{NamedBy, Pace, Wire};
pub(crate) use walk::{WalkError, Walked, Walker, disposition};
