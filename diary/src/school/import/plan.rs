//! Changes that a file would make in a school's register. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use esia::{
    Phone, Snils,
    text::{likeness, look},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    FileFaults,
    columns::{CLASS, SNILS},
    read::{Line, ParentCells, column},
};
use crate::{
    register::{Parent, PersonId, Pupil, Staff},
    school::record::{ImportedParent, ImportedPupil, PupilRecord},
    state::Diary,
    tell,
};

/// Changes that a file would make, for the event and for the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) pupils: Vec<ImportedPupil>,
    pub(super) view: PlanView,
}

/// What a file would do, to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PlanView {
    /// Pupils whom the register does not have yet.
    pub(super) pupils_added: usize,
    /// Pupils whose cards change.
    pub(super) pupils_changed: usize,
    /// Parents whom the register does not have yet.
    pub(super) parents_added: usize,
    pub(super) changes: Vec<Change>,
}

/// A change that the file would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Change {
    /// Line of the file.
    pub(super) line: u64,
    /// «Фамилия Имя Отчество» of the pupil.
    pub(super) pupil: String,
    /// What changes, as «класс: 5А → 5Б».
    pub(super) what: String,
}

/// State of planning, line by line.
struct Planner<'a> {
    diary: &'a Diary,
    staff: &'a Staff,
    plan: Plan,
    faults: FileFaults,
    /// Class names of the school and of earlier lines.
    named: BTreeSet<String>,
    /// Classes by the look of the name, with the line that introduced each; no line for classes of the register.
    classes: BTreeMap<String, (String, Option<u64>)>,
    /// Whether a known parent has children at other schools, by key of the parent.
    foreign: BTreeMap<String, bool>,
    /// Line numbers by СНИЛС of the pupil.
    seen: BTreeMap<Snils, u64>,
    /// Parents of this file by СНИЛС.
    parents: BTreeMap<Snils, ImportedParent>,
    drawn_pupils: BTreeSet<String>,
    drawn_parents: BTreeSet<String>,
}

/// Plans the changes that lines make at the administrator's school.
///
/// # Errors
/// Returns all conflicts of the lines with the register and with each other.
pub(super) fn plan(diary: &Diary, staff: &Staff, lines: &[Line]) -> Result<Plan, FileFaults> {
    let mut planner = Planner {
        diary,
        staff,
        plan: Plan::default(),
        faults: FileFaults::default(),
        named: diary.register.classes(&staff.school).map(str::to_owned).collect(),
        classes: classes_of(diary, staff),
        foreign: BTreeMap::new(),
        seen: BTreeMap::new(),
        parents: BTreeMap::new(),
        drawn_pupils: BTreeSet::new(),
        drawn_parents: BTreeSet::new(),
    };
    for line in lines {
        planner.line(line);
    }
    if planner.faults.is_empty() { Ok(planner.plan) } else { Err(planner.faults) }
}

impl Planner<'_> {
    fn blame(&mut self, line: u64, column: &str, message: String) {
        self.faults.add(line, column, message);
    }

    fn line(&mut self, line: &Line) {
        if let Some(first) = self.seen.insert(line.snils, line.number) {
            return self.blame(line.number, SNILS, format!("этот СНИЛС уже есть в строке {first}"));
        }
        let known = self.diary.register.with_snils(line.snils).find_map(|id| match id {
            PersonId::Pupil(key) => self.diary.register.pupil(key).map(|pupil| (key.clone(), pupil)),
            PersonId::Parent(_) | PersonId::Staff(_) => None,
        });
        if known.as_ref().is_some_and(|(_, pupil)| pupil.school != self.staff.school) {
            return self.blame(line.number, SNILS, "этот СНИЛС у ученика другой школы".to_owned());
        }
        if let Some(message) = self.alike(line) {
            return self.blame(line.number, CLASS, message);
        }
        let mut changes = Vec::new();
        let (key, record, phone) = if let Some((key, kept)) = &known {
            let (record, phone) = of_known(line, kept, &mut changes);
            (key.clone(), record, phone)
        } else {
            let key = self.diary.register.free_pupil_key(&self.drawn_pupils);
            self.drawn_pupils.insert(key.clone());
            match &line.class {
                Some(class) => changes.push(format!("новый ученик, {class}")),
                None => return self.blame(line.number, CLASS, "у нового ученика нужен класс".to_owned()),
            }
            let (name, certificate) = (line.name.clone(), line.certificate.clone());
            (key, PupilRecord { name, born: line.born, snils: line.snils, certificate }, line.phone)
        };
        let on_card: &[String] = known.as_ref().map_or(&[], |(_, pupil)| &pupil.parents);
        let mut parents = Vec::new();
        for cells in &line.parents {
            parents.extend(self.parent(line.number, cells, on_card, &mut changes));
        }
        if changes.is_empty() {
            return;
        }
        let view = &mut self.plan.view;
        if known.is_some() {
            view.pupils_changed += 1;
        } else {
            view.pupils_added += 1;
        }
        let pupil = record.name.to_string();
        view.changes.extend(changes.into_iter().map(|what| Change { line: line.number, pupil: pupil.clone(), what }));
        let kept = known.map(|(_, pupil)| pupil.class.clone());
        let (school, class) = (self.staff.school.clone(), line.class.clone().or(kept).unwrap_or_default());
        self.plan.pupils.push(ImportedPupil { key, record, school, class, phone, parents });
    }

    /// Returns a message if the class of a line looks like another class.
    fn alike(&mut self, line: &Line) -> Option<String> {
        let class = line.class.as_ref()?;
        if self.named.contains(class) {
            return None;
        }
        let Some((known, first)) = self.classes.get(&class_look(class)) else {
            self.classes.insert(class_look(class), (class.clone(), Some(line.number)));
            self.named.insert(class.clone());
            return None;
        };
        let place = first.map_or_else(|| "в журнале".to_owned(), |line| format!("в строке {line}"));
        let why = likeness(class, known).map(|why| format!(": {why}")).unwrap_or_default();
        Some(format!("{place} есть класс «{known}», а здесь «{class}»{why}"))
    }

    /// Checks whether a parent has children at other schools.
    fn is_foreign(&mut self, key: &str) -> bool {
        let (register, school) = (&self.diary.register, &self.staff.school);
        *self.foreign.entry(key.to_owned()).or_insert_with(|| {
            let children = register.parent(key).into_iter().flat_map(|kept| &kept.children);
            children.filter_map(|key| register.pupil(key)).any(|child| child.school != *school)
        })
    }

    fn parent(
        &mut self,
        line: u64,
        cells: &ParentCells,
        on_card: &[String],
        changes: &mut Vec<String>,
    ) -> Option<ImportedParent> {
        let diary = self.diary;
        let (register, name) = (&diary.register, &cells.name);
        let before = match (self.parents.get(&cells.snils), register.parent_with(cells.snils)) {
            (Some(seen), _) if seen.name != *name => {
                let message = format!("с этим СНИЛС выше в файле записан другой человек: {}", seen.name);
                self.blame(line, &column(0, cells.number), message);
                return None;
            }
            (Some(seen), _) => Some(seen.clone()),
            (None, Some((key, kept))) => Some(imported(key, kept)),
            (None, None) => None,
        };
        let is_new = before.is_none();
        let mut after = before.clone().unwrap_or_else(|| {
            let key = register.free_parent_key(&self.drawn_parents);
            ImportedParent { key, name: name.clone(), snils: cells.snils, active: false, relation: None }
        });
        after.name = name.clone();
        after.active = cells.active.unwrap_or(after.active);
        after.relation = cells.relation.or(after.relation);
        let is_changed = before.as_ref().is_some_and(|before| *before != after);
        if is_changed && self.is_foreign(&after.key) {
            let message = "этот родитель есть и в другой школе: его данные исправляют в его карточке".to_owned();
            self.blame(line, &column(0, cells.number), message);
            return None;
        }
        if is_new {
            self.drawn_parents.insert(after.key.clone());
            self.plan.view.parents_added += 1;
        }
        match before {
            Some(before) if is_changed => changes.push(format!("родитель: {} → {}", before.tell(), after.tell())),
            _ if !on_card.contains(&after.key) => changes.push(format!("родитель добавлен: {}", after.tell())),
            _ => {}
        }
        self.parents.insert(cells.snils, after.clone());
        Some(after)
    }
}

/// Returns the look of a class name, ignoring alphabet, case, blanks and hyphens.
fn class_look(class: &str) -> String {
    look(class).to_lowercase().replace([' ', '-'], "")
}

fn classes_of(diary: &Diary, staff: &Staff) -> BTreeMap<String, (String, Option<u64>)> {
    let classes = diary.register.classes(&staff.school);
    classes.map(|class| (class_look(class), (class.to_owned(), None))).collect()
}

/// Merges a line into the data of a known pupil, and describes the changes.
fn of_known(line: &Line, kept: &Pupil, changes: &mut Vec<String>) -> (PupilRecord, Option<Phone>) {
    let before = PupilRecord::of(kept);
    let after = PupilRecord {
        name: line.name.clone(),
        born: line.born,
        snils: line.snils,
        certificate: line.certificate.clone().or_else(|| before.certificate.clone()),
    };
    if before != after {
        changes.push(format!("{before} → {after}"));
    }
    if let Some(class) = line.class.as_ref().filter(|class| **class != kept.class) {
        changes.push(format!("класс: {} → {class}", kept.class));
    }
    let phone = line.phone.or(kept.phone);
    if phone != kept.phone {
        let tell = |phone: Option<Phone>| phone.map_or_else(|| "нет".to_owned(), |phone| phone.to_string());
        changes.push(format!("телефон: {} → {}", tell(kept.phone), tell(phone)));
    }
    (after, phone)
}

fn imported(key: &str, kept: &Parent) -> ImportedParent {
    let Parent { name, snils, active, relation, .. } = kept.clone();
    ImportedParent { key: key.to_owned(), name, snils, active, relation }
}

impl ImportedParent {
    fn tell(&self) -> String {
        let active = if self.active { "" } else { ", не активный пользователь" };
        format!("{}{active}", tell::parent(&self.name, self.snils, self.relation))
    }
}

impl fmt::Display for ImportedPupil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, класс {}", self.record, self.class)
    }
}

impl Diary {
    /// Applies an uploaded file.
    pub(crate) fn apply_import(&mut self, pupils: Vec<ImportedPupil>) {
        for ImportedPupil { key, record, school, class, phone, parents } in pupils {
            let on_card = self.register.pupil(&key).map(|kept| kept.parents.clone()).unwrap_or_default();
            let PupilRecord { name, born, snils, certificate } = record;
            let pupil = Pupil { name, born, snils, certificate, school, class, phone, parents: on_card };
            self.register.put_pupil(&key, pupil);
            for ImportedParent { key: parent, name, snils, active, relation } in parents {
                let children = [].into();
                self.register.put_parent_data(&parent, Parent { name, snils, active, relation, children });
                self.register.attach(&key, &parent);
            }
        }
    }
}
