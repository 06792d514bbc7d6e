//! The JSON API of ЕСИА's login page (ESIA §6.4), for programs that sign in as a person does. It decides nothing of
//! its own: lock-out, second factor, role and consent are those of the pages.
//!
//! A form of another site cannot call it: what has a body must say that it is JSON, what has none must not say that it is a
//! form, and cookies are not sent along from other sites.

mod guard;
mod handlers;
mod reply;
#[cfg(test)]
mod tests;

pub(crate) use handlers::{api, routes};
