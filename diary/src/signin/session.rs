//! Sessions of the diary: how they are opened and looked up.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use web::LINK_TTL;
use worlds::WorldRng;

use crate::{
    event::{DiaryEvent, Stranger, Way},
    register::Who,
    state::{Diary, SESSIONS, Session, session_owner},
};

/// Lifetime of a session and of a refusal's page, hours by the world's clock: that of a session at ЕСИА (ESIA §3.10).
pub(super) const SESSION_H: i64 = 3;

/// Session that is about to be opened.
pub(crate) struct NewSession {
    pub(crate) who: Who,
    pub(crate) oid: Option<Oid>,
    /// `sid` of the session at Gosuslugi, if the protocol reports it.
    pub(crate) sid: Option<String>,
    pub(crate) way: Way,
    pub(crate) stranger: Option<Arc<Stranger>>,
}

impl NewSession {
    /// Creates a session of a person of the register, without an account at Gosuslugi.
    pub(crate) fn of(who: Who, way: Way) -> Self {
        Self { who, oid: None, sid: None, way, stranger: None }
    }

    /// Draws the session's key from the world's random source; returns the key and the event that opens the session.
    pub(crate) fn open(self, diary: &Diary, now: DateTime<Utc>, rng: &mut WorldRng) -> (String, DiaryEvent) {
        let Self { who, oid, sid, way, stranger } = self;
        diary.sessions.note_displaced("session", &session_owner(&who, oid), SESSIONS, now);
        let (session, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(SESSION_H));
        let link_until = (way == Way::Control).then(|| now + LINK_TTL);
        (session.clone(), DiaryEvent::SignedIn { who, oid, sid, way, session, expires_at, stranger, link_until })
    }
}

impl Diary {
    /// Returns when a session began; `None` if there is no such session.
    pub(super) fn session_began_at(&self, session: &str) -> Option<DateTime<Utc>> {
        Some(self.sessions.ends_at(session)? - TimeDelta::hours(SESSION_H))
    }

    /// Returns a session that has not expired. A stranger is looked up in the register again, and becomes the person
    /// found there.
    pub(super) fn session(&self, now: DateTime<Utc>, session: &str) -> Option<Session> {
        let kept = self.sessions.get(session, now)?.clone();
        let Some(stranger) = &kept.stranger else { return Some(kept) };
        let today = worlds::moscow::date(now);
        let (verdict, _) = self.register.recognise(&stranger.person, &self.config.profile, today);
        Some(match verdict {
            Ok(who) => Session { who, stranger: None, ..kept },
            Err(refusal) => {
                let person = stranger.person.clone();
                Session { stranger: Some(Arc::new(Stranger { person, refusal })), ..kept }
            }
        })
    }
}
