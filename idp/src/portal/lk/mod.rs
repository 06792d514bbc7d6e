//! The personal account (личный кабинет): its start page, «Профиль», notifications.

mod handlers;
mod possessions;
#[cfg(test)]
mod tests;

pub(crate) use handlers::{api, pages};
