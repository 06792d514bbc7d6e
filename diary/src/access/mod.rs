//! How a grown-up whom the register does not attach to a pupil comes by the pupil's diary: by an application that the
//! school considers (R003.5).

pub(crate) mod api;
mod applicant;
mod event;
mod forms;
mod model;
pub(crate) mod pages;
pub(crate) mod queue;
pub(crate) mod queue_api;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use event::AccessEvent;
pub(crate) use model::Access;
