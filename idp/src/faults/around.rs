//! Middleware around the routes of the protocols: the one place where faults change responses.

use axum::{
    body::to_bytes,
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use web::{InWorld, Problem, Wire};
use worlds::store::StoreError;

use super::{
    answer::Answer,
    arrived::Arrived,
    by_state,
    change::{changed, is_instead, tokens_changed},
    occasion::Occasion,
    place::{Place, Spot},
    restored::restore,
    state::Active,
    taking::take,
    token_answer::TokenAnswer,
};
use crate::state::Gosuslugi;

/// Handles a request, and changes the response as the faults of the world say.
pub(crate) async fn around(world: InWorld<Gosuslugi>, request: Request, next: Next) -> Response {
    let Some(spot) = Spot::of(request.method(), request.uri().path()) else { return next.run(request).await };
    let asks = spot.place == Place::Authorize && by_state::may_ask(&request);
    match world.world.read(|state, _| state.faults.is_empty()).await {
        Ok(is_empty) if asks || !is_empty => {
            faulty(&world, spot, request, next).await.unwrap_or_else(|error| Problem::from(error).into_response())
        }
        Ok(_) | Err(_) => next.run(request).await,
    }
}

async fn faulty(world: &InWorld<Gosuslugi>, spot: Spot, request: Request, next: Next) -> Result<Response, StoreError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (arrived, mut request) = Arrived::read(spot, parts, body).await;
    if spot.place == Place::Authorize {
        let look = |state: &Gosuslugi, now| arrived.occasion(state, &world.world_url, now);
        by_state::set(&world.world, &world.world.read(look).await?).await?;
    }
    let look = |state: &Gosuslugi, now| {
        let occasion = arrived.occasion(state, &world.world_url, now);
        let met: Vec<Active> = state.faults.met_at(&occasion).cloned().collect();
        (occasion, met)
    };
    let (occasion, met) = world.world.read(look).await?;
    if met.is_empty() {
        return Ok(next.run(request).await);
    }
    let mut turn = Turn { world, occasion, met, used: Vec::new() };
    let refused = turn.met.iter().find(|active| is_instead(&active.fault)).cloned();
    if let Some(active) = refused
        && turn.takes(&active).await?
    {
        return Ok(Answer::of_nothing().carried(Wire::Reset).named(turn.used));
    }
    turn.met.retain(|active| !is_instead(&active.fault));
    restore(&mut request, &turn.occasion, &turn.met);
    let answer = Answer::read(next.run(request).await).await;
    let answer = turn.with_tokens_changed(answer).await?;
    let answer = turn.changed(answer).await?;
    Ok(answer.named(turn.used))
}

/// One response, and the faults that it meets.
struct Turn<'w> {
    world: &'w InWorld<Gosuslugi>,
    occasion: Occasion,
    met: Vec<Active>,
    /// Names of the faults that have changed the response.
    used: Vec<String>,
}

impl Turn<'_> {
    /// Applies all faults of tokens to the tokens of a response, then signs the tokens once.
    async fn with_tokens_changed(&mut self, answer: Answer) -> Result<Answer, StoreError> {
        if self.occasion.spot.place != Place::Token {
            return Ok(answer);
        }
        let Some(before) = TokenAnswer::parse(&answer.body) else { return Ok(answer) };
        let mut after = before.clone();
        for active in self.met.clone() {
            let mut tried = after.clone();
            if tokens_changed(&active.fault, &self.occasion, &mut tried) && self.takes(&active).await? {
                after = tried;
            }
        }
        Ok(match after.body(&before, &self.occasion.keys).filter(|_| after != before) {
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

    /// Records one use of a fault. Returns whether the fault changes the response.
    async fn takes(&mut self, active: &Active) -> Result<bool, StoreError> {
        let is_taken = take(&self.world.world, active).await?;
        if is_taken {
            self.used.push(active.fault.id.clone());
        }
        Ok(is_taken)
    }
}
