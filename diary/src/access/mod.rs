//! How a grown-up whom the register does not attach to a pupil comes by the pupil's diary: by an application that the
//! school considers (R003.5), or by a consent on paper at the school's secretary (R004.3).

pub(crate) mod api;
mod applicant;
mod apply;
mod consent;
pub(crate) mod consent_api;
pub(crate) mod consent_pages;
mod data;
mod event;
mod forms;
mod model;
pub(crate) mod pages;
pub(crate) mod queue;
pub(crate) mod queue_api;
mod view;

#[cfg(test)]
mod consent_tests;
#[cfg(test)]
mod tests;

pub(crate) use consent::ConsentError;
pub(crate) use data::Access;
pub(crate) use event::AccessEvent;
pub(crate) use model::ApplicationError;
