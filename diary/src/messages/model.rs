//! Rules of threads: who may write to whom, and the limits of messages. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    MessageEvent,
    forms::{FamilyLetter, Letter},
    thread::{Recipient, Side, Thread},
};
use crate::{
    pupil::is_open_to,
    register::{PersonId, Pupil, Role, Staff, Who},
    state::Diary,
};

/// Maximum length of a text, characters.
pub(super) const TEXT_LIMIT: usize = 4_000;
/// Maximum length of a topic, characters.
pub(super) const TOPIC_LIMIT: usize = 120;
/// Maximum number of messages in a thread.
pub(super) const THREAD_LIMIT: usize = 200;
/// Maximum number of messages that one person writes within an hour of the world's time.
pub(super) const HOURLY_LIMIT: usize = 30;

/// Reason why a thread is not shown, or a message not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MessageError {
    /// No such thread, or the person takes no part in it.
    #[error("Такой переписки у вас нет")]
    Unknown,
    /// No such pupil, or the pupil's diary is not open to the writer.
    #[error("Писать можно только о себе или о своём ребёнке")]
    NoPupil,
    /// The recipient does not teach this pupil.
    #[error("Выберите учителя, который учит этого ученика")]
    NoTeacher,
    /// The recipient is not a family member to whom the teacher may write.
    #[error("Писать можно ученикам своих классов и тем их родителям, которым открыт дневник")]
    NoFamily,
    /// The teacher no longer teaches the pupil, or the pupil's diary is no longer open to the parent.
    #[error("Переписка закрыта: учитель больше не учит этого ученика, или дневник собеседнику больше не открыт")]
    Closed,
    #[error("Напишите тему")]
    NoTopic,
    /// The topic is too long.
    #[error("Тема не длиннее {TOPIC_LIMIT} знаков")]
    LongTopic,
    #[error("Напишите сообщение")]
    NoText,
    /// The text is too long.
    #[error("Сообщение не длиннее {TEXT_LIMIT} знаков")]
    LongText,
    /// The thread has the maximum number of messages.
    #[error("В переписке уже {THREAD_LIMIT} сообщений, больше не помещается")]
    Full,
    /// The writer has reached the hourly limit.
    #[error("За час можно написать не больше {HOURLY_LIMIT} сообщений")]
    TooMany,
}

/// Returns what an employee teaches a pupil: «классный руководитель» and subjects, or `None`.
pub(super) fn teaching(staff: &Staff, pupil: &Pupil) -> Option<String> {
    if staff.school != pupil.school || pupil.class.is_empty() {
        return None;
    }
    let is_class_teacher = staff.is(Role::ClassTeacher) && staff.classes.contains(&pupil.class);
    let own = is_class_teacher.then_some(Role::ClassTeacher.name());
    let taught = staff.teaches.iter().filter(|(class, _)| staff.is(Role::Teacher) && *class == pupil.class);
    let all: Vec<_> = own.into_iter().chain(taught.map(|(_, subject)| subject.as_str())).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// New thread before its checks, with topic and text as typed.
struct NewThread<'l> {
    side: Side,
    /// Key of the pupil whom the thread is about.
    pupil: &'l str,
    family: Recipient,
    /// Key of the teacher.
    teacher: &'l str,
    topic: &'l str,
    text: &'l str,
}

impl Diary {
    /// Returns the employees who teach a pupil, with keys and what each teaches.
    pub(super) fn teachers_of(&self, pupil: &Pupil) -> impl Iterator<Item = (&str, &Staff, String)> {
        let all = self.register.all_staff();
        all.filter_map(|(key, staff)| teaching(staff, pupil).map(|what| (key, staff, what)))
    }

    /// Checks whether a thread may continue: the teacher still teaches the pupil, and the diary is open to the family
    /// member.
    pub(super) fn is_alive(&self, thread: &Thread) -> bool {
        let (staff, pupil) = (self.register.staff(&thread.teacher), self.register.pupil(&thread.pupil));
        let is_taught = staff.zip(pupil).is_some_and(|(staff, pupil)| teaching(staff, pupil).is_some());
        is_taught && self.has_diary(&thread.family, &thread.pupil)
    }

    /// Checks whether a pupil's diary is open to a family member.
    fn has_diary(&self, family: &Recipient, pupil: &str) -> bool {
        let mut who = Who::default();
        who.add(&family.id());
        is_open_to(self, &who, pupil)
    }

    fn side(&self, who: &Who, thread: &Thread) -> Option<Side> {
        if who.staff.as_ref() == Some(&thread.teacher) {
            return Some(Side::School);
        }
        let is_own = match &thread.family {
            Recipient::Pupil(key) => who.pupil.as_ref() == Some(key),
            Recipient::Parent(key) => who.parent.as_ref() == Some(key),
        };
        // The thread is hidden from a family member to whom the diary is no longer open.
        (is_own && self.has_diary(&thread.family, &thread.pupil)).then_some(Side::Family)
    }

    /// Returns a thread in which the person takes part, and the person's side.
    ///
    /// # Errors
    /// Fails in the same way if there is no such thread and if it belongs to other people, so that the answer does not
    /// reveal which.
    pub(super) fn own_thread(&self, who: &Who, id: u32) -> Result<(&Thread, Side), MessageError> {
        let thread = self.messages.threads.get(&id).ok_or(MessageError::Unknown)?;
        Ok((thread, self.side(who, thread).ok_or(MessageError::Unknown)?))
    }

    /// Returns all threads of a person, newest first.
    pub(super) fn own_threads(&self, who: &Who) -> Vec<(u32, &Thread, Side)> {
        let ids = ids_of(who);
        let all = ids.iter().flat_map(|id| self.messages.with(id));
        let mut own: Vec<_> =
            all.filter_map(|(id, thread)| self.side(who, thread).map(|side| (id, thread, side))).collect();
        own.sort_by_key(|(_, thread, _)| std::cmp::Reverse(thread.last));
        own.dedup_by_key(|(id, ..)| *id);
        own
    }

    /// Returns the number of messages that a person has not read.
    pub(crate) fn unread_of(&self, who: &Who) -> usize {
        self.own_threads(who).into_iter().map(|(_, thread, side)| thread.unread_by(side)).sum()
    }

    fn may_write_now(&self, who: &Who, now: DateTime<Utc>) -> Result<(), MessageError> {
        let hour = now - TimeDelta::hours(1);
        let ids = ids_of(who);
        let threads = ids.iter().flat_map(|id| {
            let from = if matches!(id, PersonId::Staff(_)) { Side::School } else { Side::Family };
            self.messages.with(id).map(move |(_, thread)| (from, thread))
        });
        let recent = threads.flat_map(|(from, thread)| {
            thread.messages.iter().rev().take_while(|one| one.at > hour).filter(move |one| one.from == from)
        });
        if recent.count() >= HOURLY_LIMIT { Err(MessageError::TooMany) } else { Ok(()) }
    }

    /// Begins a thread about a pupil whose diary is open to the writer; returns the event and the number of the thread.
    ///
    /// # Errors
    /// Fails as listed in [`MessageError`].
    pub(super) fn begin_thread(
        &self,
        who: &Who,
        letter: &Letter,
        now: DateTime<Utc>,
    ) -> Result<(MessageEvent, u32), MessageError> {
        let Letter { pupil, teacher, topic, text } = letter;
        let card = self.register.pupil(pupil).filter(|_| is_open_to(self, who, pupil)).ok_or(MessageError::NoPupil)?;
        let family = match &who.parent {
            _ if who.pupil.as_ref() == Some(pupil) => Recipient::Pupil(pupil.clone()),
            Some(key) => Recipient::Parent(key.clone()),
            None => return Err(MessageError::NoPupil),
        };
        // A teacher whose child is in their class does not write to themselves.
        let staff = self.register.staff(teacher).filter(|_| who.staff.as_ref() != Some(teacher));
        staff.and_then(|staff| teaching(staff, card)).ok_or(MessageError::NoTeacher)?;
        self.begun(who, NewThread { side: Side::Family, pupil, family, teacher, topic, text }, now)
    }

    /// Begins a thread between a teacher and a pupil of their class or a parent; returns the event and the number of
    /// the thread.
    ///
    /// # Errors
    /// Fails as listed in [`MessageError`].
    pub(super) fn begin_with_family(
        &self,
        who: &Who,
        letter: &FamilyLetter,
        now: DateTime<Utc>,
    ) -> Result<(MessageEvent, u32), MessageError> {
        let FamilyLetter { pupil, topic, text, .. } = letter;
        let family = letter.family();
        let teacher = who.staff.as_ref().filter(|_| self.may_write_to(who, pupil, &family));
        let teacher = teacher.ok_or(MessageError::NoFamily)?;
        self.begun(who, NewThread { side: Side::School, pupil, family, teacher, topic, text }, now)
    }

    /// Checks whether a teacher may write to a family member: the teacher teaches the pupil, and the diary is open to
    /// the family member.
    pub(super) fn may_write_to(&self, who: &Who, pupil: &str, family: &Recipient) -> bool {
        let (staff, card) = (self.register.staff_of(who), self.register.pupil(pupil));
        let is_taught = staff.zip(card).is_some_and(|(staff, card)| teaching(staff, card).is_some());
        // A teacher whose child is in their class does not write to themselves.
        let is_self = ids_of(who).contains(&family.id());
        is_taught && !is_self && self.has_diary(family, pupil)
    }

    fn begun(&self, who: &Who, new: NewThread<'_>, now: DateTime<Utc>) -> Result<(MessageEvent, u32), MessageError> {
        let NewThread { side, pupil, family, teacher, topic, text } = new;
        let (topic, text) = (read_topic(topic)?, read_text(text)?);
        self.may_write_now(who, now)?;
        let thread = self.messages.threads.keys().next_back().map_or(1, |last| last + 1);
        let (by, pupil, teacher) = (who.name.clone(), pupil.to_owned(), teacher.to_owned());
        Ok((MessageEvent::ThreadBegun { by, thread, side, pupil, family, teacher, topic, text }, thread))
    }

    /// Adds a message to a thread.
    ///
    /// # Errors
    /// Fails as listed in [`MessageError`].
    pub(super) fn answer(
        &self,
        who: &Who,
        id: u32,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<MessageEvent, MessageError> {
        let (thread, side) = self.own_thread(who, id)?;
        if !self.is_alive(thread) {
            return Err(MessageError::Closed);
        }
        let text = read_text(text)?;
        if thread.messages.len() >= THREAD_LIMIT {
            return Err(MessageError::Full);
        }
        self.may_write_now(who, now)?;
        Ok(MessageEvent::MessageWritten { by: who.name.clone(), thread: id, side, text })
    }

    /// Marks the messages of the other side as read; `None` if there is nothing to mark.
    ///
    /// # Errors
    /// Fails if the person takes no part in the thread.
    pub(super) fn mark_read(&self, who: &Who, id: u32) -> Result<Option<MessageEvent>, MessageError> {
        let (thread, side) = self.own_thread(who, id)?;
        let event = || MessageEvent::MessagesRead { by: who.name.clone(), thread: id, side };
        Ok((thread.unread_by(side) > 0).then(event))
    }
}

fn ids_of(who: &Who) -> Vec<PersonId> {
    let staff = who.staff.clone().map(PersonId::Staff);
    let family = [who.parent.clone().map(PersonId::Parent), who.pupil.clone().map(PersonId::Pupil)];
    staff.into_iter().chain(family.into_iter().flatten()).collect()
}

/// Parses a topic, which is one line.
fn read_topic(given: &str) -> Result<String, MessageError> {
    let words: Vec<_> =
        given.split(|c: char| c.is_whitespace() || c.is_control()).filter(|one| !one.is_empty()).collect();
    let topic = words.join(" ");
    match topic.chars().count() {
        0 => Err(MessageError::NoTopic),
        1..=TOPIC_LIMIT => Ok(topic),
        _ => Err(MessageError::LongTopic),
    }
}

/// Parses a text: keeps line breaks and tabs, drops other control characters.
fn read_text(given: &str) -> Result<String, MessageError> {
    let text: String = given.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    let text = text.trim();
    match text.chars().count() {
        0 => Err(MessageError::NoText),
        1..=TEXT_LIMIT => Ok(text.to_owned()),
        _ => Err(MessageError::LongText),
    }
}
