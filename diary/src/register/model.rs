//! Pupils, their cards, parents and staff. Every look-up by СНИЛС, name or login is an index's.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Snils};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// A pupil with the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pupil {
    pub(crate) name: FullName,
    pub(crate) born: NaiveDate,
    pub(crate) snils: Snils,
    pub(crate) certificate: Option<BirthCertificate>,
    pub(crate) class: String,
    /// Keys of the parents on the card, in order.
    pub(crate) parents: Vec<String>,
}

/// A parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) name: FullName,
    pub(crate) snils: Snils,
    /// R000.2 (c).
    pub(crate) active: bool,
    /// Keys of the pupils on whose cards the parent stands.
    pub(crate) children: BTreeSet<String>,
}

/// An administrator of the school's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Staff {
    pub(crate) name: FullName,
    pub(crate) snils: Snils,
}

/// Somebody in the register.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PersonId {
    Pupil(String),
    Parent(String),
    Staff(String),
}

/// Everything that one person is in the register. Access is looked up anew at each request: a parent who is taken off a
/// card loses it at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Who {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pupil: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) staff: Option<String>,
}

impl Who {
    /// Takes in one more thing that the person is.
    pub(crate) fn add(&mut self, id: &PersonId) {
        match id {
            PersonId::Pupil(key) => self.pupil = Some(key.clone()),
            PersonId::Parent(key) => self.parent = Some(key.clone()),
            PersonId::Staff(key) => self.staff = Some(key.clone()),
        }
    }

    /// Whether the person is nobody here.
    pub(crate) fn is_nobody(&self) -> bool {
        self.pupil.is_none() && self.parent.is_none() && self.staff.is_none()
    }

    /// Where the person goes after signing in.
    pub(crate) fn home(&self) -> &'static str {
        if self.pupil.is_none() && self.parent.is_none() { "/school" } else { "/diary" }
    }
}

/// Why the register is not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RegisterError {
    /// No such pupil.
    #[error("Такого ученика в журнале нет")]
    NoPupil,
    /// Not on that card.
    #[error("Такого родителя в карточке ученика нет")]
    NoParent,
    /// Somebody of the same kind has it.
    #[error("СНИЛС {0} в журнале уже у другого человека")]
    SnilsTaken(Snils),
    /// On the card already.
    #[error("Этот родитель уже в карточке ученика")]
    OnCard,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Login {
    password: String,
    person: PersonId,
}

/// The register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Register {
    pupils: BTreeMap<String, Pupil>,
    parents: BTreeMap<String, Parent>,
    staff: BTreeMap<String, Staff>,
    by_snils: BTreeMap<Snils, BTreeSet<PersonId>>,
    by_name: BTreeMap<FullName, BTreeSet<PersonId>>,
    logins: BTreeMap<String, Login>,
}

impl Register {
    pub(crate) fn pupil(&self, key: &str) -> Option<&Pupil> {
        self.pupils.get(key)
    }

    pub(crate) fn parent(&self, key: &str) -> Option<&Parent> {
        self.parents.get(key)
    }

    pub(crate) fn staff(&self, key: &str) -> Option<&Staff> {
        self.staff.get(key)
    }

    /// Name and СНИЛС of anybody.
    pub(crate) fn identity(&self, id: &PersonId) -> Option<(&FullName, Snils)> {
        match id {
            PersonId::Pupil(key) => self.pupil(key).map(|pupil| (&pupil.name, pupil.snils)),
            PersonId::Parent(key) => self.parent(key).map(|parent| (&parent.name, parent.snils)),
            PersonId::Staff(key) => self.staff(key).map(|staff| (&staff.name, staff.snils)),
        }
    }

    /// Who has this СНИЛС: at most one pupil, one parent and one of the staff.
    pub(crate) fn with_snils(&self, snils: Snils) -> impl Iterator<Item = &PersonId> {
        self.by_snils.get(&snils).into_iter().flatten()
    }

    /// Who has this name.
    pub(crate) fn with_name(&self, name: &FullName) -> impl Iterator<Item = &PersonId> {
        self.by_name.get(name).into_iter().flatten()
    }

    /// Whether another person of the same kind has this СНИЛС.
    pub(crate) fn is_taken(&self, snils: Snils, by_other_than: &PersonId) -> bool {
        let kind = std::mem::discriminant(by_other_than);
        self.with_snils(snils).any(|id| id != by_other_than && std::mem::discriminant(id) == kind)
    }

    /// Pupils in the order of names, after `last`.
    pub(crate) fn pupils_after(&self, last: Option<&FullName>) -> impl Iterator<Item = (&str, &Pupil)> {
        let from = last.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let ids = self.by_name.range((from, std::ops::Bound::Unbounded)).flat_map(|(_, ids)| ids);
        ids.filter_map(|id| match id {
            PersonId::Pupil(key) => self.pupils.get_key_value(key).map(|(key, pupil)| (key.as_str(), pupil)),
            PersonId::Parent(_) | PersonId::Staff(_) => None,
        })
    }

    /// Everybody's keys and what each is, for the tester's table.
    pub(crate) fn people(&self) -> BTreeMap<&str, Who> {
        let mut people = BTreeMap::<&str, Who>::new();
        let ids = self.by_snils.values().flatten();
        for id in ids {
            let (PersonId::Pupil(key) | PersonId::Parent(key) | PersonId::Staff(key)) = id;
            let who = people.entry(key).or_default();
            who.add(id);
            if let Some((name, _)) = self.identity(id) {
                who.name = name.to_string();
            }
        }
        people
    }

    /// What the person of a key is.
    pub(crate) fn who(&self, key: &str) -> Who {
        let mut who = Who::default();
        for id in [PersonId::Staff(key.to_owned()), PersonId::Parent(key.to_owned()), PersonId::Pupil(key.to_owned())] {
            if let Some((name, _)) = self.identity(&id) {
                who.name = name.to_string();
                who.add(&id);
            }
        }
        who
    }

    /// Login and password of a person, for the tester's table. Looks at every login.
    pub(crate) fn logins(&self) -> impl Iterator<Item = (&PersonId, &str, &str)> {
        self.logins.iter().map(|(login, kept)| (&kept.person, login.as_str(), kept.password.as_str()))
    }

    /// Who signs in with this login and password.
    pub(crate) fn with_password(&self, login: &str, password: &str) -> Option<&PersonId> {
        let kept = self.logins.get(login)?;
        bool::from(kept.password.as_bytes().ct_eq(password.as_bytes())).then_some(&kept.person)
    }

    pub(crate) fn put_pupil(&mut self, key: &str, pupil: Pupil) {
        let id = PersonId::Pupil(key.to_owned());
        self.unindex(&id);
        self.index(&pupil.name, pupil.snils, id);
        self.pupils.insert(key.to_owned(), pupil);
    }

    pub(crate) fn put_parent(&mut self, key: &str, parent: Parent) {
        let id = PersonId::Parent(key.to_owned());
        self.unindex(&id);
        self.index(&parent.name, parent.snils, id);
        self.parents.insert(key.to_owned(), parent);
    }

    pub(crate) fn put_staff(&mut self, key: &str, staff: Staff) {
        let id = PersonId::Staff(key.to_owned());
        self.unindex(&id);
        self.index(&staff.name, staff.snils, id);
        self.staff.insert(key.to_owned(), staff);
    }

    /// `false`: the login is another person's.
    pub(crate) fn put_login(&mut self, login: &str, password: &str, person: PersonId) -> bool {
        let kept = Login { password: password.to_owned(), person };
        self.logins.insert(login.to_owned(), kept).is_none()
    }

    /// Puts a parent on a card; nothing when either is unknown.
    pub(crate) fn attach(&mut self, pupil: &str, parent: &str) {
        if let (Some(card), Some(kept)) = (self.pupils.get_mut(pupil), self.parents.get_mut(parent))
            && kept.children.insert(pupil.to_owned())
        {
            card.parents.push(parent.to_owned());
        }
    }

    /// Takes a parent off a card.
    pub(crate) fn detach(&mut self, pupil: &str, parent: &str) {
        if let Some(card) = self.pupils.get_mut(pupil) {
            card.parents.retain(|kept| kept != parent);
        }
        if let Some(kept) = self.parents.get_mut(parent) {
            kept.children.remove(pupil);
        }
    }

    /// A key that no parent has.
    pub(crate) fn free_parent_key(&self) -> String {
        let mut number = self.parents.len() + 1;
        loop {
            let key = format!("родитель-{number}");
            if !self.parents.contains_key(&key) {
                return key;
            }
            number += 1;
        }
    }

    fn index(&mut self, name: &FullName, snils: Snils, id: PersonId) {
        self.by_name.entry(name.clone()).or_default().insert(id.clone());
        self.by_snils.entry(snils).or_default().insert(id);
    }

    fn unindex(&mut self, id: &PersonId) {
        let Some((name, snils)) = self.identity(id).map(|(name, snils)| (name.clone(), snils)) else { return };
        if let Some(ids) = self.by_name.get_mut(&name) {
            ids.remove(id);
            if ids.is_empty() {
                self.by_name.remove(&name);
            }
        }
        if let Some(ids) = self.by_snils.get_mut(&snils) {
            ids.remove(id);
            if ids.is_empty() {
                self.by_snils.remove(&snils);
            }
        }
    }
}
