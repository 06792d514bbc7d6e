//! Events of access applications and paper consents.

use chrono::NaiveDate;
use esia::{FullName, Phone};
use serde::{Deserialize, Serialize};

use super::data::{Applicant, Paper, Request};

/// Event of an access application or a paper consent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(crate) enum AccessEvent {
    /// The applicant's data matched no pupil, or more than one.
    PupilSoughtInVain { by: String, child: FullName, born: NaiveDate },
    /// An application was filed at the school of the matching pupil.
    ApplicationFiled { id: u32, applicant: Applicant, request: Request, pupil: String },
    /// The school accepted: the applicant is on the card as `parent` of the register, and the diary is open.
    ApplicationAccepted { by: String, id: u32, parent: String },
    /// The school declined the application.
    ApplicationDeclined { by: String, id: u32, reason: String },
    /// The secretary recorded a paper consent and attached its representative as `parent` of the register.
    ConsentTaken { by: String, id: u32, pupil: String, parent: String, paper: Paper },
    /// A paper consent was withdrawn, and its representative detached.
    ConsentWithdrawn { by: String, id: u32 },
    /// The phone of a child account changed; `None` removes it.
    PhoneGiven { by: String, pupil: String, phone: Option<Phone> },
}
