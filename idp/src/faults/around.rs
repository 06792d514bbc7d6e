//! What stands around the routes of the protocols: the one place where answers are changed.

use axum::{
    body::to_bytes,
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use web::{InWorld, Problem};
use worlds::{WorldRng, store::StoreError};

use super::{
    act::Act,
    answer::Answer,
    arrived::Arrived,
    change::changed,
    event::FaultEvent,
    occasion::Occasion,
    place::{Place, Spot},
    state::Active,
    token::{claims, header, signature},
    token_answer::TokenAnswer,
};
use crate::{event::Event, state::Gosuslugi};

/// Answers a request, and changes the answer where a fault says so.
pub(crate) async fn around(world: InWorld<Gosuslugi>, request: Request, next: Next) -> Response {
    let Some(spot) = Spot::of(request.method(), request.uri().path()) else { return next.run(request).await };
    match world.world.read(|state, _| state.faults.is_empty()).await {
        Ok(false) => {
            faulty(&world, spot, request, next).await.unwrap_or_else(|error| Problem::from(error).into_response())
        }
        Ok(true) | Err(_) => next.run(request).await,
    }
}

async fn faulty(world: &InWorld<Gosuslugi>, spot: Spot, request: Request, next: Next) -> Result<Response, StoreError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (arrived, request) = Arrived::read(spot, parts, body).await;
    let look = |state: &Gosuslugi, now| {
        let occasion = arrived.occasion(state, now);
        let met: Vec<Active> = state.faults.met_at(&occasion).cloned().collect();
        (occasion, met)
    };
    let (occasion, met) = world.world.read(look).await?;
    if met.is_empty() {
        return Ok(next.run(request).await);
    }
    let mut turn = Turn { world, occasion, met, used: Vec::new() };
    let answer = Answer::read(next.run(request).await).await;
    let answer = turn.with_tokens_changed(answer).await?;
    let answer = turn.changed(answer).await?;
    Ok(answer.named(turn.used))
}

/// One answer and the faults that it meets.
struct Turn<'w> {
    world: &'w InWorld<Gosuslugi>,
    occasion: Occasion,
    met: Vec<Active>,
    /// Names of those that have changed it.
    used: Vec<String>,
}

impl Turn<'_> {
    /// All faults of tokens act on the tokens together, which are signed once.
    async fn with_tokens_changed(&mut self, answer: Answer) -> Result<Answer, StoreError> {
        if self.occasion.spot.place != Place::Token {
            return Ok(answer);
        }
        let Some(before) = TokenAnswer::parse(&answer.body) else { return Ok(answer) };
        let mut after = before.clone();
        for active in self.met.clone() {
            let mut tried = after.clone();
            let (fault, is_changed) = (&active.fault, &mut tried);
            let is_changed = match fault.entry().map(|entry| entry.act) {
                Some(Act::Header(act)) => header(act, fault, is_changed),
                Some(Act::Signature(act)) => signature(act, fault, is_changed),
                Some(Act::Claims(act)) => claims(act, &self.occasion, fault, is_changed),
                _ => false,
            };
            if is_changed && self.takes(&active).await? {
                after = tried;
            }
        }
        Ok(match after.body(&before).filter(|_| after != before) {
            Some(body) => answer.with_body(body),
            None => answer,
        })
    }

    async fn changed(&mut self, mut answer: Answer) -> Result<Answer, StoreError> {
        for active in self.met.clone() {
            if let Some(other) = changed(&active.fault, &self.occasion, &answer)
                && self.takes(&active).await?
            {
                answer = other;
            }
        }
        Ok(answer)
    }

    /// Takes one of the answers that a fault still changes. Without a count and without chance there is nothing to record.
    async fn takes(&mut self, active: &Active) -> Result<bool, StoreError> {
        let is_recorded = active.left.is_some() || active.fault.chance().is_some();
        let is_taken = if is_recorded { take(self.world, active.number).await? } else { true };
        if is_taken {
            self.used.push(active.fault.id.clone());
        }
        Ok(is_taken)
    }
}

async fn take(world: &InWorld<Gosuslugi>, number: u64) -> Result<bool, StoreError> {
    let decide = |state: &Gosuslugi, _, rng: &mut WorldRng| {
        let Some(active) = state.faults.get(number) else { return Ok((Vec::new(), false)) };
        let hit = active.fault.chance().is_none_or(|chance| rng.number() % 1_000 < chance);
        let left = active.left.map(|left| left.saturating_sub(u32::from(hit)));
        Ok::<_, StoreError>((vec![Event::Fault(FaultEvent::Used { number, hit, left })], hit))
    };
    match world.world.act(decide).await {
        Ok(is_taken) => Ok(is_taken),
        Err(worlds::ActError::Refused(error) | worlds::ActError::Store(error)) => Err(error),
    }
}
