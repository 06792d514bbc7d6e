//! Organisations and their employees, as the seed describes them (ESIA §4.7).

mod model;
mod rules;
mod seed;
mod spec;
#[cfg(test)]
mod tests;

pub(crate) use model::Organisation;
pub(crate) use model::Organisations;
pub(crate) use spec::{EmployeeSpec, OrganisationSpec};

pub(crate) use seed::settle;
