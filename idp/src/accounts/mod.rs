//! Accounts, signing in, sessions, recovery of a password.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

mod code;
mod documents_pages;
mod event;
mod expiring;
mod factor;
mod handlers;
mod identity;
mod model;
mod password;
mod profile;
mod recovery;
mod recovery_pages;
mod registration;
mod registration_pages;
mod second_pages;
mod security_pages;
mod session;
mod tell;
#[cfg(test)]
mod tests;

pub use code::{CodeError, OneTimeCode};
pub use event::AccountEvent;
pub use factor::{EntryError, FactorEvent, SecondFactor, SecurityError};
pub use identity::{BankCard, Claim, Desk, DeskError, DocumentCheck, Identity, IdentityError, IdentityEvent};
pub use model::{Account, Accounts, Level, Login, Passport, Role, SignInError};
pub use profile::{OwnAddress, OwnDocument, OwnVehicle, Profile};
pub use recovery::RecoveryError;
pub use registration::{Applicant, RegistrationError, RegistrationEvent};
pub use session::{MaybeSignedIn, Session, SignedIn};

pub(crate) use factor::totp_now;
pub(crate) use handlers::{end, signed_out};
pub(crate) use model::{NewAccount, check_password};
pub(crate) use session::start_session;

/// Pages of this domain.
pub(crate) fn pages() -> Router {
    handlers::pages()
        .merge(second_pages::pages())
        .merge(recovery_pages::pages())
        .merge(registration_pages::pages())
        .merge(security_pages::pages())
        .merge(documents_pages::pages())
}

/// JSON endpoints of this domain.
pub(crate) fn api() -> OpenApiRouter {
    handlers::api()
        .merge(second_pages::api())
        .merge(recovery_pages::api())
        .merge(registration_pages::api())
        .merge(security_pages::api())
        .merge(documents_pages::api())
}
