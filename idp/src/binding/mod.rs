//! Guardians of child accounts, and the codes that bind one.

mod handlers;
mod model;
#[cfg(test)]
mod tests;

pub use model::{BindingCode, BindingError, BindingEvent, Bindings, Code, RedeemError};

pub(crate) use handlers::{api, pages};
