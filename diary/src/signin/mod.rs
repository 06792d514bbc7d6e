//! The sign-in: through Gosuslugi in either protocol, and with a password while the profile allows it.

mod admission;
pub(crate) mod api;
mod callback;
mod connections;
mod cookies;
mod esia_client;
mod esia_person;
mod esia_tokens;
mod grant;
mod http;
mod oidc;
mod pages;
mod password;
mod pending_sign_in;
mod protocol;
mod protocol_client;
mod provider_client;
mod provider_error;
pub(crate) mod recovery;
mod refetch_limit;
mod refusal;
mod session;
mod session_check;
mod token_cache;
mod visitor;

#[cfg(test)]
mod admission_tests;
#[cfg(test)]
mod isolation_tests;
#[cfg(test)]
mod tests;

pub(crate) use callback::callback;
pub use connections::{ClientKey, Reaching};
pub(crate) use cookies::SESSION_COOKIE;
pub(crate) use oidc::backchannel;
pub(crate) use pages::{logout, refused, sign_in, to_gosuslugi};
pub(crate) use password::{PasswordError, show, with_password};
pub use protocol::Protocol;
pub(crate) use provider_client::ProviderClient;
pub(crate) use provider_error::ProviderError;
pub(crate) use recovery::{forgot, forgotten, make_anew, new_password};
pub(crate) use refusal::{DataFault, Refusal, Words};
pub(crate) use session::NewSession;
pub(crate) use session_check::check_session;
pub(crate) use visitor::Visitor;
