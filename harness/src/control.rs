//! Client of the control API of both servers.

use std::{error::Error, fmt, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{Client, Method, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;
use worlds::Entry;

pub(crate) use crate::net::reason;
use crate::{
    language::{pick, tr},
    net,
    words::with_moscow_times,
};

/// Time limit for an answer of the control API.
const PATIENCE: Duration = Duration::from_secs(15);
/// Time limit for `GET /health`.
const PATIENCE_OF_HEALTH: Duration = Duration::from_secs(5);

/// Server that takes part in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// The mock Gosuslugi.
    Idp,
    /// The school diary.
    Diary,
}

impl Party {
    /// Name of the server in stories.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслуги", "Gosuslugi"),
            Self::Diary => pick("дневник", "the diary"),
        }
    }

    /// Name with its verb, for a refusal.
    fn refuses(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслуги отказывают", "Gosuslugi refuses"),
            Self::Diary => pick("дневник отказывает", "the diary refuses"),
        }
    }

    /// Name in the genitive («от кого»), with its command.
    fn genitive(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслуг (idp)", "Gosuslugi (idp)"),
            Self::Diary => pick("дневника (diary)", "the diary (diary)"),
        }
    }

    /// Name in the dative («кому»), with its command.
    fn dative(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслугам (idp)", "Gosuslugi (idp)"),
            Self::Diary => pick("дневнику (diary)", "the diary (diary)"),
        }
    }

    /// Name of the server's command and flag, and in `/health`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Idp => "idp",
            Self::Diary => "diary",
        }
    }

    /// Finds a server by its name in `/health`.
    fn of_key(key: &str) -> Option<Self> {
        [Self::Idp, Self::Diary].into_iter().find(|party| party.key() == key)
    }
}

/// Error of a request to the control API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlError {
    /// The server does not answer, or its answer cannot be read.
    Silent {
        /// Server that was asked.
        party: Party,
        /// Base URL and cause.
        reason: String,
    },
    /// A foreign side did not do what its description says.
    Undone {
        /// Side that was asked.
        party: Party,
        /// The action and its result.
        reason: String,
    },
    /// The server refuses the request.
    Refused {
        /// Server that was asked.
        party: Party,
        /// HTTP status of the refusal.
        status: u16,
        /// Message of the server, with times in Moscow time.
        title: String,
        /// Name of the wrong field in the API.
        field: Option<String>,
    },
    /// The control API requires another token.
    Locked {
        /// Server that was asked.
        party: Party,
    },
    /// The other of the two servers answers.
    Other {
        /// Server that was asked.
        party: Party,
        /// Server that answers instead.
        found: Party,
        /// Base URL of the request.
        url: Url,
    },
    /// Another program answers.
    Foreign {
        /// Server that was asked.
        party: Party,
        /// Base URL of the request.
        url: Url,
        /// Short form of its answer, as `GET /health: 404`.
        said: String,
    },
    /// The server answers, but is not healthy.
    Unwell {
        /// Server that was asked.
        party: Party,
        /// Base URL of the request.
        url: Url,
        /// Message of the server.
        said: String,
    },
}

impl ControlError {
    /// Server that was asked.
    pub const fn party(&self) -> Party {
        match self {
            Self::Silent { party, .. }
            | Self::Undone { party, .. }
            | Self::Refused { party, .. }
            | Self::Locked { party }
            | Self::Other { party, .. }
            | Self::Foreign { party, .. }
            | Self::Unwell { party, .. } => *party,
        }
    }
}

impl Error for ControlError {}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let party = self.party();
        let (name, from, whom, key) = (party.name(), party.genitive(), party.dative(), party.key());
        f.write_str(&match self {
            Self::Silent { reason, .. } => tr!("нет ответа от {from}: {reason}", "no answer from {from}: {reason}"),
            Self::Undone { reason, .. } => tr!(
                "{name} не сделал того, что велит описание: {reason}",
                "{name} did not do what the description says: {reason}"
            ),
            Self::Refused { title, field, .. } => {
                format!("{}: {title}{}", party.refuses(), of_field(field.as_deref()))
            }
            Self::Locked { .. } => tr!(
                "{whom} нужен другой маркер управления: задайте его в --control-token или ESIA_STAND_CONTROL_TOKEN",
                "{whom} wants another control token: give it in --control-token or ESIA_STAND_CONTROL_TOKEN"
            ),
            Self::Other { found, url, .. } => {
                let found = found.name();
                tr!(
                    "по адресу {url} отвечает {found}, а нужен ответ от {from}: не перепутаны ли --idp и --diary?",
                    "{found} answers at {url}, where {from} is wanted: are --idp and --diary the wrong way round?"
                )
            }
            Self::Foreign { url, said, .. } => tr!(
                "по адресу {url} отвечает другая программа, а не esia-stand ({said}): проверьте адрес в --{key}",
                "another program answers at {url}, not esia-stand ({said}): look at the address in --{key}"
            ),
            Self::Unwell { url, said, .. } => tr!(
                "{name} по адресу {url}: сервер неисправен: {said}",
                "{name} at {url}: the server is not well: {said}"
            ),
        })
    }
}

/// Name of a wrong field for a message; empty for fields of the clock and the desk, whose values are in the step
/// itself.
fn of_field(field: Option<&str>) -> String {
    match field {
        None | Some("clock" | "to" | "advance" | "place" | "card") => String::new(),
        Some(field) => tr!(" (поле «{field}»)", " (field \"{field}\")"),
    }
}

/// Time and mode of a world's clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Time {
    /// Current time of the world.
    pub now: DateTime<Utc>,
    mode: String,
}

impl Time {
    /// Time of a running clock, for a side that has the machine's clock.
    pub(crate) fn running(now: DateTime<Utc>) -> Self {
        Self { now, mode: "running".to_owned() }
    }

    /// Checks whether the clock is frozen.
    pub fn stands(&self) -> bool {
        self.mode == "frozen"
    }
}

/// Fault that is set in a world.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SetFault {
    /// Number of the fault in the world.
    pub number: u64,
    /// Name of the fault in the catalogue.
    pub fault: String,
}

/// Result of `GET /health` at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// One of our servers, healthy.
    Well(Party),
    /// One of our servers with its message. A server that has lost its store may not say which one it is.
    Unwell(Option<Party>, String),
    /// Another program, with its answer.
    Foreign(String),
}

impl Health {
    /// Requests `/health` under a base URL that ends with a slash.
    ///
    /// # Errors
    /// Fails if no server answers.
    pub async fn ask(client: &Client, base: &Url) -> Result<Self, reqwest::Error> {
        let mut url = base.clone();
        url.set_path(&format!("{}/health", base.path().trim_end_matches('/')));
        let response = client.get(url).timeout(PATIENCE_OF_HEALTH).send().await?;
        let status = response.status();
        let said: Value = response.json().await.unwrap_or_default();
        let text = |field: &str| said.get(field).and_then(Value::as_str).unwrap_or_default();
        let told = || [text("title"), text("status")].into_iter().find(|told| !told.is_empty()).unwrap_or_default();
        Ok(match Party::of_key(text("server")) {
            Some(party) if status.is_success() && text("status") == "ok" => Self::Well(party),
            Some(party) => Self::Unwell(Some(party), told().to_owned()),
            None if !text("code").is_empty() && !text("title").is_empty() => Self::Unwell(None, told().to_owned()),
            None => Self::Foreign(format!("GET /health: {}", status.as_u16())),
        })
    }
}

/// Person of a world.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// Key of the person in the seed.
    pub key: String,
    /// Surname, first name, patronymic.
    pub name: String,
    /// E-mail, telephone or СНИЛС to sign in with; `None` without an account.
    pub login: Option<String>,
    /// Password of the account.
    pub password: Option<String>,
    /// Description from the seed, one Russian sentence.
    #[serde(default)]
    pub about: String,
}

/// Event in a world's timeline.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// Sequence number: 1, 2, 3, … without gaps.
    pub seq: u64,
    /// Time of the event by the world's clock.
    pub at: DateTime<Utc>,
    /// Time of recording by the machine's clock, if the server still knows it.
    #[serde(default)]
    pub recorded_at: Option<DateTime<Utc>>,
    /// Text of the event, one Russian sentence.
    pub text: String,
}

/// Outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckOutcome {
    /// The request passes the check.
    Passed,
    /// The request was refused because of the check.
    Failed,
    /// The request does not pass, but was accepted because the world is lenient.
    Tolerated,
}

/// One check of a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Check {
    /// Stable name of the rule, as `client-signature`.
    pub rule: String,
    /// Source of the rule, as `RFC 7636 §4.6`.
    pub source: String,
    /// Value that the check expects.
    pub expected: String,
    /// Value that the request has.
    pub got: String,
    /// Outcome of the check.
    pub outcome: CheckOutcome,
    /// Error code of the protocol with which the request was refused because of the check.
    #[serde(default)]
    pub error: Option<String>,
    /// Stable names of known mistakes that explain the failure.
    #[serde(default)]
    pub mistakes: Vec<String>,
}

/// Request in a world's journal.
#[derive(Debug, Clone, Deserialize)]
pub struct JournalEntry {
    /// Number in the journal, from 1.
    pub id: u64,
    /// HTTP method: `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// HTTP status of the response.
    pub status: u16,
    /// Checks of the request, in order.
    #[serde(default)]
    pub verdict: Vec<Check>,
    /// Names of the faults that changed the response on purpose.
    #[serde(default)]
    pub faults: Vec<String>,
}

impl JournalEntry {
    /// Path of the request without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Letter (e-mail) or SMS.
#[derive(Debug, Clone, Deserialize)]
pub struct Letter {
    /// Channel: `email` or `sms`.
    pub channel: String,
    /// E-mail address or telephone number.
    pub to: String,
    /// Subject of an e-mail.
    pub subject: Option<String>,
    /// Text of the whole letter.
    pub text: String,
    /// Link in the letter that the recipient should follow.
    pub link: Option<Url>,
}

/// Response of `restore`.
#[derive(Debug, Deserialize)]
struct OneTime {
    password: String,
}

/// Response of `totp`.
#[derive(Debug, Deserialize)]
struct Shown {
    code: String,
}

/// Response of `session`.
#[derive(Debug, Deserialize)]
struct Opened {
    link: Url,
}

/// Control API of one server.
#[derive(Debug, Clone)]
pub struct Control {
    /// Server to which the API belongs.
    pub party: Party,
    /// Base URL of the server, ending with a slash.
    pub base: Url,
    client: Client,
    token: Option<String>,
}

impl Control {
    /// Creates a client of the control API at a server's base URL.
    ///
    /// # Errors
    /// Fails if no HTTP client can be built.
    pub fn new(party: Party, base: Url, token: Option<String>) -> Result<Self, ControlError> {
        let base = net::folder(base);
        let builder = net::client(&base).timeout(PATIENCE).connect_timeout(Duration::from_secs(3));
        let client = builder.build().map_err(|error| ControlError::Silent { party, reason: reason(&error) })?;
        Ok(Self { party, base, client, token })
    }

    /// Control token, if one was given.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Base URL of a world, ending with a slash.
    ///
    /// # Errors
    /// Fails if the name cannot be part of a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        self.base.join(&format!("w/{name}/")).map_err(|error| self.unreadable(error))
    }

    /// Base URL under which clients find a world; that of the world `main` is the server's.
    ///
    /// # Errors
    /// Fails if the name cannot be part of a URL.
    pub fn home(&self, name: &str) -> Result<Url, ControlError> {
        if name == "main" { Ok(self.base.clone()) } else { self.world(name) }
    }

    /// URL of a path in a world.
    ///
    /// # Errors
    /// Fails if the path cannot be part of a URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        self.world(world)?.join(path).map_err(|error| self.unreadable(error))
    }

    /// Checks that the right server answers and is healthy.
    ///
    /// # Errors
    /// Fails if no server answers, if another program answers, or if the server is not healthy.
    pub async fn health(&self) -> Result<(), ControlError> {
        let (party, url) = (self.party, self.base.clone());
        match Health::ask(&self.client, &url).await.map_err(|error| self.silent(&error))? {
            Health::Well(found) | Health::Unwell(Some(found), _) if found != party => {
                Err(ControlError::Other { party, found, url })
            }
            Health::Well(_) => Ok(()),
            Health::Unwell(_, said) => Err(ControlError::Unwell { party, url, said }),
            Health::Foreign(said) => Err(ControlError::Foreign { party, url, said }),
        }
    }

    /// Checks that the control API accepts the token.
    ///
    /// # Errors
    /// Fails if another token is required.
    pub async fn unlocked(&self) -> Result<(), ControlError> {
        self.ask::<Value>(Method::GET, "control/worlds", None).await.map(|_| ())
    }

    /// Creates a world from a seed.
    ///
    /// # Errors
    /// Fails if the server refuses the seed.
    pub async fn create(&self, name: &str, seed: &Value) -> Result<(), ControlError> {
        let body = json!({ "name": name, "seed": seed });
        self.ask::<Value>(Method::POST, "control/worlds", Some(body)).await.map(|_| ())
    }

    /// Deletes a world.
    ///
    /// # Errors
    /// Fails if the server does not delete it.
    pub async fn delete(&self, name: &str) -> Result<(), ControlError> {
        self.send(Method::DELETE, &format!("control/worlds/{name}"), None).await.map(|_| ())
    }

    /// Changes a world's clock: `{"advance": "15m"}` or `{"to": "…"}`.
    ///
    /// # Errors
    /// Fails if the server refuses the change.
    pub async fn clock(&self, world: &str, order: &Value) -> Result<(), ControlError> {
        self.ask::<Value>(Method::POST, &format!("w/{world}/control/clock"), Some(order.clone())).await.map(|_| ())
    }

    /// Returns a world's time.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn time(&self, world: &str) -> Result<Time, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/clock"), None).await
    }

    /// Returns the people of a world.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn people(&self, world: &str) -> Result<Vec<Person>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/people"), None).await
    }

    /// Confirms a person's account like an МФЦ or a bank.
    ///
    /// # Errors
    /// Fails if the desk refuses.
    pub async fn confirm(&self, world: &str, person: &str, desk: &Value) -> Result<(), ControlError> {
        let path = format!("w/{world}/control/people/{person}/confirm");
        self.ask::<Value>(Method::POST, &path, Some(desk.clone())).await.map(|_| ())
    }

    /// Returns the one-time password that an МФЦ gives to a person who cannot sign in.
    ///
    /// # Errors
    /// Fails if the desk refuses.
    pub async fn restore(&self, world: &str, person: &str) -> Result<String, ControlError> {
        let path = format!("w/{world}/control/people/{person}/restore");
        Ok(self.ask::<OneTime>(Method::POST, &path, Some(json!({}))).await?.password)
    }

    /// Returns the one-time code that the person's application shows now.
    ///
    /// # Errors
    /// Fails if no application is connected.
    pub async fn totp(&self, world: &str, person: &str) -> Result<String, ControlError> {
        let path = format!("w/{world}/control/people/{person}/totp");
        Ok(self.ask::<Shown>(Method::GET, &path, None).await?.code)
    }

    /// Changes how an agency (`zags`, `sfr`, `mvd`) answers.
    ///
    /// # Errors
    /// Fails if the server refuses the change.
    pub async fn agency(&self, world: &str, agency: &str, order: &Value) -> Result<(), ControlError> {
        let path = format!("w/{world}/control/agencies/{agency}");
        self.ask::<Value>(Method::PATCH, &path, Some(order.clone())).await.map(|_| ())
    }

    /// Sets a fault of the provider: `{"fault": "claim.aud-other"}`.
    ///
    /// # Errors
    /// Fails if the fault is not in the catalogue.
    pub async fn set_fault(&self, world: &str, fault: &Value) -> Result<(), ControlError> {
        self.ask::<Value>(Method::POST, &format!("w/{world}/control/faults"), Some(fault.clone())).await.map(|_| ())
    }

    /// Returns the faults that are set, by number and name.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn faults(&self, world: &str) -> Result<Vec<SetFault>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/faults"), None).await
    }

    /// Changes the provider's keys: `{"do": "replace", "algorithm": "RS256"}`.
    ///
    /// # Errors
    /// Fails if the server refuses the change.
    pub async fn change_keys(&self, world: &str, order: &Value) -> Result<(), ControlError> {
        self.ask::<Value>(Method::POST, &format!("w/{world}/control/keys"), Some(order.clone())).await.map(|_| ())
    }

    /// Lifts the fault with this number.
    ///
    /// # Errors
    /// Fails if the fault is not set.
    pub async fn lift_fault(&self, world: &str, number: u64) -> Result<(), ControlError> {
        self.send(Method::DELETE, &format!("w/{world}/control/faults/{number}"), None).await.map(|_| ())
    }

    /// Returns letters and SMS to an address, newest first.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("to", to).finish();
        self.ask(Method::GET, &format!("w/{world}/control/outbox?{query}"), None).await
    }

    /// Returns events of a world after a sequence number, 1,000 at most.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn timeline(&self, world: &str, after: u64) -> Result<Vec<Line>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/timeline?after={after}&limit=1000"), None).await
    }

    /// Returns all events of a world as the server's JSON, oldest first.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn whole_timeline(&self, world: &str) -> Result<Vec<Value>, ControlError> {
        let (mut lines, mut after) = (Vec::new(), 0);
        loop {
            let path = format!("w/{world}/control/timeline?after={after}&limit=1000");
            let more: Vec<Value> = self.ask(Method::GET, &path, None).await?;
            let last = more.last().and_then(|line| line.get("seq")).and_then(Value::as_u64);
            lines.extend(more);
            match last {
                Some(last) if last > after => after = last,
                _ => return Ok(lines),
            }
        }
    }

    /// Exports a world as one document that can be imported.
    ///
    /// # Errors
    /// Fails if the server does not export it.
    pub async fn export(&self, world: &str) -> Result<Value, ControlError> {
        self.ask(Method::GET, &format!("control/worlds/{world}/export"), None).await
    }

    /// Returns the last 40 requests to a world, newest first.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn requests(&self, world: &str) -> Result<Vec<JournalEntry>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?limit=40"), None).await
    }

    /// Returns the journal of a world, newest first, 1,000 requests at most.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn journal(&self, world: &str) -> Result<Vec<Entry>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?limit=1000"), None).await
    }

    /// Returns the id of the newest request to a world; 0 if there is none.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn last_request(&self, world: &str) -> Result<u64, ControlError> {
        let newest: Vec<JournalEntry> =
            self.ask(Method::GET, &format!("w/{world}/control/requests?limit=1"), None).await?;
        Ok(newest.first().map_or(0, |entry| entry.id))
    }

    /// Returns requests to a world after an id, newest first, 1,000 at most.
    ///
    /// # Errors
    /// Fails if the server does not answer the request.
    pub async fn requests_after(&self, world: &str, after: u64) -> Result<Vec<JournalEntry>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?after={after}&limit=1000"), None).await
    }

    /// Lifts all faults of a world.
    ///
    /// # Errors
    /// Fails if the provider does not lift them.
    pub async fn lift_faults(&self, world: &str) -> Result<(), ControlError> {
        self.send(Method::DELETE, &format!("w/{world}/control/faults"), None).await.map(|_| ())
    }

    /// Returns a link that signs any browser in as a person, once.
    ///
    /// # Errors
    /// Fails if the world has no such person.
    pub async fn session_link(&self, world: &str, person: &str) -> Result<Url, ControlError> {
        let home = self.home(world)?;
        let path = home.join(&format!("control/people/{person}/session")).map_err(|error| self.unreadable(error))?;
        let path = path.as_str();
        Ok(self.ask::<Opened>(Method::POST, path, Some(json!({}))).await?.link)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, ControlError> {
        let response = self.send(method, path, body).await?;
        response.json().await.map_err(|error| self.silent(&error))
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Response, ControlError> {
        let mut request = self.client.request(method, self.address_of(path)?);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|error| self.silent(&error))?;
        let status = response.status();
        if status.is_success() { Ok(response) } else { Err(self.refused(status, response).await) }
    }

    fn address_of(&self, path: &str) -> Result<Url, ControlError> {
        self.base.join(path).map_err(|error| self.unreadable(error))
    }

    async fn refused(&self, status: StatusCode, response: Response) -> ControlError {
        let (party, problem) = (self.party, response.json::<Value>().await.unwrap_or_default());
        let said = |field: &str| problem.get(field).and_then(Value::as_str).unwrap_or_default();
        if said("code") == "control-token" {
            return ControlError::Locked { party };
        }
        let title = match said("title") {
            "" => tr!("ответ {}", "answer {}", status.as_u16()),
            title => with_moscow_times(title),
        };
        let field = Some(said("field").to_owned()).filter(|field| !field.is_empty());
        ControlError::Refused { party, status: status.as_u16(), title, field }
    }

    fn silent(&self, error: &reqwest::Error) -> ControlError {
        ControlError::Silent { party: self.party, reason: reason(error) }
    }

    fn unreadable(&self, error: url::ParseError) -> ControlError {
        let base = &self.base;
        let reason = tr!("адрес {base} не читается: {error}", "the address {base} cannot be read: {error}");
        ControlError::Silent { party: self.party, reason }
    }
}
