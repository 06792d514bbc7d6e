//! `GET /callback`: the browser is back from Gosuslugi.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use serde::Deserialize;
use web::{Checks, Cookies, InWorld, Problem, Query, SetCookie, WorldUrl, see_other};
use worlds::World;

use super::{
    Arrival, Kept, Refusal, SESSION_COOKIE,
    door::{CameBack, ConsentStatus, Door, Proof},
    fault::GosuslugiError,
    handlers::{BROWSER_COOKIE, REFUSAL_COOKIE},
    pending::{Pending, UnderWay},
};
use crate::{
    app::App,
    profile::Strangers,
    register::{Comparison, Presented, Who},
    state::{Diary, DiaryEvent, Settled, Stranger, Way},
};

/// How long the page of a refusal can be shown again, hours.
const REFUSAL_H: i64 = 3;

/// What the provider sends along (ESIA §1.3, §1.4).
#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// A sign-in that came back, with the states of the diary's own requests.
struct Returned {
    state: String,
    token_state: String,
    system_state: String,
    proof: Option<Proof>,
    now: DateTime<Utc>,
}

/// How a sign-in ends when Gosuslugi have said all there is to say.
enum Ending {
    /// This is who it is, their session at Gosuslugi, and what keeps their data open.
    Person(Box<Presented>, Option<String>, Box<Kept>),
    /// Whoever it is, the answer is no.
    Refused(Refusal, Option<Oid>),
}

/// `GET /callback`
pub(crate) async fn callback(
    InWorld { world, world_url }: InWorld<Diary>,
    State(app): State<App>,
    Query(back): Query<Back>,
    cookies: Cookies,
    checks: Checks,
) -> Result<Response, Problem> {
    let returned = take_pending(&world, &world_url, &back, (&cookies, &checks)).await?;
    let settled = world.read(|diary, _| diary.settled.clone()).await?;
    let conversation = async {
        let base = app.provider_of(&settled.provider, &world_url.world)?;
        let door = app.door(&settled, &base, returned.now);
        Conversation { world: &world, door, settled: &settled, returned: &returned, checks: &checks }
            .end(&back, &world_url.url("/callback"))
            .await
    };
    match conversation.await {
        Ok(ending) => finish(&app, (&world, &world_url), ending, &checks).await,
        Err(Failure::Gosuslugi(error)) => {
            let event = DiaryEvent::SigninFailed { state: returned.state, reason: error.to_string() };
            world.act::<_, Problem>(|_, _, _| Ok((vec![event.clone()], ()))).await?;
            checks.expect(("gosuslugi", "ESIA §3"), "ответ по протоколу", error.to_string(), false);
            Err(Problem::from(&error))
        }
        Err(Failure::Problem(problem)) => Err(problem),
    }
}

/// Uses up the `state`, if it is one that this browser was sent away with.
async fn take_pending(
    world: &World<Diary>,
    world_url: &WorldUrl,
    back: &Back,
    (cookies, checks): (&Cookies, &Checks),
) -> Result<Returned, Problem> {
    let (state, cookie) = (back.state.clone().unwrap_or_default(), cookies.get(world_url, BROWSER_COOKIE));
    let returned = world
        .act(|diary, now, rng| {
            let under_way = UnderWay::read(cookie, now);
            let pending = under_way.find(&state).filter(|_| diary.returned.get(&state, now).is_none());
            let Some(Pending { proof, expires_at, .. }) = pending.cloned() else {
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
            Ok((vec![event], Returned { state: state.clone(), token_state, system_state, proof, now }))
        })
        .await;
    let rule = ("state", "RFC 6749 §10.12");
    checks.expect(rule, "начатый этим браузером и ещё не завершённый вход", &*state, returned.is_ok());
    Ok(returned?)
}

/// What a sign-in ends in.
enum Outcome {
    /// Of this session, with where to go.
    Admitted(String, &'static str),
    /// To be shown under this id.
    Refused(String),
}

/// Records who came in or was refused, and shows where to go.
async fn finish(
    app: &App,
    (world, world_url): (&World<Diary>, &WorldUrl),
    ending: Ending,
    checks: &Checks,
) -> Result<Response, Problem> {
    let (outcome, compared) = world
        .act::<_, Problem>(|diary, now, rng| {
            let (verdict, oid, name, compared) = match &ending {
                Ending::Refused(refusal, oid) => (Err(refusal.clone()), *oid, String::new(), Vec::new()),
                Ending::Person(person, ..) => {
                    let (verdict, compared) =
                        diary.register.recognise(person, &diary.settled.profile, worlds::moscow::date(now));
                    let name = person.name.as_ref().map(ToString::to_string).unwrap_or_default();
                    (verdict, Some(person.oid), name, compared)
                }
            };
            let arrival = match (verdict, &ending) {
                (Ok(who), _) => Ok((who, None)),
                (Err(refusal), Ending::Person(person, ..)) if opens_desk(diary, &refusal) => {
                    let who = Who { name: name.clone(), ..Who::default() };
                    Ok((who, Some(Stranger { person: (**person).clone(), refusal }.into())))
                }
                (Err(refusal), _) => Err(refusal),
            };
            let (told, (events, outcome)) = (
                compared.clone(),
                match arrival {
                    Ok((who, stranger)) => {
                        let sid = match &ending {
                            Ending::Person(_, sid, _) => sid.clone(),
                            Ending::Refused(..) => None,
                        };
                        let arrival = Arrival { who: who.clone(), oid, sid, way: Way::Gosuslugi, stranger };
                        let (session, event) = arrival.admit(diary, now, rng);
                        let took_over = oid.and_then(|oid| diary.take_over(&who, oid, &session));
                        (took_over.into_iter().chain([event]).collect(), Outcome::Admitted(session, who.home()))
                    }
                    Err(refusal) => {
                        let (id, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(REFUSAL_H));
                        let event = DiaryEvent::Refused { refusal, oid, name, compared, id: id.clone(), expires_at };
                        (vec![event], Outcome::Refused(id))
                    }
                },
            );
            Ok((events, (outcome, told)))
        })
        .await?;
    for comparison in compared {
        let why = comparison.likeness().map(|why| format!(" ({why})")).unwrap_or_default();
        let Comparison { what, expected, got, same } = comparison;
        let got = got + &why;
        checks.expect((&what, "R000.2, R000.5, R001.2, R001.5, R001.7, R003.2, R004.3, R004.4"), expected, got, same);
    }
    Ok(match outcome {
        Outcome::Admitted(session, home) => {
            if let Ending::Person(.., kept) = ending {
                app.keep(&world_url.world, &session, *kept);
            }
            let cookies =
                (SetCookie::new(world_url, SESSION_COOKIE, &session), SetCookie::remove(world_url, REFUSAL_COOKIE));
            (cookies, see_other(world_url, home)).into_response()
        }
        // Whoever was signed in before is so no longer: the browser is another person's now.
        Outcome::Refused(id) => {
            let cookies =
                (SetCookie::new(world_url, REFUSAL_COOKIE, &id), SetCookie::remove(world_url, SESSION_COOKIE));
            (cookies, see_other(world_url, "/refusal")).into_response()
        }
    })
}

/// Whether somebody who is not let in comes to the desk instead of reading a refusal (R003.5, R004.3).
fn opens_desk(diary: &Diary, refusal: &Refusal) -> bool {
    match diary.settled.profile.strangers {
        Strangers::Refuse => false,
        Strangers::Desk => refusal.is_about_the_register(),
        Strangers::Application => matches!(refusal, Refusal::AdultNotFound | Refusal::ParentNotOnCard),
    }
}

impl Diary {
    /// Somebody with a password of the diary has come through Gosuslugi: from now on that is who they are, with
    /// everything that was theirs. Told once.
    fn take_over(&self, who: &Who, oid: Oid, session: &str) -> Option<DiaryEvent> {
        let key = who.key()?;
        let is_new = self.register.has_login(who) && !self.taken_over.contains_key(key);
        let event = || {
            let (key, name, session) = (key.to_owned(), who.name.clone(), session.to_owned());
            DiaryEvent::AccountTookOver { key, name, oid, session }
        };
        is_new.then(event)
    }
}

/// Why a sign-in breaks off.
enum Failure {
    Gosuslugi(GosuslugiError),
    Problem(Problem),
}

impl From<GosuslugiError> for Failure {
    fn from(error: GosuslugiError) -> Self {
        Self::Gosuslugi(error)
    }
}

/// One sign-in's talk with Gosuslugi.
struct Conversation<'a> {
    world: &'a World<Diary>,
    door: Door<'a>,
    settled: &'a Settled,
    returned: &'a Returned,
    checks: &'a Checks,
}

impl Conversation<'_> {
    async fn end(&self, back: &Back, redirect_uri: &str) -> Result<Ending, Failure> {
        if let Some(error) = &back.error {
            return refused_there(error, back.error_description.as_deref().unwrap_or_default());
        }
        let Some(code) = &back.code else {
            return Err(Failure::Problem(Problem::bad_request("code", "В ответе Госуслуг нет ни кода, ни ошибки")));
        };
        let Returned { token_state: state, proof, now, .. } = self.returned;
        let code = CameBack { code, state, proof: proof.as_ref(), redirect_uri, iss: back.iss.as_deref() };
        let came = self.door.came(&code, self.checks).await?;
        let got =
            if came.missing.is_empty() { "всё".to_owned() } else { format!("без {}", came.missing.join(" ")) };
        // Not a fault: this is how a minor without a consent comes back (Design, Consent on the wire).
        let asked = self.settled.profile.scopes.join(" ");
        self.checks.note(("granted-scopes", "R000.11, R001.3"), asked, got, worlds::Outcome::Passed);
        if let Some(person) = came.known {
            let kept = Kept::new((came.oid, person.snils), came.tokens, *now);
            return Ok(Ending::Person(person, came.sid, Box::new(kept)));
        }
        let refused = |refusal| Ok(Ending::Refused(refusal, Some(came.oid)));
        if !came.is_trusted && !came.is_child_account {
            return refused(Refusal::AccountNotConfirmed);
        }
        if !self.settled.profile.consent.ask_guardians {
            return refused(Refusal::ConsentNotAsked);
        }
        refused(self.ask_consent(came.oid).await?)
    }

    async fn ask_consent(&self, oid: Oid) -> Result<Refusal, Failure> {
        let answer = self.door.ask_consent(oid, &self.returned.system_state).await?;
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

/// An error that came by redirect. The code stands before the colon (ESIA §1.4).
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
