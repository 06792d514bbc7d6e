//! Test support of this crate: the seed of one family, and a server that is called without a network.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

pub(crate) use answers_for_tests::ReadAnswer as Answer;
use answers_for_tests::russian_in;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, request, response},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use worlds::{
    Checkpoint, FakeWall, Genesis, Record, SeedDocument, WorldName, WorldRng,
    store::{Glance, Incarnation, MemoryStore, NewLog, Size, Store, StoreError},
};

use crate::{Gosuslugi, Options, described, seed::genesis};

/// Returns a family: Анна and Пётр are married; Ваня is 11 and has no account; Катя is 15 and registered alone; Глеб is
/// 17, bound to Анна, confirmed.
pub(crate) fn family() -> Value {
    json!({
        "people": {
            "анна": { "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14", "snils": "001-000-001 00",
                "account": { "email": "anna@family.test", "phone": "+7(000)0000001", "password": "anna-secret", "level": "confirmed" } },
            "пётр": { "name": "Петров Пётр Ильич", "gender": "M", "born": "1983-07-01", "snils": "001-000-002 00",
                "account": { "email": "petr@family.test", "password": "petr-secret", "level": "confirmed" } },
            "соседка": { "name": "Иванова Ольга Львовна", "gender": "F", "born": "1990-01-01", "snils": "001-000-003 00",
                "account": { "email": "olga@family.test", "password": "olga-secret", "level": "simplified" } },
            "ваня": { "name": "Петров Иван Петрович", "gender": "M", "born": "2013-05-20", "snils": "001-000-011 00",
                "birth-certificate": "I-ОО 000011" },
            "катя": { "name": "Петрова Екатерина Петровна", "gender": "F", "born": "2009-02-03", "snils": "001-000-012 00",
                "birth-certificate": "I-ОО 000012",
                "account": { "email": "katya@family.test", "password": "katya-secret", "level": "standard" } },
            "глеб": { "name": "Петров Глеб Петрович", "gender": "M", "born": "2006-10-01", "snils": "001-000-013 00",
                "birth-certificate": "I-ОО 000013",
                "account": { "email": "gleb@family.test", "password": "gleb-secret", "level": "confirmed" } },
        },
        "families": [
            { "guardian": "анна", "child": "ваня" },
            { "guardian": "анна", "child": "катя" },
            { "guardian": "анна", "child": "глеб" },
            { "guardian": "пётр", "child": "катя" },
        ],
        "bindings": [{ "guardian": "анна", "child": "глеб" }],
        "clients": [
            { "mnemonic": "DIARY", "title": "Дневник", "organisation": "Школа", "school-portfolio": true,
              "scopes": ["openid", "fullname", "snils"] },
            { "mnemonic": "MINOBR", "title": "Навигатор", "organisation": "Министерство образования Рязанской области",
              "scopes": ["openid", "fullname"] },
        ],
    })
}

/// 2 September 2024, 09:00 in Moscow.
pub(crate) fn september() -> chrono::DateTime<chrono::Utc> {
    "2024-09-02T06:00:00Z".parse().unwrap()
}

/// Returns a random source with a fixed seed.
pub(crate) fn rng() -> WorldRng {
    WorldRng::new(1, 0)
}

/// Returns the state made from a `gosuslugi` section.
pub(crate) fn state(section: Value) -> Gosuslugi {
    genesis(&serde_json::from_value(section).unwrap(), september()).unwrap()
}

/// Provider with a fake wall clock.
#[derive(Clone)]
pub(crate) struct Rig {
    router: Router,
    pub(crate) wall: Arc<FakeWall>,
    is_broken: Arc<AtomicBool>,
    /// World that requests go to.
    pub(crate) world: &'static str,
}

/// Store in memory that can be made to fail.
#[derive(Default)]
struct Breakable {
    memory: MemoryStore,
    is_broken: Arc<AtomicBool>,
}

#[async_trait::async_trait]
impl Store for Breakable {
    async fn create(
        &self,
        name: &WorldName,
        genesis: &Arc<Genesis>,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError> {
        self.memory.create(name, genesis, log).await
    }

    async fn replace(&self, name: &WorldName, genesis: &Arc<Genesis>) -> Result<Incarnation, StoreError> {
        self.memory.replace(name, genesis).await
    }

    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        self.memory.fork(parent, upto, name, more).await
    }

    async fn append(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        expected: u64,
        records: &[Record],
    ) -> Result<(), StoreError> {
        if self.is_broken.load(Ordering::Relaxed) {
            return Err(StoreError::Failed("broken".into()));
        }
        self.memory.append(name, incarnation, expected, records).await
    }

    async fn checkpoint(&self, name: &WorldName) -> Result<Option<Checkpoint>, StoreError> {
        self.memory.checkpoint(name).await
    }

    async fn put_checkpoint(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        checkpoint: &Checkpoint,
        forget_upto: u64,
    ) -> Result<(), StoreError> {
        self.memory.put_checkpoint(name, incarnation, checkpoint, forget_upto).await
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.memory.read(name, after, limit).await
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<(Arc<Genesis>, Incarnation)>, StoreError> {
        self.memory.genesis(name).await
    }

    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError> {
        self.memory.list(after, limit).await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        self.memory.size().await
    }

    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        self.memory.size_of(owner).await
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        self.memory.delete(name).await
    }

    async fn touch(&self, name: &WorldName, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.memory.touch(name, at).await
    }

    async fn idle(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<WorldName>, StoreError> {
        self.memory.idle(before, now).await
    }

    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError> {
        self.memory.delete_idle(name, before).await
    }
}

/// Paths of endpoints for programs, where a verdict must explain every error.
const EXPLAINED: [&str; 7] =
    ["/rs/", "/esia-rs/", "/aas/oauth2/ac", "/aas/oauth2/te", "/aas/oauth2/v", "/oidc/", "/idp/ext/"];

impl Rig {
    /// Starts a provider whose world `main` is made from a section.
    pub(crate) async fn new(section: Value) -> Self {
        Self::of(section, web::Settings::on("127.0.0.1:0".parse().unwrap())).await
    }

    /// Starts a provider behind a proxy, with this public URL.
    pub(crate) async fn behind(public_url: &str, section: Value) -> Self {
        let mut settings = web::Settings::on("127.0.0.1:0".parse().unwrap());
        settings.public_url = Some(public_url.parse().unwrap());
        Self::of(section, settings).await
    }

    async fn of(section: Value, settings: web::Settings) -> Self {
        let wall = Arc::new(FakeWall::at(september()));
        let seed = SeedDocument { gosuslugi: section, random: Some(7), ..SeedDocument::default() };
        let options = Options { seed, ..Options::default() };
        let store = Breakable::default();
        let is_broken = Arc::clone(&store.is_broken);
        let router = crate::server(settings, Arc::new(store), Arc::clone(&wall) as _, options).await.unwrap();
        Self { router, wall, is_broken, world: "main" }
    }

    /// Makes every later write of the store fail.
    pub(crate) fn break_store(&self) {
        self.is_broken.store(true, Ordering::Relaxed);
    }

    /// Sends a request to the rig's world, with its `Host`.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        match self.world {
            "main" => self.send_to("127.0.0.1:8001", request).await,
            name => self.send_to(&format!("{name}.localhost:8001"), request).await,
        }
    }

    /// Returns the same provider with another world as the target of requests.
    pub(crate) fn at(&self, world: &'static str) -> Self {
        Self { world, ..self.clone() }
    }

    /// Forks the world, and returns the fork.
    pub(crate) async fn fork(&self, name: &'static str) -> Self {
        let (path, body) = (format!("/control/worlds/{}/fork", self.world), json!({ "name": name }));
        assert_eq!(self.control().post(&path, &body).await.status, 201);
        self.at(name)
    }

    /// Exports the world and imports it under another name.
    pub(crate) async fn import(&self, name: &'static str) -> Self {
        let path = format!("/control/worlds/{}/export", self.world);
        let export = self.control().get(&path).await.ok();
        let import = json!({ "name": name, "export": export });
        assert_eq!(self.control().post("/control/worlds/import", &import).await.status, 201);
        self.at(name)
    }

    /// Returns the body of an answer, byte for byte.
    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let request = Request::get(path).header("host", "127.0.0.1:8001").body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    /// Sends a request with another `Host`.
    pub(crate) async fn send_to(&self, host: &str, mut request: Request<Body>) -> Answer {
        request.headers_mut().insert("host", host.parse().unwrap());
        let (path, method) = (request.uri().path().to_owned(), request.method().clone());
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        let response::Parts { status, headers, extensions, .. } = parts;
        let answer = Answer { status, headers, body, extensions };
        // An answer that a fault changed carries the fault's header and need not match the document.
        let is_on_purpose = answer.headers.contains_key("x-esia-stand-fault");
        let compare = || described::differs(&method, &path, answer.status, answer.media_type(), &answer.body);
        let differs = if is_on_purpose { None } else { compare() };
        assert_eq!(differs, None, "{method} {path}: {}", answer.body);
        let must_tell = answer.status.is_client_error() && EXPLAINED.iter().any(|endpoint| path.starts_with(endpoint));
        let is_told = answer.verdict_line().starts_with("failed ") || is_on_purpose;
        assert!(!must_tell || is_told, "{method} {path}: {} is refused without a reason", answer.body);
        self.must_be_in_the_catalogue(host, &answer).await;
        answer
    }

    /// Checks that the catalogue has an entry for every mistake that the verdict names.
    async fn must_be_in_the_catalogue(&self, host: &str, answer: &Answer) {
        let Some(see) = answer.verdict_line().split("see ").nth(1).filter(|_| !answer.verdict_line().starts_with("ok"))
        else {
            return;
        };
        let see = see.strip_prefix("http://127.0.0.1:8001").unwrap_or(see);
        let request = Request::get(see).header("host", host).header("accept", "application/json");
        let shown = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let body = to_bytes(shown.into_body(), usize::MAX).await.unwrap();
        let entry: Value = serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{see}: {error}"));
        for check in entry["verdict"].as_array().into_iter().flatten().filter(|check| check["outcome"] != "passed") {
            let mistakes = check["mistakes"].as_array().filter(|mistakes| !mistakes.is_empty());
            let names = mistakes.map_or_else(|| vec![&check["rule"]], |mistakes| mistakes.iter().collect());
            for name in names.into_iter().filter_map(Value::as_str) {
                assert!(worlds::mistakes::find(name).is_some(), "the catalogue lacks {name}: {check}");
            }
        }
    }

    /// Opens a session as a person of the seed.
    pub(crate) async fn session(&self, key: &str) -> String {
        let path: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let answer = self.control().post(&format!("/control/people/{path}/session"), &json!({})).await;
        answer.json(201)["session"].as_str().unwrap().to_owned()
    }

    /// Posts one step of a sign-in on the pages, as a browser does.
    pub(crate) async fn enter(&self, path: &str, fields: &[(&str, &str)]) -> Entered {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("csrf", CSRF)
            .finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", format!("idp_csrf_{}={CSRF}", self.world));
        let answer = self.send(request.body(Body::from(form)).unwrap()).await;
        let mut cookies = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let session = cookies.find_map(|cookie| cookie.strip_prefix("idp_session_"));
        if let Some(session) = session {
            return Entered::Session(session.split(['=', ';']).nth(1).unwrap().to_owned());
        }
        match answer.headers.get("location").and_then(|to| to.to_str().ok()?.split("entry=").nth(1)) {
            Some(entry) => Entered::More(entry.split('&').next().unwrap().to_owned()),
            None => Entered::Refused(format!("{} {}", answer.status.as_u16(), alert(&answer.body))),
        }
    }

    /// Signs in on the login page with a password alone.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> String {
        match self.enter("/login", &[("login", login), ("password", password)]).await {
            Entered::Session(session) => session,
            other => panic!("{other:?}"),
        }
    }

    /// Client without a credential.
    pub(crate) fn anyone(&self) -> Actor<'_> {
        Actor { rig: self, bearer: None }
    }

    /// Operator of the stand: the control API asks for no credential here.
    pub(crate) fn control(&self) -> Actor<'_> {
        self.anyone()
    }

    /// A person of the portal, signed in by this session.
    pub(crate) fn person<'a>(&'a self, session: &'a str) -> Actor<'a> {
        Actor { rig: self, bearer: Some(session) }
    }

    /// Relying party with this access token.
    pub(crate) fn system<'a>(&'a self, token: &'a str) -> Actor<'a> {
        Actor { rig: self, bearer: Some(token) }
    }
}

/// Client of the provider, with or without a credential.
#[derive(Clone, Copy)]
pub(crate) struct Actor<'a> {
    rig: &'a Rig,
    bearer: Option<&'a str>,
}

impl Actor<'_> {
    pub(crate) async fn get(self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn delete(self, path: &str) -> Answer {
        self.send(Request::delete(path), Body::empty()).await
    }

    pub(crate) async fn post(self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, body).await
    }

    pub(crate) async fn put(self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, body).await
    }

    pub(crate) async fn patch(self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path, body).await
    }

    /// Sends a JSON body with any method.
    pub(crate) async fn call(self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// Requests the HTML page at an address.
    pub(crate) async fn page(self, path: &str) -> Answer {
        self.send(Request::get(path).header("accept", "text/html"), Body::empty()).await
    }

    /// Posts a form with its CSRF token.
    pub(crate) async fn form(self, path: &str, fields: &[(&'static str, String)]) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        if self.bearer.is_some() {
            request = request.header("cookie", format!("idp_csrf_{}={CSRF}", self.rig.world));
        }
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        self.send(request, Body::from(body.extend_pairs(fields).append_pair("csrf", CSRF).finish())).await
    }

    async fn send(self, mut request: request::Builder, body: Body) -> Answer {
        if let Some(bearer) = self.bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        self.rig.send(request.body(body).unwrap()).await
    }
}

/// CSRF token of every form in tests.
pub(crate) const CSRF: &str = "0123456789abcdef0123456789abcdef";

/// Outcome of a step of a sign-in on the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entered {
    /// The person is signed in: value of the session.
    Session(String),
    /// Another step is needed: id of the sign-in in progress.
    More(String),
    /// The step was refused: status, and the message of the page.
    Refused(String),
}

impl Entered {
    /// Returns the id of a sign-in that needs another step.
    pub(crate) fn entry(&self) -> &str {
        match self {
            Self::More(entry) => entry,
            other => panic!("{other:?}"),
        }
    }

    /// Returns status and message of a refusal.
    pub(crate) fn refusal(&self) -> &str {
        match self {
            Self::Refused(told) => told,
            other => panic!("{other:?}"),
        }
    }

    /// Whether the person is signed in.
    pub(crate) fn is_session(&self) -> bool {
        matches!(self, Self::Session(_))
    }
}

/// Returns the error message of a page.
fn alert(page: &str) -> &str {
    let after = |mark| page.split(mark).nth(1);
    let said = after("role=\"alert\"").or_else(|| after("data-test=\"fault-")).or_else(|| after("<h1"));
    said.and_then(|rest| rest.split(['>', '<']).nth(1)).unwrap_or("nothing").trim()
}

/// Creates worlds from one section with the same random values.
pub(crate) async fn family_worlds<const N: usize>(rig: &Rig, section: Value, names: [&'static str; N]) -> [Rig; N] {
    let seed = json!({ "random": 7, "clock": { "frozen": september() }, "gosuslugi": section });
    for name in names {
        let made = rig.control().post("/control/worlds", &json!({ "name": name, "seed": seed })).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    names.map(|name| rig.at(name))
}

/// Returns the newest message to an address, or `null`.
pub(crate) async fn newest(rig: &Rig, to: &str) -> Value {
    let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
    rig.control().get(&format!("/control/outbox?to={to}")).await.ok()[0].clone()
}

/// The code in an SMS.
pub(crate) fn six_digits(message: &Value) -> String {
    message["text"].as_str().unwrap().chars().filter(char::is_ascii_digit).take(6).collect()
}

/// Returns the Russian letters in the main part of a page, without the given values and the link to the Russian page.
pub(crate) fn russian_on(page: &str, values: &[&str]) -> String {
    let main = page.split_once("<main").map_or(page, |(_, main)| main);
    russian_in(&main.replace("По-русски", ""), values)
}
