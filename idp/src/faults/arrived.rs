//! Request as faults see it, to find the client and person that its response is for.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, FromRequestParts as _, Request},
    http::request::Parts,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use esia::{
    Mnemonic, Oid,
    token::{CodeClaims, decode_unverified},
};
use serde_json::Value;
use web::WorldUrl;

use super::{
    occasion::Occasion,
    place::{Place, Spot},
};
use crate::{
    grants::{Grant, Protocol, fingerprint},
    params::Params,
    portal::accounts::MaybeSignedIn,
    state::Gosuslugi,
};

/// Parts of a request that decide which faults its response meets.
pub(super) struct Arrived {
    pub(super) spot: Spot,
    path: String,
    pub(super) params: Params,
    bearer: Option<String>,
    signed_in: Option<Oid>,
}

impl Arrived {
    /// Reads the parts of a request that faults depend on, and returns the request unchanged.
    pub(super) async fn read(spot: Spot, mut parts: Parts, body: Bytes) -> (Self, Request) {
        let signed_in = MaybeSignedIn::from_request_parts(&mut parts, &()).await.ok().and_then(|found| found.0);
        let copy = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let Ok(params) = Params::from_request(copy, &()).await;
        let bearer = web::bearer(&parts.headers).map(str::to_owned);
        let (path, signed_in) = (parts.uri.path().to_owned(), signed_in.map(|signed_in| signed_in.oid()));
        (Self { spot, path, params, bearer, signed_in }, Request::from_parts(parts, Body::from(body)))
    }

    /// Determines client, person and sign-in of the response, from the state before the request is processed.
    pub(super) fn occasion(&self, world: &Gosuslugi, world_url: &WorldUrl, now: DateTime<Utc>) -> Occasion {
        let one = |name: &str| self.params.one(name).ok();
        let grant = self.grant(world, now);
        let waiting = one("request").and_then(|id| world.grants.request(self.spot.protocol, id, now));
        let asked = one("client_id").and_then(|id| id.parse().ok());
        let of_grant = grant.map(|grant| (grant.client.clone(), Some(grant.subject), grant.state.clone()));
        let of_request = || waiting.map(|request| (request.client.clone(), self.signed_in, request.state.clone()));
        let (client, person, state) = match of_grant.or_else(of_request) {
            Some((client, person, state)) => (Some(client), person, state),
            None => (asked, self.signed_in, one("state").map(str::to_owned)),
        };
        let (spent_state, other_code) = match &client {
            Some(client) if self.spot.place == Place::Return => (
                world.grants.spent_state(client, now).filter(|spent| Some(spent) != state.as_ref()),
                world.grants.other_code(client, person, now),
            ),
            _ => (None, None),
        };
        Occasion {
            path: self.path.clone(),
            origin: world_url.origin.clone(),
            client,
            person,
            state,
            grant_type: one("grant_type").unwrap_or_default().to_owned(),
            spent_state,
            other_code,
            ..Occasion::at(self.spot, now, &world.keys)
        }
    }

    /// Returns the grant behind a code, a refresh token or an access token, valid or not: the handler checks that.
    fn grant<'s>(&self, state: &'s Gosuslugi, now: DateTime<Utc>) -> Option<&'s Grant> {
        let protocol = self.spot.protocol;
        match self.spot.place {
            Place::Token => {
                let code = self.params.one("code").ok().and_then(|code| match protocol {
                    Protocol::Oidc => state.grants.code(protocol, code),
                    Protocol::Esia => {
                        let (_, claims) = decode_unverified::<CodeClaims>(code).ok()?;
                        state.grants.code(protocol, &fingerprint(&claims))
                    }
                });
                let refresh = || {
                    let token = self.params.one("refresh_token").ok()?;
                    state.grants.refresh(protocol, token).map(|(_, code)| code)
                };
                code.or_else(refresh).map(|code| &code.grant)
            }
            Place::Resource => {
                let claims = claims_of(self.bearer.as_deref().or_else(|| self.params.one("access_token").ok())?)?;
                match protocol {
                    Protocol::Oidc => state.grants.access(claims["jti"].as_str()?)?.1,
                    Protocol::Esia => {
                        let client: Mnemonic = claims["client_id"].as_str()?.parse().ok()?;
                        state.grants.of_session(claims["urn:esia:sid"].as_str()?, &client, now)
                    }
                }
            }
            _ => None,
        }
    }
}

/// Returns the claims of a token without verifying it.
fn claims_of(token: &str) -> Option<Value> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}
