//! Token endpoint, `/aas/oauth2/te`, `/v2/te` and `/v3/te` (ESIA §3).

use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};
use esia::{
    EsiaError,
    language::{Told, both},
    secret::{Order, Request, Signed as Values},
    token::{CodeClaims, TokenResponse, TokenVerifyError, decode_unverified},
};
use web::{Checks, InWorld, Problem};
use worlds::{
    Check, Outcome,
    mistakes::{named, short},
    store::StoreError,
};

use super::{
    claims::{TokenClaims, token_claims},
    judge::{Judge, Rule, TOKEN_SOURCE as SOURCE, Version},
    pkce::Compared,
    signature::Call,
    token_response::{Refusal, Signed, json, refused, sign, status},
};
use crate::{
    clients::{Client, GrantType},
    grants::{
        self, Grant, GrantError, PresentedCode, PresentedRefresh, Protocol, TokenRequest, Tokens, fingerprint,
        grant_of_other_world,
    },
    protocols::{ParamError, Params},
    slips::{self, known::knows_of, token::Kind, value::slip},
    state::Gosuslugi,
};

const CODE: Rule = ("code", "ESIA §3.8, §1.5");
const REFRESH: Rule = ("refresh-token", "ESIA §3.2, §1.5");

/// Answers `POST /aas/oauth2/te`.
pub(super) async fn token_v1(world: InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Response, Problem> {
    token(Judge::of(&world, Version::First, checks, params.merged()).await?).await
}

/// Answers `POST /aas/oauth2/v2/te` and `/aas/oauth2/v3/te`.
pub(super) async fn token_v3(world: InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Response, Problem> {
    token(Judge::of(&world, Version::Second, checks, params.merged()).await?).await
}

async fn token(judge: Judge<'_>) -> Result<Response, Problem> {
    let state = judge.params.one("state").ok().map(str::to_owned);
    Ok(match judged(&judge).await {
        Ok(Signed { access, id, refresh, expires_in }) => json(
            StatusCode::OK,
            &TokenResponse {
                access_token: access,
                id_token: id,
                state: state.unwrap_or_default(),
                token_type: "Bearer".to_owned(),
                expires_in,
                refresh_token: refresh,
            },
        ),
        Err(Refusal::Client(error)) => refused(status(&error), &error, state),
        // The cause goes to the log; the client gets ЕСИА's general error.
        Err(Refusal::Problem(problem)) => {
            tracing::error!(code = problem.code, "no tokens");
            refused(StatusCode::INTERNAL_SERVER_ERROR, &EsiaError::ServerError, state)
        }
    })
}

/// Answers requests with another method than `POST`.
pub(super) async fn wrong_method(checks: Checks, method: Method) -> Response {
    let named = named("method-wrong", method.as_str());
    let method = Check::of(("method", "ESIA §3.1"), "POST", method.as_str(), false).mistakes([named]);
    // Only the record matters: the response is the same.
    let _ = checks.require(method, EsiaError::InvalidRequest);
    let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, &EsiaError::InvalidRequest, None);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

async fn judged(judge: &Judge<'_>) -> Result<Signed, Refusal> {
    let client = judge.client(SOURCE)?;
    judge.open()?;
    judge.open_version(&client)?;
    let text = judge.required("grant_type", SOURCE)?;
    let known = GrantType::ALL.map(GrantType::text).join(", ");
    let grant = GrantType::ALL.into_iter().find(|grant| grant.text() == text);
    let is_known = |text: &str| GrantType::ALL.iter().any(|grant| grant.text() == text);
    let mistake = slip("grant_type", text, is_known).unwrap_or_else(|| named("grant-type-unknown", text));
    let found = Check::of(("grant-type", SOURCE), known, text, grant.is_some()).mistakes([mistake]);
    judge.require(found, EsiaError::UnsupportedGrantType)?;
    let grant = grant.ok_or(EsiaError::UnsupportedGrantType)?;
    let allowed = client.spec.esia.grants.iter().map(|grant| grant.text()).collect::<Vec<_>>().join(", ");
    let may = client.spec.esia.grants.contains(&grant);
    judge.require(Check::of(("grant-allowed", "ESIA §1.5"), allowed, text, may), EsiaError::UnauthorizedClient)?;
    let token_type = judge.optional("token_type")?.filter(|kind| *kind != "Bearer");
    judge.tolerate(
        ("token-type", SOURCE),
        "Bearer",
        token_type.unwrap_or_default(),
        token_type.map(|kind| {
            slip("token_type", kind, |text| text.eq_ignore_ascii_case("bearer"))
                .unwrap_or_else(|| "token-type".to_owned())
        }),
    );
    match grant {
        GrantType::AuthorizationCode => authorization_code(judge, &client).await,
        GrantType::RefreshToken => refresh_token(judge, &client).await,
        GrantType::ClientCredentials => super::client_credentials::client_credentials(judge, &client).await,
    }
}

async fn authorization_code(judge: &Judge<'_>, client: &Client) -> Result<Signed, Refusal> {
    let code = judge.required("code", SOURCE)?;
    let redirect_uri = judge.optional("redirect_uri")?;
    let missing = redirect_uri.is_none().then(|| named("parameter-missing", "redirect_uri"));
    judge.tolerate(
        ("parameters", SOURCE),
        both!("redirect_uri запроса авторизации", "redirect_uri of the authorization request"),
        both!("нет", "none"),
        missing,
    );
    let key = known_code(judge, code).await?;
    let look = |state: &Gosuslugi, _| state.grants.code(Protocol::Esia, &key).map(|code| code.grant.clone());
    let grant = judge.world.world.read(look).await?;
    let order = match judge.protocol.version {
        Version::First => Order::V1,
        Version::Second => Order::V3Code,
    };
    signed_by(judge, client, grant.as_ref(), SignedAs { order, also: None, rule: CODE }).await?;
    let verifier = judge.optional("code_verifier")?;
    let (redirect_uri, slip) = meant_redirect(judge, grant.as_ref())?;
    if let Some((mistake, got)) = slip {
        let expected = both!(
            "тот же redirect_uri, что и в запросе авторизации",
            "the same redirect_uri as in the authorization request"
        );
        let check = Check::new(("redirect-uri", SOURCE), expected, got, Outcome::Tolerated);
        judge.checks.record(Check { mistakes: vec![mistake.to_owned()], ..check });
    }
    let presented = PresentedCode { code: &key, redirect_uri, verifier };
    let request = token_request(client);
    let redeem = |state: &_, now, rng: &mut _| {
        grants::redeem(state, presented, request, now, rng).map(|tokens| written(state, &tokens?))
    };
    let redeemed = grants::act_always(judge.world, &judge.checks, redeem).await?;
    let challenge = grant.as_ref().and_then(|grant| grant.challenge.as_deref());
    let compared = redeemed.as_ref().map_or_else(Compared::Fails, |_| Compared::Fits(challenge));
    judge.note_verifier(verifier, compared)?;
    sign(judge, given(judge, Presented { rule: CODE, kind: Kind::EsiaCode, text: code }, redeemed).await?)
}

/// Verifies a code, and returns its fingerprint if this provider has signed it and it has not expired.
async fn known_code(judge: &Judge<'_>, code: &str) -> Result<String, Refusal> {
    let error = match judge.keys.verify::<CodeClaims>(code, judge.now) {
        Ok(claims) => return Ok(fingerprint(&claims)),
        Err(error) => error,
    };
    let got = match &error {
        TokenVerifyError::Expired { expires_at, .. } => match chrono::DateTime::from_timestamp(*expires_at, 0) {
            Some(at) => Told::of(|| GrantError::Expired(at).to_string()),
            None => Told::from_display(&error),
        },
        error => Told::from_display(error),
    };
    let mut names = came_instead(judge, Kind::EsiaCode, code).await?;
    if names.is_empty() {
        names.push(match &error {
            TokenVerifyError::Expired { expires_at, now } => {
                named("grant-expired", &short(chrono::TimeDelta::seconds(now - expires_at)))
            }
            error => error.code().to_owned(),
        });
    }
    let mut found = Check::of(CODE, both!("код, выданный этим миром", "a code that this world has issued"), got, false)
        .mistakes(names);
    // The claims are unverified, but show which client the code was issued to.
    if let Ok((_, claims)) = decode_unverified::<CodeClaims>(code) {
        let told = both!(
            "система {}, state {}, exp {}",
            "client {}, state {}, exp {}",
            claims.client_id,
            claims.state,
            claims.exp
        );
        found = found.detail("В коде сказано", told);
    } else if matches!(error, TokenVerifyError::Kind { .. }) {
        found = found
            .detail("Прислан", both!("маркер другого вида вместо кода", "a token of another kind in place of a code"));
    }
    judge.require(found, EsiaError::InvalidGrant)?;
    Err(EsiaError::InvalidGrant.into())
}

/// Names the mistakes behind a code or token that is not accepted. The list is empty if only the value's state
/// (expired, used, revoked) can be wrong.
pub(super) async fn came_instead(judge: &Judge<'_>, wanted: Kind, text: &str) -> Result<Vec<String>, StoreError> {
    let came = slips::token::look(text);
    let recall = |state: &Gosuslugi, _| {
        let lower = came.core.to_lowercase();
        let known = knows_of(state, &came.core);
        let is_another_case = known.is_none() && lower != came.core && knows_of(state, &lower).is_some();
        (known, is_another_case, state.portal.settings.iss.clone())
    };
    let (known, is_another_case, iss) = judge.world.world.read(recall).await?;
    let parameter = if wanted == Kind::EsiaCode { "code" } else { "refresh_token" };
    let in_capitals = is_another_case.then(|| named("parameter-case", parameter));
    let elsewhere = grant_of_other_world(&judge.world.world, text);
    Ok(came.mistakes(wanted, known, &iss).into_iter().chain(in_capitals).chain(elsewhere).collect())
}

/// Describes the client's token request. Its issuer is empty, because ЕСИА's issuer is a setting of the world.
fn token_request(client: &Client) -> TokenRequest<'_> {
    TokenRequest { protocol: Protocol::Esia, client: &client.spec.mnemonic, iss: "" }
}

fn written(state: &Gosuslugi, tokens: &Tokens) -> Result<TokenClaims, GrantError> {
    token_claims(state, tokens).ok_or(GrantError::Unknown)
}

async fn refresh_token(judge: &Judge<'_>, client: &Client) -> Result<Signed, Refusal> {
    let token = judge.required("refresh_token", SOURCE)?;
    let look = |state: &Gosuslugi, _| state.grants.refresh(Protocol::Esia, token).map(|(_, code)| code.grant.clone());
    let grant = judge.world.world.read(look).await?;
    // Row (b) of ESIA §2.1 applies to clients that send no `redirect_uri`.
    let (order, also) = match (judge.protocol.version, judge.params.one("redirect_uri")) {
        (Version::First, _) => (Order::V1, None),
        (Version::Second, Ok(_)) => (Order::V3Refresh, Some(Order::V3RefreshToken)),
        (Version::Second, Err(_)) => (Order::V3RefreshToken, Some(Order::V3Refresh)),
    };
    signed_by(judge, client, grant.as_ref(), SignedAs { order, also, rule: REFRESH }).await?;
    let (presented, request) = (PresentedRefresh { token, narrowed: None }, token_request(client));
    let refresh = |state: &_, now, rng: &mut _| {
        grants::refresh(state, presented, request, now, rng).map(|tokens| written(state, &tokens?))
    };
    let refreshed = grants::act_always(judge.world, &judge.checks, refresh).await?;
    sign(judge, given(judge, Presented { rule: REFRESH, kind: Kind::EsiaRefresh, text: token }, refreshed).await?)
}

/// Order of the signed values, another accepted order, and the rule about the grant.
struct SignedAs {
    order: Order,
    also: Option<Order>,
    rule: Rule,
}

/// Checks the client's signature over this request's scope and address, or, if they are missing, over those of the
/// authorization request (ESIA §9, row 7).
async fn signed_by(
    judge: &Judge<'_>,
    client: &Client,
    grant: Option<&Grant>,
    SignedAs { order, also, rule }: SignedAs,
) -> Result<(), Refusal> {
    let has_secret = judge.params.one("client_secret") != Err(ParamError::Missing);
    if client.spec.esia.no_secret_at_token && !has_secret {
        let rule = ("client-signature", "ESIA §9");
        let got = both!(
            "client_secret нет, и с этой системы он не спрашивается",
            "no client_secret, and this client is not asked for one"
        );
        judge.checks.expect(
            rule,
            both!("client_secret или no-secret-at-token системы", "client_secret, or no-secret-at-token of the client"),
            got,
            true,
        );
        return Ok(());
    }
    let timestamp = judge.timestamp(SOURCE)?;
    let state = judge.required("state", SOURCE)?;
    let scope = match (judge.params.one("scope"), grant) {
        (Err(ParamError::Missing), Some(grant)) => grant.scopes.raw(),
        (Err(ParamError::Missing), None) => {
            let unknown = Check::of(
                rule,
                both!("выдан этим миром", "issued by this world"),
                Told::of(|| GrantError::Unknown.to_string()),
                false,
            );
            let text = judge.params.one(if rule == CODE { "code" } else { "refresh_token" }).unwrap_or_default();
            let elsewhere = grant_of_other_world(&judge.world.world, text);
            let mistake = elsewhere.unwrap_or_else(|| GrantError::Unknown.code().to_owned());
            judge.require(unknown.mistakes([mistake]), EsiaError::InvalidGrant)?;
            ""
        }
        _ => judge.required("scope", SOURCE)?,
    };
    let of_grant = grant.filter(|_| order == Order::V3Code).map_or("", |grant| grant.redirect_uri.as_str());
    let signed = Values {
        client_id: client.spec.mnemonic.as_str(),
        scope,
        scope_org: judge.optional("scope_org")?.unwrap_or_default(),
        timestamp: &timestamp,
        state,
        redirect_uri: meant_redirect(judge, grant)?.0.unwrap_or(of_grant),
    };
    let [code, refresh_token] = ["code", "refresh_token"].map(|name| judge.params.one(name).unwrap_or_default());
    let may_omit_hash = order == Order::V3RefreshToken;
    let request = Request { signed, code, refresh_token };
    Ok(judge.secret(client, &Call { order, also, may_omit_hash, request }).await?)
}

/// Stable name of a known mistake, and the value that was received.
type Slip = (&'static str, Told);

/// Returns the intended `redirect_uri`, and the mistake of a known client in it: one URL encoding too many
/// (ILyaCyclone/esia-auth-code, `AccessTokenProviderImplV3`, in Java), or the parameters of the redirect still attached
/// (`OmniAuth` in Ruby uses the address at which the code arrived). Both clients sign no address or the intended one.
fn meant_redirect<'a>(
    judge: &'a Judge<'_>,
    grant: Option<&'a Grant>,
) -> Result<(Option<&'a str>, Option<Slip>), EsiaError> {
    let given = judge.optional("redirect_uri")?;
    let asked = grant.map(|grant| grant.redirect_uri.as_str());
    let Some((given, asked)) = given.zip(asked).filter(|(given, asked)| given != asked) else {
        return Ok((given, None));
    };
    let pair = format!("={given}");
    // An encoded address contains no `&` of its own.
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    let plain = pairs.next().filter(|_| pairs.next().is_none()).map(|(_, value)| value);
    Ok(if plain.as_deref() == Some(asked) {
        (
            Some(asked),
            Some((
                "redirect-encoded-twice",
                both!("закодирован дважды; без этого — тот же", "encoded twice; the same without that"),
            )),
        )
    } else if without_answer(given) == asked {
        (
            Some(asked),
            Some((
                "redirect-with-answer",
                both!(
                    "с параметрами ответа, code и state; без них — тот же",
                    "with parameters of the answer, code and state; the same without them"
                ),
            )),
        )
    } else {
        (Some(given), None)
    })
}

/// Returns an address without `code` and `state` in its query.
fn without_answer(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let own = query.split('&').filter(|pair| !pair.starts_with("code=") && !pair.starts_with("state="));
    let own = own.collect::<Vec<_>>().join("&");
    if own.is_empty() { path.to_owned() } else { format!("{path}?{own}") }
}

/// Code or refresh token of a request.
struct Presented<'a> {
    rule: Rule,
    kind: Kind,
    text: &'a str,
}

/// Records the decision about a code or a refresh token.
async fn given(
    judge: &Judge<'_>,
    Presented { rule, kind, text }: Presented<'_>,
    decided: Result<TokenClaims, GrantError>,
) -> Result<TokenClaims, Refusal> {
    let expected = both!(
        "не использован, не просрочен, той же системы, с тем же redirect_uri",
        "not used, not expired, of the same client, with the same redirect_uri"
    );
    match decided {
        Ok(tokens) => {
            judge.require(Check::of(rule, expected, tokens.access.scope.clone(), true), EsiaError::InvalidGrant)?;
            Ok(tokens)
        }
        Err(error) => {
            let mut names = match error {
                GrantError::Unknown => came_instead(judge, kind, text).await?,
                _ => Vec::new(),
            };
            if names.is_empty() {
                names.push(error.mistake(judge.now));
            }
            let mut found = Check::of(rule, expected, Told::from_display(&error), false).mistakes(names);
            if let Some(used) = matches!(error, GrantError::Used { .. }).then(|| used_by(judge, text)).flatten() {
                found = found.detail("Этот код использован запросом", used);
            }
            judge.require(found, EsiaError::InvalidGrant)?;
            Err(EsiaError::InvalidGrant.into())
        }
    }
}

/// Returns the console page of the request that has used a code or refresh token.
fn used_by(judge: &Judge<'_>, text: &str) -> Option<String> {
    let has = |entry: &worlds::Entry| entry.request.body.contains(text) || entry.target.contains(text);
    let used = judge.world.world.journal().newest_that(|entry| entry.status == 200 && has(entry))?;
    Some(format!("/control/console/requests/{}", used.id))
}
