//! «Семья и дети»: cards of children, their checks at ЗАГС and СФР, auto-update, child accounts.

mod account_api;
mod account_pages;
#[cfg(test)]
mod account_tests;
mod api;
mod auto_update;
mod card;
mod centre;
mod child_account;
mod decide;
mod draft;
mod error;
mod handlers;
mod input;
mod model;
mod tell;
#[cfg(test)]
mod tests;
mod view;

pub use crate::input::Faults;
pub use auto_update::AutoUpdate;
pub use card::{Card, CardData, CardId, CheckStatus, Checked, Paper};
pub use draft::{
    CHILDRENS_MAIL, ChildAccountError, ChildAccountEvent, ChildAccounts, Draft, DraftEnding, Proof, Reach,
};
pub use error::CardError;
pub use input::{CardInput, CertificateInput, ReachInput};
pub use model::{Family, FamilyEvent};

pub(crate) use handlers::NoFields;
pub(crate) use model::look_for_snils;

/// Pages of this domain.
pub(crate) fn pages() -> axum::Router {
    handlers::pages().merge(account_pages::pages()).merge(centre::pages())
}

/// JSON endpoints of this domain.
pub(crate) fn api() -> utoipa_axum::router::OpenApiRouter {
    api::api().merge(account_api::api()).merge(centre::api())
}
