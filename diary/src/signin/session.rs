//! Sessions of the diary: opening one, and the person whom it belongs to.

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

/// Life of a session, and of the page of a refusal, by the world's clock, hours: as long as a session at ЕСИА
/// (ESIA §3.10).
pub(super) const SESSION_H: i64 = 3;

/// A session to be opened.
pub(crate) struct NewSession {
    pub(crate) who: Who,
    pub(crate) oid: Option<Oid>,
    /// The session at Gosuslugi, if the protocol tells it.
    pub(crate) sid: Option<String>,
    pub(crate) way: Way,
    pub(crate) stranger: Option<Arc<Stranger>>,
}

impl NewSession {
    /// A session of a person of the register, without an account at Gosuslugi.
    pub(crate) fn of(who: Who, way: Way) -> Self {
        Self { who, oid: None, sid: None, way, stranger: None }
    }

    /// The key of the session, drawn from the world's random source, and the event that opens it.
    pub(crate) fn open(self, diary: &Diary, now: DateTime<Utc>, rng: &mut WorldRng) -> (String, DiaryEvent) {
        let Self { who, oid, sid, way, stranger } = self;
        diary.sessions.note_displaced("session", &session_owner(&who, oid), SESSIONS, now);
        let (session, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(SESSION_H));
        let link_until = (way == Way::Control).then(|| now + LINK_TTL);
        (session.clone(), DiaryEvent::SignedIn { who, oid, sid, way, session, expires_at, stranger, link_until })
    }
}

impl Diary {
    /// When a session began; none if there is no such session.
    pub(super) fn session_began_at(&self, session: &str) -> Option<DateTime<Utc>> {
        Some(self.sessions.ends_at(session)? - TimeDelta::hours(SESSION_H))
    }

    /// A session that has not expired. A stranger whom the register has come to know meanwhile is one no longer.
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
