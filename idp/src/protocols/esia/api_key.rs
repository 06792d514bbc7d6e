//! Access token by API key, without the token endpoint (ESIA §3.2).

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use esia::{
    EsiaError, Oid, Scope, Scopes,
    language::{Told, both},
    secret::{self, Secret},
};
use serde::Serialize;
use web::{Checks, InWorld, Problem};
use worlds::Check;

use super::{
    client_credentials::{self, API_ORDER},
    judge::Rule,
    signature::holds,
    token_response::json,
};
use crate::{clients::Client, protocols::Params, state::Gosuslugi};

const KEY: Rule = ("api-key", "ESIA §3.2");
const SIGNATURE: Rule = ("api-key-signature", "ESIA §3.2");

/// Response body: `{"accessTkn":"<JWT>"}`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiToken {
    access_tkn: String,
}

/// Error in the form of `/rs`, because ЕСИА's own form is not public.
#[derive(Debug, Serialize)]
struct Refused {
    code: &'static str,
    message: String,
}

/// Answers `GET /esia-rs/api/public/v1/orgs/ext-app/{api_key}/tkn?signature=…`.
pub(super) async fn token(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    Path(key): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    let look = |state: &Gosuslugi, _| {
        let owner = state.clients.iter().find(|client| client.spec.esia.api_key.as_deref() == Some(key.as_str()));
        owner.map(|client| client.spec.mnemonic.clone()).and_then(|mnemonic| state.clients.shared(&mnemonic))
    };
    let client = world.world.read(look).await?;
    let mnemonic = client.as_ref().map_or_else(
        || both!("ни у одной системы такого нет", "no client has such a one"),
        |client| Told::from(client.spec.mnemonic.as_str()),
    );
    let found = Check::of(
        KEY,
        both!("ключ одной из систем этого мира", "the key of a client of this world"),
        mnemonic,
        client.is_some(),
    );
    let found = checks.require(found, EsiaError::ClientNotAuthenticated);
    let Some(client) = client else { return Ok(refused(&found.err().unwrap_or(EsiaError::ClientNotAuthenticated))) };
    if let Err(error) = signed(&checks, &client, &key, &params) {
        return Ok(refused(&error));
    }
    let run_by =
        |state: &Gosuslugi, _| state.portal.organisations.of_client(&client.spec.mnemonic).map(|found| found.spec.oid);
    let organisation = world.world.read(run_by).await?;
    let scope = scopes(&client, organisation);
    let asked = client_credentials::ClientScope { scope: &scope, organisation };
    let access_tkn = client_credentials::api_token(&world, &client, asked).await?;
    Ok(json(StatusCode::OK, &ApiToken { access_tkn }))
}

/// Returns the client's scopes for API ЕПГУ and for organisations; the latter open data of the organisation that runs
/// the client.
fn scopes(client: &Client, organisation: Option<Oid>) -> String {
    let registered = client.spec.scopes.join(" ").parse::<Scopes>();
    let fit = |scope: &Scope| scope.name == API_ORDER || organisation.is_some() && scope.is_of_organisation();
    let Some(fit) = registered.ok().and_then(|registered| registered.filtered(fit)) else { return "openid".to_owned() };
    let narrow = |scope: &Scope| {
        let org_oid = organisation.filter(|_| scope.is_of_organisation());
        Scope { org_oid, ..scope.clone() }.to_string()
    };
    fit.iter().map(narrow).collect::<Vec<_>>().join(" ")
}

/// Checks that `signature` is a CMS over the API key, made with one of the client's certificates.
fn signed(checks: &Checks, client: &Client, key: &str, params: &Params) -> Result<(), EsiaError> {
    let missing = EsiaError::MissingParameter("signature".to_owned());
    let text = params.one("signature").unwrap_or_default();
    let found = Check::of(
        SIGNATURE,
        "signature",
        if text.is_empty() {
            both!("нет или пуст", "missing or empty")
        } else {
            both!("есть", "it is there")
        },
        !text.is_empty(),
    );
    checks.require(found, missing)?;
    let held = match secret::decode_base64_any(text) {
        Ok(cms) => holds(Secret::Cms(&cms), key, &client.certificates)
            .map(|certificate| certificate.subject().to_owned())
            .map_err(|error| Told::from_display(&error)),
        Err(error) => Err(Told::from_display(&error)),
    };
    let got = match &held {
        Ok(subject) => both!("подпись сходится: {subject}", "the signature holds: {subject}"),
        Err(error) => error.clone(),
    };
    let found = Check::of(SIGNATURE, both!("CMS над строкой {key}", "a CMS over the string {key}"), got, held.is_ok());
    checks.require(found, EsiaError::ClientSecretWrong)
}

fn refused(error: &EsiaError) -> Response {
    let (code, message) = (error.code(), error.description());
    json(StatusCode::UNAUTHORIZED, &Refused { code, message }).into_response()
}
