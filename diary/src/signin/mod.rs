//! Signing in: through Gosuslugi, and with a password while that lasts.

pub(crate) mod api;
mod fault;
mod gosuslugi;
mod handlers;
mod password;
mod refusal;
mod returned;
mod tokens;
mod visitor;

#[cfg(test)]
mod tests;

pub(crate) use fault::GosuslugiError;
pub(crate) use gosuslugi::{Gosuslugi, Outward};
pub(crate) use handlers::{Nothing, logout, refused, sign_in, to_gosuslugi};
pub(crate) use password::with_password;
pub(crate) use refusal::Refusal;
pub(crate) use returned::callback;
pub(crate) use visitor::{SESSION_COOKIE, Visitor, admit};
