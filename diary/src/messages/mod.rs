//! Messages between families and those who teach (R003.4): threads, answers, read marks.

pub(crate) mod api;
mod event;
mod forms;
mod model;
pub(crate) mod pages;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use event::MessageEvent;
pub(crate) use model::Messages;
