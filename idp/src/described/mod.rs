//! OpenAPI descriptions of the protocols. Their addresses take forms and headers, which the macro of the JSON endpoints
//! cannot express. `tests.rs` compares every route of the crate with the document.

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
