//! Credentials issued by another world of this server. The verdict names that world; no decision depends on it.

use esia::token::{CodeClaims, decode_unverified};
use worlds::{World, mistakes::named};

use crate::state::Gosuslugi;

/// Returns the mistake for a code or refresh token of either protocol that another world has issued, with that world's
/// name.
pub(crate) fn grant_of_other_world(world: &World<Gosuslugi>, text: &str) -> Option<String> {
    // A code of ЕСИА's own protocol has no id, so its session id is looked up: the same world generated it.
    let claims = decode_unverified::<CodeClaims>(text).ok();
    let credential = claims.as_ref().map_or(text, |(_, claims)| &claims.session_id);
    world.issuing_world(credential).map(|name| named("grant-other-world", name.as_str()))
}
