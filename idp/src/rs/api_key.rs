//! `GET /esia-rs/api/public/v1/orgs/ext-app/{api_key}/tkn?signature=…`: a system's token for the data of its organisation
//! (МР Б.12, §3.2).

use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Scope, Scopes, error::RestError, secret, token::SystemClaims};
use serde::{Deserialize, Serialize};
use web::{Checks, InWorld, Query, Trouble};
use worlds::ActError;

use super::access::{json, refused};
use crate::{
    clients::Client,
    oauth::keys,
    organisations::OrganisationEvent,
    state::{Event, Gosuslugi},
};

const KEY: (&str, &str) = ("api-key", "ESIA-PROTOCOL §3.2");
const SIGNATURE: (&str, &str) = ("api-key-signature", "ESIA-PROTOCOL §3.2, §2.2");
const ORGANISATION: (&str, &str) = ("api-key-organisation", "ESIA-PROTOCOL §3.2");

/// What stands in the query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Signed {
    #[serde(default)]
    signature: String,
}

/// The answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    access_tkn: String,
}

/// Whatever is wrong, a stranger hears no more than that this is not a key with its signature.
pub(super) async fn token(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    checks: Checks,
    Path(api_key): Path<String>,
    Query(Signed { signature }): Query<Signed>,
) -> Result<Response, Trouble> {
    let client = world.read(|state, _| state.client_of_key(&api_key).cloned()).await?;
    if !checks.expect(KEY, "ключ зарегистрированной системы", api_key.as_str(), client.is_some())
    {
        return Ok(refused(RestError::InvalidToken));
    }
    let Some(client) = client.filter(|client| is_signed(client, &api_key, &signature, &checks)) else {
        return Ok(refused(RestError::InvalidToken));
    };
    let issued = world.act(|state, now, _| issue(state, &client, now)).await;
    match issued {
        Ok(claims) => {
            checks.expect(ORGANISATION, "организация системы и её области org_…", claims.scope.as_str(), true);
            let signer = keys()?.signer_of(client.spec.esia.token_algorithm);
            let access_tkn = signer.sign(&claims).map_err(Trouble::internal)?;
            Ok(json(StatusCode::OK, &Answer { access_tkn }, None))
        }
        Err(ActError::Refused(error)) => {
            checks.expect(ORGANISATION, "организация системы и её области org_…", "нет", false);
            Ok(refused(error))
        }
        Err(ActError::Store(error)) => Err(error.into()),
    }
}

/// The signature is a CMS over the key by one of the system's certificates that is in force.
fn is_signed(client: &Client, api_key: &str, signature: &str, checks: &Checks) -> bool {
    const EXPECTED: &str = "CMS над ключом, в base64url, сертификатом системы";
    let verified = secret::decode_base64_any(signature).map_err(|error| error.to_string()).and_then(|cms| {
        let verified = esia::cms::verify(&cms, api_key.as_bytes(), &client.certificates);
        verified.map(|verified| verified.certificate.subject().to_owned()).map_err(|error| error.to_string())
    });
    let is_right = verified.is_ok();
    checks.expect(SIGNATURE, EXPECTED, verified.unwrap_or_else(|error| error), is_right)
}

fn issue(state: &Gosuslugi, client: &Client, now: DateTime<Utc>) -> Result<(Vec<Event>, SystemClaims), RestError> {
    let mnemonic = &client.spec.mnemonic;
    let organisation = state.organisations.of_client(mnemonic).ok_or(RestError::ScopeNotAllowed)?.spec.oid;
    let scope = scopes(client, organisation).ok_or(RestError::ScopeNotAllowed)?;
    let expires_at = now + TimeDelta::seconds(i64::from(state.settings.tokens.access_ttl_s));
    let claims = SystemClaims {
        nbf: now.timestamp(),
        scope,
        iss: state.settings.iss.clone(),
        exp: expires_at.timestamp(),
        iat: now.timestamp(),
        client_id: mnemonic.clone(),
        org_oid: Some(organisation),
    };
    let event = OrganisationEvent::TokenIssued { client: mnemonic.clone(), organisation, expires_at };
    Ok((vec![Event::Organisation(event)], claims))
}

/// The scopes of organisations that the system is registered with, narrowed to its own.
fn scopes(client: &Client, organisation: Oid) -> Option<String> {
    let registered = client.spec.scopes.join(" ").parse::<Scopes>().ok()?;
    let of_organisations = registered.filtered(Scope::is_of_organisation)?;
    // No scope of a person is left to be narrowed.
    Some(of_organisations.narrowed(Oid::new(0), Some(organisation)))
}
