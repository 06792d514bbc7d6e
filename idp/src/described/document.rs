//! OpenAPI document of the endpoints that the real protocols define.

use utoipa::openapi::{
    ComponentsBuilder, OpenApi, OpenApiBuilder, Paths,
    security::{Http, HttpAuthScheme, SecurityScheme},
};

use super::{address::TOKEN, esia, oidc, rs};

/// Builds the part of the OpenAPI document that describes both protocols and `/rs`.
pub(crate) fn document() -> OpenApi {
    let mut paths = Paths::new();
    for address in esia::ADDRESSES.iter().chain(oidc::ADDRESSES) {
        paths.paths.insert(address.path.to_owned(), address.item());
    }
    for (path, item) in rs::items() {
        paths.paths.insert(path, item);
    }
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = ComponentsBuilder::new().security_scheme(TOKEN, token).schemas_from_iter(rs::schemas()).build();
    OpenApiBuilder::new().paths(paths).components(Some(components)).build()
}
