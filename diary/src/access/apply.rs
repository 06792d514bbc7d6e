//! Application of the events of access to the state of a world, and their sentences in the timeline.

use chrono::{DateTime, Utc};
use esia::language::{pick, tr};

use super::{
    data::{Application, Decision, Paper, PaperConsent, Stage},
    event::AccessEvent,
};
use crate::{
    gendered::{self, Case},
    register::{Parent, Pupil, Register},
    state::Diary,
};

impl AccessEvent {
    /// Returns the key of the pupil whose card the event concerns.
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

    /// Describes the event in one sentence for the timeline.
    pub(crate) fn tell(&self, diary: &Diary) -> String {
        let pupil = |key: &str, case| gendered::pupil(&diary.register, key, case);
        let whose = |id: &u32| {
            let one = diary.access.applications.get(id);
            one.map(|one| format!("{}, {}", one.applicant.name, pupil(&one.pupil, Case::Nominative)))
                .unwrap_or_default()
        };
        match self {
            Self::PupilSoughtInVain { by, child, born } => {
                tr!(
                    "{by}: ученик «{child}», {}, для заявления не найден",
                    "{by}: the pupil «{child}», {}, was not found for an application",
                    born.format("%d.%m.%Y")
                )
            }
            Self::ApplicationFiled { id, applicant, pupil: key, .. } => {
                tr!(
                    "{}: подано заявление № {id} на доступ к дневнику {}",
                    "{}: filed application no. {id} for access to the diary of {}",
                    applicant.name,
                    pupil(key, Case::Genitive)
                )
            }
            Self::ApplicationAccepted { by, id, .. } => {
                tr!("{by} принимает заявление № {id} ({})", "{by} accepts application no. {id} ({})", whose(id))
            }
            Self::ApplicationDeclined { by, id, reason } => {
                tr!(
                    "{by} отклоняет заявление № {id} ({}): {reason}",
                    "{by} declines application no. {id} ({}): «{reason}»",
                    whose(id)
                )
            }
            Self::ConsentTaken { by, pupil: key, paper, .. } => {
                let Paper { name, snils, relation, signed_on } = paper;
                let (relation, signed) = (relation.words(), signed_on.format("%d.%m.%Y"));
                let pupil = pupil(key, Case::Genitive);
                tr!(
                    "{by} принимает согласие от {signed}: {name}, СНИЛС {snils}, {relation} {pupil}",
                    "{by} takes the consent of {signed}: {name}, SNILS {snils}, {relation} of {pupil}"
                )
            }
            Self::ConsentWithdrawn { by, id } => {
                let kept = diary.access.consents.get(id);
                let whose = kept.map(|one| format!("{}, {}", one.paper.name, pupil(&one.pupil, Case::Nominative)));
                let whose = whose.unwrap_or_default();
                tr!(
                    "{by} отмечает, что согласие отозвано: {whose}",
                    "{by} notes that the consent was withdrawn: {whose}"
                )
            }
            Self::PhoneGiven { by, pupil: key, phone } => {
                let phone = phone.map_or_else(|| pick("нет", "none").to_owned(), |phone| phone.to_string());
                tr!(
                    "{by}: телефон детской учётной записи {} — {phone}",
                    "{by}: the phone of the child account of {} is now: {phone}",
                    pupil(key, Case::Genitive)
                )
            }
        }
    }
}

impl Diary {
    /// Applies an event of an application or a paper consent.
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
            AccessEvent::ConsentTaken { by, id, pupil, parent, paper } => {
                let kept = self.register.parent(&parent).cloned();
                let known = kept.unwrap_or_else(|| Parent::new(paper.name.clone(), paper.snils));
                let relation = Some(paper.relation);
                self.register.put_parent(&parent, Parent { active: true, relation, ..known });
                self.register.attach(&pupil, &parent);
                let new = PaperConsent { paper, pupil, parent, taken_by: by, taken_at: at, withdrawn: None };
                self.access.consents.insert(id, new);
            }
            AccessEvent::ConsentWithdrawn { by, id } => {
                let Some(kept) = self.access.consents.get_mut(&id) else { return };
                kept.withdrawn = Some((by, at));
                self.register.detach(&kept.pupil, &kept.parent);
            }
            AccessEvent::PhoneGiven { pupil, phone, .. } => {
                if let Some(kept) = self.register.pupil(&pupil).cloned() {
                    self.register.put_pupil(&pupil, Pupil { phone, ..kept });
                }
            }
        }
    }
}

/// Puts an applicant on the pupil's card as an active user.
fn open(register: &mut Register, key: &str, Application { applicant, request, pupil, .. }: &Application) {
    let known = register.parent(key).cloned();
    let parent = known.unwrap_or_else(|| Parent::new(applicant.name.clone(), applicant.snils));
    register.put_parent(key, Parent { active: true, relation: Some(request.relation), ..parent });
    register.attach(pupil, key);
}
