//! A relying party of Gosuslugi that somebody else has written, as a file describes it: judged by `conformance`, and the other
//! side of the documented scenarios in `run --relying-party`.

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
