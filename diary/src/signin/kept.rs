//! Tokens of sessions. They are kept in memory alone, never in a world's log, an export or a page. After a restart, and in
//! the copy of a world, there is nothing to ask with: a session that came through Gosuslugi ends at its next check, since
//! nobody would hear of a consent that is withdrawn.

use std::collections::{HashMap, VecDeque};

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Snils};
use parking_lot::Mutex;
use web::{Checks, Problem, WorldUrl};
use worlds::{World, WorldName};

use super::{GosuslugiError, door::Tokens};
use crate::{
    app::App,
    state::{Diary, DiaryEvent},
};

/// Tokens of so many sessions at most, in all worlds; a session whose tokens are gone ends at its next check.
const BOUND: usize = 100_000;
/// So long before its end an access token is renewed, seconds.
const MARGIN_S: i64 = 30;

/// What keeps a person's data open.
#[derive(Clone)]
pub(crate) struct Kept {
    oid: Oid,
    snils: Option<Snils>,
    tokens: Tokens,
    /// When Gosuslugi last opened the data.
    checked_at: DateTime<Utc>,
}

impl Kept {
    /// The tokens of a sign-in.
    pub(super) fn new((oid, snils): (Oid, Option<Snils>), tokens: Tokens, now: DateTime<Utc>) -> Self {
        Self { oid, snils, tokens, checked_at: now }
    }
}

/// The tokens of all worlds' sessions.
#[derive(Default)]
pub(crate) struct Keeper(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    kept: HashMap<(WorldName, String), Kept>,
    order: VecDeque<(WorldName, String)>,
}

impl App {
    /// Keeps the tokens of a session.
    pub(crate) fn keep(&self, world: &WorldName, session: &str, kept: Kept) {
        let key = (world.clone(), session.to_owned());
        let mut inner = self.keeper.0.lock();
        if inner.kept.insert(key.clone(), kept).is_none() {
            inner.order.push_back(key);
        }
        if inner.order.len() > BOUND
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.kept.remove(&oldest);
        }
    }

    /// How a session stands with Gosuslugi. They are asked once in `consent.check-every-s` of the profile, with the access
    /// token or, that being over, a new one; a request that comes meanwhile is not kept waiting. A provider that does not
    /// answer, or not as it must, ends no session: it is asked again the next time.
    pub(super) async fn standing(
        &self,
        (world, world_url): (&World<Diary>, &WorldUrl),
        (session, through_gosuslugi): (&str, Option<DateTime<Utc>>),
        checks: &Checks,
    ) -> Result<Standing, Problem> {
        let (settled, now) = world.read(|diary, now| (diary.settled.clone(), now)).await?;
        let every = TimeDelta::seconds(settled.profile.consent.check_every_s.into());
        let key = (world_url.world.clone(), session.to_owned());
        let mut kept = match (self.keeper.claim(&key, now, every), through_gosuslugi) {
            (Claim::Turn(kept), _) => *kept,
            (Claim::Lost, Some(began_at)) if now - began_at >= every => return Ok(Standing::Lost),
            (Claim::Lost | Claim::Later, _) => return Ok(Standing::Agreed),
        };
        let Ok(base) = self.provider_of(&settled.provider, &world_url.world) else { return Ok(Standing::Agreed) };
        let door = self.door(&settled, &base, now);
        if now >= kept.tokens.expires_at - TimeDelta::seconds(MARGIN_S) {
            let Some(refresh) = &kept.tokens.refresh else { return Ok(Standing::Over) };
            let state = note_renewal(world, kept.oid).await?;
            match door.renew((refresh, kept.oid), &state, checks).await {
                Ok(tokens) => {
                    kept = Kept::new((kept.oid, kept.snils), tokens, now);
                    self.keep(&world_url.world, session, kept.clone());
                }
                Err(GosuslugiError::OtherPerson) => return Ok(Standing::Over),
                Err(error) if is_refusal(&error) => return Ok(Standing::Over),
                Err(_) => return Ok(Standing::Agreed),
            }
        }
        Ok(match door.standing(&kept.tokens.access, (kept.oid, kept.snils)).await {
            Ok(standing) => standing,
            Err(error) if is_refusal(&error) => Standing::Revoked,
            Err(_) => Standing::Agreed,
        })
    }
}

/// How a session stands with Gosuslugi.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The data are open.
    Agreed,
    /// They are no longer.
    Revoked,
    /// The tokens are over, and there are no others.
    Over,
    /// The tokens are not here any more.
    Lost,
}

/// What is to be done about a session's tokens now.
enum Claim {
    /// To be checked, by this caller.
    Turn(Box<Kept>),
    /// Checked not long ago.
    Later,
    /// There are none.
    Lost,
}

/// Records that a token is renewed; answers with the `state` of the request.
async fn note_renewal(world: &World<Diary>, oid: Oid) -> Result<String, Problem> {
    let renewed = world.act::<_, Problem>(|_, _, rng| {
        let state = rng.uuid();
        Ok((vec![DiaryEvent::AccessRenewed { oid, state: state.clone() }], state))
    });
    Ok(renewed.await?)
}

/// Whether Gosuslugi have said no, and not merely nothing.
fn is_refusal(error: &GosuslugiError) -> bool {
    let no = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    matches!(error, GosuslugiError::Refused { status, .. } if no.contains(status))
}

impl Keeper {
    fn claim(&self, key: &(WorldName, String), now: DateTime<Utc>, every: TimeDelta) -> Claim {
        let mut inner = self.0.lock();
        let Some(kept) = inner.kept.get_mut(key) else { return Claim::Lost };
        if now - kept.checked_at < every {
            return Claim::Later;
        }
        kept.checked_at = now;
        Claim::Turn(Box::new(kept.clone()))
    }
}
