//! `GET /callback`: the browser returns from the provider with a code or an error.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use esia::{
    Oid,
    language::{self, both},
};
use serde::Deserialize;
use web::{Checks, Cookies, InWorld, Problem, Query, SetCookie, WorldUrl, see_other};
use worlds::{Check, World};

use super::{
    admission::{Arrival, Decision, Outcome, admit},
    cookies::{PENDING_COOKIE, REFUSAL_COOKIE, SESSION_COOKIE},
    grant::{CodeResponse, ConsentStatus, OidcSecrets, Subject},
    pending_sign_in::{PendingSignIn, PendingSignIns},
    protocol_client::ProtocolClient,
    provider_client::ProviderClient,
    provider_error::ProviderError,
    refusal::Refusal,
    token_cache::SessionTokens,
};
use crate::{config::WorldConfig, event::DiaryEvent, state::Diary};

/// Query of the redirect from the provider (ESIA §1.3, §1.4).
#[derive(Debug, Deserialize)]
pub(crate) struct CallbackParams {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// Sign-in whose `state` is used up, with the `state` values of the diary's own requests.
struct Returned {
    state: String,
    token_state: String,
    system_state: String,
    oidc: Option<OidcSecrets>,
    now: DateTime<Utc>,
}

/// Result of a sign-in at the provider, and the tokens that give access to the person's data.
struct Told {
    arrival: Arrival,
    tokens: Option<SessionTokens>,
}

impl From<Arrival> for Told {
    fn from(arrival: Arrival) -> Self {
        Self { arrival, tokens: None }
    }
}

/// `GET /callback`: handles the redirect from the provider.
pub(crate) async fn callback(
    InWorld { world, world_url }: InWorld<Diary>,
    State(client): State<Arc<ProviderClient>>,
    Query(params): Query<CallbackParams>,
    cookies: Cookies,
    checks: Checks,
) -> Result<Response, Problem> {
    let cookie = cookies.get(&world_url, PENDING_COOKIE);
    let returned = take_pending(&world, &params, cookie, &checks).await?;
    let config = world.read(|diary, _| diary.config.clone()).await?;
    let conversation = async {
        let provider = client.connect(&config, &world_url.world, returned.now)?;
        Conversation { world: &world, provider, config: &config, returned: &returned, checks: &checks }
            .run(&params, &world_url.url("/callback"))
            .await
    };
    let Told { arrival, tokens } = match conversation.await {
        Ok(told) => told,
        Err(Failure::Problem(problem)) => return Err(problem),
        Err(Failure::Provider(error)) => return Err(failed(&world, returned.state, &error, &checks).await?),
    };
    let outcome = decide(&world, &arrival, &checks).await?;
    if let (Outcome::Admitted { session, .. }, Some(tokens)) = (&outcome, tokens) {
        client.tokens.put(&world, session, tokens).await?;
    }
    Ok(show(&world_url, &outcome))
}

/// Records that a sign-in failed at the provider, and returns the problem to show.
async fn failed(
    world: &World<Diary>,
    state: String,
    error: &ProviderError,
    checks: &Checks,
) -> Result<Problem, Problem> {
    let told = language::Told::from_display(error);
    let (reason, reason_in_english) = told.clone().into_kept();
    let event = DiaryEvent::SigninFailed { state, reason, reason_in_english };
    world.act::<_, Problem>(|_, _, _| Ok((vec![event.clone()], ()))).await?;
    checks.expect(("gosuslugi", "ESIA §3"), both!("ответ по протоколу", "an answer by the protocol"), told, false);
    Ok(Problem::from(error))
}

/// Uses up the `state`, if this browser began a sign-in with it.
async fn take_pending(
    world: &World<Diary>,
    params: &CallbackParams,
    cookie: Option<&str>,
    checks: &Checks,
) -> Result<Returned, Problem> {
    let state = params.state.clone().unwrap_or_default();
    let returned = world
        .act(|diary, now, rng| {
            let under_way = PendingSignIns::read(cookie, now);
            let pending = under_way.find(&state).filter(|_| diary.returned.get(&state, now).is_none());
            let Some(PendingSignIn { oidc, expires_at, .. }) = pending.cloned() else {
                return Err(Problem::bad_request(
                    "state",
                    "Этот вход начат не в этом браузере, устарел или уже завершён",
                )
                .or("Откройте страницу входа и войдите ещё раз"));
            };
            let (token_state, system_state) = (rng.uuid(), rng.uuid());
            let event = DiaryEvent::SigninReturned {
                state: state.clone(),
                token_state: token_state.clone(),
                system_state: system_state.clone(),
                expires_at,
            };
            Ok((vec![event], Returned { state: state.clone(), token_state, system_state, oidc, now }))
        })
        .await;
    let rule = ("state", "RFC 6749 §10.12");
    checks.expect(
        rule,
        both!(
            "начатый этим браузером и ещё не завершённый вход",
            "a sign-in that this browser has begun and not ended"
        ),
        &*state,
        returned.is_ok(),
    );
    Ok(returned?)
}

/// Decides a sign-in, records its events, and adds the comparisons with the register to the verdict.
async fn decide(world: &World<Diary>, arrival: &Arrival, checks: &Checks) -> Result<Outcome, Problem> {
    let decided = world.act::<_, Problem>(|diary, now, rng| {
        let Decision { events, checks, outcome } = admit(diary, arrival, now, rng);
        Ok((events, (checks, outcome)))
    });
    let (compared, outcome) = decided.await?;
    for comparison in compared {
        let (expected, got) = comparison.told();
        checks.expect(
            (comparison.what.as_str(), "R000.2, R000.5, R001.2, R001.5, R001.7, R003.2, R004.3, R004.4"),
            expected,
            got,
            comparison.same,
        );
    }
    Ok(outcome)
}

/// Sets the cookies of a session or of a refusal, and redirects. A refusal also removes the browser's earlier session,
/// which may be another person's.
fn show(world_url: &WorldUrl, outcome: &Outcome) -> Response {
    let set = |name, value: &str| SetCookie::new(world_url, name, value);
    let remove = |name| SetCookie::remove(world_url, name);
    match outcome {
        Outcome::Admitted { session, home } => {
            (set(SESSION_COOKIE, session), remove(REFUSAL_COOKIE), see_other(world_url, home)).into_response()
        }
        Outcome::Refused { id } => {
            (set(REFUSAL_COOKIE, id), remove(SESSION_COOKIE), see_other(world_url, "/refusal")).into_response()
        }
    }
}

/// Error that stops a sign-in before the decision.
enum Failure {
    Provider(ProviderError),
    Problem(Problem),
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self::Provider(error)
    }
}

/// Requests to the provider in one sign-in.
struct Conversation<'a> {
    world: &'a World<Diary>,
    provider: ProtocolClient<'a>,
    config: &'a WorldConfig,
    returned: &'a Returned,
    checks: &'a Checks,
}

impl Conversation<'_> {
    async fn run(&self, params: &CallbackParams, redirect_uri: &str) -> Result<Told, Failure> {
        if let Some(error) = &params.error {
            return refused_there(error, params.error_description.as_deref().unwrap_or_default());
        }
        let Some(code) = &params.code else {
            return Err(Failure::Problem(Problem::bad_request("code", "В ответе Госуслуг нет ни кода, ни ошибки")));
        };
        let Returned { token_state: state, oidc, now, .. } = self.returned;
        let code = CodeResponse { code, state, oidc: oidc.as_ref(), redirect_uri, iss: params.iss.as_deref() };
        let signed_in = self.provider.redeem_code(&code, self.checks).await?;
        let got = if signed_in.missing.is_empty() {
            both!("всё", "all")
        } else {
            both!("без {}", "without {}", signed_in.missing.join(" "))
        };
        // Missing scopes are not a fault: a minor without a consent returns with fewer scopes (Design, Consent on the
        // wire).
        let asked = self.config.profile.scopes.join(" ");
        self.checks.record(Check::passed(("granted-scopes", "R000.11, R001.3"), asked, got));
        if let Some(person) = signed_in.known {
            let subject = Subject { oid: signed_in.oid, snils: person.snils };
            let tokens = Some(SessionTokens { subject, tokens: signed_in.tokens, checked_at: *now });
            return Ok(Told { arrival: Arrival::Person { person, sid: signed_in.sid }, tokens });
        }
        let refused = |refusal| Ok(Arrival::Refused { refusal, oid: Some(signed_in.oid) }.into());
        if !signed_in.is_trusted && !signed_in.is_child_account {
            return refused(Refusal::AccountNotConfirmed);
        }
        if !self.config.profile.consent.ask_guardians {
            return refused(Refusal::ConsentNotAsked);
        }
        refused(self.ask_consent(signed_in.oid).await?)
    }

    async fn ask_consent(&self, oid: Oid) -> Result<Refusal, Failure> {
        let answer = self.provider.ask_consent(oid, &self.returned.system_state).await?;
        let guardians = answer.guardians;
        let event = DiaryEvent::ConsentAsked { oid, status: answer.status.code().to_owned(), guardians };
        let kept = self.world.act::<_, Problem>(|_, _, _| Ok((vec![event.clone()], ()))).await;
        kept.map_err(|error| Failure::Problem(error.into()))?;
        Ok(match answer.status {
            ConsentStatus::NoGuardian => Refusal::NoGuardianBound,
            ConsentStatus::Requested => Refusal::ConsentOfGuardianNeeded { guardians: guardians.max(1) },
            ConsentStatus::Granted => Refusal::ConsentOfGuardianNeeded { guardians: 0 },
        })
    }
}

/// Handles an error of the redirect. Its code is the part of the description before the colon (ESIA §1.4).
fn refused_there(error: &str, description: &str) -> Result<Told, Failure> {
    match description.split(':').next().unwrap_or_default() {
        "ESIA-007055" => Ok(Arrival::Refused { refusal: Refusal::AccountNotConfirmed, oid: None }.into()),
        code if error == "access_denied" && code != "ESIA-007053" => {
            Ok(Arrival::Refused { refusal: Refusal::ConsentNeeded, oid: None }.into())
        }
        _ => {
            let body = format!("{error}: {description}").chars().take(300).collect();
            let status = axum::http::StatusCode::FOUND;
            Err(ProviderError::Refused {
                what: language::Words { russian: "страница входа", english: "sign-in page" },
                status,
                body,
            }
            .into())
        }
    }
}
