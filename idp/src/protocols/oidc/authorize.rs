//! Authorization endpoint, `/oidc/authorize` (OpenID Connect Core §3.1.2).

use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use esia::{
    Oid, Scopes,
    language::{Told, both, pick},
};
use serde::Deserialize;
use web::{Checks, Frame, InWorld, Problem, see_other};
use worlds::{Check, Outcome, mistakes::named};

use super::{
    answer::ReplyTo,
    error::OidcError,
    judge::{AUTHORIZE, Judge, Registered, registered},
    requested::{Asked, asked},
};
use crate::{
    grants::{
        self, AuthorizationRequest, Denial, IssuedCode, NextStep, OidcRequest, Protocol, RedirectUri, RequestDetails,
        ResponseMode, SignInDemands, all_behind, behind, in_world, supported, words,
    },
    portal::accounts::MaybeSignedIn,
    protocols::Params,
    signing::Kind,
    slips::{
        self,
        unknown::{nearest, unknown_client},
        value::slip,
    },
    state::Gosuslugi,
};

/// Time until an authorization request expires.
const PENDING_FOR: TimeDelta = TimeDelta::hours(1);
/// Maximum length of `state`, `nonce`, `scope` and `login_hint`, bytes.
const MAX_TEXT: usize = 2048;
/// Source of the list of parameters.
const SOURCE: &str = "OpenID Connect Core §3.1.2.1";
const PKCE: &str = "RFC 7636 §4.3, RFC 9700 §2.1.1";

/// Answers `GET` and `POST /oidc/authorize`.
pub(super) async fn authorize(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    let client = known(&judge).await?;
    let reply = reply_to(&judge, &client)?;
    let session = signed_in.map(|signed_in| signed_in.session);
    let former_sid = session.as_ref().map(|session| session.sid.clone());
    let (pending, is_silent) = match judged(&judge, &client, &reply, former_sid) {
        Ok(asked) => asked,
        Err(error) => return Ok(reply.refuse(frame, &error)),
    };
    if !is_silent {
        let decide = |state: &_, now, rng: &mut _| grants::keep(state, &pending, now, rng);
        let request = grants::act_always(&world, &judge.checks, decide).await?;
        return Ok(see_other(&world.world_url, &format!("/oidc/continue?request={request}")));
    }
    if session.as_ref().is_some_and(|session| session.role_pending) {
        return Ok(refuse_silently(&judge, &reply, frame, "interaction_required"));
    }
    let decide = |state: &_, now, rng: &mut _| grants::proceed_silently(state, &pending, session.as_ref(), now, rng);
    Ok(match grants::act(&world, &judge.checks, decide).await? {
        NextStep::Code(_, IssuedCode::Oidc(code)) => reply.code(frame, &code),
        NextStep::SignIn { .. } | NextStep::Denied(_, Denial::OtherPerson) => {
            refuse_silently(&judge, &reply, frame, "login_required")
        }
        NextStep::Denied(_, denial @ Denial::OtherLevel) => {
            refuse_silently(&judge, &reply, frame, denial.code(Protocol::Oidc))
        }
        NextStep::Code(..) | NextStep::Ask(_) | NextStep::Denied(..) => {
            refuse_silently(&judge, &reply, frame, "consent_required")
        }
    })
}

fn refuse_silently(judge: &Judge<'_>, reply: &ReplyTo, frame: Frame, error: &'static str) -> Response {
    let source = ("prompt-none", "OpenID Connect Core §3.1.2.6");
    judge.checks.record(Check::new(
        source,
        both!("человека ни о чём не нужно спрашивать", "the person need not be asked anything"),
        error,
        Outcome::Failed,
    ));
    reply.refuse(frame, &OidcError::new(error, "the person would have to be asked, and prompt=none forbids it"))
}

/// Returns the error page for a request whose client or redirect URI is not trusted: the browser is not redirected
/// (RFC 6749 §4.1.2.1).
fn unusable(field: &str, message: &str, error: &OidcError) -> Problem {
    Problem::bad_request(field, message)
        .or(format!("Сообщите разработчикам системы, в которую вы входили: {}", error.description))
}

async fn known(judge: &Judge<'_>) -> Result<Registered, Problem> {
    if let Err(error) = judge.form(SOURCE) {
        return Err(unusable("Content-Type", "Параметры запроса не читаются", &error));
    }
    let id = judge
        .required("client_id", SOURCE)
        .map_err(|error| unusable("client_id", "В запросе нет client_id, или он не один", &error))?;
    let found = registered(judge.world, id).await?;
    let expected = both!("система этого мира", "a client of this world");
    let error = OidcError::invalid_client("this client is not registered in this world");
    let mistakes = std::iter::once(unknown_client(id, judge.near.as_deref())).chain(judge.elsewhere());
    judge
        .require(
            Check::of(("client", "RFC 6749 §4.1.1"), expected, id, found.is_some()).mistakes(mistakes),
            error.clone(),
        )
        .map_err(|error| unusable("client_id", "Система не зарегистрирована на Госуслугах", &error))?;
    found.ok_or_else(|| unusable("client_id", "Система не зарегистрирована на Госуслугах", &error))
}

/// Checks the redirect URI, and returns where responses go. Errors before that are shown as a page.
fn reply_to(judge: &Judge<'_>, client: &Registered) -> Result<ReplyTo, Problem> {
    let uri = judge
        .required("redirect_uri", SOURCE)
        .map_err(|error| unusable("redirect_uri", "В запросе нет redirect_uri, или он не один", &error))?;
    let expected = both!("один из: {}", "one of: {}", client.oidc.redirect_uris.join(", "));
    let rule = ("redirect-uri", "OpenID Connect Core §3.1.2.1, RFC 8252 §7.3");
    let error = OidcError::invalid_request("redirect_uri is not one of those registered, compared exactly");
    let registered: Vec<_> = in_world(&client.oidc.redirect_uris, &judge.world.world_url.world).collect();
    let mistakes = std::iter::once(slips::redirect::whole(&registered, uri)).chain(judge.elsewhere());
    let found = RedirectUri::exact(&client.oidc.redirect_uris, uri, &judge.world.world_url.world);
    let foreign = |error: &OidcError| unusable("redirect_uri", "Адрес возврата не зарегистрирован за системой", error);
    judge
        .require(Check::of(rule, expected, uri, found.is_some()).mistakes(mistakes), error.clone())
        .map_err(|error| foreign(&error))?;
    let redirect_uri = found.ok_or_else(|| foreign(&error))?;
    let mode = match judge.params.one("response_mode") {
        Ok("form_post") => ResponseMode::FormPost,
        _ => ResponseMode::Query,
    };
    let state = judge.params.one("state").ok().filter(|state| state.len() <= MAX_TEXT).map(str::to_owned);
    Ok(ReplyTo { redirect_uri, mode, state, iss: judge.issuer() })
}

/// Makes the remaining checks. Returns the authorization request, and whether `prompt=none` forbids asking the person.
fn judged(
    judge: &Judge<'_>,
    client: &Registered,
    reply: &ReplyTo,
    former_sid: Option<String>,
) -> Result<(AuthorizationRequest, bool), OidcError> {
    judge.open()?;
    judge.note_manners(AUTHORIZE);
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        let given = judge.optional(name)?.is_some();
        if given {
            let error = OidcError::new(error, format!("parameter {name} is not supported"));
            judge.require(
                Check::of(("request-object", "OpenID Connect Core §6, §7"), both!("нет", "none"), name, false),
                error,
            )?;
        }
    }
    let mode = judge.optional("response_mode")?.unwrap_or("query");
    let error = OidcError::invalid_request("response_mode must be query or form_post");
    let rule = ("response-mode", "OAuth 2.0 Multiple Response Types §2.1");
    let is_mode = |mode: &str| matches!(mode, "query" | "form_post");
    let found = Check::of(rule, both!("query или form_post", "query or form_post"), mode, is_mode(mode));
    judge.require(found.mistakes(slip("response_mode", mode, is_mode)), error)?;
    let response_type = judge.required("response_type", SOURCE)?;
    let error = OidcError::new("unsupported_response_type", "only response_type=code is supported");
    let found = Check::of(("response-type", SOURCE), "code", response_type, response_type == "code");
    judge.require(found.mistakes(slip("response_type", response_type, |text| text == "code")), error)?;
    let scopes = scopes(judge, client)?;
    let state = short(judge, "state")?;
    let nonce = short(judge, "nonce")?;
    judge.checks.record(Check::new(
        ("state-nonce", "RFC 9700 §2.1, §4.7"),
        both!(
            "state или nonce, чтобы ответ нельзя было подменить",
            "state or nonce, so that nobody can put another answer in its place"
        ),
        both!("state: {}, nonce: {}", "state: {}, nonce: {}", said(state), said(nonce)),
        if state.is_some() || nonce.is_some() { Outcome::Passed } else { Outcome::Tolerated },
    ));
    let challenge = challenge(judge, client)?;
    let (demands, is_silent) = sign_in_demands(judge)?;
    let Asked { claims, subjects, acr } = asked(judge, client)?;
    let details = OidcRequest {
        mode: reply.mode,
        iss: reply.iss.clone(),
        claims,
        nonce: nonce.map(str::to_owned),
        sign_in: SignInDemands { stale: former_sid, subjects, acr, ..demands },
    };
    let pending = AuthorizationRequest {
        client: client.id().clone(),
        redirect_uri: reply.redirect_uri.clone(),
        scopes,
        state: reply.state.clone(),
        challenge: challenge.map(str::to_owned),
        asked_at: judge.now,
        expires_at: judge.now + PENDING_FOR,
        details: RequestDetails::Oidc(details),
    };
    Ok((pending, is_silent))
}

fn said(value: Option<&str>) -> &'static str {
    if value.is_some() { pick("есть", "it is there") } else { pick("нет", "none") }
}

fn short<'j>(judge: &'j Judge<'_>, name: &str) -> Result<Option<&'j str>, OidcError> {
    let value = judge.optional(name)?;
    let length = value.map_or(0, str::len);
    if length > MAX_TEXT {
        let error = OidcError::invalid_request(format!("{name} is longer than {MAX_TEXT} bytes"));
        let expected = both!("{name}: до {MAX_TEXT} байт", "{name}: up to {MAX_TEXT} bytes");
        let found = Check::failed(("length", SOURCE), expected, both!("{length} байт", "{length} bytes"));
        judge.require(found.mistakes([named("parameter-too-long", name)]), error)?;
    }
    Ok(value)
}

/// Checks `scope`: it contains `openid`, and only scopes that the client is registered for. Unknown scopes are ignored
/// (OpenID Connect Core §3.1.2.1).
fn scopes(judge: &Judge<'_>, client: &Registered) -> Result<Scopes, OidcError> {
    short(judge, "scope")?;
    let text = judge.required("scope", SOURCE)?;
    let has_openid = words(text).iter().any(|word| word == "openid");
    let is_another_case = words(text).iter().any(|word| word.eq_ignore_ascii_case("openid"));
    let mistake = match slips::scope::malformed(text) {
        Some(mistake) => mistake,
        None if is_another_case => named("parameter-case", "scope"),
        None => "scope-openid".to_owned(),
    };
    let error = OidcError::new("invalid_scope", "openid is missing");
    judge.require(
        Check::of(("scope-openid", SOURCE), "openid", web::visible(text), has_openid).mistakes(vec![mistake]),
        error,
    )?;
    judge.tolerate(
        ("scope-form", SOURCE),
        both!("каждая область один раз, один пробел", "each scope once, one blank"),
        text,
        slips::scope::tolerated(text),
    );
    let (known, unknown): (Vec<_>, Vec<_>) = words(text).into_iter().partition(|word| behind(word).is_some());
    let outcome = if unknown.is_empty() { Outcome::Passed } else { Outcome::Tolerated };
    let got = if unknown.is_empty() {
        Told::from(known.join(" "))
    } else {
        both!("не учтены: {}", "not heeded: {}", unknown.join(" "))
    };
    let check = Check::new(
        ("scope-known", SOURCE),
        both!("области из scopes_supported", "scopes of scopes_supported"),
        got,
        outcome,
    );
    judge.checks.record(check.mistakes(unknown.iter().map(|word| match nearest(word, supported()) {
        Some(meant) => named("scope-misspelt", &format!("{word}->{meant}")),
        None => named("scope-unknown", word),
    })));
    let allowed = |name: &String| client.client.spec.scopes.contains(name);
    let missing = |_| OidcError::new("invalid_scope", "openid is missing");
    let known: Scopes = known.join(" ").parse().map_err(missing)?;
    let foreign: Vec<_> = all_behind(&known).into_iter().filter(|name| !allowed(name)).collect();
    let got = if foreign.is_empty() {
        Told::from(text)
    } else {
        both!("не разрешены: {}", "not allowed: {}", foreign.join(" "))
    };
    let error = OidcError::new("invalid_scope", format!("not registered for this client: {}", foreign.join(" ")));
    let expected = both!("за ними только {}", "behind them only {}", client.client.spec.scopes.join(" "));
    judge.checks.prefer(
        Check::of(("scope-allowed", "RFC 6749 §3.3"), expected, got, foreign.is_empty())
            .mistakes(foreign.iter().map(|scope| named("scope-not-allowed", scope))),
        client.strictness,
        error,
    )?;
    Ok(known)
}

/// Checks `code_challenge`, which a public client must send; the method `plain` is not accepted.
fn challenge<'j>(judge: &'j Judge<'_>, client: &Registered) -> Result<Option<&'j str>, OidcError> {
    let (challenge, method) = (judge.optional("code_challenge")?, judge.optional("code_challenge_method")?);
    let Some(challenge) = challenge else {
        let orphan = OidcError::invalid_request("code_challenge_method without code_challenge");
        let found = Check::of(("pkce", PKCE), "code_challenge", said(challenge), method.is_none());
        judge.require(found.mistakes(["pkce-no-challenge"]), orphan)?;
        let error = OidcError::invalid_request("a public client needs PKCE: code_challenge is missing");
        let expected = if client.oidc.is_public() {
            both!("есть: система публичная", "it is there: the client is public")
        } else {
            both!("желателен", "it is advisable")
        };
        judge.checks.prefer(
            Check::of(
                ("pkce", PKCE),
                expected,
                both!("нет code_challenge", "no code_challenge"),
                !client.oidc.is_public(),
            )
            .mistakes(["pkce-public"]),
            client.strictness,
            error,
        )?;
        return Ok(None);
    };
    let mistake = slips::pkce::method(method);
    let is_s256 = method == Some("S256");
    let method = method.map_or_else(|| both!("plain (по умолчанию)", "plain (the default)"), Told::from);
    let error = OidcError::invalid_request("code_challenge_method must be S256");
    judge.require(Check::of(("pkce-method", PKCE), "S256", method, is_s256).mistakes(vec![mistake]), error)?;
    let is_hash =
        challenge.len() == 43 && challenge.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    let error = OidcError::invalid_request("code_challenge must be the base64url of a SHA-256: 43 characters");
    judge.require(
        Check::of(("pkce", PKCE), both!("43 знака base64url", "43 characters of base64url"), challenge, is_hash)
            .mistakes([slips::pkce::challenge(challenge)]),
        error,
    )?;
    Ok(Some(challenge))
}

/// Parses `prompt`, `max_age`, `id_token_hint` and `login_hint`. Returns whether `prompt` is `none` as well.
fn sign_in_demands(judge: &Judge<'_>) -> Result<(SignInDemands, bool), OidcError> {
    let prompts = words(judge.optional("prompt")?.unwrap_or_default());
    let has = |word: &str| prompts.iter().any(|prompt| prompt == word);
    let is_known = |prompt: &String| matches!(prompt.as_str(), "none" | "login" | "consent" | "select_account");
    let right = prompts.iter().all(is_known) && (!has("none") || prompts.len() == 1);
    let error = OidcError::invalid_request("prompt: none alone, or any of login, consent, select_account");
    let is_another_case =
        !prompts.iter().all(is_known) && prompts.iter().all(|prompt| is_known(&prompt.to_lowercase()));
    let mistakes = Vec::from_iter(is_another_case.then(|| named("parameter-case", "prompt")));
    let expected = both!("none один или login consent select_account", "none alone, or login consent select_account");
    judge.require(Check::of(("prompt", SOURCE), expected, prompts.join(" "), right).mistakes(mistakes), error)?;
    let max_age = match judge.optional("max_age")? {
        None => None,
        Some(text) => {
            let read = text.parse::<i64>().ok().filter(|seconds| *seconds >= 0);
            let error = OidcError::invalid_request("max_age must be a number of seconds");
            judge.require(
                Check::of(
                    ("max-age", SOURCE),
                    both!("целое число секунд", "a whole number of seconds"),
                    text,
                    read.is_some(),
                ),
                error,
            )?;
            read
        }
    };
    let demands = SignInDemands {
        fresh: has("login") || has("select_account") || max_age == Some(0),
        stale: None,
        max_age,
        subject: hinted(judge)?,
        consent: has("consent"),
        login_hint: short(judge, "login_hint")?.map(str::to_owned),
        ..SignInDemands::default()
    };
    Ok((demands, has("none")))
}

/// Returns the person that `id_token_hint` names. An expired id token is accepted.
fn hinted(judge: &Judge<'_>) -> Result<Option<Oid>, OidcError> {
    #[derive(Clone, Deserialize)]
    struct Hint {
        sub: String,
    }
    let Some(token) = judge.optional("id_token_hint")? else { return Ok(None) };
    let read = judge.keys.verify_openid::<Hint>(Kind::Id, token);
    let subject = read.as_ref().ok().and_then(|hint| hint.sub.parse().ok());
    let got = read.map_or_else(|error| error, |hint| format!("sub={}", hint.sub).into());
    let error = OidcError::invalid_request("id_token_hint is not an id token of this issuer");
    let mistakes = slips::token::look(token).mistakes(slips::token::Kind::OpenIdId, None, &judge.issuer());
    let expected = both!("id_token этого поставщика", "an id_token of this provider");
    judge.require(Check::of(("id-token-hint", SOURCE), expected, got, subject.is_some()).mistakes(mistakes), error)?;
    Ok(subject)
}

/// Redirects to the login page, which returns to the authorization request.
pub(super) fn to_login(world: &InWorld<Gosuslugi>, request: &str, hint: Option<&str>) -> Response {
    let escaped = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let next = escaped(&format!("/oidc/continue?request={request}"));
    let hint = hint.map(|hint| format!("&login={}", escaped(hint))).unwrap_or_default();
    see_other(&world.world_url, &format!("/login?next={next}{hint}")).into_response()
}
