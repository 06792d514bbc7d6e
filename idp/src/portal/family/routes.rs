//! Routes of the pages and JSON endpoints of «Семья и дети».

use super::{account_api, account_pages, centre, handlers};

/// Returns the routes of the pages of the family.
pub(crate) fn pages() -> axum::Router {
    handlers::pages().merge(account_pages::pages()).merge(centre::pages())
}

/// Returns the routes of the JSON endpoints of the family.
pub(crate) fn api() -> utoipa_axum::router::OpenApiRouter {
    super::api::api().merge(account_api::api()).merge(centre::api())
}
