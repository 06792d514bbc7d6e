//! Events of access applications and paper consents.

use chrono::NaiveDate;
use esia::{FullName, Phone};
use serde::{Deserialize, Serialize};

use super::data::{Applicant, Paper, Request};

/// Event of an access application or a paper consent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(crate) enum AccessEvent {
    /// No pupil, or more than one, is as the applicant says.
    PupilSoughtInVain { by: String, child: FullName, born: NaiveDate },
    /// An application goes to the school of the pupil who was found.
    ApplicationFiled { id: u32, applicant: Applicant, request: Request, pupil: String },
    /// The school attaches the applicant, under `parent` of the register, and opens the diary.
    ApplicationAccepted { by: String, id: u32, parent: String },
    /// The school says no.
    ApplicationDeclined { by: String, id: u32, reason: String },
    /// The secretary takes a consent on paper, and attaches its representative under `parent` of the register.
    ConsentTaken { by: String, id: u32, pupil: String, parent: String, paper: Paper },
    /// A consent on paper is withdrawn, and its representative detached.
    ConsentWithdrawn { by: String, id: u32 },
    /// The phone of a child account, as the parents gave it; none takes it away.
    PhoneGiven { by: String, pupil: String, phone: Option<Phone> },
}
