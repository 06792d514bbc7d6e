//! State of a diary's world, and how events change it.

#![warn(clippy::wildcard_enum_match_arm)]
#![expect(clippy::unnested_or_patterns, reason = "the pattern macros of `event.rs` hold or-patterns")]

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use esia::{
    Oid,
    language::{Language, speaking},
};
use serde::{Deserialize, Serialize};
use worlds::{Brake, Domain, Due, Expiring, Limit, SeedDocument, SeedError, Shared, Term};

use crate::{
    access::{Access, AccessEvent},
    config::WorldConfig,
    event::{DiaryEvent, Stranger, nested_events, school_events, sign_in_events},
    messages::Messages,
    register::{Parent, Pupil, Register, Who},
    school::PupilRecord,
    seed::Seed,
    signin::Refusal,
    teacher::Teaching,
    tell,
};

/// Maximum number of sessions of one person and of all people. A load test may sign in the same person many times.
pub(crate) const SESSIONS: Limit = Limit { each: 2_000, all: 10_000 };
/// Maximum number of entries that anybody can cause: refusals, used `state` values of sign-ins, logout tokens.
const LEFT: Limit = Limit { each: 10_000, all: 20_000 };
/// Maximum number of valid letters about one forgotten password, and of all letters.
pub(crate) const RECOVERIES: Limit = Limit { each: 5, all: 10_000 };
/// Maximum number of letters kept for the tester.
const LETTERS: usize = 1_000;

/// Session of a signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) who: Who,
    /// Account at Gosuslugi, if the person signed in there.
    pub(crate) oid: Option<Oid>,
    /// `sid`: the session at Gosuslugi, when the protocol reports its end.
    pub(crate) sid: Option<String>,
    pub(crate) stranger: Option<Arc<Stranger>>,
    /// Until when a browser may take the session over by its link.
    pub(crate) link_until: Option<DateTime<Utc>>,
}

/// Returns the owner that the session limit counts for: a person of the register, or an account that the register does
/// not know.
pub(crate) fn session_owner(who: &Who, oid: Option<Oid>) -> String {
    let key = who.key().map(str::to_owned);
    key.or_else(|| oid.map(|oid| oid.to_string())).unwrap_or_default()
}

/// Correction of a pupil's card, for its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Correction {
    pub(crate) at: DateTime<Utc>,
    /// Sentence that names the employee and the change.
    pub(crate) text: String,
    /// Earlier value, if the correction replaced one.
    pub(crate) before: Option<String>,
}

/// State of a world of the diary.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Diary {
    pub(crate) config: Arc<WorldConfig>,
    pub(crate) register: Shared<Register>,
    /// Used `state` values of sign-ins that have returned from Gosuslugi.
    pub(crate) returned: Shared<Expiring<()>>,
    pub(crate) sessions: Shared<Expiring<Session>>,
    pub(crate) refusals: Shared<Expiring<Refusal>>,
    /// Logout tokens already received, by `jti`.
    pub(crate) heard: Shared<Expiring<()>>,
    /// Logins whose password may be reset, by the secret in the letter.
    pub(crate) recoveries: Shared<Expiring<String>>,
    /// The latest letters, at most [`LETTERS`].
    pub(crate) letters: Shared<VecDeque<Letter>>,
    /// Number of letters ever sent, including those no longer kept.
    pub(crate) letters_sent: usize,
    /// Counts of wrong passwords, by key of the person.
    pub(crate) brake: Shared<Brake<String>>,
    pub(crate) feedback: FeedbackTotals,
    /// People with a password who have signed in through Gosuslugi, by key, and the session in which each did so first.
    pub(crate) taken_over: Shared<BTreeMap<String, String>>,
    /// Corrections of cards, by key of the pupil.
    pub(crate) history: Shared<BTreeMap<String, Vec<Correction>>>,
    /// Access applications and paper consents.
    pub(crate) access: Shared<Access>,
    /// Threads between families and teachers.
    pub(crate) messages: Shared<Messages>,
    /// Marks, attendance and homework that teachers have entered.
    pub(crate) teaching: Shared<Teaching>,
}

/// Number and size of the feedback messages of a world.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeedbackTotals {
    pub(crate) messages: usize,
    /// Size of all messages and contacts together, bytes.
    pub(crate) bytes: usize,
}

/// Letter about a forgotten password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    pub(crate) at: DateTime<Utc>,
    pub(crate) to: String,
    pub(crate) secret: String,
    pub(crate) login: String,
}

impl Domain for Diary {
    const STATE_VERSION: u32 = 2;

    type Event = DiaryEvent;

    fn genesis(seed: &SeedDocument, at: DateTime<Utc>) -> Result<Self, SeedError> {
        let own: Seed = seed.diary()?;
        let (config, register) = own.build(seed.random.unwrap_or_default(), worlds::moscow::date(at))?;
        Ok(Self {
            config: Arc::new(config),
            register: Shared::new(register),
            returned: Shared::default(),
            sessions: Shared::default(),
            refusals: Shared::default(),
            heard: Shared::default(),
            recoveries: Shared::default(),
            letters: Shared::default(),
            letters_sent: 0,
            brake: Shared::default(),
            feedback: FeedbackTotals::default(),
            taken_over: Shared::default(),
            history: Shared::default(),
            access: Shared::default(),
            messages: Shared::default(),
            teaching: Shared::default(),
        })
    }

    fn apply(&mut self, at: DateTime<Utc>, event: &DiaryEvent) {
        // The history is stored and shown on pages, which are Russian, whichever language the request asks for.
        speaking(Language::Russian, || self.remember(at, event));
        match event.clone() {
            DiaryEvent::Access { event } => self.apply_access(at, event),
            DiaryEvent::Messages { event } => self.apply_messages(at, event),
            DiaryEvent::Teaching { event } => self.apply_teaching(at, event),
            event @ sign_in_events!() => self.apply_sign_in(at, &event),
            event @ school_events!() => self.apply_to_school(event),
        }
    }

    fn has_credentials(&self) -> bool {
        !(self.sessions.is_empty() && self.refusals.is_empty())
    }

    fn forget_credentials(&mut self) {
        self.sessions = Shared::default();
        self.refusals = Shared::default();
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn due(&self, _: DateTime<Utc>) -> Option<Due<DiaryEvent>> {
        None
    }

    fn tell(&self, event: &DiaryEvent) -> String {
        match event {
            DiaryEvent::Access { event } => event.tell(self),
            DiaryEvent::Messages { event } => event.tell(self),
            DiaryEvent::Teaching { event } => event.tell(&self.register),
            event @ (sign_in_events!() | school_events!()) => tell::tell(&self.register, event),
        }
    }
}

impl Diary {
    /// Adds an event to the history of each card that it concerns, in the words of the timeline.
    fn remember(&mut self, at: DateTime<Utc>, event: &DiaryEvent) {
        if let DiaryEvent::RegisterImported { by, pupils } = event {
            for pupil in pupils {
                let before = self.register.pupil(&pupil.key).map(|kept| PupilRecord::of(kept).to_string());
                let text = format!("{by} загружает журнал из файла: {pupil}");
                self.history.entry(pupil.key.clone()).or_default().push(Correction { at, text, before });
            }
            return;
        }
        let cards: Vec<String> = match event {
            DiaryEvent::PupilCorrected { pupil, .. }
            | DiaryEvent::PupilMoved { pupil, .. }
            | DiaryEvent::ParentAdded { pupil, .. }
            | DiaryEvent::ParentRemoved { pupil, .. } => vec![pupil.clone()],
            DiaryEvent::ParentCorrected { parent, .. } | DiaryEvent::ParentActivated { parent, .. } => {
                self.register.parent(parent).map(|kept| kept.children.iter().cloned().collect()).unwrap_or_default()
            }
            DiaryEvent::Access { event } => event.card(self).map(str::to_owned).into_iter().collect(),
            DiaryEvent::RegisterImported { .. }
            | DiaryEvent::Messages { .. }
            | DiaryEvent::Teaching { .. }
            | sign_in_events!() => return,
        };
        let (text, before) = (self.tell(event), self.before(event));
        for card in cards {
            let correction = Correction { at, text: text.clone(), before: before.clone() };
            self.history.entry(card).or_default().push(correction);
        }
    }

    /// Returns the value that an event will replace; called before the event is applied.
    fn before(&self, event: &DiaryEvent) -> Option<String> {
        match event {
            DiaryEvent::PupilCorrected { pupil, .. } => {
                self.register.pupil(pupil).map(|kept| PupilRecord::of(kept).to_string())
            }
            DiaryEvent::PupilMoved { pupil, .. } => self.register.pupil(pupil).map(|kept| kept.class.clone()),
            DiaryEvent::ParentCorrected { parent, .. } => {
                self.register.parent(parent).map(|kept| tell::parent(&kept.name, kept.snils, kept.relation))
            }
            DiaryEvent::Access { event: AccessEvent::PhoneGiven { pupil, .. } } => {
                self.register.pupil(pupil).and_then(|kept| kept.phone).map(|phone| phone.to_string())
            }
            DiaryEvent::ParentAdded { .. }
            | DiaryEvent::ParentActivated { .. }
            | DiaryEvent::ParentRemoved { .. }
            | DiaryEvent::RegisterImported { .. }
            | sign_in_events!()
            | nested_events!() => None,
        }
    }

    /// Stores a letter for the outbox; drops the oldest when the limit is reached.
    fn keep_letter(&mut self, letter: Letter) {
        if self.letters.len() >= LETTERS {
            self.letters.pop_front();
        }
        self.letters_sent += 1;
        self.letters.push_back(letter);
    }

    /// Applies an event of sign-in, sign-out, passwords or feedback.
    fn apply_sign_in(&mut self, at: DateTime<Utc>, event: &DiaryEvent) {
        match event {
            DiaryEvent::SigninReturned { state, expires_at, .. } => {
                self.returned.insert_within((state.clone(), ()), Term { owner: "", ends_at: *expires_at }, LEFT, at);
            }
            DiaryEvent::Refused { refusal, id, expires_at, oid, .. } => {
                let owner = oid.map(|oid| oid.to_string()).unwrap_or_default();
                self.refuse(at, id, refusal.clone(), Term { owner: &owner, ends_at: *expires_at });
            }
            DiaryEvent::SignedIn { who, oid, sid, session, expires_at, stranger, link_until, .. } => {
                let (owner, owner_key) = (session_owner(who, *oid), who.key().map(str::to_owned));
                let (who, stranger, link_until) = (who.clone(), stranger.clone(), *link_until);
                let kept = Session { who, oid: *oid, sid: sid.clone(), stranger, link_until };
                let term = Term { owner: &owner, ends_at: *expires_at };
                self.sessions.insert_within((session.clone(), kept), term, SESSIONS, at);
                if let Some(key) = owner_key {
                    self.brake.release(&key);
                }
            }
            DiaryEvent::LinkOpened { session, .. } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.link_until = None;
                }
            }
            DiaryEvent::AccountTookOver { key, session, .. } => {
                self.taken_over.insert(key.clone(), session.clone());
            }
            DiaryEvent::PasswordMissed { key } => self.brake.count(key.clone(), at),
            DiaryEvent::SignedOut { session, .. } => drop(self.sessions.remove(session)),
            DiaryEvent::SessionOver { session, id, expires_at, is_lost, .. } => {
                self.sessions.remove(session);
                let refusal = if *is_lost { Refusal::SessionLost } else { Refusal::SessionOver };
                self.refuse(at, id, refusal, Term { owner: "", ends_at: *expires_at });
            }
            DiaryEvent::LeftGosuslugi { jti, sessions, expires_at } => {
                self.heard.insert_within((jti.clone(), ()), Term { owner: "", ends_at: *expires_at }, LEFT, at);
                for (session, _) in sessions {
                    self.sessions.remove(session);
                }
            }
            DiaryEvent::ConsentEnded { session, id, expires_at, .. } => {
                self.sessions.remove(session);
                self.refuse(at, id, Refusal::ConsentRevoked, Term { owner: "", ends_at: *expires_at });
            }
            DiaryEvent::PasswordForgotten { login, to, secret, expires_at } => {
                let term = Term { owner: login, ends_at: *expires_at };
                self.recoveries.insert_within((secret.clone(), login.clone()), term, RECOVERIES, at);
                let (to, secret, login) = (to.clone(), secret.clone(), login.clone());
                self.keep_letter(Letter { at, to, secret, login });
            }
            DiaryEvent::PasswordMade { login, secret, password } => {
                self.recoveries.remove(secret);
                self.register.put_password(login, password);
                if let Some(person) = self.register.person_of(login) {
                    self.brake.release(person.key());
                }
            }
            DiaryEvent::FeedbackLeft { text, contact } => {
                self.feedback.messages += 1;
                self.feedback.bytes += text.len() + contact.len();
            }
            DiaryEvent::SigninStarted { .. }
            | DiaryEvent::SigninFailed { .. }
            | DiaryEvent::ConsentAsked { .. }
            | DiaryEvent::AccessRenewed { .. }
            | school_events!()
            | nested_events!() => {}
        }
    }

    fn refuse(&mut self, at: DateTime<Utc>, id: &str, refusal: Refusal, term: Term<'_>) {
        self.refusals.insert_within((id.to_owned(), refusal), term, LEFT, at);
    }

    fn apply_to_school(&mut self, event: DiaryEvent) {
        match event {
            DiaryEvent::PupilCorrected { pupil, record, .. } => {
                if let Some(kept) = self.register.pupil(&pupil).cloned() {
                    self.register.put_pupil(&pupil, record.over(kept));
                }
            }
            DiaryEvent::PupilMoved { pupil, class, .. } => {
                if let Some(kept) = self.register.pupil(&pupil).cloned() {
                    self.register.put_pupil(&pupil, Pupil { class, ..kept });
                }
            }
            DiaryEvent::ParentAdded { pupil, parent, name, snils, .. } => {
                if self.register.parent(&parent).is_none() {
                    self.register.put_parent(&parent, Parent::new(name, snils));
                }
                self.register.attach(&pupil, &parent);
            }
            DiaryEvent::ParentCorrected { parent, name, snils, relation, .. } => {
                if let Some(kept) = self.register.parent(&parent).cloned() {
                    let relation = relation.or(kept.relation);
                    self.register.put_parent(&parent, Parent { name, snils, relation, ..kept });
                }
            }
            DiaryEvent::ParentActivated { parent, active, .. } => {
                if let Some(kept) = self.register.parent(&parent).cloned() {
                    self.register.put_parent(&parent, Parent { active, ..kept });
                }
            }
            DiaryEvent::ParentRemoved { pupil, parent, .. } => self.register.detach(&pupil, &parent),
            DiaryEvent::RegisterImported { pupils, .. } => self.apply_import(pupils),
            sign_in_events!() | nested_events!() => {}
        }
    }
}
