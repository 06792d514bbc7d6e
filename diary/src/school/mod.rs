//! The school's side: pupils' cards and the parents on them. An administrator corrects those of the school, a class teacher
//! those of the own class (R002.3, R002.9); others see what their work needs.

pub(crate) mod api;
mod decide;
mod employee;
mod forms;
pub(crate) mod import;
mod nav;
pub(crate) mod pages;
pub(crate) mod parents;
mod record;

#[cfg(test)]
mod tests;

pub(crate) use employee::Employee;
pub(crate) use forms::{Faults, keep};
pub(crate) use nav::SchoolNav;
pub(crate) use record::{ImportedPupil, PupilRecord};

/// How many pupils a list shows at once.
const LISTED: usize = 100;

/// The address of a card.
pub(crate) fn card_path(key: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    format!("/school/pupils/{encoded}")
}

/// The query of an address.
fn query_of(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
