//! Signing in: through Gosuslugi, and with a password while that lasts.

pub(crate) mod api;
mod door;
mod fault;
mod gosuslugi;
mod handlers;
mod kept;
mod oidc;
mod password;
mod pending;
mod person;
pub(crate) mod recovery;
mod refusal;
mod returned;
mod tokens;
mod visitor;
mod wire;

#[cfg(test)]
mod isolation_tests;
#[cfg(test)]
mod tests;

pub use door::Protocol;
pub(crate) use fault::GosuslugiError;
pub(crate) use gosuslugi::{Gosuslugi, Outward};
pub(crate) use handlers::{Nothing, logout, refused, sign_in, to_gosuslugi};
pub(crate) use kept::{Keeper, Kept};
pub(crate) use oidc::backchannel;
pub(crate) use password::{show, with_password};
pub(crate) use recovery::{forgot, forgotten, make_anew, new_password};
pub(crate) use refusal::{DataFault, Refusal, Words};
pub(crate) use returned::callback;
pub(crate) use visitor::{Arrival, SESSION_COOKIE, Visitor};
