//! Consents: asked for, granted, refused, revoked; «Согласия и доверенности», «Школьное портфолио».

mod handlers;
mod model;
#[cfg(test)]
mod tests;

pub use model::{
    Asked, Consent, ConsentError, ConsentEvent, ConsentId, ConsentRequest, Consents, NewRequest, RequestId,
    RequestStatus,
};

pub(crate) use handlers::{api, pages};
