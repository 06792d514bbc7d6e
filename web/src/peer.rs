//! The other server of the stand, asked over its control API: the diary by Gosuslugi, Gosuslugi by the diary.

use std::time::Duration;

use chrono::{DateTime, Utc};
use esia::language::{pick, spoken, tr};
use http_body_util::{BodyExt as _, Limited};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;
use worlds::WorldName;

use crate::{ControlToken, Problem, http_client};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer, bytes.
const LONGEST: usize = 64 * 1024 * 1024;

/// The other server.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    server: &'static str,
    base: String,
    token: Option<ControlToken>,
    http: reqwest::Client,
}

/// Why the other server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeerError {
    /// It has no such world.
    #[error("there is no such world")]
    NoWorld,
    /// It refused, in its own words.
    #[error("{0}")]
    Refused(String),
    /// No answer, or none that can be read.
    #[error("{0}")]
    Silent(String),
}

impl PeerError {
    fn silent(error: impl std::fmt::Display) -> Self {
        Self::Silent(error.to_string())
    }

    /// 502 for a person; `done` says what this server has done already.
    pub(crate) fn problem(&self, base: &str, done: &str) -> Problem {
        let told = match self {
            Self::NoWorld => pick("такого мира там нет", "there is no such world there").to_owned(),
            Self::Refused(message) => message.clone(),
            Self::Silent(_) => pick("он не отвечает", "it does not answer").to_owned(),
        };
        Problem::new(
            StatusCode::BAD_GATEWAY,
            "other-server",
            tr!(
                "{done} Второй сервер стенда ({base}): {told}",
                "{done} The other server of the stand ({base}): {told}"
            ),
        )
        .or(pick(
            "Проверьте, что он запущен и что маркер управления у обоих один, и повторите действие",
            "See that it runs and that both have the same control token, and try again",
        ))
    }
}

/// A world's time at the other server.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PeerClock {
    pub(crate) now: DateTime<Utc>,
    /// `frozen`, or another word for one that runs.
    pub(crate) mode: String,
    #[serde(default)]
    pub(crate) next_due: Option<DateTime<Utc>>,
}

/// A line of the list of worlds there.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PeerWorld {
    pub(crate) name: String,
    pub(crate) seq: u64,
}

/// What a refusal of the control API says.
#[derive(Deserialize)]
struct Refusal {
    title: String,
}

impl Peer {
    /// The other server of the one that is called `here`, at a base URL; it takes the same control token.
    pub(crate) fn new(here: &str, base: &Url, token: Option<ControlToken>) -> Self {
        let server = if here == "idp" { "diary" } else { "idp" };
        let http = http_client().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        Self { server, base: base.as_str().trim_end_matches('/').to_owned(), token, http: http.unwrap_or_default() }
    }

    /// `idp` or `diary`.
    pub(crate) fn server(&self) -> &'static str {
        self.server
    }

    /// Its base URL, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Base URL of a world there.
    pub(crate) fn world(&self, name: &WorldName) -> String {
        let base = &self.base;
        if name.is_main() { base.clone() } else { format!("{base}/w/{name}") }
    }

    fn request(&self, method: Method, url: String) -> RequestBuilder {
        // What it tells is for the same reader.
        let request = self.http.request(method, url).header(header::ACCEPT_LANGUAGE, spoken().code());
        match &self.token {
            Some(token) => request.bearer_auth(token.as_str()),
            None => request,
        }
    }

    /// Reads something of a world.
    pub(crate) async fn get<T: DeserializeOwned>(&self, world: &WorldName, path: &str) -> Result<T, PeerError> {
        let body = Self::answer(self.request(Method::GET, format!("{}{path}", self.world(world)))).await?;
        serde_json::from_slice(&body).map_err(PeerError::silent)
    }

    /// Changes something of a world, and reads what has become of it.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        world: &WorldName,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, PeerError> {
        let request = self.request(Method::POST, format!("{}{path}", self.world(world)));
        serde_json::from_slice(&Self::answer(request.json(body)).await?).map_err(PeerError::silent)
    }

    /// Drops something of the server.
    pub(crate) async fn delete(&self, path: &str) -> Result<(), PeerError> {
        Self::answer(self.request(Method::DELETE, format!("{}{path}", self.base))).await.map(drop)
    }

    /// A stream of a world, which ends with the server; each piece says that something has happened.
    pub(crate) async fn stream(&self, world: &WorldName, path: &str) -> Result<reqwest::Response, PeerError> {
        let request = self.request(Method::GET, format!("{}{path}", self.world(world)));
        request.send().await.and_then(reqwest::Response::error_for_status).map_err(PeerError::silent)
    }

    async fn answer(request: RequestBuilder) -> Result<Vec<u8>, PeerError> {
        let answer = request.timeout(PATIENCE).send().await.map_err(PeerError::silent)?;
        let status = answer.status();
        let body = Limited::new(reqwest::Body::from(answer), LONGEST).collect().await.map_err(PeerError::silent)?;
        let body = body.to_bytes();
        match status {
            status if status.is_success() => Ok(body.to_vec()),
            StatusCode::NOT_FOUND => Err(PeerError::NoWorld),
            status => {
                let told = serde_json::from_slice::<Refusal>(&body).map(|refusal| refusal.title);
                Err(PeerError::Refused(told.unwrap_or_else(|_| status.to_string())))
            }
        }
    }
}
