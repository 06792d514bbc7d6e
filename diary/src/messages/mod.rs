//! Messages between families and teachers (R003.4): threads, answers, read marks.

pub(crate) mod api;
mod apply;
mod event;
mod forms;
mod model;
mod nav;
pub(crate) mod new_pages;
pub(crate) mod pages;
mod thread;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use event::MessageEvent;
pub(crate) use model::MessageError;
pub(crate) use thread::Messages;
