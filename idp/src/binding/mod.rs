//! Guardians of child accounts, and the codes that bind one.

mod code;
mod error;
mod handlers;
mod manage;
mod managed;
#[cfg(test)]
mod managed_tests;
mod model;
#[cfg(test)]
mod tests;

pub use code::{BindingCode, Code};
pub use error::{BindingError, RedeemError};
pub use manage::{Logins, ManageError};
pub use model::{BindingEvent, Bindings};

pub(crate) use handlers::{api, pages};
