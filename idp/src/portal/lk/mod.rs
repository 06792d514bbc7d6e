//! Personal account (личный кабинет): start page, «Профиль», notifications.

mod handlers;
mod possessions;
#[cfg(test)]
mod tests;

pub(crate) use handlers::{api, pages};
