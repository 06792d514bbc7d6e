//! The school's side: pupils' cards and the parents on them, corrected by an administrator.

mod administrator;
pub(crate) mod api;
mod decide;
mod forms;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use administrator::Administrator;
pub(crate) use forms::PupilRecord;

/// How many pupils a list shows at once.
const LISTED: usize = 100;

/// The address of a card.
fn card_path(key: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    format!("/school/pupils/{encoded}")
}
