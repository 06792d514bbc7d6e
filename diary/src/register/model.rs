//! The register: pupils, parents and staff, with indexes by СНИЛС, name, class and login.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use esia::{Email, FullName, Snils};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{Parent, PersonId, Pupil, Staff, Who};
use crate::seed::PasswordLogin;

/// Part of the register in the order of names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NameRange {
    /// People whose names come after this one.
    pub(crate) after: Option<FullName>,
    /// People whose surnames begin with this text, the first letter of each part a capital.
    pub(crate) beginning: String,
}

impl NameRange {
    /// Reads the bounds as people type them: `петр` matches «Петров».
    pub(crate) fn new(after: &str, beginning: &str) -> Self {
        let mut is_inside = false;
        let capitals = beginning.trim().chars().flat_map(|sign| {
            let letter: String = if is_inside { sign.to_lowercase().collect() } else { sign.to_uppercase().collect() };
            is_inside = sign.is_alphabetic();
            letter.chars().collect::<Vec<_>>()
        });
        Self { beginning: capitals.collect(), after: after.parse().ok() }
    }

    /// Checks whether a name belongs to this part.
    pub(crate) fn has(&self, name: &FullName) -> bool {
        name.last().starts_with(&self.beginning) && self.after.as_ref().is_none_or(|after| name > after)
    }

    /// Returns the lower bound of this part.
    fn first(&self) -> Bound<FullName> {
        // Latin «A» sorts before every Russian first name, so this name comes before all people with the surname.
        let beginning = FullName::new(&self.beginning, "A", None).ok();
        match (&self.after, beginning) {
            (Some(after), beginning) if beginning.as_ref().is_none_or(|beginning| after >= beginning) => {
                Bound::Excluded(after.clone())
            }
            (_, Some(beginning)) => Bound::Included(beginning),
            (_, None) => Bound::Unbounded,
        }
    }
}

/// Reason why the register refuses a change or a look-up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RegisterError {
    /// The register has no such pupil, or the card is closed to the employee.
    #[error("Такого ученика в журнале нет")]
    NoPupil,
    /// The parent is not on that card.
    #[error("Такого родителя в карточке ученика нет")]
    NoParent,
    /// Another person of the same kind has this СНИЛС.
    #[error("СНИЛС {0} в журнале уже у другого человека")]
    SnilsTaken(Snils),
    /// The employee may not correct this card.
    #[error("Исправлять эту карточку может администратор журнала или классный руководитель")]
    NotYours,
    /// The parent is unknown, or on no card that the employee may correct.
    #[error("Такого родителя у учеников, карточки которых вы исправляете, нет")]
    NotOfSchool,
    /// Only an administrator may change the class of a pupil.
    #[error("Класс ученика меняет администратор журнала")]
    NotYourClass,
    /// The parent is on this card already.
    #[error("Этот родитель уже в карточке ученика")]
    OnCard,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Login {
    password: String,
    person: PersonId,
    email: Option<Email>,
}

/// The school's register: pupils, parents and employees by key, found by СНИЛС, name and class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Register {
    pupils: BTreeMap<String, Pupil>,
    parents: BTreeMap<String, Parent>,
    staff: BTreeMap<String, Staff>,
    by_snils: BTreeMap<Snils, BTreeSet<PersonId>>,
    #[serde(with = "worlds::pairs")]
    by_name: BTreeMap<FullName, BTreeSet<PersonId>>,
    /// Keys of pupils by school and class.
    #[serde(with = "worlds::pairs")]
    by_class: BTreeMap<(String, String), BTreeSet<String>>,
    logins: BTreeMap<String, Login>,
    with_login: BTreeSet<PersonId>,
}

impl Register {
    pub(crate) fn pupil(&self, key: &str) -> Option<&Pupil> {
        self.pupils.get(key)
    }

    /// Returns the pupils of a class, given by key of the school and name.
    pub(crate) fn in_class(&self, class: &(String, String)) -> impl Iterator<Item = (&str, &Pupil)> {
        let keys = self.by_class.get(class).into_iter().flatten();
        keys.filter_map(|key| Some((key.as_str(), self.pupils.get(key)?)))
    }

    pub(crate) fn parent(&self, key: &str) -> Option<&Parent> {
        self.parents.get(key)
    }

    pub(crate) fn staff(&self, key: &str) -> Option<&Staff> {
        self.staff.get(key)
    }

    /// Returns the staff entry of a person.
    pub(crate) fn staff_of(&self, who: &Who) -> Option<&Staff> {
        self.staff(who.staff.as_ref()?)
    }

    /// Returns the staff of all schools with their keys.
    pub(crate) fn all_staff(&self) -> impl Iterator<Item = (&str, &Staff)> {
        self.staff.iter().map(|(key, staff)| (key.as_str(), staff))
    }

    /// Returns the name and СНИЛС of a person.
    pub(crate) fn identity(&self, id: &PersonId) -> Option<(&FullName, Snils)> {
        match id {
            PersonId::Pupil(key) => self.pupil(key).map(|pupil| (&pupil.name, pupil.snils)),
            PersonId::Parent(key) => self.parent(key).map(|parent| (&parent.name, parent.snils)),
            PersonId::Staff(key) => self.staff(key).map(|staff| (&staff.name, staff.snils)),
        }
    }

    /// Returns the people with this СНИЛС: at most one pupil, one parent and one employee.
    pub(crate) fn with_snils(&self, snils: Snils) -> impl Iterator<Item = &PersonId> {
        self.by_snils.get(&snils).into_iter().flatten()
    }

    /// Returns the people with exactly this name.
    pub(crate) fn with_name(&self, name: &FullName) -> impl Iterator<Item = &PersonId> {
        self.by_name.get(name).into_iter().flatten()
    }

    /// Checks whether another person of the same kind has this СНИЛС.
    pub(crate) fn is_taken(&self, snils: Snils, by_other_than: &PersonId) -> bool {
        let kind = std::mem::discriminant(by_other_than);
        self.with_snils(snils).any(|id| id != by_other_than && std::mem::discriminant(id) == kind)
    }

    fn in_order(&self, names: &NameRange) -> impl Iterator<Item = &PersonId> {
        let all = self.by_name.range((names.first(), Bound::Unbounded));
        all.take_while(|(name, _)| name.last().starts_with(&names.beginning)).flat_map(|(_, ids)| ids)
    }

    /// Returns pupils of all schools, in the order of names.
    pub(crate) fn pupils(&self, names: &NameRange) -> impl Iterator<Item = (&str, &Pupil)> {
        self.in_order(names).filter_map(|id| match id {
            PersonId::Pupil(key) => self.pupils.get_key_value(key).map(|(key, pupil)| (key.as_str(), pupil)),
            PersonId::Parent(_) | PersonId::Staff(_) => None,
        })
    }

    /// Returns parents of pupils of all schools, in the order of names.
    pub(crate) fn parents(&self, names: &NameRange) -> impl Iterator<Item = (&str, &Parent)> {
        self.in_order(names).filter_map(|id| match id {
            PersonId::Parent(key) => self.parents.get_key_value(key).map(|(key, parent)| (key.as_str(), parent)),
            PersonId::Pupil(_) | PersonId::Staff(_) => None,
        })
    }

    /// Returns the names of those classes of a school that have pupils.
    pub(crate) fn classes(&self, school: &str) -> impl Iterator<Item = &str> {
        let from = (school.to_owned(), String::new());
        let own = self.by_class.range(from..).take_while(move |((of, _), _)| of == school);
        own.filter(|((_, class), pupils)| !class.is_empty() && !pupils.is_empty()).map(|((_, class), _)| class.as_str())
    }

    /// Returns all people by key with their places in the register, for the tester's table.
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

    /// Returns all places in the register that a key has.
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

    /// Checks whether a person has a password of the diary.
    pub(crate) fn has_login(&self, who: &Who) -> bool {
        [
            who.pupil.clone().map(PersonId::Pupil),
            who.parent.clone().map(PersonId::Parent),
            who.staff.clone().map(PersonId::Staff),
        ]
        .into_iter()
        .flatten()
        .any(|id| self.with_login.contains(&id))
    }

    /// Returns the address for letters about a forgotten password.
    pub(crate) fn email_of(&self, login: &str) -> Option<&Email> {
        self.logins.get(login)?.email.as_ref()
    }

    /// Returns the person with this login.
    pub(crate) fn person_of(&self, login: &str) -> Option<&PersonId> {
        self.logins.get(login).map(|kept| &kept.person)
    }

    pub(crate) fn put_password(&mut self, login: &str, password: &str) {
        if let Some(kept) = self.logins.get_mut(login) {
            password.clone_into(&mut kept.password);
        }
    }

    /// Returns every login with its person and password, for the tester's table. Goes through all logins.
    pub(crate) fn logins(&self) -> impl Iterator<Item = (&PersonId, &str, &str)> {
        self.logins.iter().map(|(login, kept)| (&kept.person, login.as_str(), kept.password.as_str()))
    }

    /// Returns the person with this login and password; compares passwords in constant time.
    pub(crate) fn with_password(&self, login: &str, password: &str) -> Option<&PersonId> {
        let kept = self.logins.get(login)?;
        bool::from(kept.password.as_bytes().ct_eq(password.as_bytes())).then_some(&kept.person)
    }

    pub(crate) fn put_pupil(&mut self, key: &str, pupil: Pupil) {
        let id = PersonId::Pupil(key.to_owned());
        self.unindex(&id);
        if let Some(kept) = self.pupils.get(key)
            && let Some(class) = self.by_class.get_mut(&(kept.school.clone(), kept.class.clone()))
        {
            class.remove(key);
        }
        self.by_class.entry((pupil.school.clone(), pupil.class.clone())).or_default().insert(key.to_owned());
        self.index(&pupil.name, pupil.snils, id);
        self.pupils.insert(key.to_owned(), pupil);
    }

    pub(crate) fn put_parent(&mut self, key: &str, parent: Parent) {
        let id = PersonId::Parent(key.to_owned());
        self.unindex(&id);
        self.index(&parent.name, parent.snils, id);
        self.parents.insert(key.to_owned(), parent);
    }

    /// Replaces the data of a parent and keeps the cards that the parent is on.
    pub(crate) fn put_parent_data(&mut self, key: &str, parent: Parent) {
        let children = self.parents.get_mut(key).map(|kept| std::mem::take(&mut kept.children)).unwrap_or_default();
        self.put_parent(key, Parent { children, ..parent });
    }

    pub(crate) fn put_staff(&mut self, key: &str, staff: Staff) {
        let id = PersonId::Staff(key.to_owned());
        self.unindex(&id);
        self.index(&staff.name, staff.snils, id);
        self.staff.insert(key.to_owned(), staff);
    }

    /// Adds a login. Returns `false` if the login was taken.
    pub(crate) fn put_login(&mut self, login: &PasswordLogin, email: Option<Email>, person: PersonId) -> bool {
        self.with_login.insert(person.clone());
        let kept = Login { password: login.password.clone(), person, email };
        self.logins.insert(login.login.clone(), kept).is_none()
    }

    /// Puts a parent on a card; does nothing if either is unknown.
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

    /// Returns a new key that neither a parent nor `drawn` has.
    pub(crate) fn free_parent_key(&self, drawn: &BTreeSet<String>) -> String {
        free_key("родитель", &self.parents, drawn)
    }

    /// Returns a new key that neither a pupil nor `drawn` has.
    pub(crate) fn free_pupil_key(&self, drawn: &BTreeSet<String>) -> String {
        free_key("ученик", &self.pupils, drawn)
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

fn free_key<T>(kind: &str, taken: &BTreeMap<String, T>, drawn: &BTreeSet<String>) -> String {
    let mut number = taken.len() + drawn.len() + 1;
    loop {
        let key = format!("{kind}-{number}");
        if !taken.contains_key(&key) && !drawn.contains(&key) {
            return key;
        }
        number += 1;
    }
}

impl Staff {
    /// Checks whether the employee may correct the card of any child of a parent.
    pub(crate) fn may_correct_child_of(&self, register: &Register, parent: &Parent) -> bool {
        parent.children.iter().filter_map(|key| register.pupil(key)).any(|pupil| self.may_correct(pupil))
    }
}
