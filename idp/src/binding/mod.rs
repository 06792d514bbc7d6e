//! Guardians of child accounts, and the codes that bind one.

mod handlers;
mod manage;
mod managed;
#[cfg(test)]
mod managed_tests;
mod model;
#[cfg(test)]
mod tests;

pub use manage::{Logins, ManageError};
pub use model::{BindingCode, BindingError, BindingEvent, Bindings, Code, RedeemError};

pub(crate) use handlers::{api, pages};
