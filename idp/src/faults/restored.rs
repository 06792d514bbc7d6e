//! Restores the token of a request whose access token a fault has changed, so that a client that accepts such a token
//! receives the data.

use axum::{
    extract::Request,
    http::{HeaderValue, Uri, header},
};
use esia::token::AccessClaims;

use super::{
    act::{Act, ClaimFault, KeyFault},
    answer::Answer,
    fault::Fault,
    jwt::{Jwt, Sign},
    occasion::Occasion,
    state::Active,
    token::ABOVE_2_TO_53,
};
use crate::signing::KeyRing;

/// Restores the original token of a request, and the person's number in its address.
pub(super) fn restore(request: &mut Request, at: &Occasion, met: &[Active]) {
    for Active { fault, .. } in met {
        let restored = match fault.entry().map(|entry| entry.act) {
            Some(Act::Claims(ClaimFault::SubAbove2To53)) => own_number(request, at),
            Some(Act::Keys(KeyFault::NoOverlap)) => own_key(request, at, fault),
            _ => None,
        };
        tracing::trace!(
            fault = fault.id,
            is_restored = restored.is_some(),
            "a token is judged as the provider issued it"
        );
    }
}

/// Returns personal data in which the person's number is above 2^53.
pub(super) fn renumbered(at: &Occasion, answer: &Answer) -> Option<Answer> {
    let own = at.person?.to_string();
    let text = std::str::from_utf8(&answer.body).ok().filter(|text| text.contains(&own))?;
    Some(answer.clone().with_body(text.replace(&own, &ABOVE_2_TO_53.to_string())))
}

fn own_number(request: &mut Request, at: &Occasion) -> Option<()> {
    let (own, other) = (at.person?.to_string(), ABOVE_2_TO_53.to_string());
    let token = web::bearer(request.headers())?.to_owned();
    at.keys.verify::<AccessClaims>(&token, at.now).ok()?;
    let mut jwt = Jwt::parse(&token)?;
    jwt.renumber(&other, &own)?;
    present(request, &at.keys, &jwt)?;
    let address = request.uri().path_and_query()?.as_str().replace(&other, &own);
    *request.uri_mut() = address.parse::<Uri>().ok()?;
    Some(())
}

fn own_key(request: &mut Request, at: &Occasion, fault: &Fault) -> Option<()> {
    let token = web::bearer(request.headers())?.to_owned();
    let jwt = Jwt::parse(&token)?;
    let mut by_own_key = jwt.clone();
    by_own_key.sign = Sign::Key(fault.key.clone()?);
    // RS256 signatures are deterministic: the fault's key has signed the token if signing it again gives the same
    // token.
    (by_own_key.signed(&at.keys)? == token).then(|| present(request, &at.keys, &jwt))?
}

fn present(request: &mut Request, keys: &KeyRing, jwt: &Jwt) -> Option<()> {
    let value = HeaderValue::from_str(&format!("Bearer {}", jwt.signed(keys)?)).ok()?;
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Some(())
}
