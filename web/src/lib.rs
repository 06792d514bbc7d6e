//! What both servers need to speak HTTP.
//!
//! A server is a [`Site`] (its name, look and routes) over [`worlds::Worlds`]. [`Front`] stands before its router: it finds
//! the world that a request is for, bounds and keeps the request, and turns a [`Problem`] into a page or a problem document.

mod addressing;
mod any;
mod authority;
mod checks;
mod compare;
mod control;
mod cookies;
mod csrf;
mod docs;
mod examples;
mod form;
mod front;
mod health;
mod json;
mod language;
mod origin;
mod page;
mod people;
mod problem;
mod return_to;
mod server;
mod settings;
mod site;
mod tester;
mod token;
mod upload;
mod wants;

pub use addressing::{InWorld, WorldUrl};
pub use any::{AnyWorld, AnyWorlds};
pub use checks::{Checks, Strictness};
pub use compare::{TextDifference, compare, visible};
pub use cookies::{Cookies, SetCookie};
pub use csrf::Csrf;
pub use docs::{Unexplained, explain};
pub use examples::add_examples;
pub use form::{Form, Json, Query};
pub use front::Front;
pub use json::read_json;
pub use language::ReaderLanguage;
pub use origin::bearer;
pub use page::{Frame, Page, see_other};
pub use people::{Channel, LINK_TTL, LinkSession, OutboxMessage, People, PersonView, is_link_of, no_person};
pub use problem::Problem;
pub use return_to::ReturnTo;
pub use server::{Bound, Running};
pub use settings::{Settings, SettingsError};
pub use site::{Addresses, Site};
pub use token::ControlToken;
pub use upload::Upload;
pub use wants::Wants;

#[cfg(test)]
mod tests;
