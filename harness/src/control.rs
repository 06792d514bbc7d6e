//! The control doors of both servers, asked over HTTP.

use std::{error::Error as _, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{Client, Method, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a control door did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// The server does not answer, or answers nonsense.
    #[error("{server} ({url}) does not answer: {reason}")]
    Silent {
        /// `idp` or `diary`.
        server: &'static str,
        /// What was asked.
        url: String,
        /// Why.
        reason: String,
    },
    /// The server refuses.
    #[error("{server} refuses {url}: {status} {title}")]
    Refused {
        /// `idp` or `diary`.
        server: &'static str,
        /// What was asked.
        url: String,
        /// HTTP status.
        status: u16,
        /// In the server's words.
        title: String,
    },
}

/// A person as a server knows them.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// The key in the seed.
    pub key: String,
    /// Full name.
    pub name: String,
    /// What they sign in with, if they have an account.
    pub login: Option<String>,
    /// Its password.
    pub password: Option<String>,
    /// What the seed says about them.
    #[serde(default)]
    pub about: String,
}

/// A line of a world's timeline.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// When, by the world's clock.
    pub at: DateTime<Utc>,
    /// What happened.
    pub text: String,
}

/// One check of a request.
#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    /// Stable name.
    pub rule: String,
    /// Where the rule stands.
    pub source: String,
    /// What would have been right.
    pub expected: String,
    /// What came.
    pub got: String,
    /// `passed`, `failed` or `tolerated`.
    pub outcome: String,
}

/// A request in a world's journal.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    /// Its id.
    pub id: u64,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// What was answered.
    pub status: u16,
    /// Every check in order.
    #[serde(default)]
    pub verdict: Vec<Check>,
}

/// A letter or a short message.
#[derive(Debug, Clone, Deserialize)]
pub struct Letter {
    /// `email` or `sms`.
    pub channel: String,
    /// The address.
    pub to: String,
    /// The subject of a letter.
    pub subject: Option<String>,
    /// What it says.
    pub text: String,
    /// The link that it asks to follow.
    pub link: Option<Url>,
}

/// What an МФЦ hands out.
#[derive(Debug, Deserialize)]
struct OneTime {
    password: String,
}

/// What an application shows.
#[derive(Debug, Deserialize)]
struct Shown {
    code: String,
}

/// One server's control door.
#[derive(Debug, Clone)]
pub struct Control {
    /// `idp` or `diary`.
    pub server: &'static str,
    /// Its base URL, ending with a slash.
    pub base: Url,
    client: Client,
    token: Option<String>,
}

impl Control {
    /// The door of a server. `direct` goes past any proxy of the environment.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(server: &'static str, mut base: Url, token: Option<String>, direct: bool) -> Result<Self, ControlError> {
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let builder = Client::builder().timeout(PATIENCE).connect_timeout(Duration::from_secs(3));
        let builder = if direct { builder.no_proxy() } else { builder };
        let silent =
            |error: reqwest::Error| ControlError::Silent { server, url: String::new(), reason: reason(&error) };
        Ok(Self { server, client: builder.build().map_err(silent)?, base, token })
    }

    /// The base URL of a world, ending with a slash.
    ///
    /// # Errors
    /// When the name cannot stand in a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        self.base.join(&format!("w/{name}/")).map_err(|error| self.silent(&self.base, &error))
    }

    /// An address in a world.
    ///
    /// # Errors
    /// When it cannot stand in a URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        self.world(world)?.join(path).map_err(|error| self.silent(&self.base, &error))
    }

    /// Whether the server is there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn health(&self) -> Result<(), ControlError> {
        self.ask::<Value>(Method::GET, "health", None).await.map(|_| ())
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

    /// Letters and messages to an address, newest first.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("to", to).finish();
        self.ask(Method::GET, &format!("w/{world}/control/outbox?{query}"), None).await
    }

    /// What happened in a world.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn timeline(&self, world: &str) -> Result<Vec<Line>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/timeline?limit=1000"), None).await
    }

    /// What was asked of a world, newest first.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn requests(&self, world: &str) -> Result<Vec<Asked>, ControlError> {
        self.ask(Method::GET, &format!("w/{world}/control/requests?limit=40"), None).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, ControlError> {
        let response = self.send(method, path, body).await?;
        let url = response.url().clone();
        response.json().await.map_err(|error| self.silent(&url, &reason(&error)))
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Response, ControlError> {
        let url = self.base.join(path).map_err(|error| self.silent(&self.base, &error))?;
        let mut request = self.client.request(method, url.clone());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|error| self.silent(&url, &reason(&error)))?;
        let status = response.status();
        if status.is_success() { Ok(response) } else { Err(self.refused(&url, status, response).await) }
    }

    async fn refused(&self, url: &Url, status: StatusCode, response: Response) -> ControlError {
        let problem: Value = response.json().await.unwrap_or_default();
        let said = |field: &str| problem.get(field).and_then(Value::as_str).unwrap_or_default();
        let title = match said("field") {
            "" => said("title").to_owned(),
            field => format!("{field}: {}", said("title")),
        };
        ControlError::Refused { server: self.server, url: url.to_string(), status: status.as_u16(), title }
    }

    fn silent(&self, url: &Url, reason: &dyn std::fmt::Display) -> ControlError {
        ControlError::Silent { server: self.server, url: url.to_string(), reason: reason.to_string() }
    }
}

/// The innermost cause: «connection refused» rather than «error sending request».
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    match error.url() {
        Some(url) if error.source().is_some() => format!("{url}: {inner}"),
        _ => inner.to_string(),
    }
}
