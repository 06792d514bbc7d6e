//! Accounts, signing in, sessions, recovery of a password.

mod handlers;
mod model;
mod recovery;
mod session;
#[cfg(test)]
mod tests;

pub use model::{Account, AccountEvent, Accounts, Level, Login, Passport, Role, RoleKind, SignInError};
pub use session::{MaybeSignedIn, Session, SignedIn};

pub(crate) use handlers::{end, pages, signed_out};
pub(crate) use model::{NewAccount, check_password};
pub(crate) use session::start_session;
