//! The personal account (личный кабинет): its start page, «Профиль», notifications.

mod handlers;

pub(crate) use handlers::{api, pages};
