//! ЕСИА's own protocol in all its versions: authorization, tokens, logout, keys (ESIA §1–§3, §5.1, §5.2).

mod api_key;
mod authorize;
#[cfg(test)]
mod bad_input_tests;
mod claims;
mod client_credentials;
mod consent;
#[cfg(test)]
mod error_tests;
mod explained;
mod filters;
#[cfg(test)]
mod isolation_tests;
mod judge;
mod login;
mod logout;
#[cfg(test)]
mod logout_tests;
#[cfg(test)]
mod mistakes_tests;
mod permissions;
mod pkce;
mod public;
#[cfg(test)]
mod real_clients_tests;
mod routes;
mod scopes;
mod signature;
#[cfg(test)]
mod slips_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_response;
#[cfg(test)]
mod token_tests;
#[cfg(test)]
mod verdict_tests;
#[cfg(test)]
mod wire_tests;

pub(crate) use permissions::asked as permissions_asked;
pub(crate) use routes::{api, routes};
