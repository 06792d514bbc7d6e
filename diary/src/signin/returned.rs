//! `GET /callback`: the browser is back from Gosuslugi.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    BirthCertificate, FullName, Oid,
    person::{Collection, DocumentKind, Person},
    token::{Level, TokenResponse},
};
use serde::Deserialize;
use url::Url;
use web::{Checks, Cookies, InWorld, Place, Query, SetCookie, Trouble, see_other};
use worlds::World;

use super::{
    Gosuslugi, Refusal, SESSION_COOKIE, admit,
    fault::GosuslugiError,
    gosuslugi::{ConsentStatus, SCOPES},
    handlers::{BROWSER_COOKIE, REFUSAL_COOKIE},
    tokens::{Identity, believe},
};
use crate::{
    app::App,
    register::{Comparison, Presented},
    state::{Diary, DiaryEvent, Provider, Way},
};

/// How long the page of a refusal can be shown again, hours.
const REFUSAL_H: i64 = 3;

/// What the provider sends along (ESIA-PROTOCOL §1.3, §1.4).
#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// A sign-in that came back, with the states of the diary's own requests.
struct Returned {
    state: String,
    token_state: String,
    system_state: String,
    now: DateTime<Utc>,
}

/// How a sign-in ends when Gosuslugi have said all there is to say.
enum Ending {
    /// This is who it is.
    Person(Presented),
    /// Whoever it is, the answer is no.
    Refused(Refusal, Option<Oid>),
}

/// `GET /callback`
pub(crate) async fn callback(
    InWorld { world, place }: InWorld<Diary>,
    State(app): State<App>,
    Query(back): Query<Back>,
    cookies: Cookies,
    checks: Checks,
) -> Result<Response, Trouble> {
    let returned = take_pending(&world, &place, &back, (&cookies, &checks)).await?;
    let provider = world.read(|diary, _| diary.settled.clone()).await?;
    let provider = &provider.provider;
    let conversation = async {
        let base = app.provider_of(provider, &place.world)?;
        let gosuslugi = app.gosuslugi(provider, &base, returned.now);
        Conversation { world: &world, gosuslugi, provider, returned: &returned, checks: &checks }
            .end(&back, &place.url("/callback"))
            .await
    };
    match conversation.await {
        Ok(ending) => finish(&world, &place, ending, &checks).await,
        Err(Failure::Gosuslugi(error)) => {
            let event = DiaryEvent::SigninFailed { state: returned.state, reason: error.to_string() };
            world.act::<_, Trouble>(|_, _, _| Ok((vec![event.clone()], ()))).await?;
            checks.expect(("gosuslugi", "ESIA-PROTOCOL §3"), "ответ по протоколу", error.to_string(), false);
            Err(Trouble::from(&error))
        }
        Err(Failure::Trouble(trouble)) => Err(trouble),
    }
}

/// Uses up the `state`, if it is one that this browser was sent away with.
async fn take_pending(
    world: &World<Diary>,
    place: &Place,
    back: &Back,
    (cookies, checks): (&Cookies, &Checks),
) -> Result<Returned, Trouble> {
    let (state, browser) = (back.state.clone().unwrap_or_default(), cookies.get(place, BROWSER_COOKIE));
    let returned = world
        .act(|diary, now, rng| {
            let pending = diary.pending.get(now, &state).filter(|pending| Some(&*pending.browser) == browser);
            if pending.is_none() {
                return Err(Trouble::bad_request(
                    "state",
                    "Этот вход начат не в этом браузере, устарел или уже завершён",
                )
                .or("Откройте страницу входа и войдите ещё раз"));
            }
            let (token_state, system_state) = (rng.uuid(), rng.uuid());
            let event = DiaryEvent::SigninReturned {
                state: state.clone(),
                token_state: token_state.clone(),
                system_state: system_state.clone(),
            };
            Ok((vec![event], Returned { state: state.clone(), token_state, system_state, now }))
        })
        .await;
    let rule = ("state", "RFC 6749 §10.12");
    checks.expect(rule, "начатый этим браузером и ещё не завершённый вход", &*state, returned.is_ok());
    Ok(returned?)
}

/// Records who came in or was refused, and shows where to go.
async fn finish(world: &World<Diary>, place: &Place, ending: Ending, checks: &Checks) -> Result<Response, Trouble> {
    let (answer, compared) = world
        .act::<_, Trouble>(|diary, now, rng| {
            let (verdict, oid, name, compared) = match &ending {
                Ending::Refused(refusal, oid) => (Err(*refusal), *oid, String::new(), Vec::new()),
                Ending::Person(person) => {
                    let (verdict, compared) = diary.register.recognise(person, web::date(now));
                    let name = person.name.as_ref().map(ToString::to_string).unwrap_or_default();
                    (verdict, Some(person.oid), name, compared)
                }
            };
            match verdict {
                Ok(who) => {
                    let home = who.home();
                    let (session, event) = admit(who, oid, Way::Gosuslugi, (now, rng));
                    let cookies =
                        (SetCookie::new(place, SESSION_COOKIE, &session), SetCookie::remove(place, REFUSAL_COOKIE));
                    Ok((vec![event], ((cookies, home), compared)))
                }
                Err(refusal) => {
                    let id = rng.hex::<16>();
                    // Whoever was signed in before is so no longer: the browser is another person's now.
                    let cookies =
                        (SetCookie::new(place, REFUSAL_COOKIE, &id), SetCookie::remove(place, SESSION_COOKIE));
                    let expires_at = now + TimeDelta::hours(REFUSAL_H);
                    let compared_too = compared.clone();
                    let event = DiaryEvent::Refused { refusal, oid, name, compared, id, expires_at };
                    Ok((vec![event], ((cookies, "/refusal"), compared_too)))
                }
            }
        })
        .await?;
    for Comparison { what, expected, got, same } in compared {
        checks.expect((&what, "R000.2, R000.5, R001.2, R001.5, R001.7"), expected, got, same);
    }
    let (cookies, path) = answer;
    Ok((cookies, see_other(place, path)).into_response())
}

/// Why a sign-in breaks off.
enum Failure {
    Gosuslugi(GosuslugiError),
    Trouble(Trouble),
}

impl From<GosuslugiError> for Failure {
    fn from(error: GosuslugiError) -> Self {
        Self::Gosuslugi(error)
    }
}

/// One sign-in's talk with Gosuslugi.
struct Conversation<'a> {
    world: &'a World<Diary>,
    gosuslugi: Gosuslugi<'a>,
    provider: &'a Provider,
    returned: &'a Returned,
    checks: &'a Checks,
}

impl Conversation<'_> {
    async fn end(&self, back: &Back, redirect_uri: &str) -> Result<Ending, Failure> {
        if let Some(error) = &back.error {
            return refused_there(error, back.error_description.as_deref().unwrap_or_default());
        }
        let Some(code) = &back.code else {
            return Err(Failure::Trouble(Trouble::bad_request("code", "В ответе Госуслуг нет ни кода, ни ошибки")));
        };
        let tokens = self.gosuslugi.exchange(code, &self.returned.token_state, redirect_uri).await?;
        let identity = self.identity(&tokens).await?;
        let asked = SCOPES.split(' ');
        let missing: Vec<&str> = asked.filter(|scope| !identity.granted.contains(scope)).collect();
        let is_full = missing.is_empty();
        let got = if is_full { "всё".to_owned() } else { format!("без {}", missing.join(" ")) };
        // Not a fault: this is how a minor without a consent comes back (DESIGN.md, *Consent on the wire*).
        self.checks.note(("granted-scopes", "R000.11, R001.3"), SCOPES, got, worlds::Outcome::Passed);
        if is_full {
            let person = self.gosuslugi.person(identity.oid, &tokens.access_token).await?;
            return Ok(Ending::Person(present(&identity, &person)?));
        }
        if !identity.is_trusted && identity.level != Some(Level::Kd) {
            return Ok(Ending::Refused(Refusal::AccountNotConfirmed, Some(identity.oid)));
        }
        let refusal = self.ask_consent(identity.oid).await?;
        Ok(Ending::Refused(refusal, Some(identity.oid)))
    }

    /// Believes the tokens, asking for a new certificate once when a signature does not fit the one that is known.
    async fn identity(&self, tokens: &TokenResponse) -> Result<Identity, GosuslugiError> {
        let now = self.returned.now;
        let known = self.gosuslugi.certificate(false).await?;
        match believe(tokens, self.provider, (known.public_key()?, now), self.checks) {
            Err(error) if error.is_signature() && self.provider.certificate.is_none() => {
                let fresh = self.gosuslugi.certificate(true).await?;
                if fresh == known {
                    return Err(error.into());
                }
                Ok(believe(tokens, self.provider, (fresh.public_key()?, now), self.checks)?)
            }
            other => Ok(other?),
        }
    }

    async fn ask_consent(&self, oid: Oid) -> Result<Refusal, Failure> {
        let answer = self.gosuslugi.ask_consent(oid, &self.returned.system_state).await?;
        let guardians = answer.guardians;
        let event = DiaryEvent::ConsentAsked { oid, status: answer.status.code().to_owned(), guardians };
        let kept = self.world.act::<_, Trouble>(|_, _, _| Ok((vec![event.clone()], ()))).await;
        kept.map_err(|error| Failure::Trouble(error.into()))?;
        Ok(match answer.status {
            ConsentStatus::NoGuardian => Refusal::NoGuardianBound,
            ConsentStatus::Requested => Refusal::ConsentOfGuardianNeeded { guardians: guardians.max(1) },
            ConsentStatus::Granted => Refusal::ConsentOfGuardianNeeded { guardians: 0 },
        })
    }
}

/// An error that came by redirect. The code stands before the colon (ESIA-PROTOCOL §1.4).
fn refused_there(error: &str, description: &str) -> Result<Ending, Failure> {
    match description.split(':').next().unwrap_or_default() {
        "ESIA-007055" => Ok(Ending::Refused(Refusal::AccountNotConfirmed, None)),
        code if error == "access_denied" && code != "ESIA-007053" => Ok(Ending::Refused(Refusal::ConsentNeeded, None)),
        _ => {
            let body = format!("{error}: {description}").chars().take(300).collect();
            let status = axum::http::StatusCode::FOUND;
            Err(GosuslugiError::Refused { what: "страница входа", status, body }.into())
        }
    }
}

/// Reads what the register is compared with.
fn present(identity: &Identity, person: &Person) -> Result<Presented, GosuslugiError> {
    let name = match (&person.last_name, &person.first_name) {
        (Some(last), Some(first)) => {
            let read = FullName::new(last, first, person.middle_name.as_deref());
            let junk = |error: esia::ids::NameError| GosuslugiError::Junk {
                what: "данные человека",
                reason: error.to_string(),
            };
            Some(read.map_err(junk)?)
        }
        _ => None,
    };
    let documents = person.documents.iter().flat_map(Collection::as_items);
    let certificates = documents
        .filter(|document| document.r#type == DocumentKind::RfBrthCert)
        .filter_map(|document| BirthCertificate::new(document.series.as_deref()?, document.number.as_deref()?).ok());
    Ok(Presented {
        oid: identity.oid,
        name,
        snils: person.snils,
        born: person.birth_date.map(|date| date.0),
        certificates: certificates.collect(),
        is_trusted: person.trusted,
        is_child_account: identity.level == Some(Level::Kd),
    })
}

impl App {
    /// The provider of a world.
    pub(crate) fn gosuslugi<'a>(&'a self, provider: &'a Provider, base: &Url, now: DateTime<Utc>) -> Gosuslugi<'a> {
        Gosuslugi::new(&self.outward, provider, base, now)
    }
}
