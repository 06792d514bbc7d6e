//! The diary's world: what is kept, what can happen, what a person reads of it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Certificate, FullName, Mnemonic, Oid, Snils};
use serde::{Deserialize, Serialize};
use url::Url;
use worlds::{Domain, Due, SeedDocument, SeedError};

use crate::{
    expiring::Expiring,
    register::{Comparison, Lessons, Parent, Register, Who},
    school::PupilRecord,
    seed::Seed,
    signin::Refusal,
};

/// The provider as a world of the diary knows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Provider {
    /// Base URL; the server's own setting when absent.
    pub(crate) url: Option<Url>,
    pub(crate) mnemonic: Mnemonic,
    pub(crate) issuer: String,
    /// Pinned certificate; fetched when absent.
    pub(crate) certificate: Option<Certificate>,
    pub(crate) timeout_ms: u32,
}

/// The school as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct School {
    pub(crate) name: String,
    pub(crate) feedback_url: String,
}

/// What does not change in a world.
#[derive(Debug, PartialEq)]
pub(crate) struct Settled {
    pub(crate) provider: Provider,
    pub(crate) school: School,
    /// The first day without passwords.
    pub(crate) password_until: NaiveDate,
    pub(crate) lessons: Lessons,
}

/// A sign-in that has gone to Gosuslugi and is awaited back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    /// Cookie of the browser that began it.
    pub(crate) browser: String,
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) who: Who,
    /// The account, when they came through Gosuslugi.
    pub(crate) oid: Option<Oid>,
}

/// A world of the diary.
#[derive(Debug, Clone)]
pub(crate) struct Diary {
    pub(crate) settled: Arc<Settled>,
    pub(crate) register: Register,
    pub(crate) pending: Expiring<Pending>,
    pub(crate) sessions: Expiring<Session>,
    pub(crate) refusals: Expiring<Refusal>,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// Through Gosuslugi.
    Gosuslugi,
    /// With the diary's own password (R000.1).
    Password,
    /// A tester, at the control door.
    Control,
}

/// What can happen in a world of the diary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(crate) enum DiaryEvent {
    /// A browser was sent to Gosuslugi.
    SigninStarted { state: String, browser: String, expires_at: DateTime<Utc> },
    /// It came back; `state` is used up. The other two are the states of the diary's own requests.
    SigninReturned { state: String, token_state: String, system_state: String },
    /// Gosuslugi did not answer, or not as they must.
    SigninFailed { state: String, reason: String },
    /// A consent was asked for at Gosuslugi.
    ConsentAsked { oid: Oid, status: String, guardians: u32 },
    /// Somebody was not let in.
    Refused {
        refusal: Refusal,
        oid: Option<Oid>,
        name: String,
        compared: Vec<Comparison>,
        id: String,
        expires_at: DateTime<Utc>,
    },
    /// Somebody was let in.
    SignedIn { who: Who, oid: Option<Oid>, way: Way, session: String, expires_at: DateTime<Utc> },
    /// Somebody left.
    SignedOut { session: String, name: String },
    /// Somebody wrote to the school.
    FeedbackLeft { text: String, contact: String },
    /// The school corrected a pupil's card.
    PupilCorrected { by: String, pupil: String, record: PupilRecord },
    /// The school put a parent on a card; a parent whom the register has under `parent` stays as they are.
    ParentAdded { by: String, pupil: String, parent: String, name: FullName, snils: Snils },
    /// The school corrected a parent.
    ParentCorrected { by: String, parent: String, name: FullName, snils: Snils },
    /// The school made a parent an active user, or the contrary.
    ParentActivated { by: String, parent: String, active: bool },
    /// The school took a parent off a card.
    ParentRemoved { by: String, pupil: String, parent: String },
}

impl Domain for Diary {
    type Event = DiaryEvent;

    fn genesis(seed: &SeedDocument, _: DateTime<Utc>) -> Result<Self, SeedError> {
        let seed: Seed = seed.diary()?;
        let settled = Settled {
            provider: seed.provider.read()?,
            school: seed.school(),
            password_until: seed.password_until()?,
            lessons: seed.lessons()?,
        };
        Ok(Self {
            settled: Arc::new(settled),
            register: seed.register()?,
            pending: Expiring::default(),
            sessions: Expiring::default(),
            refusals: Expiring::default(),
        })
    }

    fn apply(&mut self, at: DateTime<Utc>, event: &DiaryEvent) {
        match event.clone() {
            DiaryEvent::SigninStarted { state, browser, expires_at } => {
                self.pending.insert(at, state, expires_at, Pending { browser });
            }
            DiaryEvent::SigninReturned { state, .. } => self.pending.remove(&state),
            DiaryEvent::Refused { refusal, id, expires_at, .. } => self.refusals.insert(at, id, expires_at, refusal),
            DiaryEvent::SignedIn { who, oid, session, expires_at, .. } => {
                self.sessions.insert(at, session, expires_at, Session { who, oid });
            }
            DiaryEvent::SignedOut { session, .. } => self.sessions.remove(&session),
            DiaryEvent::PupilCorrected { pupil, record, .. } => {
                if let Some(kept) = self.register.pupil(&pupil).cloned() {
                    self.register.put_pupil(&pupil, record.over(kept));
                }
            }
            DiaryEvent::ParentAdded { pupil, parent, name, snils, .. } => {
                if self.register.parent(&parent).is_none() {
                    self.register.put_parent(&parent, Parent { name, snils, active: false, children: [].into() });
                }
                self.register.attach(&pupil, &parent);
            }
            DiaryEvent::ParentCorrected { parent, name, snils, .. } => {
                if let Some(kept) = self.register.parent(&parent).cloned() {
                    self.register.put_parent(&parent, Parent { name, snils, ..kept });
                }
            }
            DiaryEvent::ParentActivated { parent, active, .. } => {
                if let Some(kept) = self.register.parent(&parent).cloned() {
                    self.register.put_parent(&parent, Parent { active, ..kept });
                }
            }
            DiaryEvent::ParentRemoved { pupil, parent, .. } => self.register.detach(&pupil, &parent),
            DiaryEvent::SigninFailed { .. } | DiaryEvent::ConsentAsked { .. } | DiaryEvent::FeedbackLeft { .. } => {}
        }
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn due(&self, _: DateTime<Utc>) -> Option<Due<DiaryEvent>> {
        None
    }

    fn tell(&self, event: &DiaryEvent) -> String {
        let pupil = |key: &str| self.register.pupil(key).map_or(key.to_owned(), |pupil| pupil.name.to_string());
        let parent = |key: &str| self.register.parent(key).map_or(key.to_owned(), |parent| parent.name.to_string());
        match event {
            DiaryEvent::SigninStarted { .. } => "Начат вход через портал Госуслуг".to_owned(),
            DiaryEvent::SigninReturned { .. } => "Посетитель вернулся с портала Госуслуг".to_owned(),
            DiaryEvent::SigninFailed { reason, .. } => format!("Вход не состоялся: {reason}"),
            DiaryEvent::ConsentAsked { oid, status, guardians } => match status.as_str() {
                "requested" => format!("Запрошено согласие на данные учётной записи {oid}: родителей {guardians}"),
                "no-guardian" => format!("Согласие на данные учётной записи {oid} спросить не у кого"),
                _ => format!("Согласие на данные учётной записи {oid} уже выдано"),
            },
            DiaryEvent::Refused { refusal, name, compared, .. } => {
                let name = if name.is_empty() { "Посетитель" } else { name };
                format!("{name}: отказ во входе ({}){}", refusal.code(), differences(compared))
            }
            DiaryEvent::SignedIn { who, way, .. } => match way {
                Way::Gosuslugi => format!("{}: вход через портал Госуслуг", who.name),
                Way::Password => format!("{}: вход по паролю дневника", who.name),
                Way::Control => format!("{}: вход через служебную дверь", who.name),
            },
            DiaryEvent::SignedOut { name, .. } => format!("{name}: выход"),
            DiaryEvent::FeedbackLeft { text, .. } => format!("Обращение в школу: {text}"),
            DiaryEvent::PupilCorrected { by, pupil: key, record } => {
                format!("{by} исправляет карточку ученика «{}»: {record}", pupil(key))
            }
            DiaryEvent::ParentAdded { by, pupil: key, name, snils, .. } => {
                format!("{by} добавляет в карточку ученика «{}» родителя: {name}, СНИЛС {snils}", pupil(key))
            }
            DiaryEvent::ParentCorrected { by, name, snils, .. } => {
                format!("{by} исправляет данные родителя: {name}, СНИЛС {snils}")
            }
            DiaryEvent::ParentActivated { by, parent: key, active } => {
                let change = if *active { "теперь" } else { "больше не" };
                format!("{by}: {} {change} активный пользователь", parent(key))
            }
            DiaryEvent::ParentRemoved { by, pupil: key, parent: gone } => {
                format!("{by} убирает из карточки ученика «{}» родителя: {}", pupil(key), parent(gone))
            }
        }
    }
}

fn differences(compared: &[Comparison]) -> String {
    let told = compared.iter().filter(|comparison| !comparison.same);
    told.fold(String::new(), |told, Comparison { what, expected, got, .. }| {
        format!("{told}; {what}: в журнале «{expected}», на Госуслугах «{got}»")
    })
}
