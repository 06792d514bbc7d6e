//! OpenID Connect Core 1.0 as a relying party, through the crate `openidconnect`.
//!
//! The library builds requests and verifies tokens. Connections, clock and limits are the diary's own. The discovery
//! document and the keys are fetched on first use, and again when a token is signed with an unknown key.

mod backchannel_logout;
mod claims;
mod client;
mod discovery;
mod http_client;
mod id_token;
mod types;

#[cfg(test)]
mod tests;

pub(crate) use backchannel_logout::backchannel;
pub(super) use client::OidcClient;
pub(super) use types::Metadata;
