//! Addresses of the console.

use axum::{Router, middleware::map_response};

use super::{clock, entering, inbox, requests, script, sequence, timeline, verdict, worlds};
use crate::stand::Stand;

/// All pages that both servers share.
pub(crate) fn pages(stand: Stand) -> Router {
    let pages = Router::new()
        .merge(clock::pages())
        .merge(entering::pages())
        .merge(inbox::pages())
        .merge(requests::pages())
        .merge(sequence::pages())
        .merge(timeline::pages())
        .merge(verdict::pages())
        .merge(worlds::pages());
    pages.layer(map_response(async |response| script::allow(response))).with_state(stand)
}
