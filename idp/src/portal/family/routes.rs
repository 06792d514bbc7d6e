//! Pages and JSON endpoints of «Семья и дети».

use super::{account_api, account_pages, centre, handlers};

/// Pages of this domain.
pub(crate) fn pages() -> axum::Router {
    handlers::pages().merge(account_pages::pages()).merge(centre::pages())
}

/// JSON endpoints of this domain.
pub(crate) fn api() -> utoipa_axum::router::OpenApiRouter {
    super::api::api().merge(account_api::api()).merge(centre::api())
}
