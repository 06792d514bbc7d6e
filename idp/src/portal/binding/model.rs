//! State and events of bindings (R000.6–R000.10, R003.12, R003.13).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use esia::{Email, Oid, Phone};
use serde::{Deserialize, Serialize};

use super::{BindingCode, Code};
use crate::portal::{accounts::Session, family::CardId};

/// Event of a binding or of a bound child's account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum BindingEvent {
    /// A guardian was issued a code; an earlier one for the same card is no longer valid.
    CodeIssued {
        /// Card of the child in the guardian's account.
        card: CardId,
        guardian: Oid,
        child: Oid,
        code: BindingCode,
        /// Expiry of the code.
        expires_at: DateTime<Utc>,
    },
    /// A wrong code was entered in a child's account.
    CodeMissed { child: Oid },
    /// A code expired without being used.
    CodeLapsed {
        /// Card for which the code was issued.
        card: CardId,
    },
    /// A child's account was bound to a guardian.
    Bound {
        guardian: Oid,
        child: Oid,
        /// Card whose code was used; `None` if the guardian created the account.
        card: Option<CardId>,
    },
    /// A person turned 18 and has no guardians any more.
    CameOfAge { person: Oid },
    /// A guardian changed the logins of a child's account.
    LoginsChanged {
        guardian: Oid,
        child: Oid,
        /// New e-mail address, if any.
        email: Option<Email>,
        /// New phone, if any.
        phone: Option<Phone>,
    },
    /// A guardian set a new password for a child; the child's sessions end.
    PasswordChanged {
        guardian: Oid,
        child: Oid,
        /// New password of the child.
        password: String,
    },
    /// A guardian deleted a child's account.
    AccountDeleted { guardian: Oid, child: Oid },
}

/// Bindings of a world, and the codes that wait to be entered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bindings {
    of_child: BTreeSet<(Oid, Oid)>,
    of_guardian: BTreeSet<(Oid, Oid)>,
    pub(super) codes: BTreeMap<CardId, Code>,
    pub(super) waiting: BTreeSet<(Oid, CardId)>,
}

impl Bindings {
    /// Returns the guardians to whom a child's account is bound.
    pub(crate) fn guardians_of(&self, child: Oid) -> impl Iterator<Item = Oid> {
        let range = (child, Oid::new(0))..=(child, Oid::new(u64::MAX));
        self.of_child.range(range).map(|(_, guardian)| *guardian)
    }

    /// Returns the children whose accounts are bound to a guardian.
    pub(crate) fn children_of(&self, guardian: Oid) -> impl Iterator<Item = Oid> {
        let range = (guardian, Oid::new(0))..=(guardian, Oid::new(u64::MAX));
        self.of_guardian.range(range).map(|(_, child)| *child)
    }

    /// Checks whether the child's account is bound to the guardian.
    pub(crate) fn is_guardian(&self, guardian: Oid, child: Oid) -> bool {
        self.of_guardian.contains(&(guardian, child))
    }

    /// Returns the code of a card, unless it has expired.
    pub(crate) fn code(&self, card: CardId, now: DateTime<Utc>) -> Option<&Code> {
        self.codes.get(&card).filter(|code| now < code.expires_at)
    }

    /// Returns the codes that can be entered in a child's account.
    pub(super) fn waiting_for(&self, child: Oid, now: DateTime<Utc>) -> impl Iterator<Item = (CardId, &Code)> {
        let range = (child, CardId(0))..=(child, CardId(u64::MAX));
        self.waiting.range(range).filter_map(move |(_, card)| self.code(*card, now).map(|code| (*card, code)))
    }

    /// Checks whether «Профиль» shows the block to enter a code: only while a code is valid (R003.13), and not in a
    /// session that began under a consent to the ministry (R000.10).
    pub(crate) fn shows_block(&self, session: &Session, now: DateTime<Utc>) -> bool {
        session.binding_window && self.waiting_for(session.oid, now).next().is_some()
    }

    /// Checks whether the window to enter a code is shown: under the same conditions as the block, until it is closed.
    pub(crate) fn shows_window(&self, session: &Session, now: DateTime<Utc>) -> bool {
        !session.window_closed && self.shows_block(session, now)
    }

    /// Removes the binding of a child's account to a guardian.
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
