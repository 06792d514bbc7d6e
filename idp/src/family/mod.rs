//! «Семья и дети»: cards of children, their checks at ЗАГС and СФР, child accounts.

mod agencies;
mod handlers;
mod input;
mod model;
#[cfg(test)]
mod tests;

pub use crate::input::Faults;
pub use agencies::{Agencies, Citizen};
pub use input::{AccountInput, CardInput, CertificateInput};
pub use model::{Card, CardData, CardError, CardId, CheckStatus, Checked, Family, FamilyEvent};

pub(crate) use handlers::{NoFields, api, pages};
