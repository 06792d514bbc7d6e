//! Control API and console pages that only Gosuslugi has: people, desks, keys and faults.

mod desk;
mod faults;
mod faults_page;
mod keys;
mod keys_page;
mod people;

pub(crate) use desk::{api, pages};
pub(crate) use faults::faults_api;
pub(crate) use faults_page::faults_pages;
pub(crate) use keys::keys_api;
pub(crate) use keys_page::keys_pages;
