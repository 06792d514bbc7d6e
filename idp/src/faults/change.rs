//! Dispatch of a fault to the module that changes the response.

use axum::http::header;

use super::{
    act::{Act, ClaimFault, HeaderFault, KeyFault, NetworkFault, TimeFault, TokenResponseFault},
    answer::Answer,
    discovery::discovery,
    fault::Fault,
    jwt::Sign,
    keys,
    logout::way_back,
    network::network,
    occasion::Occasion,
    place::Place,
    redirect::authorization,
    resource,
    response::{late, token_response},
    restored::renumbered,
    token::{claims, header, signature},
    token_answer::TokenAnswer,
};
use crate::grants::Protocol;

/// Whether the fault prevents the request from being processed.
pub(super) fn is_instead(fault: &Fault) -> bool {
    fault.entry().is_some_and(|entry| entry.act == Act::Network(NetworkFault::Refused))
}

/// Returns the response as the fault changes it; `None` if the fault does not change it.
pub(super) fn changed(fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    match (fault.entry()?.act, at.spot.place) {
        (Act::Header(HeaderFault::KidDuplicate), Place::Keys) => keys::duplicate(answer),
        (Act::Header(HeaderFault::KidAbsentManyKeys), Place::Keys) => keys::many(answer),
        (Act::Keys(act), Place::Keys) => keys::keys(act, fault, at, answer),
        (Act::Discovery(act), _) => discovery(act, fault, answer),
        (Act::Authorization(act), _) => authorization(act, fault, at, answer),
        (Act::TokenResponse(act), _) => token_response(act, fault, at, answer),
        (Act::Claims(ClaimFault::SubAbove2To53), Place::Resource) => renumbered(at, answer),
        (Act::Claims(act), Place::Resource) => resource::claims(act, fault, answer),
        (Act::Resource(act), _) => resource::resource(act, fault, at, answer),
        (Act::Logout(act), _) => way_back(act, at, answer),
        (Act::Network(act), _) => Some(network(act, fault, answer)),
        (Act::Time(TimeFault::Birthday), _) => resource::birthday(fault, at, answer),
        (Act::Time(act @ TimeFault::CodeLate), _) => late(act, at, answer),
        (Act::Time(_), Place::Authorize | Place::Token) => {
            let date = (at.now + fault.clock_offset()?).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            Some(answer.clone().with_header(header::DATE, &date))
        }
        _ => None,
    }
}

/// Changes the tokens of a response. Returns whether the fault has changed them.
pub(super) fn tokens_changed(fault: &Fault, at: &Occasion, answer: &mut TokenAnswer) -> bool {
    match fault.entry().map(|entry| entry.act) {
        Some(Act::Header(act)) => header(act, fault, at, answer),
        Some(Act::Signature(act)) => signature(act, fault, answer),
        Some(Act::Claims(act)) => claims(act, at, fault, answer),
        Some(Act::Keys(KeyFault::RotatedAfterLogin | KeyFault::RotatedBeforeSigning | KeyFault::NoOverlap)) => {
            by_own_key(fault, at, answer).is_some()
        }
        Some(Act::TokenResponse(TokenResponseFault::RefreshOtherPerson)) if at.grant_type == "refresh_token" => {
            answer.id.as_mut().is_some_and(|id| claims::other_person(id).is_some())
        }
        Some(Act::TokenResponse(TokenResponseFault::RefreshOtherIssuer)) if at.grant_type == "refresh_token" => {
            answer.id.as_mut().map(|id| id.set("iss", "https://issuer.example")).is_some()
        }
        Some(Act::Time(TimeFault::TokenEndsInUse)) => {
            let seconds = fault.number("seconds").max(0);
            for jwt in answer.named("both") {
                jwt.set("exp", at.now.timestamp() + seconds);
            }
            answer.members.insert("expires_in".to_owned(), seconds.into());
            true
        }
        _ => false,
    }
}

/// Signs the id token with the fault's own key, which no client knows yet. In ЕСИА's own protocol the access token is
/// signed with it as well, because clients read that one.
fn by_own_key(fault: &Fault, at: &Occasion, answer: &mut TokenAnswer) -> Option<()> {
    let pem = fault.key.as_deref()?;
    let id = answer.id.as_mut().filter(|id| !id.is_gost())?;
    if id.header.contains_key("kid") {
        id.set_header("kid", keys::public_jwk(pem)?.common.key_id?);
    }
    id.sign = Sign::Key(pem.to_owned());
    if at.spot.protocol == Protocol::Esia {
        answer.access.as_mut()?.sign = Sign::Key(pem.to_owned());
    }
    Some(())
}
