//! ЗАГС, СФР and МВД: simulated agencies with their own records. They answer after a time, slowly, or not at all.

mod agency;
mod apply;
mod documents;
mod handlers;
mod model;
mod records;
#[cfg(test)]
mod tests;

pub(crate) use agency::Agency;
pub(crate) use documents::{Act, BirthDocument, BirthKind};
pub(crate) use model::{Agencies, AgencyEvent, AgencySettings, Conduct, Pace, Term};
pub(crate) use records::{Citizen, Records};

pub(crate) use handlers::{api, pages};
