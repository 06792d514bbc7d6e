//! Lookup of an opaque value among the codes and refresh tokens of a world.

use super::token::Kind;
use crate::{grants::Protocol, state::Gosuslugi};

/// Returns the kind of code or refresh token that an opaque value is in this world, or `None` if the world does not
/// know it.
pub(crate) fn knows_of(state: &Gosuslugi, text: &str) -> Option<Kind> {
    let grants = &state.grants;
    if grants.refresh(Protocol::Esia, text).is_some() {
        return Some(Kind::EsiaRefresh);
    }
    if grants.code(Protocol::Oidc, text).is_some() {
        return Some(Kind::OpenIdCode);
    }
    grants.refresh(Protocol::Oidc, text).map(|_| Kind::OpenIdRefresh)
}
