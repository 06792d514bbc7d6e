//! Tokens of sessions. They are kept in memory, or, if replicas share a world, in its store next to the log: never in
//! the log, an export or a page. After a restart, and in the copy of a world, they are missing: a session opened
//! through Gosuslugi then ends at its next check, because the diary could not notice a withdrawn consent.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use worlds::{World, WorldName, store::StoreError};

use super::grant::{Subject, Tokens};
use crate::state::Diary;

/// Maximum number of sessions with tokens, in all worlds; the oldest are dropped and end at their next check.
const BOUND: usize = 100_000;

/// Tokens of a session, and the account that they belong to.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SessionTokens {
    pub(super) subject: Subject,
    pub(super) tokens: Tokens,
    /// When the provider was last asked whether the data are accessible.
    pub(super) checked_at: DateTime<Utc>,
}

/// Session of one world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SessionKey {
    world: WorldName,
    session: String,
}

impl SessionKey {
    fn of(world: &World<Diary>, session: &str) -> Self {
        Self { world: world.name().clone(), session: session.to_owned() }
    }
}

fn written(tokens: &SessionTokens) -> Result<String, StoreError> {
    serde_json::to_string(tokens).map_err(|error| StoreError::Failed(Box::new(error)))
}

/// Tokens of the sessions of all worlds, in memory.
#[derive(Default)]
pub(super) struct TokenCache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    tokens: HashMap<SessionKey, SessionTokens>,
    order: VecDeque<SessionKey>,
}

/// Result of looking up the tokens of a session for a check.
pub(super) enum Claim {
    /// The caller has to check these tokens with the provider.
    Due(Box<SessionTokens>),
    /// The tokens were checked within the interval.
    Fresh,
    /// The diary has no tokens of the session.
    Missing,
}

impl TokenCache {
    /// Stores the tokens of a session in place of earlier ones.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) async fn put(
        &self,
        world: &World<Diary>,
        session: &str,
        tokens: SessionTokens,
    ) -> Result<(), StoreError> {
        if world.is_shared() {
            world.put_secret(session, &written(&tokens)?, None).await?;
        } else {
            self.put_in_memory(SessionKey::of(world, session), tokens);
        }
        Ok(())
    }

    /// Hands tokens whose last check is older than the interval to one caller only, so that other requests do not wait.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) async fn claim(
        &self,
        world: &World<Diary>,
        session: &str,
        now: DateTime<Utc>,
        every: TimeDelta,
    ) -> Result<Claim, StoreError> {
        if !world.is_shared() {
            return Ok(self.claim_in_memory(&SessionKey::of(world, session), now, every));
        }
        let Some((text, version)) = world.secret(session).await? else { return Ok(Claim::Missing) };
        let mut tokens: SessionTokens =
            serde_json::from_str(&text).map_err(|error| StoreError::Failed(Box::new(error)))?;
        if now - tokens.checked_at < every {
            return Ok(Claim::Fresh);
        }
        tokens.checked_at = now;
        // Another replica may have claimed the check first.
        let is_claimed = world.put_secret(session, &written(&tokens)?, Some(version)).await?;
        Ok(if is_claimed { Claim::Due(Box::new(tokens)) } else { Claim::Fresh })
    }

    fn put_in_memory(&self, key: SessionKey, tokens: SessionTokens) {
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

    fn claim_in_memory(&self, key: &SessionKey, now: DateTime<Utc>, every: TimeDelta) -> Claim {
        let mut inner = self.0.lock();
        let Some(tokens) = inner.tokens.get_mut(key) else { return Claim::Missing };
        if now - tokens.checked_at < every {
            return Claim::Fresh;
        }
        tokens.checked_at = now;
        Claim::Due(Box::new(tokens.clone()))
    }
}
