//! Access to a pupil's diary for an adult whom the register does not attach to the pupil: by an application that the
//! school decides on (R003.5), or by a paper consent recorded by the school's secretary (R004.3).

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
