//! Authorization endpoint, `/aas/oauth2/ac` and `/aas/oauth2/v2/ac` (ESIA §1).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use esia::{
    EsiaError,
    language::both,
    secret::{Order, Request, Signed},
};
use url::form_urlencoded::byte_serialize;
use web::{Checks, InWorld, Problem};
use worlds::{Check, mistakes::named};

use super::{
    consent::{refusal_at, to_client},
    filters::filters,
    judge::{Judge, Version},
    signature::Call,
};
use crate::{
    clients::Client,
    grants::{self, AccessType, AuthorizationRequest, EsiaRequest, RedirectUri, RequestDetails},
    portal::accounts::{MaybeSignedIn, of_request},
    protocols::Params,
    slips::{self, value::slip},
    state::Gosuslugi,
};

/// Time until an authorization request expires.
const PENDING_FOR: TimeDelta = TimeDelta::hours(1);

/// Maximum length of `state`, bytes. The code contains it, and an address contains the code.
const MAX_STATE: usize = 4096;

/// Maximum length of `redirect_uri`, bytes.
const MAX_REDIRECT_URI: usize = 2048;

/// Maximum lengths of other parameters that are kept until the person decides, bytes.
const LONGEST: [(&str, usize); 3] = [("scope", 4096), ("scope_org", 4096), ("permissions", 16 * 1024)];

/// Source of the list of parameters.
const SOURCE: &str = "ESIA §1.2";

/// Answers `GET` and `POST /aas/oauth2/ac`.
pub(super) async fn authorize_v1(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    signed_in: MaybeSignedIn,
    params: Params,
) -> Result<Response, Problem> {
    authorize(&world, Judge::of(&world, Version::First, checks, params).await?, signed_in).await
}

/// Answers `GET` and `POST /aas/oauth2/v2/ac`.
pub(super) async fn authorize_v2(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    signed_in: MaybeSignedIn,
    params: Params,
) -> Result<Response, Problem> {
    authorize(&world, Judge::of(&world, Version::Second, checks, params).await?, signed_in).await
}

async fn authorize(
    world: &InWorld<Gosuslugi>,
    judge: Judge<'_>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
) -> Result<Response, Problem> {
    let client = judge.client(SOURCE).map_err(|error| unusable("client_id", &error))?;
    let redirect_uri = registered(&judge, &client).map_err(|error| unusable("redirect_uri", &error))?;
    let refuse = |error: &EsiaError| to_client(refusal_at(&redirect_uri, error, judge.params.one("state").ok()));
    let pending = match judged(&judge, &client, &redirect_uri).await {
        Ok(pending) => pending,
        Err(error) => return Ok(refuse(&error)),
    };
    let keep = |state: &_, now, rng: &mut _| grants::keep(state, &pending, now, rng);
    let request = match grants::act_always(world, &judge.checks, keep).await {
        Ok(request) => request,
        Err(error) => {
            tracing::error!(%error, "an authorization request was not kept");
            return Ok(refuse(&EsiaError::ServerError));
        }
    };
    let next = format!("/aas/oauth2/continue?request={request}");
    let to = if signed_in.is_some() {
        next
    } else {
        format!("/login?next={}", byte_serialize(next.as_bytes()).collect::<String>())
    };
    let [session, twin] = of_request(&world.world_url, &request);
    Ok((StatusCode::FOUND, session, twin, [(header::LOCATION, world.world_url.path(&to))]).into_response())
}

/// Returns the error page for a request whose client or redirect URI is not trusted: the browser is not redirected
/// (ESIA §1.3).
fn unusable(field: &str, error: &EsiaError) -> Problem {
    let message = match error {
        EsiaError::ClientNotAuthenticated => "Система не зарегистрирована на Госуслугах",
        EsiaError::RedirectNotAllowed => "Адрес возврата не зарегистрирован за системой",
        EsiaError::UnreadableParameters => "Параметры запроса не читаются",
        EsiaError::InvalidRequest => "Параметр передан несколько раз",
        _ => "В запросе нет обязательного параметра",
    };
    Problem::new(StatusCode::BAD_REQUEST, error.code(), message)
        .of(if *error == EsiaError::UnreadableParameters { "Content-Type" } else { field })
        .or(format!("Сообщите разработчикам системы, в которую вы входили: {}", error.description()))
}

fn registered(judge: &Judge<'_>, client: &Client) -> Result<RedirectUri, EsiaError> {
    let redirect_uri = judge.required("redirect_uri", SOURCE)?;
    let length = redirect_uri.len();
    if length > MAX_REDIRECT_URI {
        let expected =
            both!("redirect_uri: до {MAX_REDIRECT_URI} байт", "redirect_uri: up to {MAX_REDIRECT_URI} bytes");
        let found = Check::failed(("length", "ESIA §1.3"), expected, both!("{length} байт", "{length} bytes"));
        judge.require(found, EsiaError::RedirectNotAllowed)?;
    }
    let found = RedirectUri::by_domain(client, redirect_uri);
    let expected = both!("домен из {}", "a domain of {}", client.spec.redirect_domains.join(", "));
    let got = found.as_ref().map_or_else(Clone::clone, |_| redirect_uri.into());
    let rule = ("redirect-uri", "ESIA §1.3");
    let noted = Check::of(rule, expected, got, found.is_ok());
    let noted = noted.mistakes([slips::redirect::domain(&client.spec.redirect_domains, redirect_uri)]);
    judge.require(noted, EsiaError::RedirectNotAllowed)?;
    let found = found.map_err(|_| EsiaError::RedirectNotAllowed)?;
    let is_of_answer = |name: &str| matches!(name, "code" | "state" | "error");
    let with_answer = found.url().query_pairs().any(|(name, _)| is_of_answer(&name));
    judge.tolerate(
        rule,
        both!("адрес без code, state и error", "an address without code, state and error"),
        redirect_uri,
        with_answer.then(|| "redirect-with-answer".to_owned()),
    );
    Ok(found)
}

/// Checks the lengths of the parameters.
fn lengths(judge: &Judge<'_>) -> Result<(), EsiaError> {
    for (name, longest) in LONGEST {
        let length = judge.params.one(name).map_or(0, str::len);
        if length > longest {
            let (expected, got) = (
                both!("{name}: до {longest} байт", "{name}: up to {longest} bytes"),
                both!("{name}: {length} байт", "{name}: {length} bytes"),
            );
            let found = Check::failed(("length", SOURCE), expected, got);
            judge.require(found.mistakes([named("parameter-too-long", name)]), EsiaError::InvalidRequest)?;
        }
    }
    Ok(())
}

/// Makes the remaining checks in the order of the protocol, and returns the authorization request.
async fn judged(
    judge: &Judge<'_>,
    client: &Client,
    redirect_uri: &RedirectUri,
) -> Result<AuthorizationRequest, EsiaError> {
    judge.open()?;
    judge.open_version(client)?;
    let [response_type, access_type, state] =
        ["response_type", "access_type", "state"].map(|name| judge.required(name, SOURCE));
    let (response_type, access_type, state) = (response_type?, access_type?, state?);
    judge.required("client_secret", SOURCE)?;
    let is_code = |text: &str| text == "code";
    let found = Check::of(("response-type", SOURCE), "code", response_type, is_code(response_type));
    let found = found.mistakes(slip("response_type", response_type, is_code));
    judge.require(found, EsiaError::UnsupportedResponseType)?;
    let access = match access_type {
        "online" => Some(AccessType::Online),
        "offline" => Some(AccessType::Offline),
        _ => None,
    };
    let found = Check::of(
        ("access-type", SOURCE),
        both!("online или offline", "online or offline"),
        access_type,
        access.is_some(),
    );
    let found = found.mistakes(slip("access_type", access_type, |text| matches!(text, "online" | "offline")));
    judge.require(found, EsiaError::InvalidRequest)?;
    let is_short = state.len() <= MAX_STATE;
    let expected = both!(
        "UUID; принимается любой текст до {MAX_STATE} байт",
        "a UUID; any text of up to {MAX_STATE} bytes is accepted"
    );
    let found = Check::of(("state", SOURCE), expected, state, is_short);
    judge.require(found.mistakes([named("parameter-too-long", "state")]), EsiaError::InvalidRequest)?;
    let strange =
        (!is_uuid(state)).then(|| slip("state", state, is_uuid).unwrap_or_else(|| "state-not-uuid".to_owned()));
    judge.tolerate(("state", SOURCE), "UUID", state, strange);
    lengths(judge)?;
    let timestamp = judge.timestamp(SOURCE)?;
    let scopes = judge.scopes(client)?;
    // The first version has neither `scope_org` nor `permissions` and ignores them (ESIA §1.2).
    let (scope_org, permissions) = match judge.protocol.version {
        Version::First => (None, Vec::new()),
        Version::Second => (judge.scope_org(client)?, judge.permissions(client, &scopes)?),
    };
    let (filters, challenge) = (filters(judge)?, judge.challenge()?);
    let signed = Signed {
        client_id: client.spec.mnemonic.as_str(),
        scope: judge.params.one("scope").unwrap_or_default(),
        scope_org: judge.params.one("scope_org").unwrap_or_default(),
        timestamp: &timestamp,
        state,
        redirect_uri: redirect_uri.as_str(),
    };
    let order = match judge.protocol.version {
        Version::First => Order::V1,
        Version::Second => Order::V2Authorize,
    };
    let request = Request { signed, code: "", refresh_token: "" };
    judge.secret(client, &Call { order, also: None, may_omit_hash: false, request }).await?;
    let access_type = access.ok_or(EsiaError::InvalidRequest)?;
    Ok(AuthorizationRequest {
        client: client.spec.mnemonic.clone(),
        redirect_uri: redirect_uri.clone(),
        scopes,
        state: Some(state.to_owned()),
        challenge,
        asked_at: judge.now,
        expires_at: judge.now + PENDING_FOR,
        details: RequestDetails::Esia(EsiaRequest { access_type, scope_org, permissions, filters }),
    })
}

/// Checks for the form of a UUID: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
