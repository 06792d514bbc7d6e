//! OpenID Connect Core 1.0 with the authorization code flow, for relying parties that do not know ЕСИА's own protocol.
//!
//! Accounts, sign-in, roles and consents are those of ЕСИА's own protocol. A consent given in one protocol is valid in
//! both.

mod answer;
mod authorize;
mod claims;
#[cfg(test)]
mod claims_tests;
mod client_auth;
mod consent;
mod consent_request;
mod discovery;
mod error;
#[cfg(test)]
mod hostile_tests;
mod introspect;
#[cfg(test)]
mod isolation_tests;
mod judge;
mod logout;
#[cfg(test)]
mod mistakes_tests;
mod requested;
mod routes;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
#[cfg(test)]
mod token_tests;
mod userinfo;

pub(crate) use routes::routes;
