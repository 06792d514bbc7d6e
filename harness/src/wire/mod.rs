//! Requests on the client's side: those of people's browsers and programs, and those of our diary to a foreign
//! provider. They are limited to allowed hosts and a pace, and recorded.

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
