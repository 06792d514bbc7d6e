//! The control API at one address.

use std::{fmt, fs, net::IpAddr, path::PathBuf, time::Duration};

use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use crate::{Error, Refusal, Result, contract::Call};

/// Time limit for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// A server of a stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Server {
    /// The mock Gosuslugi.
    #[default]
    Idp,
    /// The school diary.
    Diary,
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idp => "Gosuslugi",
            Self::Diary => "the diary",
        })
    }
}

/// Where a server is, and how it is asked.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) server: Server,
    /// Base URL without a slash at the end.
    pub(crate) url: String,
    pub(crate) token: Option<String>,
    /// Certificate of the CA that is trusted besides those of the machine.
    pub(crate) ca: Option<PathBuf>,
}

impl Address {
    /// An HTTP client for this address. Loopback goes past any proxy.
    ///
    /// # Errors
    /// [`Error::NoClient`].
    pub(crate) fn client(&self) -> Result<ClientBuilder> {
        let mut builder = Client::builder().timeout(PATIENCE);
        if is_loopback(&self.url) {
            builder = builder.no_proxy();
        }
        let Some(file) = &self.ca else { return Ok(builder) };
        let told = |error: &dyn fmt::Display| Error::NoClient(format!("{}: {error}", file.display()));
        let pem = fs::read(file).map_err(|error| told(&error))?;
        Ok(builder.tls_certs_merge(Certificate::from_pem_bundle(&pem).map_err(|error| told(&error))?))
    }
}

fn is_loopback(url: &str) -> bool {
    let Ok(url) = url.parse::<Url>() else { return false };
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || ip.is_ok_and(|ip| ip.is_loopback())
}

/// The control API of a server, or of one world at it.
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) address: Address,
    client: Client,
}

/// Problem details of a refusal (RFC 9457), as far as they are told on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: String,
    title: String,
    way_out: Option<String>,
}

impl Control {
    pub(crate) fn new(address: Address) -> Result<Self> {
        let client = address.client()?.redirect(Policy::none()).build();
        Ok(Self { client: client.map_err(|error| Error::NoClient(error.to_string()))?, address })
    }

    /// The same server at the address of one of its worlds.
    pub(crate) fn within(&self, url: &str) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { address: Address { url, ..self.address.clone() }, client: self.client.clone() }
    }

    /// The server that it is of.
    pub const fn server(&self) -> Server {
        self.address.server
    }

    /// Its base URL, no slash at the end.
    pub fn url(&self) -> &str {
        &self.address.url
    }

    /// A request to a path below this address, as GET `/control/keys`, with the token of the stand.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.address.url));
        let request = request.header("accept", "application/json");
        match &self.address.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A request of the contract without a parameter in its path.
    pub(crate) fn to(&self, call: &Call) -> RequestBuilder {
        self.request(call.method.clone(), call.path)
    }

    /// A request of the contract with the parameter of its path.
    pub(crate) fn to_one(&self, call: &Call, parameter: &str) -> RequestBuilder {
        self.request(call.method.clone(), &call.of(parameter))
    }

    /// Sends a request of [`Control::request`] and reads the JSON of its answer; `()` reads nothing.
    ///
    /// # Errors
    /// [`Error::NoAnswer`], [`Error::Refused`], [`Error::Unreadable`].
    pub async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        self.read(self.answer(request).await?).await
    }

    /// The same, without reading the answer.
    pub(crate) async fn done(&self, request: RequestBuilder) -> Result<()> {
        self.answer(request).await.map(drop)
    }

    pub(crate) async fn answer(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.map_err(|source| self.silent(self.address.url.clone(), source))?;
        if response.status().is_success() { Ok(response) } else { Err(self.refused(response).await) }
    }

    /// The JSON of an answer.
    pub(crate) async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T> {
        let (server, url) = (self.address.server, response.url().to_string());
        let body = response.bytes().await.map_err(|source| self.silent(url.clone(), source))?;
        serde_json::from_slice(&body).map_err(|source| Error::Unreadable { server, url, source })
    }

    fn silent(&self, url: String, source: reqwest::Error) -> Error {
        Error::NoAnswer { server: self.address.server, url, source }
    }

    async fn refused(&self, response: Response) -> Error {
        let (status, url) = (response.status(), response.url().to_string());
        // Where it is not of the control API, the status says all there is.
        let problem: Problem = response.json().await.unwrap_or_default();
        let is_locked = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
        let way_out = if is_locked && self.address.token.is_none() {
            Some("Set ESIA_STAND_CONTROL_TOKEN to the token that the stand was started with".to_owned())
        } else {
            problem.way_out
        };
        let (server, status) = (self.address.server, status.as_u16());
        let Problem { code, title, .. } = problem;
        Error::Refused(Box::new(Refusal { server, url, status, code, title, way_out }))
    }
}
