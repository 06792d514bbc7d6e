//! What the school may change, as events. Pure.

use esia::{FullName, Snils};

use super::PupilRecord;
use crate::{
    register::{PersonId, RegisterError},
    state::{Diary, DiaryEvent},
};

impl Diary {
    /// Corrects a pupil's card; what is the same already is no event.
    pub(super) fn correct_pupil(
        &self,
        by: &str,
        key: &str,
        record: &PupilRecord,
    ) -> Result<Vec<DiaryEvent>, RegisterError> {
        let pupil = self.register.pupil(key).ok_or(RegisterError::NoPupil)?;
        if self.register.is_taken(record.snils, &PersonId::Pupil(key.to_owned())) {
            return Err(RegisterError::SnilsTaken(record.snils));
        }
        if PupilRecord::of(pupil) == *record {
            return Ok(Vec::new());
        }
        Ok(vec![DiaryEvent::PupilCorrected { by: by.to_owned(), pupil: key.to_owned(), record: record.clone() }])
    }

    /// Puts a parent on a card: one whom the register has, if СНИЛС and name are theirs, or a new one, not active yet.
    pub(super) fn add_parent(
        &self,
        by: &str,
        key: &str,
        (name, snils): &(FullName, Snils),
    ) -> Result<Vec<DiaryEvent>, RegisterError> {
        let pupil = self.register.pupil(key).ok_or(RegisterError::NoPupil)?;
        let known = self.register.with_snils(*snils).find_map(|id| match id {
            PersonId::Parent(parent) => self.register.parent(parent).map(|kept| (parent, kept)),
            PersonId::Pupil(_) | PersonId::Staff(_) => None,
        });
        let parent = match known {
            Some((parent, _)) if pupil.parents.contains(parent) => return Err(RegisterError::OnCard),
            Some((_, kept)) if kept.name != *name => return Err(RegisterError::SnilsTaken(*snils)),
            Some((parent, _)) => parent.clone(),
            None => self.register.free_parent_key(&[].into()),
        };
        let (by, pupil) = (by.to_owned(), key.to_owned());
        Ok(vec![DiaryEvent::ParentAdded { by, pupil, parent, name: name.clone(), snils: *snils }])
    }

    /// Corrects a parent on a card, and whether they are an active user (R000.2).
    pub(super) fn correct_parent(
        &self,
        by: &str,
        (pupil, parent): (&str, &str),
        (name, snils): &(FullName, Snils),
        active: bool,
    ) -> Result<Vec<DiaryEvent>, RegisterError> {
        self.check_on_card(pupil, parent)?;
        if self.register.is_taken(*snils, &PersonId::Parent(parent.to_owned())) {
            return Err(RegisterError::SnilsTaken(*snils));
        }
        let kept = self.register.parent(parent).ok_or(RegisterError::NoParent)?;
        let (by, parent) = (by.to_owned(), parent.to_owned());
        let mut events = Vec::new();
        if (&kept.name, kept.snils) != (name, *snils) {
            let (by, parent, name) = (by.clone(), parent.clone(), name.clone());
            events.push(DiaryEvent::ParentCorrected { by, parent, name, snils: *snils });
        }
        if kept.active != active {
            events.push(DiaryEvent::ParentActivated { by, parent, active });
        }
        Ok(events)
    }

    /// Takes a parent off a card.
    pub(super) fn remove_parent(&self, by: &str, pupil: &str, parent: &str) -> Result<Vec<DiaryEvent>, RegisterError> {
        self.check_on_card(pupil, parent)?;
        let (by, pupil, parent) = (by.to_owned(), pupil.to_owned(), parent.to_owned());
        Ok(vec![DiaryEvent::ParentRemoved { by, pupil, parent }])
    }

    fn check_on_card(&self, pupil: &str, parent: &str) -> Result<(), RegisterError> {
        let card = self.register.pupil(pupil).ok_or(RegisterError::NoPupil)?;
        card.parents.iter().any(|kept| kept == parent).then_some(()).ok_or(RegisterError::NoParent)
    }
}
