//! Events of a diary's world, as plain data: `state.rs` applies them, `tell.rs` describes them in the timeline.

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

/// A signed-in person whom the register did not know at sign-in: the desk is open to them, a diary is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Stranger {
    pub(crate) person: Presented,
    /// Reason why no diary is open.
    pub(crate) refusal: Refusal,
}

/// How a person signed in.
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

/// Event in a world of the diary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(crate) enum DiaryEvent {
    /// A browser was redirected to Gosuslugi.
    SigninStarted { state: String },
    /// The browser returned, and its `state` is used up. `token_state` and `system_state` are the `state` values of the
    /// diary's own requests to the provider.
    SigninReturned { state: String, token_state: String, system_state: String, expires_at: DateTime<Utc> },
    /// Gosuslugi did not answer, or answered incorrectly.
    SigninFailed {
        state: String,
        reason: String,
        /// English text of the reason, where it differs from the Russian one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_in_english: Option<String>,
    },
    /// The diary asked Gosuslugi to request a consent.
    ConsentAsked { oid: Oid, status: String, guardians: u32 },
    /// A sign-in was refused.
    Refused {
        refusal: Refusal,
        oid: Option<Oid>,
        name: String,
        compared: Vec<Comparison>,
        id: String,
        expires_at: DateTime<Utc>,
    },
    /// A person signed in: to a diary, to the school's pages, or as a stranger to the desk.
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
        /// Until when the link of a session that a program opened can hand the session to a browser.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_until: Option<DateTime<Utc>>,
    },
    /// A browser took over a session by its link; the link no longer works.
    LinkOpened { session: String, name: String },
    /// A person with a password of the diary signed in through Gosuslugi for the first time.
    AccountTookOver { key: String, name: String, oid: Oid, session: String },
    /// A wrong password was typed; `key` is the person whose login was given.
    PasswordMissed { key: String },
    /// Somebody signed out of the diary.
    SignedOut { session: String, name: String },
    /// A session got a new access token; `state` is that of the request for it.
    AccessRenewed { oid: Oid, state: String },
    /// The access token expired and could not be renewed, so the session ended.
    SessionOver {
        session: String,
        name: String,
        id: String,
        expires_at: DateTime<Utc>,
        /// Whether the token had not expired but was lost with the server's memory.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_lost: bool,
    },
    /// Gosuslugi reported the end of a session there. The diary's sessions that began with it end: key and name of
    /// each.
    LeftGosuslugi { jti: String, sessions: Vec<(String, String)>, expires_at: DateTime<Utc> },
    /// Gosuslugi no longer give access to the data, so the session ended.
    ConsentEnded { session: String, name: String, id: String, expires_at: DateTime<Utc> },
    /// A person requested a letter for a forgotten password.
    PasswordForgotten { login: String, to: String, secret: String, expires_at: DateTime<Utc> },
    /// A person set a new password by the link of a letter.
    PasswordMade { login: String, secret: String, password: String },
    /// A person wrote to the school with the feedback form.
    FeedbackLeft { text: String, contact: String },
    /// The school corrected a pupil's card.
    PupilCorrected { by: String, pupil: String, record: PupilRecord },
    /// The school moved a pupil to another class.
    PupilMoved { by: String, pupil: String, class: String },
    /// The school put a parent on a pupil's card; if the register already has `parent`, the parent's data stay
    /// unchanged.
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
    /// The school made a parent an active user, or revoked that.
    ParentActivated { by: String, parent: String, active: bool },
    /// The school took a parent off a card.
    ParentRemoved { by: String, pupil: String, parent: String },
    /// The school imported a register file.
    RegisterImported { by: String, pupils: Vec<ImportedPupil> },
    /// Event of an access application or a paper consent.
    Access { event: AccessEvent },
    /// Event of a thread between a family and a teacher.
    Messages { event: MessageEvent },
    /// A mark, attendance or homework that a teacher entered.
    Teaching { event: TeachingEvent },
}

/// Pattern of all events of sign-in, sign-out, passwords and feedback.
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

/// Pattern of all events by which a school changes its register.
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

/// Pattern of the events whose content is defined in a folder of its own: access, messages, teaching.
macro_rules! nested_events {
    () => {
        $crate::event::DiaryEvent::Access { .. }
            | $crate::event::DiaryEvent::Messages { .. }
            | $crate::event::DiaryEvent::Teaching { .. }
    };
}
pub(crate) use nested_events;
