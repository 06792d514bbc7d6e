//! What happens on the way to a diary.

use chrono::{DateTime, NaiveDate, Utc};
use esia::{FullName, Phone};
use serde::{Deserialize, Serialize};

use super::{
    applicant::Applicant,
    consent::Paper,
    model::{Application, Decision, Request, Stage},
};
use crate::{
    register::{Parent, Register},
    state::Diary,
};

/// An event of this folder.
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

impl AccessEvent {
    /// The pupil whose card it belongs to.
    pub(crate) fn card<'d>(&'d self, diary: &'d Diary) -> Option<&'d str> {
        match self {
            Self::PupilSoughtInVain { .. } => None,
            Self::ApplicationAccepted { id, .. } | Self::ApplicationDeclined { id, .. } => {
                diary.access.applications.get(id).map(|one| one.pupil.as_str())
            }
            Self::ApplicationFiled { pupil, .. }
            | Self::ConsentTaken { pupil, .. }
            | Self::PhoneGiven { pupil, .. } => Some(pupil),
            Self::ConsentWithdrawn { id, .. } => diary.access.consents.get(id).map(|one| one.pupil.as_str()),
        }
    }

    /// One sentence for the timeline.
    pub(crate) fn tell(&self, diary: &Diary) -> String {
        let pupil = |key: &str| diary.register.pupil(key).map_or(key.to_owned(), |pupil| pupil.name.to_string());
        let whose = |id: &u32| {
            let one = diary.access.applications.get(id);
            one.map(|one| format!("{}, ученик «{}»", one.applicant.name, pupil(&one.pupil))).unwrap_or_default()
        };
        match self {
            Self::PupilSoughtInVain { by, child, born } => {
                format!("{by}: ученик «{child}», {}, для заявления не найден", born.format("%d.%m.%Y"))
            }
            Self::ApplicationFiled { id, applicant, pupil: key, .. } => {
                format!("{}: подано заявление № {id} на доступ к дневнику ученика «{}»", applicant.name, pupil(key))
            }
            Self::ApplicationAccepted { by, id, .. } => format!("{by} принимает заявление № {id} ({})", whose(id)),
            Self::ApplicationDeclined { by, id, reason } => {
                format!("{by} отклоняет заявление № {id} ({}): {reason}", whose(id))
            }
            Self::ConsentTaken { by, pupil: key, paper, .. } => {
                let Paper { name, snils, relation, signed_on } = paper;
                let (relation, signed) = (relation.name(), signed_on.format("%d.%m.%Y"));
                let pupil = pupil(key);
                format!("{by} принимает согласие от {signed}: {name}, СНИЛС {snils}, {relation} ученика «{pupil}»")
            }
            Self::ConsentWithdrawn { by, id } => {
                let kept = diary.access.consents.get(id);
                let whose = kept.map(|one| format!("{}, ученик «{}»", one.paper.name, pupil(&one.pupil)));
                format!("{by} отмечает, что согласие отозвано: {}", whose.unwrap_or_default())
            }
            Self::PhoneGiven { by, pupil: key, phone } => {
                let phone = phone.map_or_else(|| "нет".to_owned(), |phone| phone.to_string());
                format!("{by}: телефон детской учётной записи ученика «{}» — {phone}", pupil(key))
            }
        }
    }
}

impl Diary {
    /// Takes in what happened.
    pub(crate) fn apply_access(&mut self, at: DateTime<Utc>, event: AccessEvent) {
        match event {
            AccessEvent::PupilSoughtInVain { .. } => {}
            AccessEvent::ApplicationFiled { id, applicant, request, pupil } => {
                let new = Application { applicant, request, pupil, filed_at: at, stage: Stage::Waiting };
                self.access.applications.insert(id, new);
            }
            AccessEvent::ApplicationAccepted { by, id, parent } => {
                let Some(kept) = self.access.applications.get_mut(&id) else { return };
                kept.stage = Stage::Accepted(Decision { by, at });
                open(&mut self.register, &parent, kept);
            }
            AccessEvent::ApplicationDeclined { by, id, reason } => {
                if let Some(kept) = self.access.applications.get_mut(&id) {
                    kept.stage = Stage::Declined(Decision { by, at }, reason);
                }
            }
            event => self.apply_consent(at, event),
        }
    }
}

/// Attaches an applicant as an active user.
fn open(register: &mut Register, key: &str, Application { applicant, request, pupil, .. }: &Application) {
    let known = register.parent(key).cloned();
    let parent = known.unwrap_or_else(|| Parent::new(applicant.name.clone(), applicant.snils));
    register.put_parent(key, Parent { active: true, relation: Some(request.relation), ..parent });
    register.attach(pupil, key);
}
