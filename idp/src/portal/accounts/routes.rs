//! Routes of the pages and JSON endpoints of accounts.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::{documents_pages, handlers, recovery_pages, registration_pages, second_factor_pages, security_pages};

/// Returns the routes of all pages of accounts.
pub(crate) fn pages() -> Router {
    handlers::pages()
        .merge(second_factor_pages::pages())
        .merge(recovery_pages::pages())
        .merge(registration_pages::pages())
        .merge(security_pages::pages())
        .merge(documents_pages::pages())
}

/// Returns the routes of all JSON endpoints of accounts.
pub(crate) fn api() -> OpenApiRouter {
    handlers::api()
        .merge(recovery_pages::api())
        .merge(registration_pages::api())
        .merge(security_pages::api())
        .merge(documents_pages::api())
}
