//! Section «Семья и дети»: cards of children, their checks at ЗАГС and СФР, auto-update, child accounts.

mod account_api;
mod account_pages;
#[cfg(test)]
mod account_tests;
mod api;
mod apply;
mod auto_update;
mod auto_update_rules;
mod card;
mod centre;
mod check_status;
mod child_account;
mod confirm;
mod decide;
mod draft;
mod error;
mod handlers;
mod input;
mod model;
mod routes;
mod tell;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use crate::input::Faults;
pub(crate) use auto_update::AutoUpdate;
pub(crate) use card::{Card, CardData, CardId, Checked, OwnCard, Paper};
pub(crate) use check_status::CheckStatus;
pub(crate) use draft::{
    CHILDRENS_MAIL, ChildAccountError, ChildAccountEvent, ChildAccounts, Draft, DraftEnding, Proof, Reach,
};
pub(crate) use error::CardError;
pub(crate) use input::{CardInput, CertificateInput, ReachInput};
pub(crate) use model::look_for_snils;
pub(crate) use model::{Family, FamilyEvent};
pub(crate) use routes::{api, pages};
