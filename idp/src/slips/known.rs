//! What this world knows an opaque value as.

use super::token::Kind;
use crate::{grants::Protocol, state::Gosuslugi};

/// Which kind of code or refresh token of this world an opaque value is.
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
