//! Faults of logout tokens, and of the redirect after logout.

use axum::http::{StatusCode, header};
use esia::{Mnemonic, Oid};
use serde_json::json;

use super::{
    act::{Act, LogoutFault},
    answer::Answer,
    fault::Fault,
    jwt::{Jwt, Sign},
    occasion::Occasion,
    place::{Place, Spot},
    redirect::{OTHER_STATE, Redirect},
    state::Active,
};
use crate::{clients::TokenAlgorithm, grants::Protocol, signing::KeyRing, state::Gosuslugi};

/// Page that is shown instead of the redirect.
const STAYS: &str = "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\"><title>Вы вышли</title></head>\
    <body><h1>Вы вышли из Госуслуг</h1></body></html>";

/// Returns the redirect after logout as the fault changes it.
pub(super) fn way_back(act: LogoutFault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    let mut redirect = Redirect::parse(answer, at)?;
    match act {
        LogoutFault::StateMissing => redirect.remove("state")?,
        LogoutFault::StateOther => redirect.set("state", OTHER_STATE)?,
        LogoutFault::NoReturn => {
            let mut stays = answer.clone().page(StatusCode::OK, STAYS);
            stays.headers.remove(header::LOCATION);
            return Some(stays);
        }
        _ => return None,
    }
    redirect.answered(answer)
}

/// Returns the fault that a logout token for a client meets, if any.
pub(crate) fn of_logout_token(
    state: &Gosuslugi,
    client: &Mnemonic,
    person: Oid,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<Active> {
    let spot = Spot { place: Place::LogoutToken, protocol: Protocol::Oidc };
    let occasion =
        Occasion { client: Some(client.clone()), person: Some(person), ..Occasion::at(spot, now, &state.keys) };
    state.faults.met_at(&occasion).next().cloned()
}

/// Returns a logout token as the fault changes it, and the number of times that it is sent.
pub(crate) fn logout_token(fault: &Fault, keys: &KeyRing, token: &str) -> Option<(String, usize)> {
    let Act::Logout(act) = fault.entry()?.act else { return None };
    let mut jwt = Jwt::parse(token)?;
    match act {
        LogoutFault::AlgNone => {
            jwt.set_header("alg", "none");
            jwt.sign = Sign::Nothing;
        }
        LogoutFault::WrongAlg => {
            jwt.set_header("alg", "HS256");
            let certificate = keys.signer(TokenAlgorithm::Rs256).certificate();
            jwt.sign = Sign::Hmac(certificate.public_key_pem().into_bytes());
        }
        LogoutFault::WrongAud => jwt.set("aud", "OTHER-SYSTEM"),
        LogoutFault::WrongIss => jwt.set("iss", "https://issuer.example"),
        LogoutFault::NoEvent => drop(jwt.claims.shift_remove("events")),
        LogoutFault::WrongEvent => jwt.set("events", json!({ "http://schemas.openid.net/event/other": {} })),
        LogoutFault::WithNonce => jwt.set("nonce", "n-1"),
        LogoutFault::NoSubject => {
            jwt.claims.shift_remove("sub");
            jwt.claims.shift_remove("sid");
        }
        LogoutFault::IdToken => {
            jwt.set_header("typ", "JWT");
            jwt.claims.shift_remove("events");
            jwt.claims.shift_remove("jti");
            jwt.set("nonce", "n-1");
            let issued_at = jwt.number("iat");
            jwt.set("auth_time", issued_at);
        }
        LogoutFault::UnknownSid => {
            jwt.claims.shift_remove("sub");
            jwt.set("sid", OTHER_STATE);
        }
        LogoutFault::Replayed => {}
        LogoutFault::StateMissing | LogoutFault::StateOther | LogoutFault::NoReturn => return None,
    }
    Some((jwt.signed(keys)?, if act == LogoutFault::Replayed { 2 } else { 1 }))
}
