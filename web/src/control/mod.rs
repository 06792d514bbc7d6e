//! The control API of both servers: worlds, clock, timeline, requests. Open on loopback; a bearer token otherwise.

mod clock;
mod console;
mod entrance;
mod gate;
mod history;
mod openapi;
mod people;
mod router;
mod state;
mod told;
mod worlds;

pub(crate) use entrance::EnterPage;
pub(crate) use gate::Gate;
pub(crate) use router::router;
