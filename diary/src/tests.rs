//! What tests stand on: a diary on a free port, a provider that says what it is told to, a browser.

use std::sync::Arc;

use esia::{
    Oid, keys,
    token::{AccessClaims, AuthMethod, IdClaims, Level, Signer, Subject, SystemClaims, TokenResponse},
};
use reqwest::{Client, Method, Response, redirect::Policy};
use serde_json::{Value, json};
use web::{Bound, Running, Settings};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path, path_regex},
};
use worlds::{SystemWall, store::MemoryStore};

use crate::{Options, server};

/// The world's time: 2024-09-02, 09:00 in Moscow.
pub(crate) const NOW: i64 = 1_725_256_800;
const ALL: &str = "openid fullname birthdate snils birth_cert_doc";

/// What the provider says.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) level: Level,
    pub(crate) granted: &'static str,
    /// Whether it gives refresh tokens.
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

/// A diary in its own process-wide nothing: one world `main`, one browser.
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
    /// The family of the seed, the provider saying what `script` says.
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

    /// Another server over what this one has kept, as after a restart: its base URL, and the server.
    pub(crate) async fn started_again(&self) -> (String, web::Running) {
        let bound = Bound::to(([127, 0, 0, 1], 0).into()).await.unwrap();
        let settings = Settings::on(bound.address());
        let kept = Arc::clone(&self.store);
        let router = server(settings, kept, Arc::new(SystemWall), Options::default()).await.unwrap();
        (bound.url(), bound.spawn(router))
    }

    /// What a person reads at a path of a world, signed in there: a copy begins with nobody signed in.
    pub(crate) async fn reads(&self, person: &str, prefix: &str, path: &str) -> Value {
        let session = self.browser.post(format!("{}{prefix}/control/people/{person}/session", self.url));
        let session: Value = session.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        let request = new_browser().get(format!("{}{prefix}{path}", self.url));
        let response = request.bearer_auth(session["session"].as_str().unwrap()).send().await.unwrap();
        response.error_for_status().unwrap().json().await.unwrap()
    }

    /// From now on the provider says this.
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

    /// The page at a path, redirects of this server followed.
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

    /// A page as somebody of the register sees it.
    pub(crate) async fn page_as(&self, who: &str, path: &str) -> String {
        let session = self.control(Method::POST, &format!("/people/{who}/session"), Value::Null).await;
        let request = Client::new().get(format!("{}{path}", self.url));
        request.bearer_auth(session["session"].as_str().unwrap()).send().await.unwrap().text().await.unwrap()
    }

    /// A form as a browser sends it, from the page `from`.
    pub(crate) async fn post(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.page(from).await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let fields = [fields, &[("csrf", csrf)]].concat();
        self.browser.post(format!("{}{path}", self.url)).form(&fields).send().await.unwrap()
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let request = Client::new().request(method, format!("{}/control{path}", self.url));
        let response = if body.is_null() { request } else { request.json(&body) }.send().await.unwrap();
        response.json().await.unwrap()
    }

    pub(crate) async fn advance(&self, by: &str) {
        self.control(Method::POST, "/clock", json!({ "advance": by })).await;
    }

    /// The API as somebody of the register: status and body.
    pub(crate) async fn api(&self, who: &str, method: Method, path: &str, body: Value) -> String {
        let session = self.control(Method::POST, &format!("/people/{who}/session"), Value::Null).await;
        let request = Client::new()
            .request(method, format!("{}/api{path}", self.url))
            .bearer_auth(session["session"].as_str().unwrap());
        let response = if body.is_null() { request } else { request.json(&body) }.send().await.unwrap();
        let status = response.status().as_u16();
        format!("{status} {}", response.text().await.unwrap()).trim_end().to_owned()
    }

    /// Goes to Gosuslugi and answers with the `state`.
    pub(crate) async fn leave(&self) -> String {
        let response = self.get("/login/gosuslugi").await;
        let location = response.headers()["location"].to_str().unwrap();
        let url = url::Url::parse(location).unwrap();
        url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    }

    /// A whole sign-in: what it ends in, as the first `data-test` of the page that is not about a clock or a name.
    pub(crate) async fn sign_in(&self) -> String {
        let state = self.leave().await;
        mark(&self.page(&format!("/callback?code=c&state={state}")).await)
    }

    /// The sentences of the timeline.
    pub(crate) async fn timeline(&self) -> Vec<String> {
        let lines = self.control(Method::GET, "/timeline?limit=1000", Value::Null).await;
        lines.as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect()
    }
}

/// What a page is.
pub(crate) fn mark(page: &str) -> String {
    let marks = page.split("data-test=\"").skip(1).filter_map(|rest| rest.split('"').next());
    marks.filter(|mark| !matches!(*mark, "clock" | "who")).map(str::to_owned).next().unwrap_or_else(|| page.to_owned())
}

#[tokio::test]
async fn the_console_lists_people_and_links_to_gosuslugi() {
    let rig = Rig::start(Script::default()).await;
    let page = rig.page("/").await;
    assert_eq!(mark(&page), "console");
    assert!(page.contains("родитель: Иван, Мария") && page.contains(&rig.provider.uri()), "{page}");
    assert!(!page.contains("старый-пароль"), "passwords are over");
}

#[tokio::test]
async fn a_session_opened_by_a_program_signs_a_browser_in_by_cookie_or_by_a_link_that_works_once() {
    let rig = Rig::start(Script::default()).await;
    let open = async || {
        let response = Client::new().post(format!("{}/control/people/ольга/session", rig.url)).send().await.unwrap();
        let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
        (response.status().as_u16(), cookie, response.json::<Value>().await.unwrap())
    };
    let (status, cookie, told) = open().await;
    let session = told["session"].as_str().unwrap();
    assert_eq!((status, cookie), (201, format!("session_main={session}; Path=/; HttpOnly; SameSite=Lax")));
    assert!(told["link_expires_at"].is_string(), "the shape is the provider's: {told}");
    let path = |told: &Value| told["link"].as_str().unwrap().strip_prefix(&rig.url).unwrap().to_owned();
    let first = rig.get(&path(&told)).await;
    assert_eq!((first.status().as_u16(), first.headers()["location"].to_str().unwrap()), (303, "/school"));
    assert!(rig.page("/school").await.contains(r#"data-test="school""#), "the browser is signed in");
    assert_eq!(rig.get(&path(&told)).await.status(), 410, "once");
    let (_, _, told) = open().await;
    let elsewhere = rig.get(&format!("{}?next=/school/parents", path(&told))).await;
    assert_eq!(elsewhere.headers()["location"], "/school/parents");
    let (_, _, told) = open().await;
    let outside = rig.get(&format!("{}?next=//evil.example/", path(&told))).await;
    assert_eq!(outside.headers()["location"], "/school");
    let (_, _, told) = open().await;
    rig.advance("5m").await;
    assert_eq!(rig.get(&path(&told)).await.status(), 410, "five minutes");
}

#[tokio::test]
async fn a_world_finds_its_provider_under_the_servers_own() {
    let settings = Settings::on(([127, 0, 0, 1], 0).into());
    let options = Options { provider: Some("http://127.0.0.1:9/".parse().unwrap()), ..Options::default() };
    let bound = Bound::to(settings.listen).await.unwrap();
    let settings = Settings::on(bound.address());
    let router = server(settings, Arc::new(MemoryStore::default()), Arc::new(SystemWall), options).await.unwrap();
    let url = bound.url();
    let _running = bound.spawn(router);
    let new = json!({ "name": "w1" });
    new_browser().post(format!("{url}/control/worlds")).json(&new).send().await.unwrap();
    let location = async |path: &str| {
        let response = new_browser().get(format!("{url}{path}")).send().await.unwrap();
        response.headers()["location"].to_str().unwrap().split('?').next().unwrap().to_owned()
    };
    assert_eq!(location("/login/gosuslugi").await, "http://127.0.0.1:9/aas/oauth2/ac");
    assert_eq!(location("/w/w1/login/gosuslugi").await, "http://127.0.0.1:9/w/w1/aas/oauth2/ac");
}

#[tokio::test]
async fn a_world_brought_back_from_its_events_is_the_same() {
    let rig = Rig::start(Script::default()).await;
    rig.sign_in().await;
    rig.post("/feedback", "/feedback", &[("text", "Помогите"), ("contact", "")]).await;
    let add = json!({ "name": "Серов Игорь Львович", "snils": "001-000-005 00" });
    assert_eq!(rig.api("ольга", Method::POST, "/school/pupils/маша/parents", add).await, "204");
    let update = json!({ "name": "Петрова Анна Ильинична", "snils": "001-000-001 00", "active": false });
    assert_eq!(rig.api("ольга", Method::PUT, "/school/pupils/маша/parents/анна", update).await, "204");
    assert_eq!(rig.api("ольга", Method::DELETE, "/school/pupils/ваня/parents/пётр", Value::Null).await, "204");
    let export = rig.control(Method::GET, "/worlds/main/export", Value::Null).await;
    rig.control(Method::POST, "/worlds/import", json!({ "name": "copy", "export": export.clone() })).await;
    let told = async |prefix: &str| {
        let lines = rig.reads("ольга", prefix, "/control/timeline").await;
        let count = export["records"].as_array().unwrap().len();
        let kept = lines.as_array().unwrap().iter().take(count);
        kept.map(|line| (line["seq"].clone(), line["at"].clone(), line["text"].clone())).collect::<Vec<_>>()
    };
    let kept = told("").await;
    assert!(kept.len() > 5, "{kept:?}");
    assert_eq!(kept, told("/w/copy").await);
    for path in ["/api/school/pupils", "/api/school/pupils/ваня", "/api/school/pupils/маша"] {
        assert_eq!(rig.reads("ольга", "", path).await, rig.reads("ольга", "/w/copy", path).await, "{path}");
    }
}

#[test]
fn the_seed_has_a_schema() {
    let schema = serde_json::to_value(schemars::schema_for!(crate::Seed)).unwrap();
    let born = &schema["$defs"]["PupilSeed"]["properties"]["born"];
    assert_eq!(born["format"], "date");
    assert_eq!(schema["additionalProperties"], false);
}

#[tokio::test]
async fn every_json_endpoint_is_described() {
    let rig = Rig::start(Script::default()).await;
    let document = rig.control(Method::GET, "/openapi.json", Value::Null).await;
    let own = document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/"));
    let own = own.flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |verb| format!("{verb} {path}")));
    insta::assert_snapshot!(own.collect::<Vec<_>>().join("\n"), @r#"
    get /api/access/applications
    post /api/access/applications
    get /api/access/applications/{id}
    get /api/diary/{pupil}
    get /api/diary/{pupil}/teachers
    post /api/feedback
    post /api/login
    post /api/login/forgotten
    post /api/login/recovery/{secret}
    get /api/me
    get /api/messages
    post /api/messages
    get /api/messages/families
    post /api/messages/families
    get /api/messages/unread
    get /api/messages/{id}
    post /api/messages/{id}
    post /api/messages/{id}/read
    get /api/refusal
    get /api/school/applications
    get /api/school/applications/{id}
    post /api/school/applications/{id}/accept
    post /api/school/applications/{id}/decline
    post /api/school/import
    get /api/school/import/template.csv
    get /api/school/lessons
    get /api/school/lessons/{class}/{subject}/{date}
    patch /api/school/lessons/{class}/{subject}/{date}
    get /api/school/parents
    put /api/school/parents/{parent}
    get /api/school/pupils
    get /api/school/pupils/{pupil}
    put /api/school/pupils/{pupil}
    get /api/school/pupils/{pupil}/consents
    post /api/school/pupils/{pupil}/consents
    delete /api/school/pupils/{pupil}/consents/{id}
    post /api/school/pupils/{pupil}/parents
    put /api/school/pupils/{pupil}/parents/{parent}
    delete /api/school/pupils/{pupil}/parents/{parent}
    put /api/school/pupils/{pupil}/phone
    get /api/school/register.csv
    delete /api/session
    "#);
}

#[tokio::test]
async fn every_body_of_the_document_has_an_example_that_is_read() {
    let rig = Rig::start(Script::default()).await;
    let document = rig.control(Method::GET, "/openapi.json", Value::Null).await;
    let mut count = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (content_type, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                let example = &content["example"];
                assert!(!example.is_null(), "{method} {path} has no example");
                count += 1;
                if content_type != "application/json" || !path.starts_with("/api/") {
                    continue;
                }
                let path = path.strip_prefix("/api").unwrap().replace("{pupil}", "ваня").replace("{parent}", "анна");
                let path = path.replace("{id}", "1").replace("{date}", "2024-09-02").replace(['{', '}'], "");
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let answer = rig.api("ольга", method, &path, example.clone()).await;
                let is_read =
                    !answer.contains("не читается") && !answer.starts_with("415") && !answer.starts_with("422");
                assert!(is_read, "{path}: {answer}");
            }
        }
    }
    assert!(count > 15, "{count}");
}

/// Each page, and what does the same for programs.
const SAME: [(&str, &str); 43] = [
    ("/login", "post /api/login"),
    ("/login/forgotten", "post /api/login/forgotten"),
    ("/login/recovery/{secret}", "post /api/login/recovery/{secret}"),
    ("/refusal", "get /api/refusal"),
    ("/logout", "delete /api/session"),
    ("/feedback", "post /api/feedback"),
    ("/diary", "get /api/me"),
    ("/messages", "get /api/messages"),
    ("/messages", "get /api/messages/unread"),
    ("/messages/new", "get /api/diary/{pupil}/teachers"),
    ("/messages/new", "post /api/messages"),
    ("/messages/families", "get /api/messages/families"),
    ("/messages/families/new", "post /api/messages/families"),
    ("/messages/{id}", "get /api/messages/{id}"),
    ("/messages/{id}", "post /api/messages/{id}"),
    ("/messages/{id}", "post /api/messages/{id}/read"),
    ("/school", "get /api/school/pupils"),
    ("/school/parents", "get /api/school/parents"),
    ("/school/parents/{parent}", "put /api/school/parents/{parent}"),
    ("/school/pupils/{pupil}", "get /api/school/pupils/{pupil}"),
    ("/school/pupils/{pupil}", "put /api/school/pupils/{pupil}"),
    ("/school/pupils/{pupil}/parents", "post /api/school/pupils/{pupil}/parents"),
    ("/school/pupils/{pupil}/parents/{parent}", "put /api/school/pupils/{pupil}/parents/{parent}"),
    ("/school/pupils/{pupil}/parents/{parent}/remove", "delete /api/school/pupils/{pupil}/parents/{parent}"),
    ("/school/applications", "get /api/school/applications"),
    ("/school/applications/{id}", "get /api/school/applications/{id}"),
    ("/school/applications/{id}/accept", "post /api/school/applications/{id}/accept"),
    ("/school/applications/{id}/decline", "post /api/school/applications/{id}/decline"),
    ("/school/pupils/{pupil}/consents", "post /api/school/pupils/{pupil}/consents"),
    ("/school/pupils/{pupil}/consents", "get /api/school/pupils/{pupil}/consents"),
    ("/school/pupils/{pupil}/consents/{id}/withdraw", "delete /api/school/pupils/{pupil}/consents/{id}"),
    ("/school/pupils/{pupil}/phone", "put /api/school/pupils/{pupil}/phone"),
    ("/school/lessons", "get /api/school/lessons"),
    ("/school/lessons/{class}/{subject}/{date}", "get /api/school/lessons/{class}/{subject}/{date}"),
    ("/school/lessons/{class}/{subject}/{date}", "patch /api/school/lessons/{class}/{subject}/{date}"),
    ("/school/import", "post /api/school/import"),
    ("/school/import/template.csv", "get /api/school/import/template.csv"),
    ("/school/register.csv", "get /api/school/register.csv"),
    ("/access", "get /api/access/applications"),
    ("/access/application", "post /api/access/applications"),
    ("/access/applications/{id}", "get /api/access/applications/{id}"),
    ("/desk", "get /api/me"),
    ("/diary/{pupil}", "get /api/diary/{pupil}"),
];

/// What is for browsers alone: the start page, a password made visible, the way to the provider and back; and for the
/// provider alone.
const BROWSERS: [&str; 5] = ["/", "/login/show", "/login/gosuslugi", "/callback", "/logout/backchannel"];

#[tokio::test]
async fn every_page_has_a_described_endpoint() {
    let source = include_str!("server.rs");
    let (pages, api) = source.split_once("fn api(").unwrap();
    assert!(!api.contains(".route("), "an endpoint that no document describes");
    let paths = pages.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let has_endpoint = |path: &str| BROWSERS.contains(&path) || SAME.iter().any(|(page, _)| *page == path);
    let alone: Vec<_> = paths.filter(|path| !has_endpoint(path)).collect();
    assert_eq!(alone, Vec::<&str>::new(), "pages without an endpoint: name theirs above");
    let rig = Rig::start(Script::default()).await;
    let document = rig.control(Method::GET, "/openapi.json", Value::Null).await;
    let missing = SAME.iter().filter(|(_, endpoint)| {
        let (verb, path) = endpoint.split_once(' ').unwrap();
        document["paths"][path][verb].is_null()
    });
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
    let described = document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/"));
    let described = described.flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |verb| (verb, path)));
    let pageless = described.map(|(verb, path)| format!("{verb} {path}"));
    let pageless: Vec<_> = pageless.filter(|own| !SAME.iter().any(|(_, endpoint)| endpoint == own)).collect();
    assert_eq!(pageless, Vec::<String>::new(), "endpoints of no page");
}
