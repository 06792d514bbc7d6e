//! People of the register: pupils with their cards, parents, employees of a school.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use esia::{
    BirthCertificate, FullName, Phone, Snils,
    language::{Words, pick},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Pupil and the pupil's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pupil {
    pub(crate) name: FullName,
    pub(crate) born: NaiveDate,
    pub(crate) snils: Snils,
    pub(crate) certificate: Option<BirthCertificate>,
    /// Key of the school; empty for the first one.
    pub(crate) school: String,
    pub(crate) class: String,
    /// The phone that the parents gave the school (R004.4).
    pub(crate) phone: Option<Phone>,
    /// Keys of the parents on the card, in order.
    pub(crate) parents: Vec<String>,
}

/// Relation of an adult to a pupil (R004.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// `mother`: the child's mother.
    Mother,
    /// `father`: the child's father.
    Father,
    /// `representative`: a guardian or another legal representative.
    Representative,
    /// `other`: no representative; the diary stays closed where the relation counts.
    Other,
}

impl Relation {
    /// All relations, in the order of forms.
    pub(crate) const ALL: [Self; 4] = [Self::Mother, Self::Father, Self::Representative, Self::Other];
    /// Relations that open the diary where the profile compares relations.
    pub(crate) const REPRESENTATIVES: [Self; 3] = [Self::Mother, Self::Father, Self::Representative];

    /// Parses the code of forms and JSON.
    pub(crate) fn of_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == text)
    }

    /// Returns the code for seeds, forms and JSON.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Representative => "representative",
            Self::Other => "other",
        }
    }

    /// Returns the Russian word for pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mother => "мать",
            Self::Father => "отец",
            Self::Representative => "законный представитель",
            Self::Other => "другое",
        }
    }

    /// Returns the word in both languages, for the tester.
    pub(crate) const fn words(self) -> Words {
        let english = match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Representative => "legal representative",
            Self::Other => "other",
        };
        Words { russian: self.name(), english }
    }

    /// Checks whether the relation is mother, father or legal representative.
    pub(crate) const fn is_representative(self) -> bool {
        !matches!(self, Self::Other)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parent {
    pub(crate) name: FullName,
    pub(crate) snils: Snils,
    /// Whether an administrator made the parent an active user (R000.2 (c)).
    pub(crate) active: bool,
    pub(crate) relation: Option<Relation>,
    /// Keys of the pupils on whose cards the parent is.
    pub(crate) children: BTreeSet<String>,
}

impl Parent {
    /// Returns a parent who is on no card and is not an active user.
    pub(crate) fn new(name: FullName, snils: Snils) -> Self {
        Self { name, snils, active: false, relation: None, children: BTreeSet::new() }
    }
}

/// What somebody does at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Corrects every card, imports the register, decides on applications.
    Administrator,
    /// Checks and corrects the cards of the own class (R002.3, R002.9).
    ClassTeacher,
    /// Takes consents on paper and attaches representatives (R004.3).
    Secretary,
    /// Marks, attendance, homework and messages of the classes taught.
    Teacher,
}

impl Role {
    /// Returns the name of the role in the current language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => pick("администратор журнала", "administrator of the register"),
            Self::ClassTeacher => pick("классный руководитель", "class teacher"),
            Self::Secretary => pick("секретарь школы", "secretary of the school"),
            Self::Teacher => pick("учитель", "teacher"),
        }
    }
}

/// Employee of a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Staff {
    pub(crate) name: FullName,
    pub(crate) snils: Snils,
    /// Key of the school; empty for the first one.
    pub(crate) school: String,
    pub(crate) roles: BTreeSet<Role>,
    /// Classes of which the employee is the class teacher.
    pub(crate) classes: BTreeSet<String>,
    /// Class and subject of each course taught.
    pub(crate) teaches: BTreeSet<(String, String)>,
}

impl Staff {
    pub(crate) fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Checks whether the employee may read a pupil's card.
    pub(crate) fn may_see(&self, pupil: &Pupil) -> bool {
        pupil.school == self.school && (self.is(Role::Secretary) || self.may_correct(pupil))
    }

    /// Checks whether the employee may correct a pupil's card.
    pub(crate) fn may_correct(&self, pupil: &Pupil) -> bool {
        let own_class = self.is(Role::ClassTeacher) && self.classes.contains(&pupil.class);
        pupil.school == self.school && (self.is(Role::Administrator) || own_class)
    }
}

/// Person of the register, by kind and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PersonId {
    Pupil(String),
    Parent(String),
    Staff(String),
}

impl PersonId {
    /// Returns the key in the register.
    pub(crate) fn key(&self) -> &str {
        let (Self::Pupil(key) | Self::Parent(key) | Self::Staff(key)) = self;
        key
    }
}

/// All places of one person in the register. Access is looked up again at each request, so that a parent who is taken
/// off a card loses it at once.
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
    /// Adds a place in the register to the person.
    pub(crate) fn add(&mut self, id: &PersonId) {
        match id {
            PersonId::Pupil(key) => self.pupil = Some(key.clone()),
            PersonId::Parent(key) => self.parent = Some(key.clone()),
            PersonId::Staff(key) => self.staff = Some(key.clone()),
        }
    }

    /// Checks whether the person has no place in the register.
    pub(crate) fn is_nobody(&self) -> bool {
        self.pupil.is_none() && self.parent.is_none() && self.staff.is_none()
    }

    /// Returns the person's key: as a pupil, else as a parent, else as an employee.
    pub(crate) fn key(&self) -> Option<&str> {
        self.pupil.as_deref().or(self.parent.as_deref()).or(self.staff.as_deref())
    }

    /// Returns the path of the person's first page after signing in.
    pub(crate) fn home(&self) -> &'static str {
        match (self.pupil.is_some() || self.parent.is_some(), self.staff.is_some()) {
            (true, _) => "/diary",
            (false, true) => "/school",
            (false, false) => "/desk",
        }
    }
}
