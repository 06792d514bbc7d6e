//! Application of the events of threads to the state of a world, and their sentences in the timeline.

use chrono::{DateTime, Utc};
use esia::language::tr;

use super::{
    event::MessageEvent,
    thread::{Message, Recipient, Side, Thread},
};
use crate::{
    gendered::{self, Case},
    register::PersonId,
    state::Diary,
};

impl MessageEvent {
    /// Describes the event in one sentence for the timeline. The text of a message is left out, because it is private
    /// to both sides.
    pub(crate) fn tell(&self, diary: &Diary) -> String {
        let staff = |key: &str| diary.register.staff(key).map_or(key.to_owned(), |staff| staff.name.to_string());
        let pupil = |key: &str, case| gendered::pupil(&diary.register, key, case);
        let parent = |key: &str| diary.register.parent(key).map_or(key.to_owned(), |parent| parent.name.to_string());
        let topic = |id: &u32| diary.messages.threads.get(id).map(|one| one.topic.as_str()).unwrap_or_default();
        match self {
            Self::ThreadBegun { by, side, pupil: about, family, teacher, topic, .. } => match (side, family) {
                (Side::Family, _) => {
                    tr!(
                        "{by} пишет учителю: {}, {}, тема «{topic}»",
                        "{by} writes to a teacher: {}, {}, about «{topic}»",
                        staff(teacher),
                        pupil(about, Case::Nominative)
                    )
                }
                (Side::School, Recipient::Pupil(_)) => {
                    tr!(
                        "{by} пишет {}, тема «{topic}»",
                        "{by} writes to {}, about «{topic}»",
                        pupil(about, Case::Dative)
                    )
                }
                (Side::School, Recipient::Parent(key)) => {
                    tr!(
                        "{by} пишет родителю: {}, {}, тема «{topic}»",
                        "{by} writes to a parent: {}, {}, about «{topic}»",
                        parent(key),
                        pupil(about, Case::Nominative)
                    )
                }
            },
            Self::MessageWritten { by, thread, .. } => {
                tr!("{by} отвечает в переписке «{}»", "{by} answers in the thread «{}»", topic(thread))
            }
            Self::MessagesRead { by, thread, .. } => {
                tr!("{by} читает переписку «{}»", "{by} reads the thread «{}»", topic(thread))
            }
        }
    }
}

impl Diary {
    /// Applies an event of a thread.
    pub(crate) fn apply_messages(&mut self, at: DateTime<Utc>, event: MessageEvent) {
        let kept = &mut *self.messages;
        match event {
            MessageEvent::ThreadBegun { by, thread, side, pupil, family, teacher, topic, text } => {
                kept.written += 1;
                for id in [family.id(), PersonId::Staff(teacher.clone())] {
                    kept.of.entry(id).or_default().insert(thread);
                }
                let messages = vec![Message { at, from: side, by, text, read_at: None }];
                let new = Thread { topic, pupil, family, teacher, messages, last: kept.written };
                kept.threads.insert(thread, new);
            }
            MessageEvent::MessageWritten { by, thread, side, text } => {
                let Some(thread) = kept.threads.get_mut(&thread) else { return };
                kept.written += 1;
                thread.last = kept.written;
                thread.messages.push(Message { at, from: side, by, text, read_at: None });
            }
            MessageEvent::MessagesRead { thread, side, .. } => {
                let messages = kept.threads.get_mut(&thread).into_iter().flat_map(|thread| &mut thread.messages);
                for message in messages.filter(|one| one.from != side && one.read_at.is_none()) {
                    message.read_at = Some(at);
                }
            }
        }
    }
}
