//! Events of entries by teachers. Each holds the earlier value, so that the history of a lesson is complete.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use esia::language::tr;
use serde::{Deserialize, Serialize};

use crate::{
    gendered::{self, Case},
    lessons::{Grade, Lesson, Taught},
    register::Register,
    seed::AttendanceStatus,
};

/// Change of a value by a teacher; without `after` the value is removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
#[expect(clippy::enum_variant_names, reason = "events are in the past tense")]
pub(crate) enum TeachingEvent {
    /// A pupil's mark for a lesson changed.
    MarkSet { by: String, lesson: Lesson, pupil: String, before: Option<Grade>, after: Option<Grade> },
    /// A pupil's attendance at a lesson changed.
    AttendanceSet {
        by: String,
        lesson: Lesson,
        pupil: String,
        before: Option<AttendanceStatus>,
        after: Option<AttendanceStatus>,
    },
    /// The homework for a lesson of a class changed.
    HomeworkSet { by: String, lesson: Lesson, before: Option<String>, after: Option<String> },
}

/// Values that teachers have entered, with their history.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Teaching {
    pub(crate) taught: Taught,
    /// Changes of each lesson, oldest first.
    #[serde(with = "worlds::pairs")]
    pub(super) history: BTreeMap<Lesson, Vec<(DateTime<Utc>, TeachingEvent)>>,
}

impl TeachingEvent {
    pub(super) fn lesson(&self) -> &Lesson {
        let (Self::MarkSet { lesson, .. } | Self::AttendanceSet { lesson, .. } | Self::HomeworkSet { lesson, .. }) =
            self;
        lesson
    }

    /// Describes the event in one sentence for the timeline.
    pub(crate) fn tell(&self, register: &Register) -> String {
        let Lesson { class, subject, date, .. } = self.lesson();
        let date = date.format("%d.%m.%Y");
        let lesson = tr!("{subject}, {class}, {date}", "«{subject}», «{class}», {date}");
        match self {
            Self::MarkSet { by, pupil: key, before, after, .. } => {
                let pupil = gendered::pupil(register, key, Case::Dative);
                let change = mark_change(before.as_ref(), after.as_ref());
                tr!("{by} {change} {pupil} ({lesson})", "{by} {change}: {pupil} ({lesson})")
            }
            Self::AttendanceSet { by, pupil: key, before, after, .. } => {
                let was = |status: &Option<AttendanceStatus>| {
                    register.pupil(key).map_or("", |pupil| gendered::attended(&pupil.name, *status))
                };
                let (pupil, before, after) = (gendered::pupil(register, key, Case::Genitive), was(before), was(after));
                tr!(
                    "{by} отмечает посещаемость {pupil}: {after}, прежде — {before} ({lesson})",
                    "{by} notes the attendance of {pupil}: {after}, before: {before} ({lesson})"
                )
            }
            Self::HomeworkSet { by, before: None, after, .. } => {
                let after = after.as_deref().unwrap_or_default();
                tr!("{by} задаёт на дом: «{after}» ({lesson})", "{by} sets homework: «{after}» ({lesson})")
            }
            Self::HomeworkSet { by, before: Some(before), after, .. } => match after {
                Some(after) => tr!(
                    "{by} меняет домашнее задание «{before}» на «{after}» ({lesson})",
                    "{by} changes the homework «{before}» to «{after}» ({lesson})"
                ),
                None => tr!(
                    "{by} снимает домашнее задание «{before}» ({lesson})",
                    "{by} withdraws the homework «{before}» ({lesson})"
                ),
            },
        }
    }
}

fn mark_change(before: Option<&Grade>, after: Option<&Grade>) -> String {
    let told = |grade: &Grade| {
        let weight = (grade.weight > 1).then(|| tr!("вес {}", "weight {}", grade.weight));
        let work = (!grade.work.is_empty()).then(|| tr!("{}", "«{}»", grade.work));
        let details: Vec<_> = weight.into_iter().chain(work).collect();
        let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
        format!("{}{details}", grade.mark)
    };
    match (before, after) {
        (None, Some(after)) => tr!("ставит оценку {}", "gives the mark {}", told(after)),
        (Some(before), Some(after)) => {
            tr!("меняет оценку {} на {}", "changes the mark {} to {}", told(before), told(after))
        }
        (before, None) => {
            tr!("снимает оценку {}", "withdraws the mark {}", before.map(told).unwrap_or_default())
        }
    }
}
