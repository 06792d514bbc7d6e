//! Organisations: what a seed says of them, and who works there (ESIA §4.7).

mod model;
mod seed;
#[cfg(test)]
mod tests;

pub(crate) use model::Organisation;
pub use model::Organisations;
pub use seed::{EmployeeSpec, GroupSpec, OrganisationSpec};

pub(crate) use seed::settle;
