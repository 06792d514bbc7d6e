//! Accounts: registration, sign-in, sessions, password recovery, levels.

mod account;
mod apply;
mod code;
mod desk;
mod documents_pages;
mod entry;
mod entry_rules;
#[cfg(test)]
mod entry_tests;
mod esia_cookies;
mod event;
mod factor;
mod handlers;
mod identity;
mod identity_rules;
#[cfg(test)]
mod identity_tests;
mod links;
mod model;
mod password;
mod profile;
mod recovery;
mod recovery_pages;
mod recovery_rules;
mod registration;
mod registration_pages;
mod registration_rules;
#[cfg(test)]
mod registration_tests;
mod routes;
mod second_factor_pages;
mod security;
mod security_pages;
mod session;
mod sign_in;
mod sign_in_rules;
mod signed_in;
mod signed_out_page;
mod tell;
#[cfg(test)]
mod tests;

pub(crate) use account::NewAccount;
pub(crate) use account::{Account, Level, Passport, Role};
pub(crate) use code::{CodeError, OneTimeCode};
pub(crate) use desk::{BankCard, Desk};
pub(crate) use entry::EntryError;
pub(crate) use entry::{Asked, Step};
pub(crate) use esia_cookies::{entries, of_entry, of_person, of_request, requests};
pub(crate) use event::AccountEvent;
pub(crate) use factor::totp_now;
pub(crate) use factor::{FactorEvent, SecondFactor};
pub(crate) use handlers::{attempt, signed_out, take_role};
pub(crate) use identity::{Claim, DocumentCheck, Identity, IdentityError, IdentityEvent};
pub(crate) use model::Accounts;
pub(crate) use password::{check_password, read_password};
pub(crate) use profile::{OwnAddress, OwnDocument, OwnVehicle, Profile};
pub(crate) use recovery::RecoveryError;
pub(crate) use registration::{Applicant, RegistrationError, RegistrationEvent};
pub(crate) use routes::{api, pages};
pub(crate) use security::SecurityError;
#[cfg(test)]
pub(crate) use security::{Choice, FactorChange};
pub(crate) use session::Session;
pub(crate) use sign_in::{Login, SignInError};
pub(crate) use signed_in::{COOKIE as SESSION_COOKIE, MaybeSignedIn, SignedIn, start_session};
pub(crate) use signed_out_page::SignedOutPage;
