//! Views of threads, messages and their recipients.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    model::MessageError,
    thread::{Recipient, Side, Thread},
};
use crate::{
    pupil::is_open_to,
    register::{Pupil, Who},
    state::Diary,
};

/// Maximum number of threads in one part of the list.
pub(super) const LISTED: usize = 50;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct Older {
    /// Threads whose `last` is less than this.
    pub(super) before: Option<u64>,
}

/// A teacher to whom one may write.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TeacherView {
    /// Key, for `teacher` of a new thread.
    pub(super) key: String,
    /// «Фамилия Имя Отчество».
    pub(super) name: String,
    /// «классный руководитель», subjects.
    pub(super) what: String,
}

/// A pupil whom a teacher teaches, and the people to write to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FamilyView {
    /// Key of the pupil, for `pupil` of a new thread.
    pub(super) pupil: String,
    /// «Фамилия Имя Отчество» of the pupil.
    pub(super) name: String,
    /// Class of the pupil, as `7А`.
    pub(super) class: String,
    /// Whether the pupil may be written to.
    pub(super) reads: bool,
    /// Parents who may be.
    pub(super) parents: Vec<ReaderView>,
}

/// A parent to whom a teacher may write.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReaderView {
    /// Key, for `parent` of a new thread.
    pub(super) key: String,
    /// «Фамилия Имя Отчество».
    pub(super) name: String,
}

/// A thread in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ThreadView {
    /// Number of the thread, as in its address.
    pub(super) id: u32,
    /// Topic of the thread, one line.
    pub(super) topic: String,
    /// The pupil whom it is about.
    pub(super) pupil: String,
    /// Class of the pupil.
    pub(super) class: String,
    /// «Фамилия Имя Отчество» of the other side.
    pub(super) with: String,
    /// On which side the reader is.
    pub(super) side: Side,
    /// How many messages the reader has not read.
    pub(super) unread: usize,
    /// When the last message was written.
    pub(super) last_at: DateTime<Utc>,
    /// The place of the last message among all: greater in a newer thread.
    pub(super) last: u64,
}

impl ThreadView {
    fn of(diary: &Diary, id: u32, thread: &Thread, side: Side) -> Self {
        let register = &diary.register;
        let pupil = register.pupil(&thread.pupil);
        let name = pupil.map(|pupil| pupil.name.to_string()).unwrap_or_default();
        let with = match (side, &thread.family) {
            (Side::Family, _) => register.staff(&thread.teacher).map(|staff| staff.name.to_string()),
            (Side::School, Recipient::Pupil(_)) => Some(name.clone()),
            (Side::School, Recipient::Parent(key)) => register.parent(key).map(|parent| parent.name.to_string()),
        };
        Self {
            id,
            topic: thread.topic.clone(),
            pupil: name,
            class: pupil.map(|pupil| pupil.class.clone()).unwrap_or_default(),
            with: with.unwrap_or_default(),
            side,
            unread: thread.unread_by(side),
            last_at: thread.messages.last().map(|one| one.at).unwrap_or_default(),
            last: thread.last,
        }
    }

    /// Returns the Moscow time of the last message, for pages.
    pub(super) fn last_time(&self) -> String {
        worlds::moscow::date_time(self.last_at)
    }

    /// Returns the pupil and class that the thread is about; only the class if the pupil is the other side.
    pub(super) fn about(&self) -> String {
        let class = if self.class.is_empty() { String::new() } else { format!(", {}", self.class) };
        if self.with == self.pupil { self.class.clone() } else { format!("{}{class}", self.pupil) }
    }
}

/// A message of a thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MessageView {
    /// «Фамилия Имя Отчество» of the writer.
    pub(super) by: String,
    /// The reader wrote it.
    pub(super) own: bool,
    /// When it was written.
    pub(super) at: DateTime<Utc>,
    /// Text, which may have several lines.
    pub(super) text: String,
    /// When the one to whom it is written opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) read_at: Option<DateTime<Utc>>,
}

impl MessageView {
    /// Returns the Moscow time of the message, for pages.
    pub(super) fn time(&self) -> String {
        worlds::moscow::date_time(self.at)
    }

    /// Returns the read mark that the writer sees.
    pub(super) fn read_mark(&self) -> String {
        self.read_at
            .map_or_else(|| "Не прочитано".to_owned(), |at| format!("Прочитано {}", worlds::moscow::date_time(at)))
    }

    /// Checks whether the other side wrote the message and the reader has not opened it yet.
    pub(super) fn is_new(&self) -> bool {
        !self.own && self.read_at.is_none()
    }
}

/// A thread with its messages in the order of time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OpenThreadView {
    /// As in the list.
    #[serde(flatten)]
    pub(super) thread: ThreadView,
    /// Whether it may go on.
    pub(super) open: bool,
    /// Messages in the order of time.
    pub(super) messages: Vec<MessageView>,
}

/// Returns the threads of a person, newest first.
pub(super) fn list(diary: &Diary, who: &Who, part: &Older) -> Vec<ThreadView> {
    let own = diary.own_threads(who).into_iter();
    let wanted = own.filter(|(_, thread, _)| part.before.is_none_or(|before| thread.last < before));
    wanted.take(LISTED).map(|(id, thread, side)| ThreadView::of(diary, id, thread, side)).collect()
}

/// Returns the families to which a teacher may write, by class and name; empty for a person who teaches no class.
pub(super) fn families(diary: &Diary, who: &Who) -> Vec<FamilyView> {
    let Some(staff) = diary.register.staff_of(who) else { return Vec::new() };
    let classes: BTreeSet<_> = staff.classes.iter().chain(staff.teaches.iter().map(|(class, _)| class)).collect();
    let mut families = Vec::new();
    for class in classes {
        let own = (staff.school.clone(), class.clone());
        let mut pupils: Vec<_> = diary.register.in_class(&own).collect();
        pupils.sort_by_key(|(key, pupil)| (&pupil.name, *key));
        families.extend(pupils.into_iter().filter_map(|(key, pupil)| family(diary, who, key, pupil)));
    }
    families
}

fn family(diary: &Diary, who: &Who, key: &str, pupil: &Pupil) -> Option<FamilyView> {
    let may = |family: &Recipient| diary.may_write_to(who, key, family);
    let parents = pupil.parents.iter().filter(|parent| may(&Recipient::Parent((*parent).clone())));
    let parents = parents.filter_map(|parent| {
        let name = diary.register.parent(parent)?.name.to_string();
        Some(ReaderView { key: parent.clone(), name })
    });
    let (parents, reads): (Vec<_>, _) = (parents.collect(), may(&Recipient::Pupil(key.to_owned())));
    let (pupil, name, class) = (key.to_owned(), pupil.name.to_string(), pupil.class.clone());
    (reads || !parents.is_empty()).then_some(FamilyView { pupil, name, class, reads, parents })
}

/// Returns one thread of a person with its messages.
///
/// # Errors
/// Fails if there is no such thread, or if it belongs to other people.
pub(super) fn one(diary: &Diary, who: &Who, id: u32) -> Result<OpenThreadView, MessageError> {
    let (thread, side) = diary.own_thread(who, id)?;
    let messages = thread.messages.iter().map(|one| MessageView {
        by: one.by.clone(),
        own: one.from == side,
        at: one.at,
        text: one.text.clone(),
        read_at: one.read_at,
    });
    let messages = messages.collect();
    Ok(OpenThreadView { thread: ThreadView::of(diary, id, thread, side), open: diary.is_alive(thread), messages })
}

/// Returns the teachers to whom a person may write about a pupil, in the order of names.
///
/// # Errors
/// Fails if the pupil's diary is not open to the person.
pub(super) fn teachers(diary: &Diary, who: &Who, pupil: &str) -> Result<Vec<TeacherView>, MessageError> {
    let card = diary.register.pupil(pupil).filter(|_| is_open_to(diary, who, pupil)).ok_or(MessageError::NoPupil)?;
    let others = diary.teachers_of(card).filter(|(key, ..)| who.staff.as_deref() != Some(*key));
    let views =
        others.map(|(key, staff, what)| TeacherView { key: key.to_owned(), name: staff.name.to_string(), what });
    let mut views: Vec<_> = views.collect();
    views.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    Ok(views)
}
