//! The mock Gosuslugi: the portal, its registered clients, and the protocols of ЕСИА and OpenID Connect.
//!
//! `portal/` holds people, families, bindings, consents and agencies; `clients/` the registered clients; `protocols/`
//! the endpoints of the protocols. [`server()`] composes them into a router. The state of one world is a [`Gosuslugi`].
//!
//! # Example
//!
//! A provider on a free port with one person, in memory:
//!
//! ```
//! use std::sync::Arc;
//!
//! use web::{Bound, Settings};
//! use worlds::{SeedDocument, SystemWall, store::MemoryStore};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gosuslugi = serde_json::json!({ "people": { "анна": {
//!     "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14", "snils": "001-000-001 00",
//!     "account": { "email": "anna@family.test", "password": "anna-2024", "level": "confirmed" },
//! } } });
//! let options = idp::Options { seed: SeedDocument { gosuslugi, ..SeedDocument::default() }, ..Default::default() };
//!
//! // The address first: issuers and redirect URIs need the port.
//! let bound = Bound::to("127.0.0.1:0".parse()?).await?;
//! let (store, wall) = (Arc::new(MemoryStore::default()), Arc::new(SystemWall));
//! let router = idp::server(Settings::on(bound.address()), store, wall, options).await?;
//! let server = bound.spawn(router);
//!
//! let people: serde_json::Value = reqwest::get(format!("{}/control/people", server.url())).await?.json().await?;
//! assert_eq!(people[0]["login"], "anna@family.test");
//!
//! let discovery = reqwest::get(format!("{}/.well-known/openid-configuration", server.url())).await?;
//! assert_eq!(discovery.status(), 200);
//! # Ok(())
//! # }
//! ```

mod clients;
mod control;
mod described;
mod domain;
mod error;
mod event;
mod faults;
mod grants;
#[cfg(test)]
mod histories;
mod input;
mod params;
#[doc(hidden)]
pub mod parsers;
mod portal;
mod protocols;
mod refusal;
mod seed;
mod server;
mod settings;
mod signing;
mod slips;
mod state;
mod tell;
#[cfg(test)]
mod testing;

pub use clients::{Client, ClientSpec, Origin, certificates_of_file};
pub use faults::catalogue::{Entry as Fault, Parameter as FaultParameter, Right, faults};
pub use portal::age;
pub use seed::{Person, Seed};
pub use server::{Options, server};
pub use state::Gosuslugi;
