//! Relying parties of Gosuslugi written by others, as described in a file: judged by `conformance`, or played by the
//! documented scenarios in place of our diary with `run --relying-party`.

mod action;
mod check;
mod description;
mod documented;
mod foreign;
mod section;
mod side;
mod sign;
mod stand_in;

pub use action::{Action, ActionError};
pub use description::{Client, RecognisedBy};
pub use documented::Documented;
pub use foreign::{Correction, Foreign};
pub use section::{Register, Section, Staff};
pub use side::RelyingParty;
pub use sign::{Place, Sign};
