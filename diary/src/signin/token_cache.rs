//! Tokens of sessions. They are kept in memory alone, never in a world's log, an export or a page. After a restart, and in
//! the copy of a world, they are missing: a session that came through Gosuslugi ends at its next check, since the diary would
//! not hear of a withdrawn consent.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use worlds::WorldName;

use super::grant::{Subject, Tokens};

/// Maximum number of sessions with tokens, in all worlds; the oldest are dropped and end at their next check.
const BOUND: usize = 100_000;

/// Tokens of a session, and the account that they belong to.
#[derive(Clone)]
pub(super) struct SessionTokens {
    pub(super) subject: Subject,
    pub(super) tokens: Tokens,
    /// When the provider was last asked whether the data are open.
    pub(super) checked_at: DateTime<Utc>,
}

/// A session of one world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SessionKey {
    pub(super) world: WorldName,
    pub(super) session: String,
}

/// Tokens of the sessions of all worlds.
#[derive(Default)]
pub(super) struct TokenCache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    tokens: HashMap<SessionKey, SessionTokens>,
    order: VecDeque<SessionKey>,
}

/// What is to be done about the tokens of a session now.
pub(super) enum Claim {
    /// The caller has to check them with the provider.
    Due(Box<SessionTokens>),
    /// The tokens were checked within the interval.
    Fresh,
    /// There are none.
    Missing,
}

impl TokenCache {
    /// Keeps the tokens of a session in place of earlier ones.
    pub(super) fn put(&self, key: SessionKey, tokens: SessionTokens) {
        let mut inner = self.0.lock();
        if inner.tokens.insert(key.clone(), tokens).is_none() {
            inner.order.push_back(key);
        }
        if inner.order.len() > BOUND
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.tokens.remove(&oldest);
        }
    }

    /// Tokens whose last check is older than the interval go to one caller alone: others need not wait meanwhile.
    pub(super) fn claim(&self, key: &SessionKey, now: DateTime<Utc>, every: TimeDelta) -> Claim {
        let mut inner = self.0.lock();
        let Some(tokens) = inner.tokens.get_mut(key) else { return Claim::Missing };
        if now - tokens.checked_at < every {
            return Claim::Fresh;
        }
        tokens.checked_at = now;
        Claim::Due(Box::new(tokens.clone()))
    }
}
