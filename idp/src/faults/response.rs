//! Faults of the token endpoint's response.

use std::time::Duration;

use axum::http::{StatusCode, header};
use esia::EsiaError;
use serde_json::{Map, Value, json};
use web::Wire;

use super::{
    act::{TimeFault, TokenResponseFault},
    answer::Answer,
    fault::Fault,
    occasion::Occasion,
    redirect::OTHER_STATE,
};
use crate::grants::Protocol;

/// Error page of a broken server.
pub(super) const PAGE: &str = "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";

/// Returns the response as the fault changes it. Only a successful response is changed.
pub(super) fn token_response(act: TokenResponseFault, fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    let is_refresh = at.grant_type == "refresh_token";
    let good = answer.json()?;
    let answer = answer.clone();
    Some(match act {
        TokenResponseFault::InvalidGrant => invalid_grant(at, answer),
        TokenResponseFault::RefreshRevoked if is_refresh => invalid_grant(at, answer),
        TokenResponseFault::Failed => answer.page(StatusCode::INTERNAL_SERVER_ERROR, PAGE),
        TokenResponseFault::Unavailable => {
            answer.page(StatusCode::SERVICE_UNAVAILABLE, PAGE).with_header(header::RETRY_AFTER, "5")
        }
        TokenResponseFault::Html => answer.page(StatusCode::OK, PAGE),
        TokenResponseFault::Empty => answer.with_body(""),
        TokenResponseFault::CutJson => {
            let half = answer.body.slice(..answer.body.len() / 2);
            answer.with_body(half)
        }
        TokenResponseFault::Slow => answer.carried(Wire::Late(seconds(fault))),
        TokenResponseFault::Reset => answer.carried(Wire::Reset),
        TokenResponseFault::Redirect => answer
            .with_body("")
            .with_status(StatusCode::TEMPORARY_REDIRECT)
            .with_header(header::LOCATION, fault.parameter("to")),
        TokenResponseFault::RefreshOtherPerson
        | TokenResponseFault::RefreshOtherIssuer
        | TokenResponseFault::RefreshRevoked => return None,
        _ => {
            let mut members = good.as_object()?.clone();
            member(act, &mut members)?;
            answer.with_body(Value::Object(members).to_string())
        }
    })
}

fn member(act: TokenResponseFault, members: &mut Map<String, Value>) -> Option<()> {
    let (name, value) = match act {
        TokenResponseFault::NoIdToken => ("id_token", None),
        TokenResponseFault::NoRefresh => ("refresh_token", None),
        TokenResponseFault::NoExpiresIn => ("expires_in", None),
        TokenResponseFault::TokenTypeCase => ("token_type", Some(json!("bearer"))),
        TokenResponseFault::TokenTypeUnknown => ("token_type", Some(json!("mac"))),
        TokenResponseFault::ExpiresInString => {
            ("expires_in", members.get("expires_in").map(|was| json!(was.to_string())))
        }
        TokenResponseFault::StateOther => ("state", Some(json!(OTHER_STATE))),
        _ => return None,
    };
    let known = members.get_mut(name)?;
    match value {
        Some(value) => *known = value,
        None => drop(members.shift_remove(name)),
    }
    Some(())
}

/// Returns the error for a code that has expired, instead of tokens.
pub(super) fn late(act: TimeFault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    let is_meant = act == TimeFault::CodeLate && at.grant_type == "authorization_code" && answer.status.is_success();
    is_meant.then(|| invalid_grant(at, answer.clone()))
}

fn invalid_grant(at: &Occasion, answer: Answer) -> Answer {
    let (error, description) = match at.spot.protocol {
        Protocol::Esia => (EsiaError::InvalidGrant.oauth_error(), EsiaError::InvalidGrant.description()),
        Protocol::Oidc => ("invalid_grant", "expired".to_owned()),
    };
    let mut body = json!({ "error": error, "error_description": description });
    // ЕСИА repeats the request's `state` in errors too (ESIA §3.4).
    if let Some(state) = answer.json().and_then(|good| good.get("state").cloned()) {
        body["state"] = state;
    }
    answer.with_status(StatusCode::BAD_REQUEST).with_body(body.to_string())
}

/// Returns the parameter `seconds` of a fault, at most an hour.
pub(super) fn seconds(fault: &Fault) -> Duration {
    Duration::from_secs(u64::try_from(fault.number("seconds")).unwrap_or_default().min(3600))
}
