//! Consents: asked for, granted, refused, revoked; «Согласия и доверенности», «Школьное портфолио».

mod decide;
mod handlers;
mod history;
mod model;
mod past;
mod portfolio;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use decide::Beforehand;
pub(crate) use history::{Line, What};
pub(crate) use model::{
    Asked, Consent, ConsentError, ConsentEvent, ConsentId, ConsentRequest, Ending, MAX_DAYS, NewRequest, RequestId,
    RequestStatus,
};
pub(crate) use store::{Consents, MAX_KEPT};

pub(crate) use handlers::{api, pages};
