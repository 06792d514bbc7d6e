//! The OpenAPI descriptions of the protocols: addresses that are asked by forms and headers, which the macro of the JSON
//! endpoints has no words for. `tests.rs` walks every route of the crate against the document.

mod address;
#[cfg(test)]
mod checked;
mod document;
mod esia;
mod oidc;
mod rs;
#[cfg(test)]
mod rs_tests;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use checked::differs;
pub(crate) use document::document;
