//! The control API of both servers, asked over HTTP.

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

/// Time limit for an answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Time limit for `GET /health`.
const PATIENCE_OF_HEALTH: Duration = Duration::from_secs(5);

/// One of the two servers of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// The mock Gosuslugi.
    Idp,
    /// The school diary.
    Diary,
}

impl Party {
    /// As stories name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслуги", "Gosuslugi"),
            Self::Diary => pick("дневник", "the diary"),
        }
    }

    /// The same with its verb.
    fn refuses(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслуги отказывают", "Gosuslugi refuses"),
            Self::Diary => pick("дневник отказывает", "the diary refuses"),
        }
    }

    /// The same, «от кого»: with the name of its command.
    fn genitive(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслуг (idp)", "Gosuslugi (idp)"),
            Self::Diary => pick("дневника (diary)", "the diary (diary)"),
        }
    }

    /// The same, «кому».
    fn dative(self) -> &'static str {
        match self {
            Self::Idp => pick("Госуслугам (idp)", "Gosuslugi (idp)"),
            Self::Diary => pick("дневнику (diary)", "the diary (diary)"),
        }
    }

    /// Its command, its flag and its name in `/health`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Idp => "idp",
            Self::Diary => "diary",
        }
    }

    /// By its name in `/health`.
    fn of_key(key: &str) -> Option<Self> {
        [Self::Idp, Self::Diary].into_iter().find(|party| party.key() == key)
    }
}

/// Error of a request to the control API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlError {
    /// The server does not answer, or answers nonsense.
    Silent {
        /// The server that was asked.
        party: Party,
        /// Base URL and cause.
        reason: String,
    },
    /// A foreign side does not do what its description says.
    Undone {
        /// The side that was asked.
        party: Party,
        /// What was asked of it, and what came of it.
        reason: String,
    },
    /// The server refuses.
    Refused {
        /// The server that was asked.
        party: Party,
        /// HTTP status of the refusal.
        status: u16,
        /// In the server's words, times by Moscow's clock.
        title: String,
        /// The field at fault, as the API calls it.
        field: Option<String>,
    },
    /// The control API is locked.
    Locked {
        /// The server that was asked.
        party: Party,
    },
    /// The other server answers.
    Other {
        /// The server that was asked.
        party: Party,
        /// The server that answers instead.
        found: Party,
        /// Base URL that was asked.
        url: Url,
    },
    /// Something else answers.
    Foreign {
        /// The server that was asked.
        party: Party,
        /// Base URL that was asked.
        url: Url,
        /// Its answer in short, as `GET /health: 404`.
        said: String,
    },
    /// The server is there and not well.
    Unwell {
        /// The server that was asked.
        party: Party,
        /// Base URL that was asked.
        url: Url,
        /// In its words.
        said: String,
    },
}

impl ControlError {
    /// The server that was asked.
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

/// A field at fault, where people can make something of it: what the clock was told stands in the step itself.
fn of_field(field: Option<&str>) -> String {
    match field {
        None | Some("clock" | "to" | "advance" | "place" | "card") => String::new(),
        Some(field) => tr!(" (поле «{field}»)", " (field \"{field}\")"),
    }
}

/// The time of a world.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Time {
    /// Instant of the world's clock.
    pub now: DateTime<Utc>,
    mode: String,
}

impl Time {
    /// The time of whoever has the machine's clock.
    pub(crate) fn running(now: DateTime<Utc>) -> Self {
        Self { now, mode: "running".to_owned() }
    }

    /// Whether the clock stands.
    pub fn stands(&self) -> bool {
        self.mode == "frozen"
    }
}

/// A fault that is set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SetFault {
    /// Its number in the world.
    pub number: u64,
    /// Its name in the catalogue.
    pub fault: String,
}

/// Result of `GET /health` at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// One of ours, and all is well.
    Well(Party),
    /// One of ours, in its own words. A server whose store is gone may not say which.
    Unwell(Option<Party>, String),
    /// Another program: what it answered.
    Foreign(String),
}

impl Health {
    /// Asks `/health` under a base URL that ends with a slash.
    ///
    /// # Errors
    /// When nobody answers.
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

/// A person as a server knows them.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// The key in the seed.
    pub key: String,
    /// Surname, first name, patronymic.
    pub name: String,
    /// E-mail, telephone or СНИЛС to sign in with; `None` without an account.
    pub login: Option<String>,
    /// The password of the account.
    pub password: Option<String>,
    /// Description from the seed, one Russian sentence.
    #[serde(default)]
    pub about: String,
}

/// A line of a world's timeline.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// 1, 2, 3, … without gaps.
    pub seq: u64,
    /// Instant of the world's clock.
    pub at: DateTime<Utc>,
    /// Instant of the machine's clock at which it was recorded, where the server still knows.
    #[serde(default)]
    pub recorded_at: Option<DateTime<Utc>>,
    /// Text of the event, one Russian sentence.
    pub text: String,
}

/// Whether a request met a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckOutcome {
    /// The request is as it should be.
    Passed,
    /// The request was refused for it.
    Failed,
    /// The request is wrong and was let through: the world is lenient.
    Tolerated,
}

/// One check of a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Check {
    /// Stable name of the rule, as `client-signature`.
    pub rule: String,
    /// Source of the rule, as `RFC 7636 §4.6`.
    pub source: String,
    /// Value that was expected.
    pub expected: String,
    /// Value that came.
    pub got: String,
    /// Whether the request met it.
    pub outcome: CheckOutcome,
    /// The protocol's code with which the request was refused for it.
    #[serde(default)]
    pub error: Option<String>,
    /// Stable names of known mistakes that explain it.
    #[serde(default)]
    pub mistakes: Vec<String>,
}

/// A request in a world's journal.
#[derive(Debug, Clone, Deserialize)]
pub struct JournalEntry {
    /// Number in the journal, from 1.
    pub id: u64,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Every check in order.
    #[serde(default)]
    pub verdict: Vec<Check>,
    /// Names of the faults that have changed the answer on purpose.
    #[serde(default)]
    pub faults: Vec<String>,
}

impl JournalEntry {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// A letter or a short message.
#[derive(Debug, Clone, Deserialize)]
pub struct Letter {
    /// `email` or `sms`.
    pub channel: String,
    /// E-mail address or telephone number.
    pub to: String,
    /// The subject of a letter.
    pub subject: Option<String>,
    /// The whole text.
    pub text: String,
    /// The link that it asks to follow.
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

/// One server's control API.
#[derive(Debug, Clone)]
pub struct Control {
    /// The server that is asked.
    pub party: Party,
    /// Its base URL, ending with a slash.
    pub base: Url,
    client: Client,
    token: Option<String>,
}

impl Control {
    /// The control API at a server's base URL.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(party: Party, base: Url, token: Option<String>) -> Result<Self, ControlError> {
        let base = net::folder(base);
        let builder = net::client(&base).timeout(PATIENCE).connect_timeout(Duration::from_secs(3));
        let client = builder.build().map_err(|error| ControlError::Silent { party, reason: reason(&error) })?;
        Ok(Self { party, base, client, token })
    }

    /// The control token, where one was given.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The base URL of a world, ending with a slash.
    ///
    /// # Errors
    /// When the name cannot stand in a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        self.base.join(&format!("w/{name}/")).map_err(|error| self.unreadable(error))
    }

    /// The base URL under which clients find a world: the world `main` is at the root.
    ///
    /// # Errors
    /// When the name cannot stand in a URL.
    pub fn home(&self, name: &str) -> Result<Url, ControlError> {
        if name == "main" { Ok(self.base.clone()) } else { self.world(name) }
    }

    /// An address in a world.
    ///
    /// # Errors
    /// When it cannot stand in a URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        self.world(world)?.join(path).map_err(|error| self.unreadable(error))
    }

    /// Whether the right server is there and well.
    ///
    /// # Errors
    /// When nobody answers, somebody else does, or it says that it is not well.
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

    /// Whether the control API lets us in.
    ///
    /// # Errors
    /// When another token is needed.
    pub async fn unlocked(&self) -> Result<(), ControlError> {
        self.ask::<Value>(Method::GET, "control/worlds", None).await.map(|_| ())
    }

    /// Makes a world.
    ///
    /// # Errors
    /// A seed that the server refuses.
    pub async fn create(&self, name: &str, seed: &Value) -> Result<(), ControlError> {
        let body = json!({ "name": name, "seed": seed });
        self.ask::<Value>(Method::POST, "control/worlds", Some(body)).await.map(|_| ())
    }

    /// Drops a world.
    ///
    /// # Errors
    /// When the server does not.
    pub async fn delete(&self, name: &str) -> Result<(), ControlError> {
        self.send(Method::DELETE, &format!("control/worlds/{name}"), None).await.map(|_| ())
    }

    /// Changes a world's clock: `{"advance": "15m"}` or `{"to": "…"}`.
    ///
    /// # Errors
    /// A change that the server refuses.
    pub async fn clock(&self, world: &str, order: &Value) -> Result<(), ControlError> {
        self.ask::<Value>(Method::POST, &format!("w/{world}/control/clock"), Some(order.clone())).await.map(|_| ())
    }

    /// A world's time.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn time(&self, world: &str) -> Result<Time, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/clock"), None).await
    }

    /// The people of a world.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn people(&self, world: &str) -> Result<Vec<Person>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/people"), None).await
    }

    /// Confirms a person's account as an МФЦ or a bank does.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn confirm(&self, world: &str, person: &str, desk: &Value) -> Result<(), ControlError> {
        let path = format!("w/{world}/control/people/{person}/confirm");
        self.ask::<Value>(Method::POST, &path, Some(desk.clone())).await.map(|_| ())
    }

    /// The one-time password that an МФЦ gives a person who cannot sign in.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn restore(&self, world: &str, person: &str) -> Result<String, ControlError> {
        let path = format!("w/{world}/control/people/{person}/restore");
        Ok(self.ask::<OneTime>(Method::POST, &path, Some(json!({}))).await?.password)
    }

    /// The code that a person's application shows now.
    ///
    /// # Errors
    /// When no application is connected.
    pub async fn totp(&self, world: &str, person: &str) -> Result<String, ControlError> {
        let path = format!("w/{world}/control/people/{person}/totp");
        Ok(self.ask::<Shown>(Method::GET, &path, None).await?.code)
    }

    /// Changes how an agency (`zags`, `sfr`, `mvd`) answers.
    ///
    /// # Errors
    /// A change that the server refuses.
    pub async fn agency(&self, world: &str, agency: &str, order: &Value) -> Result<(), ControlError> {
        let path = format!("w/{world}/control/agencies/{agency}");
        self.ask::<Value>(Method::PATCH, &path, Some(order.clone())).await.map(|_| ())
    }

    /// Sets a fault of the provider: `{"fault": "claim.aud-other"}`.
    ///
    /// # Errors
    /// A fault that is not in the catalogue.
    pub async fn set_fault(&self, world: &str, fault: &Value) -> Result<(), ControlError> {
        self.ask::<Value>(Method::POST, &format!("w/{world}/control/faults"), Some(fault.clone())).await.map(|_| ())
    }

    /// The faults that are set, by number and name.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn faults(&self, world: &str) -> Result<Vec<SetFault>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/faults"), None).await
    }

    /// Changes the provider's keys: `{"do": "replace", "algorithm": "RS256"}`.
    ///
    /// # Errors
    /// A change that the server refuses.
    pub async fn change_keys(&self, world: &str, order: &Value) -> Result<(), ControlError> {
        self.ask::<Value>(Method::POST, &format!("w/{world}/control/keys"), Some(order.clone())).await.map(|_| ())
    }

    /// Lifts a fault.
    ///
    /// # Errors
    /// One that is lifted already.
    pub async fn lift_fault(&self, world: &str, number: u64) -> Result<(), ControlError> {
        self.send(Method::DELETE, &format!("w/{world}/control/faults/{number}"), None).await.map(|_| ())
    }

    /// Letters and messages to an address, newest first.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("to", to).finish();
        self.ask(Method::GET, &format!("w/{world}/control/outbox?{query}"), None).await
    }

    /// Events of a world after a sequence number.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn timeline(&self, world: &str, after: u64) -> Result<Vec<Line>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/timeline?after={after}&limit=1000"), None).await
    }

    /// Every event of a world as the server tells it, oldest first.
    ///
    /// # Errors
    /// When the server does not tell.
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

    /// A whole world as one document, for an import.
    ///
    /// # Errors
    /// When the server does not give it.
    pub async fn export(&self, world: &str) -> Result<Value, ControlError> {
        self.ask(Method::GET, &format!("control/worlds/{world}/export"), None).await
    }

    /// The last 40 requests to a world, newest first.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn requests(&self, world: &str) -> Result<Vec<JournalEntry>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?limit=40"), None).await
    }

    /// The whole journal of a world, newest first, as far as the server keeps it.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn journal(&self, world: &str) -> Result<Vec<Entry>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?limit=1000"), None).await
    }

    /// Id of the newest request to a world; 0 where there is none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn last_request(&self, world: &str) -> Result<u64, ControlError> {
        let newest: Vec<JournalEntry> =
            self.ask(Method::GET, &format!("w/{world}/control/requests?limit=1"), None).await?;
        Ok(newest.first().map_or(0, |entry| entry.id))
    }

    /// Requests to a world after an id, newest first.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn requests_after(&self, world: &str, after: u64) -> Result<Vec<JournalEntry>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?after={after}&limit=1000"), None).await
    }

    /// Lifts all faults of a world.
    ///
    /// # Errors
    /// When the provider does not.
    pub async fn lift_faults(&self, world: &str) -> Result<(), ControlError> {
        self.send(Method::DELETE, &format!("w/{world}/control/faults"), None).await.map(|_| ())
    }

    /// A link with which any browser is signed in as a person, once.
    ///
    /// # Errors
    /// A person whom the world does not have.
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
