//! Decisions about corrections of cards, as events. Pure.

use super::{
    PupilRecord,
    forms::{CardUpdate, ParentRecord},
};
use crate::{
    event::DiaryEvent,
    register::{PersonId, RegisterError, Role, Staff},
    state::Diary,
};

/// Employee who makes a change: the entry in the register, and the name for the history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Editor<'d> {
    pub(super) name: &'d str,
    pub(super) staff: &'d Staff,
}

/// Parent on a pupil's card, both by key.
#[derive(Debug, Clone, Copy)]
pub(super) struct CardEntry<'k> {
    pub(super) pupil: &'k str,
    pub(super) parent: &'k str,
}

impl Diary {
    /// Corrects a pupil's card, and the class if one is given; unchanged values produce no event.
    pub(super) fn correct_pupil(
        &self,
        editor: Editor<'_>,
        key: &str,
        CardUpdate { record, class }: &CardUpdate,
    ) -> Result<Vec<DiaryEvent>, RegisterError> {
        let pupil = self.register.pupil(key).ok_or(RegisterError::NoPupil)?;
        if self.register.is_taken(record.snils, &PersonId::Pupil(key.to_owned())) {
            return Err(RegisterError::SnilsTaken(record.snils));
        }
        let (by, key) = (editor.name.to_owned(), key.to_owned());
        let mut events = Vec::new();
        if PupilRecord::of(pupil) != *record {
            let (by, pupil) = (by.clone(), key.clone());
            events.push(DiaryEvent::PupilCorrected { by, pupil, record: record.clone() });
        }
        if let Some(class) = class.as_ref().filter(|class| **class != pupil.class) {
            if !editor.staff.is(Role::Administrator) {
                return Err(RegisterError::NotYourClass);
            }
            events.push(DiaryEvent::PupilMoved { by, pupil: key, class: class.clone() });
        }
        Ok(events)
    }

    /// Puts a parent on a card: the parent of the register with this СНИЛС and name, or a new one who is not yet
    /// active.
    pub(super) fn add_parent(
        &self,
        by: &str,
        key: &str,
        ParentRecord { name, snils, relation }: &ParentRecord,
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
        let is_other = relation.is_some() && known.is_none_or(|(_, kept)| kept.relation != *relation);
        let (by, pupil, name, snils) = (by.to_owned(), key.to_owned(), name.clone(), *snils);
        let (adds, added, known_as) = (by.clone(), parent.clone(), name.clone());
        let mut events = vec![DiaryEvent::ParentAdded { by: adds, pupil, parent: added, name: known_as, snils }];
        if is_other {
            events.push(DiaryEvent::ParentCorrected { by, parent, name, snils, relation: *relation });
        }
        Ok(events)
    }

    /// Corrects the data of a parent on a card, and whether the parent is an active user (R000.2).
    pub(super) fn correct_parent(
        &self,
        by: &str,
        CardEntry { pupil, parent }: CardEntry<'_>,
        ParentRecord { name, snils, relation }: &ParentRecord,
        active: bool,
    ) -> Result<Vec<DiaryEvent>, RegisterError> {
        self.check_on_card(pupil, parent)?;
        if self.register.is_taken(*snils, &PersonId::Parent(parent.to_owned())) {
            return Err(RegisterError::SnilsTaken(*snils));
        }
        let kept = self.register.parent(parent).ok_or(RegisterError::NoParent)?;
        let (by, parent) = (by.to_owned(), parent.to_owned());
        let mut events = Vec::new();
        let relation = relation.or(kept.relation);
        if (&kept.name, kept.snils, kept.relation) != (name, *snils, relation) {
            let (by, parent, name) = (by.clone(), parent.clone(), name.clone());
            events.push(DiaryEvent::ParentCorrected { by, parent, name, snils: *snils, relation });
        }
        if kept.active != active {
            events.push(DiaryEvent::ParentActivated { by, parent, active });
        }
        Ok(events)
    }

    /// Makes a parent an active user, or revokes that (R000.2). The employee must be allowed to correct the card of a
    /// child of the parent.
    pub(super) fn activate_parent(
        &self,
        editor: Editor<'_>,
        parent: &str,
        active: bool,
    ) -> Result<Vec<DiaryEvent>, RegisterError> {
        let kept = self.register.parent(parent).filter(|kept| editor.staff.may_correct_child_of(&self.register, kept));
        let kept = kept.ok_or(RegisterError::NotOfSchool)?;
        let (by, parent) = (editor.name.to_owned(), parent.to_owned());
        Ok(if kept.active == active { Vec::new() } else { vec![DiaryEvent::ParentActivated { by, parent, active }] })
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
