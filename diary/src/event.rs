//! Events of a diary's world. Data alone: `state.rs` applies them, `tell.rs` puts them into words.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use esia::{FullName, Oid, Snils};
use serde::{Deserialize, Serialize};

use crate::{
    access::AccessEvent,
    messages::MessageEvent,
    register::{Comparison, Presented, Relation, Who},
    school::{ImportedPupil, PupilRecord},
    signin::Refusal,
    teacher::TeachingEvent,
};

/// Somebody signed in whom the register did not know then: a desk is open, a diary is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Stranger {
    pub(crate) person: Presented,
    /// Why no diary is open.
    pub(crate) refusal: Refusal,
}

/// The way by which somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// Through an account of Gosuslugi.
    Gosuslugi,
    /// With the diary's own password (R000.1).
    Password,
    /// By a tester, over the control API.
    Control,
}

/// What can happen in a world of the diary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(crate) enum DiaryEvent {
    /// A browser was sent to Gosuslugi.
    SigninStarted { state: String },
    /// It came back; `state` is used up. The other two are the states of the diary's own requests.
    SigninReturned { state: String, token_state: String, system_state: String, expires_at: DateTime<Utc> },
    /// Gosuslugi did not answer, or not as they must.
    SigninFailed {
        state: String,
        reason: String,
        /// The same in English, where it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_in_english: Option<String>,
    },
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
    /// Somebody was let in: to a diary, to the school's side, or as a stranger to the desk.
    SignedIn {
        who: Who,
        oid: Option<Oid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sid: Option<String>,
        way: Way,
        session: String,
        expires_at: DateTime<Utc>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stranger: Option<Arc<Stranger>>,
        /// Until when a browser may take the session over by a link, for one that a program has opened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_until: Option<DateTime<Utc>>,
    },
    /// A browser took a session over by its link, which works no longer.
    LinkOpened { session: String, name: String },
    /// Somebody who had a password came through Gosuslugi for the first time.
    AccountTookOver { key: String, name: String, oid: Oid, session: String },
    /// Somebody typed a wrong password of the diary; the key of whose it would be.
    PasswordMissed { key: String },
    /// Somebody signed out of the diary.
    SignedOut { session: String, name: String },
    /// A session goes on with a new access token; `state` is of that request.
    AccessRenewed { oid: Oid, state: String },
    /// The access token is over, and no other is given: so is the session.
    SessionOver {
        session: String,
        name: String,
        id: String,
        expires_at: DateTime<Utc>,
        /// The token is not over: it was lost with the server's memory.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_lost: bool,
    },
    /// Gosuslugi told of the end of a session there: those that began with it are over; their keys and names.
    LeftGosuslugi { jti: String, sessions: Vec<(String, String)>, expires_at: DateTime<Utc> },
    /// Gosuslugi no longer open the data: the session is over.
    ConsentEnded { session: String, name: String, id: String, expires_at: DateTime<Utc> },
    /// Somebody forgot a password; a letter goes out.
    PasswordForgotten { login: String, to: String, secret: String, expires_at: DateTime<Utc> },
    /// And made a new one.
    PasswordMade { login: String, secret: String, password: String },
    /// Somebody wrote to the school.
    FeedbackLeft { text: String, contact: String },
    /// The school corrected a pupil's card.
    PupilCorrected { by: String, pupil: String, record: PupilRecord },
    /// The school moved a pupil to another class.
    PupilMoved { by: String, pupil: String, class: String },
    /// The school put a parent on a card; a parent whom the register has under `parent` stays as they are.
    ParentAdded { by: String, pupil: String, parent: String, name: FullName, snils: Snils },
    /// The school corrected a parent.
    ParentCorrected {
        by: String,
        parent: String,
        name: FullName,
        snils: Snils,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relation: Option<Relation>,
    },
    /// The school made a parent an active user, or the contrary.
    ParentActivated { by: String, parent: String, active: bool },
    /// The school took a parent off a card.
    ParentRemoved { by: String, pupil: String, parent: String },
    /// A file of the register was taken.
    RegisterImported { by: String, pupils: Vec<ImportedPupil> },
    /// Event of an access application or a paper consent.
    Access { event: AccessEvent },
    /// Event of a thread between a family and a teacher.
    Messages { event: MessageEvent },
    /// A mark, attendance or homework that a teacher entered.
    Teaching { event: TeachingEvent },
}

/// Pattern of every event of signing in and out, of passwords and of feedback.
macro_rules! sign_in_events {
    () => {
        $crate::event::DiaryEvent::SigninStarted { .. }
            | $crate::event::DiaryEvent::SigninReturned { .. }
            | $crate::event::DiaryEvent::SigninFailed { .. }
            | $crate::event::DiaryEvent::ConsentAsked { .. }
            | $crate::event::DiaryEvent::Refused { .. }
            | $crate::event::DiaryEvent::SignedIn { .. }
            | $crate::event::DiaryEvent::LinkOpened { .. }
            | $crate::event::DiaryEvent::AccountTookOver { .. }
            | $crate::event::DiaryEvent::PasswordMissed { .. }
            | $crate::event::DiaryEvent::SignedOut { .. }
            | $crate::event::DiaryEvent::AccessRenewed { .. }
            | $crate::event::DiaryEvent::SessionOver { .. }
            | $crate::event::DiaryEvent::LeftGosuslugi { .. }
            | $crate::event::DiaryEvent::ConsentEnded { .. }
            | $crate::event::DiaryEvent::PasswordForgotten { .. }
            | $crate::event::DiaryEvent::PasswordMade { .. }
            | $crate::event::DiaryEvent::FeedbackLeft { .. }
    };
}
pub(crate) use sign_in_events;

/// Pattern of every event by which a school changes its register.
macro_rules! school_events {
    () => {
        $crate::event::DiaryEvent::PupilCorrected { .. }
            | $crate::event::DiaryEvent::PupilMoved { .. }
            | $crate::event::DiaryEvent::ParentAdded { .. }
            | $crate::event::DiaryEvent::ParentCorrected { .. }
            | $crate::event::DiaryEvent::ParentActivated { .. }
            | $crate::event::DiaryEvent::ParentRemoved { .. }
            | $crate::event::DiaryEvent::RegisterImported { .. }
    };
}
pub(crate) use school_events;

/// Pattern of the events that a folder of their own defines.
macro_rules! nested_events {
    () => {
        $crate::event::DiaryEvent::Access { .. }
            | $crate::event::DiaryEvent::Messages { .. }
            | $crate::event::DiaryEvent::Teaching { .. }
    };
}
pub(crate) use nested_events;
