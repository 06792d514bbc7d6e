//! The control API of both servers: worlds, clock, timeline, requests. Open on loopback; a bearer token otherwise.

mod caller;
pub(crate) mod clock;
mod entrance;
mod gate;
pub(crate) mod history;
mod openapi;
mod people;
mod router;
mod team;
mod tls;
pub(crate) mod worlds;

pub(crate) use caller::Caller;
pub use clock::duration;
pub(crate) use entrance::EnterPage;
pub(crate) use gate::Gate;
pub(crate) use router::router;
