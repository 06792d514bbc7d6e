//! Test rig: a diary on a free port, a scripted provider, a browser.

use std::sync::Arc;

pub(crate) use answers_for_tests::ReadAnswer;
use axum::http::Extensions;
use esia::{
    Oid, keys,
    token::{AccessClaims, AuthMethod, IdClaims, Level, Signer, Subject, SystemClaims, TokenResponse},
};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};
use web::{Bound, Running, Settings};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path, path_regex},
};
use worlds::{SystemWall, store::MemoryStore};

use crate::{Options, server};

/// Time of the world: 2024-09-02, 09:00 in Moscow.
pub(crate) const NOW: i64 = 1_725_256_800;
const ALL: &str = "openid fullname birthdate snils birth_cert_doc";

/// Answers of the scripted provider.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) level: Level,
    pub(crate) granted: &'static str,
    /// Whether the provider issues refresh tokens.
    pub(crate) refreshes: bool,
    pub(crate) signer: (&'static str, &'static str),
    pub(crate) spoil: fn(&mut AccessClaims, &mut IdClaims, &mut TokenResponse),
    pub(crate) person: Value,
    pub(crate) consent: Value,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            level: Level::Pr,
            granted: ALL,
            refreshes: true,
            signer: (keys::PROVIDER_KEY_PEM, keys::PROVIDER_CERTIFICATE_PEM),
            spoil: |_, _, _| {},
            person: anna(),
            consent: json!({ "status": "requested", "guardians": 2 }),
        }
    }
}

pub(crate) fn anna() -> Value {
    person("Петрова Анна Сергеевна", "14.03.1985", "001-000-001 00", true)
}

pub(crate) fn vanya() -> Value {
    let mut vanya = person("Петров Иван Сергеевич", "10.05.2012", "001-000-003 00", false);
    let certificate = json!({ "stateFacts": ["EntityRoot"], "id": 1, "type": "RF_BRTH_CERT", "vrfStu": "VERIFIED",
        "series": "I-ОО", "number": "000101" });
    vanya["documents"] = json!({ "stateFacts": ["hasSize"], "size": 1, "elements": [certificate] });
    vanya
}

pub(crate) fn person(name: &str, born: &str, snils: &str, trusted: bool) -> Value {
    let [last, first, middle] = name.split(' ').collect::<Vec<_>>()[..] else { panic!("three words") };
    json!({ "stateFacts": ["EntityRoot"], "lastName": last, "firstName": first, "middleName": middle,
        "birthDate": born, "snils": snils, "trusted": trusted })
}

impl Respond for Script {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        let get = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap();
        let signer = Signer::from_pem(self.signer.0, self.signer.1).unwrap();
        let (client_id, iss) = (get("client_id").parse().unwrap(), "http://esia.gosuslugi.ru/".to_owned());
        let now = esia::timestamp::parse(&get("timestamp")).unwrap().timestamp();
        let (nbf, iat, exp) = (now, now, now + 3600);
        let mut answer = TokenResponse {
            access_token: String::new(),
            id_token: None,
            state: get("state"),
            token_type: "Bearer".to_owned(),
            expires_in: 3600,
            refresh_token: None,
        };
        if get("grant_type") == "client_credentials" {
            let claims =
                SystemClaims { nbf, scope: get("scope"), iss, exp, iat, client_id, org_oid: None, jti: String::new() };
            answer.access_token = signer.sign(&claims).unwrap();
            return ResponseTemplate::new(200).set_body_json(answer);
        }
        answer.refresh_token = self.refreshes.then(|| "refresh".to_owned());
        let (oid, sid) = (Oid::new(1000), "sid".to_owned());
        let scope = self.granted.parse::<esia::Scopes>().unwrap().with_oid(oid);
        let mut access = AccessClaims {
            nbf,
            scope,
            iss: iss.clone(),
            session_id: sid.clone(),
            subject: oid,
            exp,
            iat,
            client_id: get("client_id").parse().unwrap(),
            org_oid: None,
            permissions: None,
            permissions_url: None,
        };
        let mut id = IdClaims {
            aud: client_id,
            sub: oid,
            nbf,
            amr: AuthMethod::Pwd,
            amd: AuthMethod::Pwd,
            auth_time: nbf,
            iss,
            session_id: sid,
            subject: Subject::person(oid, self.level),
            exp,
            iat,
        };
        (self.spoil)(&mut access, &mut id, &mut answer);
        answer.access_token = signer.sign(&access).unwrap();
        if answer.token_type == "Bearer" {
            answer.id_token = Some(signer.sign(&id).unwrap());
        }
        ResponseTemplate::new(200).set_body_json(answer)
    }
}

/// A diary with one world `main` in memory, a scripted provider and one browser.
pub(crate) struct Rig {
    pub(crate) provider: MockServer,
    pub(crate) browser: Client,
    url: String,
    store: Arc<MemoryStore>,
    _running: Running,
}

pub(crate) fn new_browser() -> Client {
    Client::builder().redirect(Policy::none()).cookie_store(true).no_proxy().build().unwrap()
}

pub(crate) fn seed(provider: &str) -> Value {
    json!({
        "title": "Семья Петровых",
        "clock": { "frozen": "2024-09-02T09:00:00+03:00" },
        "random": 43,
        "diary": {
            "provider": { "url": provider, "mnemonic": "RYAZAN-DIARY", "timeout-ms": 2000 },
            "school": { "name": "МБОУ «Школа № 43»" },
            "parents": {
                "анна": { "name": "Петрова Анна Сергеевна", "snils": "001-000-001 00", "active": true,
                    "password-login": { "login": "anna", "password": "старый-пароль" } },
                "пётр": { "name": "Петров Пётр Ильич", "snils": "001-000-002 00" },
                "игорь": { "name": "Серов Игорь Львович", "snils": "001-000-005 00", "active": true },
            },
            "pupils": {
                "ваня": { "name": "Петров Иван Сергеевич", "born": "2012-05-10", "snils": "001-000-003 00", "class": "7А",
                    "birth-certificate": { "series": "I-ОО", "number": "000101" }, "parents": ["анна", "пётр"] },
                "маша": { "name": "Петрова Мария Сергеевна", "born": "2014-01-20", "snils": "001-000-006 00",
                    "class": "5Б", "parents": ["анна"] },
                "коля": { "name": "Орлов Николай Иванович", "born": "2006-01-10", "snils": "001-000-004 00" },
            },
            "staff": { "ольга": { "name": "Зуева Ольга Павловна", "snils": "001-000-007 00" } },
            "classes": { "7А": { "timetable": { "понедельник": ["Математика", "Русский язык"] } } },
            "marks": [{ "pupil": "ваня", "subject": "Математика", "date": "2024-09-02", "mark": 5 }],
            "attendance": [{ "pupil": "ваня", "date": "2024-09-02", "subject": "Русский язык", "status": "late" }],
        }
    })
}

impl Rig {
    /// Starts a diary with the family of the seed, and a provider that follows `script`.
    pub(crate) async fn start(script: Script) -> Self {
        Self::with(script, |_| {}).await
    }

    pub(crate) async fn with(script: Script, change: impl FnOnce(&mut Value)) -> Self {
        let provider = MockServer::start().await;
        let mut seed = seed(&provider.uri());
        change(&mut seed);
        let bound = Bound::to(([127, 0, 0, 1], 0).into()).await.unwrap();
        let options = Options { seed: serde_json::from_value(seed).unwrap(), ..Options::default() };
        let settings = Settings::on(bound.address());
        let store = Arc::new(MemoryStore::default());
        let kept = Arc::clone(&store);
        let router = server(settings, kept, Arc::new(SystemWall), options).await.unwrap();
        let url = bound.url();
        let rig = Self { provider, browser: new_browser(), url, store, _running: bound.spawn(router) };
        rig.says(script).await;
        rig
    }

    /// Starts another server over the same store, as after a restart; returns its base URL and the server.
    pub(crate) async fn started_again(&self) -> (String, web::Running) {
        let bound = Bound::to(([127, 0, 0, 1], 0).into()).await.unwrap();
        let settings = Settings::on(bound.address());
        let kept = Arc::clone(&self.store);
        let router = server(settings, kept, Arc::new(SystemWall), Options::default()).await.unwrap();
        (bound.url(), bound.spawn(router))
    }

    /// Copies the world `main` to another one through an export file.
    pub(crate) async fn import(&self, name: &str) {
        let export = self.control().get("/control/worlds/main/export").await.ok();
        self.control().post("/control/worlds/import", &json!({ "name": name, "export": export })).await.json(201);
    }

    /// Replaces the provider's script.
    pub(crate) async fn says(&self, script: Script) {
        self.provider.reset().await;
        let certificate = esia::Certificate::from_pem(script.signer.1).unwrap().der().to_owned();
        let json = |value: &Value| ResponseTemplate::new(200).set_body_json(value);
        let mount = |mock: Mock| mock.mount(&self.provider);
        mount(
            Mock::given(path("/public/RSA_TESIA.cer"))
                .respond_with(ResponseTemplate::new(200).set_body_bytes(certificate)),
        )
        .await;
        mount(Mock::given(method("GET")).and(path("/rs/prns/1000")).respond_with(json(&script.person))).await;
        mount(Mock::given(path_regex("/permissions/requests$")).respond_with(json(&script.consent))).await;
        mount(Mock::given(method("POST")).and(path("/aas/oauth2/te")).respond_with(script)).await;
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.browser.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// Returns the page at a path after following redirects of this server.
    pub(crate) async fn page(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for _ in 0..5 {
            let response = self.get(&path).await;
            match response.headers().get("location") {
                Some(next) => path = next.to_str().unwrap().to_owned(),
                None => return response.text().await.unwrap(),
            }
        }
        panic!("redirects without end");
    }

    /// Submits a form as a browser does, with the CSRF token of the page `from`.
    pub(crate) async fn post(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.page(from).await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let fields = [fields, &[("csrf", csrf)]].concat();
        self.browser.post(format!("{}{path}", self.url)).form(&fields).send().await.unwrap()
    }

    pub(crate) async fn advance(&self, by: &str) {
        self.control().post("/control/clock", &json!({ "advance": by })).await.ok();
    }

    /// Starts a sign-in at Gosuslugi and returns its `state`.
    pub(crate) async fn leave(&self) -> String {
        let response = self.get("/login/gosuslugi").await;
        let location = response.headers()["location"].to_str().unwrap();
        let url = url::Url::parse(location).unwrap();
        url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    }

    /// Does a whole sign-in and returns the mark of the page on which it ends.
    pub(crate) async fn sign_in(&self) -> String {
        let state = self.leave().await;
        mark(&self.page(&format!("/callback?code=c&state={state}")).await)
    }

    /// Returns the sentences of the timeline.
    pub(crate) async fn timeline(&self) -> Vec<String> {
        let lines = self.control().get("/control/timeline?limit=1000").await.ok();
        lines.as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Opens a session for a person of the register and returns its token.
    pub(crate) async fn session(&self, who: &str) -> String {
        self.session_at("", who).await
    }

    /// Opens a session in the world whose paths begin with `prefix`.
    pub(crate) async fn session_at(&self, prefix: &str, who: &str) -> String {
        let path = format!("{prefix}/control/people/{who}/session");
        let opened = self.control().post(&path, &json!({})).await.json(201);
        opened["session"].as_str().unwrap().to_owned()
    }

    /// Client without credentials.
    pub(crate) fn anyone(&self) -> Actor<'_> {
        Actor { rig: self, who: Who::Anyone }
    }

    /// Client of the control API, which requires no credential here.
    pub(crate) fn control(&self) -> Actor<'_> {
        self.anyone()
    }

    /// Person of the register; each request opens a session of its own.
    pub(crate) fn person<'a>(&'a self, who: &'a str) -> Actor<'a> {
        Actor { rig: self, who: Who::Person(who) }
    }

    /// Client with this session token.
    pub(crate) fn bearer<'a>(&'a self, session: &'a str) -> Actor<'a> {
        Actor { rig: self, who: Who::Bearer(session) }
    }

    /// Visitor signed in with the rig's browser.
    pub(crate) fn visitor(&self) -> Actor<'_> {
        Actor { rig: self, who: Who::Visitor }
    }
}

/// Client of the diary and its credential.
#[derive(Clone, Copy)]
pub(crate) struct Actor<'a> {
    rig: &'a Rig,
    who: Who<'a>,
}

#[derive(Clone, Copy)]
enum Who<'a> {
    Anyone,
    Person(&'a str),
    Bearer(&'a str),
    Visitor,
}

impl Actor<'_> {
    pub(crate) async fn get(self, path: &str) -> ReadAnswer {
        self.send(Method::GET, path, |request| request).await
    }

    pub(crate) async fn delete(self, path: &str) -> ReadAnswer {
        self.send(Method::DELETE, path, |request| request).await
    }

    pub(crate) async fn post(self, path: &str, body: &Value) -> ReadAnswer {
        self.call(Method::POST, path, body).await
    }

    pub(crate) async fn put(self, path: &str, body: &Value) -> ReadAnswer {
        self.call(Method::PUT, path, body).await
    }

    pub(crate) async fn patch(self, path: &str, body: &Value) -> ReadAnswer {
        self.call(Method::PATCH, path, body).await
    }

    /// Sends a JSON body with any method.
    pub(crate) async fn call(self, method: Method, path: &str, body: &Value) -> ReadAnswer {
        self.send(method, path, |request| request.json(body)).await
    }

    /// Requests a page as a browser does.
    pub(crate) async fn page(self, path: &str) -> ReadAnswer {
        self.send(Method::GET, path, |request| request.header("accept", "text/html")).await
    }

    /// Sends a request after `fill` has completed it.
    pub(crate) async fn send(
        self,
        method: Method,
        path: &str,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> ReadAnswer {
        let url = format!("{}{path}", self.rig.url);
        let request = match self.who {
            Who::Anyone => new_browser().request(method, url),
            Who::Visitor => self.rig.browser.request(method, url),
            Who::Bearer(session) => new_browser().request(method, url).bearer_auth(session),
            Who::Person(who) => {
                let world = |rest: &str| "/w/".len() + rest.find('/').unwrap_or(rest.len());
                let prefix = path.strip_prefix("/w/").map_or("", |rest| &path[..world(rest)]);
                new_browser().request(method, url).bearer_auth(Box::pin(self.rig.session_at(prefix, who)).await)
            }
        };
        read(fill(request).send().await.unwrap()).await
    }
}

/// Reads a whole response.
pub(crate) async fn read(response: Response) -> ReadAnswer {
    let (status, headers) = (response.status(), response.headers().clone());
    ReadAnswer { status, headers, body: response.text().await.unwrap(), extensions: Extensions::new() }
}

/// Returns the first `data-test` of a page other than `clock` and `who`, or the whole page.
pub(crate) fn mark(page: &str) -> String {
    let marks = page.split("data-test=\"").skip(1).filter_map(|rest| rest.split('"').next());
    marks.filter(|mark| !matches!(*mark, "clock" | "who")).map(str::to_owned).next().unwrap_or_else(|| page.to_owned())
}
