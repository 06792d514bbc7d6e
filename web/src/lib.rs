//! HTTP for both servers: worlds of a request, pages, forms, problems, verdicts, the control API.
//!
//! A server is a [`Site`] (its name, look and addresses) over [`worlds::Worlds`] of a domain that implements [`People`].
//! [`Front`] stands before its router: it finds the world that a request is for, bounds and keeps the request, and turns a
//! [`Problem`] into a page or a problem document (RFC 9457). [`Bound`] serves the whole on a port.
//!
//! # Example
//!
//! A handler that judges a request says with [`Checks`] what it has looked at; the verdict in the journal is made of it:
//!
//! ```
//! use esia::EsiaError;
//! use web::{Checks, Strictness};
//! use worlds::Check;
//!
//! fn judge(checks: &Checks, strictness: Strictness, scope: &str, minutes_late: i64) -> Result<(), EsiaError> {
//!     let has_openid = scope.split(' ').any(|one| one == "openid");
//!     let check = Check::of(("scope-openid", "ESIA §1.2"), "openid", scope, has_openid);
//!     checks.require(check, EsiaError::NoScope)?;
//!
//!     let late = format!("{minutes_late} мин");
//!     let check = Check::of(("timestamp-window", "ESIA §1.3"), "не больше 5 мин", late, minutes_late <= 5)
//!         .mistakes(["clock-behind"]);
//!     checks.prefer(check, strictness, EsiaError::WrongTime)
//! }
//!
//! let checks = Checks::default();
//! assert_eq!(judge(&checks, Strictness::Lenient, "openid", 7), Ok(()));
//! assert!(checks.failed().is_none(), "a lenient world tolerates it");
//!
//! let checks = Checks::default();
//! assert_eq!(judge(&checks, Strictness::Strict, "openid", 7), Err(EsiaError::WrongTime));
//! let failed = checks.failed().expect("the check that the request was refused for");
//! assert_eq!((failed.rule.as_str(), failed.error.as_deref()), ("timestamp-window", Some("ESIA-007015")));
//! ```

mod addressing;
mod any;
mod authority;
mod catalogue;
mod checks;
mod compare;
mod confirm;
mod console;
mod control;
mod cookies;
mod csrf;
mod docs;
mod examples;
mod faults;
mod form;
mod front;
mod health;
mod json;
mod language;
mod menu;
mod metrics;
mod origin;
mod page;
mod peer;
mod people;
mod problem;
mod return_to;
mod server;
mod settings;
mod site;
mod stand;
mod teams;
mod tester;
mod tls;
mod token;
mod upload;
mod wants;

pub use addressing::{InWorld, WorldUrl};
pub use any::{AnyWorld, AnyWorlds};
pub use catalogue::SeedCatalogue;
pub use checks::{Checks, Strictness, weigh};
pub use compare::{TextDifference, compare};
pub use confirm::ConfirmPage;
pub use console::{ClockPanel, Console, Diagram, Exchange, OtherClock};
pub use control::duration;
pub use cookies::{Cookies, SetCookie};
pub use csrf::Csrf;
pub use docs::{SitePage, Unexplained, book_pictures, book_site, explain};
pub use esia::visible::visible;
pub use examples::add_examples;
pub use faults::{FaultNames, Wire};
pub use form::{Form, Json, NoFields, Query, filled};
pub use front::Front;
pub use json::read_json;
pub use language::ReaderLanguage;
pub use menu::MenuItem;
pub use origin::bearer;
pub use page::{Frame, Page, ScriptedPage, see_other};
pub use people::{
    Acting, LINK_TTL, LinkSession, OutboxChannel, OutboxMessage, People, PersonView, is_link_of, no_person,
};
pub use problem::Problem;
pub use return_to::ReturnTo;
pub use server::{Bound, Running};
pub use settings::{Settings, SettingsError};
pub use site::{Addresses, Site};
pub use teams::{Rights, Team, Teams, TeamsError};
pub use tls::{
    CertificateAuthority, FaultyPort, Met, Names, Tls, TlsError, TlsFault, TlsPorts, TlsRefusal, http_client, trust,
};
pub use token::ControlToken;
pub use upload::Upload;
pub use wants::Wants;

#[cfg(test)]
mod tests;
