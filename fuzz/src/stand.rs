//! A provider without a network, and requests to it as they stand on the wire.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Certificate, SigningKey, cms::sign_detached, keys, secret, timestamp};
use idp::Options;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;
use url::{Url, form_urlencoded::Serializer};
use worlds::{FakeWall, SeedDocument, store::MemoryStore};

use crate::now;

/// The endpoints that are asked: those which anybody reaches.
const ENDPOINTS: [&str; 8] = ["/aas/", "/rs/", "/esia-rs/", "/idp/", "/login", "/public/", "/logout", "/.well-known/"];
/// After so many requests the world is made anew, so that it stays small.
const REQUESTS_A_WORLD: usize = 2000;
const REDIRECT: &str = "http://127.0.0.1:9/callback";
const SCOPE: &str = "openid fullname snils birthdate email mobile";
const STATE: &str = "0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11";

/// A provider with one person in it, who is signed in.
pub struct Stand {
    runtime: Runtime,
    router: Router,
    /// Placeholders and what they stand for.
    values: Vec<(&'static str, String)>,
    asked: usize,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Default for Stand {
    fn default() -> Self {
        Self::new()
    }
}

impl Stand {
    /// A new world.
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let router = runtime.block_on(router());
        let mut stand = Self { runtime, router, values: Vec::new(), asked: 0 };
        let session = stand.call("POST", "/control/people/anna/session", "", None).body["session"].take();
        let session = session.as_str().unwrap().to_owned();
        stand.values = vec![("{session}", session.clone()), ("{secret}", sign()), ("{v1}", signed())];
        let code = stand.code(&session);
        let token = stand.exchange(&code);
        let oid = stand.call("GET", "/control/people", "", None).body[0]["oid"].to_string();
        let code = stand.code(&session);
        stand.values.extend([("{token}", token), ("{code}", code), ("{oid}", oid)]);
        stand
    }

    /// Asks with a request as it stands on the wire. `None` when it is none, or not for an endpoint that anybody reaches.
    pub fn ask(&mut self, text: &str) -> Option<StatusCode> {
        if self.asked == REQUESTS_A_WORLD {
            *self = Self::new();
        }
        self.asked += 1;
        let filled = self.values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let (head, body) = filled.split_once("\n\n").unwrap_or((&filled, ""));
        let mut lines = head.lines();
        let (method, path) = lines.next()?.split_once(' ')?;
        if !ENDPOINTS.iter().any(|endpoint| path.starts_with(endpoint)) {
            return None;
        }
        let mut request = Request::builder().method(method).uri(path);
        for line in lines {
            let (name, value) = line.split_once(": ")?;
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_owned())).ok()?;
        Some(self.send(request).status)
    }

    fn send(&self, mut request: Request<Body>) -> Answer {
        request.headers_mut().insert("host", "127.0.0.1:8001".parse().unwrap());
        self.runtime.block_on(async {
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let body = serde_json::from_slice(&body).unwrap_or_default();
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }

    fn call(&self, method: &str, path: &str, form: &str, session: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !form.is_empty() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        if let Some(session) = session {
            request = request.header("authorization", format!("Bearer {session}"));
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap())
    }

    fn code(&self, session: &str) -> String {
        let form = format!("{}&response_type=code&access_type=offline", signed());
        let sent = self.call("POST", "/aas/oauth2/ac", &form, Some(session));
        let back = self.call("GET", sent.location(), "", Some(session));
        let url = Url::parse(back.location()).unwrap();
        url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    }

    fn exchange(&self, code: &str) -> String {
        let form = format!("{}&grant_type=authorization_code&code={code}", signed());
        let answer = self.call("POST", "/aas/oauth2/te", &form, None);
        answer.body["access_token"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }
}

async fn router() -> Router {
    let seed = SeedDocument { gosuslugi: people(), random: Some(7), ..SeedDocument::default() };
    let settings = web::Settings::on("127.0.0.1:0".parse().unwrap());
    let wall = Arc::new(FakeWall::at(now()));
    let options = Options { seed, ..Options::default() };
    idp::server(settings, Arc::new(MemoryStore::default()), wall, options).await.unwrap()
}

fn people() -> Value {
    json!({
        "people": { "anna": {
            "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14", "snils": "001-000-001 00",
            "account": { "email": "anna@family.test", "phone": "+7(000)0000001", "password": "anna-secret",
                "level": "confirmed" } } },
        "clients": [{ "mnemonic": "DIARY", "title": "Дневник", "organisation": "Школа",
            "scopes": SCOPE.split(' ').collect::<Vec<_>>() }],
        "consents": [{ "subject": "anna", "given-by": "anna", "client": "DIARY",
            "scopes": SCOPE.split(' ').collect::<Vec<_>>() }],
    })
}

fn sign() -> String {
    let key = SigningKey::from_pem(keys::DIARY_KEY_PEM).unwrap();
    let certificate = Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap();
    let text = secret::v1(SCOPE, &timestamp::print(now()), "DIARY", STATE);
    URL_SAFE_NO_PAD.encode(sign_detached(text.as_bytes(), &key, &certificate, now()).unwrap())
}

/// The signed parameters, as a form.
fn signed() -> String {
    let (timestamp, secret) = (timestamp::print(now()), sign());
    let fields = [
        ("client_id", "DIARY"),
        ("client_secret", &secret),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPE),
        ("state", STATE),
        ("timestamp", &timestamp),
    ];
    Serializer::new(String::new()).extend_pairs(fields).finish()
}
