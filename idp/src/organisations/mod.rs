//! Organisations: what a seed says of them, who works there, and the tokens that systems get for them (ESIA-PROTOCOL §3.2,
//! §4.7).

mod model;
mod seed;
#[cfg(test)]
mod tests;

pub(crate) use model::Organisation;
pub use model::{OrganisationEvent, Organisations};
pub use seed::{EmployeeSpec, GroupSpec, OrganisationSpec};

pub(crate) use seed::settle;
