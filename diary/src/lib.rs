//! The electronic school diary: a relying party of ЕСИА that talks to its provider over HTTP only.
//!
//! Each folder covers one subject: the school's register, the sign-in, access to a diary, the pupil's pages, messages,
//! the school's own pages. It holds the pure rules of the subject and its HTTP handlers. Every change is an event of
//! `event.rs`, applied by `state.rs`. Regional differences are data: a [`Profile`]. [`server()`] builds the router.
//!
//! # Example
//!
//! A diary on a free port with one parent, in memory; nobody can sign in until it has a provider:
//!
//! ```
//! use std::sync::Arc;
//!
//! use web::{Bound, Settings};
//! use worlds::{SeedDocument, SystemWall, store::MemoryStore};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let diary = serde_json::json!({ "parents": { "анна": {
//!     "name": "Петрова Анна Сергеевна", "snils": "001-000-001 00", "active": true,
//! } } });
//! let options = diary::Options { seed: SeedDocument { diary, ..SeedDocument::default() }, ..Default::default() };
//!
//! // Bind first: issuers and redirect URIs need the port.
//! let bound = Bound::to("127.0.0.1:0".parse()?).await?;
//! let (store, wall) = (Arc::new(MemoryStore::default()), Arc::new(SystemWall));
//! let router = diary::server(Settings::on(bound.address()), store, wall, options).await?;
//! let server = bound.spawn(router);
//!
//! let people: serde_json::Value = reqwest::get(format!("{}/control/people", server.url())).await?.json().await?;
//! assert_eq!(people[0]["name"], "Петрова Анна Сергеевна");
//!
//! let opened = reqwest::Client::new().post(format!("{}/control/people/анна/session", server.url())).send().await?;
//! assert_eq!(opened.status(), 201);
//! # Ok(())
//! # }
//! ```

mod access;
mod config;
mod console;
mod control;
#[cfg(test)]
mod english_tests;
mod error;
mod event;
mod feedback;
mod gendered;
mod lessons;
mod menu;
mod messages;
mod profile;
mod pupil;
mod register;
mod school;
mod seed;
mod server;
mod signin;
mod state;
mod teacher;
mod tell;

pub use profile::{
    Access, Account, Audience, Compared, Consent, Matching, Names, Passwords, Profile, ProfileSeed, Required, Service,
    SignIn, Strangers, Text, profile_names, profile_schema,
};
pub use register::{Relation, Role};
pub use seed::{
    AttendanceSeed, AttendanceStatus, CertificateSeed, ClassSeed, GenerateSeed, HomeworkSeed, MarkSeed,
    OtherSchoolSeed, ParentSeed, PasswordLogin, ProviderSeed, PupilSeed, SchoolSeed, Seed, StaffSeed, TeachesSeed,
    TermSeed, Weekday,
};
pub use server::{Options, StartError, server};
pub use signin::{ClientKey, Protocol, Reaching};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
