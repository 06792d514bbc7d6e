//! Binding: the pure rules (R000.6–R000.10, R003.12, R003.13).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use esia::{Email, Oid, Phone};
use serde::{Deserialize, Serialize};

use super::{BindingCode, Code};
use crate::portal::{accounts::Session, family::CardId};

/// What happens to bindings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum BindingEvent {
    /// A guardian got a code; an earlier one for the same card no longer works.
    CodeIssued {
        /// The guardian's card of the child.
        card: CardId,
        guardian: Oid,
        child: Oid,
        code: BindingCode,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A wrong code was entered in a child's account.
    CodeMissed { child: Oid },
    /// A code's term ended.
    CodeLapsed {
        /// Of which card.
        card: CardId,
    },
    /// A guardian and a child's account were bound.
    Bound {
        guardian: Oid,
        child: Oid,
        /// The card whose code did it; none when the guardian made the account.
        card: Option<CardId>,
    },
    /// A person turned 18: nobody is their guardian any more.
    CameOfAge { person: Oid },
    /// A guardian changed the logins of a child's account.
    LoginsChanged {
        guardian: Oid,
        child: Oid,
        /// The e-mail now.
        email: Option<Email>,
        /// The phone now.
        phone: Option<Phone>,
    },
    /// A guardian made a child a new password; the child's sessions end.
    PasswordChanged {
        guardian: Oid,
        child: Oid,
        /// The new password.
        password: String,
    },
    /// A guardian deleted a child's account.
    AccountDeleted { guardian: Oid, child: Oid },
}

/// Who is bound to whom, and the codes that wait.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bindings {
    of_child: BTreeSet<(Oid, Oid)>,
    of_guardian: BTreeSet<(Oid, Oid)>,
    pub(super) codes: BTreeMap<CardId, Code>,
    pub(super) waiting: BTreeSet<(Oid, CardId)>,
}

impl Bindings {
    /// Guardians that a child's account is bound to.
    pub(crate) fn guardians_of(&self, child: Oid) -> impl Iterator<Item = Oid> {
        let range = (child, Oid::new(0))..=(child, Oid::new(u64::MAX));
        self.of_child.range(range).map(|(_, guardian)| *guardian)
    }

    /// Children whose accounts are bound to a guardian's.
    pub(crate) fn children_of(&self, guardian: Oid) -> impl Iterator<Item = Oid> {
        let range = (guardian, Oid::new(0))..=(guardian, Oid::new(u64::MAX));
        self.of_guardian.range(range).map(|(_, child)| *child)
    }

    /// Whether the two are bound.
    pub(crate) fn is_guardian(&self, guardian: Oid, child: Oid) -> bool {
        self.of_guardian.contains(&(guardian, child))
    }

    /// The code that lives for a card.
    pub(crate) fn code(&self, card: CardId, now: DateTime<Utc>) -> Option<&Code> {
        self.codes.get(&card).filter(|code| now < code.expires_at)
    }

    /// The codes that wait for a child's account.
    pub(super) fn waiting_for(&self, child: Oid, now: DateTime<Utc>) -> impl Iterator<Item = (CardId, &Code)> {
        let range = (child, CardId(0))..=(child, CardId(u64::MAX));
        self.waiting.range(range).filter_map(move |(_, card)| self.code(*card, now).map(|code| (*card, code)))
    }

    /// Whether a block to enter a code is shown in «Профиль»: only while a code lives (R003.13), and not in a session
    /// that began under the ministry's consent (R000.10).
    pub(crate) fn shows_block(&self, session: &Session, now: DateTime<Utc>) -> bool {
        session.binding_window && self.waiting_for(session.oid, now).next().is_some()
    }

    /// Whether the window is shown: as the block, until it is closed.
    pub(crate) fn shows_window(&self, session: &Session, now: DateTime<Utc>) -> bool {
        !session.window_closed && self.shows_block(session, now)
    }

    /// Ends guardianship, and with it the codes that wait.
    pub(crate) fn unbind(&mut self, guardian: Oid, child: Oid) {
        self.of_child.remove(&(child, guardian));
        self.of_guardian.remove(&(guardian, child));
    }

    pub(crate) fn bind(&mut self, guardian: Oid, child: Oid) {
        self.of_child.insert((child, guardian));
        self.of_guardian.insert((guardian, child));
    }

    pub(super) fn drop_code(&mut self, card: CardId) -> Option<Code> {
        let code = self.codes.remove(&card)?;
        self.waiting.remove(&(code.child, card));
        Some(code)
    }
}
