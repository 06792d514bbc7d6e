//! Binding of child accounts to guardians, by codes.

mod code;
mod error;
mod handlers;
mod manage;
mod managed;
#[cfg(test)]
mod managed_tests;
mod model;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use code::{BindingCode, Code};
pub(crate) use error::{BindingError, RedeemError};
pub(crate) use manage::{Logins, ManageError};
pub(crate) use model::{BindingEvent, Bindings};

pub(crate) use handlers::{api, pages};
