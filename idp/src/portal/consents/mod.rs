//! Consents and consent requests; pages «Согласия и доверенности» and «Школьное портфолио».

mod apply;
mod decide;
mod handlers;
mod history;
mod history_pages;
mod model;
mod portfolio;
mod store;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use decide::{Beforehand, Wanted};
pub(crate) use history::{Line, What};
pub(crate) use model::{
    Consent, ConsentError, ConsentEvent, ConsentId, ConsentRequest, ConsentResponse, Ending, MAX_DAYS, NewRequest,
    RequestId, RequestStatus,
};
pub(crate) use store::{Consents, MAX_KEPT};

pub(crate) use handlers::{api, pages};
