//! Registered clients (информационные системы): allowed scopes, addresses and certificates.

mod about;
mod certificates;
mod client;
#[cfg(test)]
mod english_tests;
mod file_names;
mod handlers;
mod newcomer;
mod oidc;
mod pages;
mod protocol;
mod settings;
mod started_with;
mod terms;
#[cfg(test)]
mod tests;
mod view;

pub use certificates::certificates_of_file;
pub(crate) use certificates::without_private_keys;
pub use client::{Client, ClientSpec, Origin};
pub(crate) use client::{ClientEvent, Clients};
pub(crate) use handlers::routes;
pub(crate) use oidc::WORLD;
pub(crate) use oidc::{ClientAuth, OidcSpec};
pub(crate) use pages::pages;
pub(crate) use protocol::{ConsentType, EsiaSpec, GrantType, TokenAlgorithm};
pub(crate) use started_with::{add_to, catch_up};
pub(crate) use terms::{TokenSettings, TokenTerms};
pub(crate) use web::Strictness;
