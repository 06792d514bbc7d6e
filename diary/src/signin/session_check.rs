//! Middleware of pages and endpoints for signed-in people: asks the provider at intervals whether a session still has
//! access to the person's data, renews its access token, and ends the session when access is gone.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use web::{Checks, Cookies, InWorld, Problem, SetCookie, Wants, WorldUrl, bearer, see_other};
use worlds::World;

use super::{
    cookies::{REFUSAL_COOKIE, SESSION_COOKIE},
    grant::Standing,
    provider_client::ProviderClient,
    provider_error::ProviderError,
    refusal::Refusal,
    session::SESSION_H,
    token_cache::{Claim, SessionTokens},
};
use crate::{event::DiaryEvent, state::Diary};

/// Time before its expiry at which an access token is renewed, seconds.
const MARGIN_S: i64 = 30;

/// Runs before every handler that takes a visitor. A request without a session passes; its handler answers that no one
/// is signed in.
#[expect(clippy::too_many_arguments, reason = "each extractor of a middleware is an argument")]
pub(crate) async fn check_session(
    State(client): State<Arc<ProviderClient>>,
    InWorld { world, world_url }: InWorld<Diary>,
    cookies: Cookies,
    checks: Checks,
    wants: Wants,
    request: Request,
    next: Next,
) -> Response {
    let presented = bearer(request.headers()).or_else(|| cookies.get(&world_url, SESSION_COOKIE)).map(str::to_owned);
    let Some(session) = presented else { return next.run(request).await };
    let check = SessionCheck { client: &client, world: &world, world_url: &world_url, session: &session };
    match check.run(&checks).await {
        Ok(None) => next.run(request).await,
        Ok(Some(ended)) => check.end(ended, wants).await.unwrap_or_else(IntoResponse::into_response),
        Err(problem) => problem.into_response(),
    }
}

/// Check of one session.
struct SessionCheck<'a> {
    client: &'a ProviderClient,
    world: &'a World<Diary>,
    world_url: &'a WorldUrl,
    session: &'a str,
}

/// Session whose data the provider no longer gives access to.
struct Ended {
    name: String,
    refusal: Refusal,
}

impl SessionCheck<'_> {
    /// Returns the session and the refusal if the session has to end.
    async fn run(&self, checks: &Checks) -> Result<Option<Ended>, Problem> {
        let known = self.world.read(|diary, now| {
            let session = diary.session(now, self.session)?;
            let began_at = diary.session_began_at(self.session)?;
            Some((session.who.name, session.oid.is_some().then_some(began_at)))
        });
        let Some((name, through_gosuslugi)) = known.await? else { return Ok(None) };
        let refusal = match self.standing(through_gosuslugi, checks).await? {
            Standing::Agreed => return Ok(None),
            Standing::Revoked => Refusal::ConsentRevoked,
            Standing::Over => Refusal::SessionOver,
            Standing::Lost => Refusal::SessionLost,
        };
        Ok(Some(Ended { name, refusal }))
    }

    /// Asks the provider once in `consent.check-every-s` of the profile, with the access token or, if that is about to
    /// expire, with a renewed one; other requests of the session do not wait meanwhile. A provider that does not
    /// answer, or answers incorrectly, ends no session and is asked again at the next check.
    async fn standing(&self, through_gosuslugi: Option<DateTime<Utc>>, checks: &Checks) -> Result<Standing, Problem> {
        let (config, now) = self.world.read(|diary, now| (diary.config.clone(), now)).await?;
        let every = TimeDelta::seconds(config.profile.consent.check_every_s.into());
        let claim = self.client.tokens.claim(self.world, self.session, now, every).await?;
        let mut kept = match (claim, through_gosuslugi) {
            (Claim::Due(kept), _) => *kept,
            (Claim::Missing, Some(began_at)) if now - began_at >= every => return Ok(Standing::Lost),
            (Claim::Missing | Claim::Fresh, _) => return Ok(Standing::Agreed),
        };
        let Ok(provider) = self.client.connect(&config, &self.world_url.world, now) else {
            return Ok(Standing::Agreed);
        };
        if now >= kept.tokens.expires_at - TimeDelta::seconds(MARGIN_S) {
            let Some(refresh) = &kept.tokens.refresh else { return Ok(Standing::Over) };
            let state = note_renewal(self.world, kept.subject.oid).await?;
            match provider.renew(refresh, kept.subject.oid, &state, checks).await {
                Ok(tokens) => {
                    kept = SessionTokens { tokens, checked_at: now, ..kept };
                    self.client.tokens.put(self.world, self.session, kept.clone()).await?;
                }
                Err(error) => return Ok(after_renewal(&error)),
            }
        }
        Ok(match provider.standing(&kept.tokens.access, kept.subject).await {
            Ok(standing) => standing,
            Err(error) if is_refusal(&error) => Standing::Revoked,
            Err(_) => Standing::Agreed,
        })
    }

    /// Records the end of the session, and shows the visitor the reason.
    async fn end(&self, Ended { name, refusal }: Ended, wants: Wants) -> Result<Response, Problem> {
        let is_over = matches!(refusal, Refusal::SessionOver | Refusal::SessionLost);
        let (id, words) = self
            .world
            .act::<_, Problem>(|diary, now, rng| {
                let (id, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(SESSION_H));
                let (session, name, shown) = (self.session.to_owned(), name.clone(), id.clone());
                let event = if is_over {
                    let is_lost = refusal == Refusal::SessionLost;
                    DiaryEvent::SessionOver { session, name, id, expires_at, is_lost }
                } else {
                    DiaryEvent::ConsentEnded { session, name, id, expires_at }
                };
                Ok((vec![event], (shown, refusal.words(&diary.config.profile))))
            })
            .await?;
        if wants == Wants::Json {
            let status = if is_over { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
            return Ok(Problem::new(status, words.code, words.text).or(words.next_step).into_response());
        }
        let refusal = SetCookie::new(self.world_url, REFUSAL_COOKIE, &id);
        let session = SetCookie::remove(self.world_url, SESSION_COOKIE);
        Ok((refusal, session, see_other(self.world_url, "/refusal")).into_response())
    }
}

/// Returns what a failed renewal means for a session.
fn after_renewal(error: &ProviderError) -> Standing {
    // Tokens that fail verification count as none, unless only the clocks of the two worlds differ: that is not the
    // provider's fault.
    let is_distrusted =
        matches!(error, ProviderError::OtherPerson | ProviderError::Tokens(_) | ProviderError::Distrusted(_))
            && !error.is_about_clocks();
    let is_over = is_distrusted || is_refusal(error);
    if is_over { Standing::Over } else { Standing::Agreed }
}

/// Records the renewal of a token and returns the `state` of the token request.
async fn note_renewal(world: &World<Diary>, oid: Oid) -> Result<String, Problem> {
    let renewed = world.act::<_, Problem>(|_, _, rng| {
        let state = rng.uuid();
        Ok((vec![DiaryEvent::AccessRenewed { oid, state: state.clone() }], state))
    });
    Ok(renewed.await?)
}

/// Checks whether the provider refused, as opposed to failing to answer.
fn is_refusal(error: &ProviderError) -> bool {
    let refused = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    matches!(error, ProviderError::Refused { status, .. } if refused.contains(status))
}
