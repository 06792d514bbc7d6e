//! The OpenAPI descriptions of the protocols: addresses that are asked by forms and headers, which the macro of the JSON
//! endpoints has no words for. `tests.rs` walks every route of the crate against the document.

mod address;
mod document;
mod esia;
mod oidc;
#[cfg(test)]
mod tests;

pub(crate) use document::document;
