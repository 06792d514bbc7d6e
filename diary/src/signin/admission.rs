//! Decides where a sign-in leads: to a diary, to the school's pages, to the desk of a person unknown to the register,
//! or to a refusal. Pure: a decision reads the world's state, its time and its random source.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use worlds::WorldRng;

use super::{
    Refusal,
    session::{NewSession, SESSION_H},
};
use crate::{
    event::{DiaryEvent, Stranger, Way},
    profile::Strangers,
    register::{Comparison, Presented, Who},
    state::Diary,
};

/// Result of a sign-in at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arrival {
    /// All data were granted: the person, and the session at the provider if the protocol reports it.
    Person { person: Box<Presented>, sid: Option<String> },
    /// The data were not granted; `oid` if the account was identified.
    Refused { refusal: Refusal, oid: Option<Oid> },
}

/// Outcome of a sign-in for the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A session is open; the browser goes to `home`.
    Admitted { session: String, home: &'static str },
    /// The refusal is shown under this id.
    Refused { id: String },
}

/// Decision about a sign-in: the events to record, the comparisons with the register, and the outcome.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision {
    pub(super) events: Vec<DiaryEvent>,
    pub(super) checks: Vec<Comparison>,
    pub(super) outcome: Outcome,
}

/// Recognises a person in the register, and opens a session or refuses.
pub(super) fn admit(diary: &Diary, arrival: &Arrival, now: DateTime<Utc>, rng: &mut WorldRng) -> Decision {
    match arrival {
        Arrival::Person { person, sid } => admit_person(diary, person, sid.as_deref(), Instant { now, rng }),
        Arrival::Refused { refusal, oid } => {
            let refused = Refused { refusal: refusal.clone(), oid: *oid, name: String::new(), compared: Vec::new() };
            refused.decide(Instant { now, rng })
        }
    }
}

/// The world's time of a decision, and its random source.
struct Instant<'a> {
    now: DateTime<Utc>,
    rng: &'a mut WorldRng,
}

fn admit_person(diary: &Diary, person: &Presented, sid: Option<&str>, at: Instant<'_>) -> Decision {
    let today = worlds::moscow::date(at.now);
    let (verdict, compared) = diary.register.recognise(person, &diary.config.profile, today);
    let name = person.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let (who, stranger) = match verdict {
        Ok(who) => (who, None),
        Err(refusal) if opens_desk(diary.config.profile.strangers, &refusal) => {
            let stranger = Stranger { person: person.clone(), refusal };
            (Who { name, ..Who::default() }, Some(Arc::new(stranger)))
        }
        Err(refusal) => return Refused { refusal, oid: Some(person.oid), name, compared }.decide(at),
    };
    let sid = sid.map(str::to_owned);
    let new = NewSession { who: who.clone(), oid: Some(person.oid), sid, way: Way::Gosuslugi, stranger };
    let (session, signed_in) = new.open(diary, at.now, at.rng);
    let took_over = take_over(diary, &who, person.oid, &session);
    let events = took_over.into_iter().chain([signed_in]).collect();
    Decision { events, checks: compared, outcome: Outcome::Admitted { session, home: who.home() } }
}

/// Refused sign-in before it is recorded.
struct Refused {
    refusal: Refusal,
    oid: Option<Oid>,
    name: String,
    compared: Vec<Comparison>,
}

impl Refused {
    fn decide(self, Instant { now, rng }: Instant<'_>) -> Decision {
        let Self { refusal, oid, name, compared } = self;
        let (id, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(SESSION_H));
        let checks = compared.clone();
        let event = DiaryEvent::Refused { refusal, oid, name, compared, id: id.clone(), expires_at };
        Decision { events: vec![event], checks, outcome: Outcome::Refused { id } }
    }
}

/// Checks whether the profile shows the desk instead of this refusal (R003.5, R004.3).
fn opens_desk(strangers: Strangers, refusal: &Refusal) -> bool {
    match strangers {
        Strangers::Refuse => false,
        Strangers::Desk => refusal.is_about_the_register(),
        Strangers::Application => matches!(refusal, Refusal::AdultNotFound | Refusal::ParentNotOnCard),
    }
}

/// Returns the event for a person with a password of the diary who signs in through Gosuslugi for the first time;
/// `None` for others.
fn take_over(diary: &Diary, who: &Who, oid: Oid, session: &str) -> Option<DiaryEvent> {
    let key = who.key()?;
    let is_new = diary.register.has_login(who) && !diary.taken_over.contains_key(key);
    let (key, name, session) = (key.to_owned(), who.name.clone(), session.to_owned());
    is_new.then_some(DiaryEvent::AccountTookOver { key, name, oid, session })
}
