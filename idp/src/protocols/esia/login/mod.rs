//! JSON API of ЕСИА's login page (ESIA §6.4), for programs that sign in like a person. Lockout, second factor, roles
//! and consent are decided by the same rules as on the pages.
//!
//! A form of another site cannot call it: a request with a body must declare JSON, a request without one must not
//! declare a form, and browsers do not send the cookies from other sites.

mod guard;
mod handlers;
mod reply;
#[cfg(test)]
mod tests;

pub(crate) use handlers::{api, routes};
