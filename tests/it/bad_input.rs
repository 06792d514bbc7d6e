//! Bad input: told to whoever sent it, by name, in the form of the API it came to; never a panic, a half-done change or
//! a 500.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::{ReadAnswer, Server};

const JSON: &str = "application/json";

async fn send(server: &Server, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> ReadAnswer {
    let request = server.request(Method::POST, path).header(header::CONTENT_TYPE, content_type).body(body);
    server.send(request).await
}

/// Both servers, the diary with the other as its provider.
async fn both() -> [Server; 2] {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    [idp, diary]
}

/// How an answer ended; a browser is told by a page.
fn outcome(answer: &ReadAnswer) -> String {
    match answer.media_type() {
        "text/html" => format!("{} page", answer.status.as_u16()),
        _ => answer.outcome(),
    }
}

/// Outcome of the answers of both servers to one request; they must not differ.
async fn said(servers: &[Server; 2], ask: impl AsyncFn(&Server) -> ReadAnswer) -> String {
    let (one, other) = (outcome(&ask(&servers[0]).await), outcome(&ask(&servers[1]).await));
    assert_eq!(one, other, "the two servers differ");
    one
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let servers = both().await;
    let form = async |server: &Server| {
        let body = format!("a={}", "a".repeat(70_000));
        send(server, "/login", "application/x-www-form-urlencoded", body).await
    };
    assert_snapshot!(said(&servers, form).await, @"413 page");
    let seed = async |server: &Server| send(server, "/control/worlds", JSON, vec![b' '; 64 * 1024 * 1024 + 1]).await;
    assert_snapshot!(said(&servers, seed).await, @"413 too-large");
    assert_snapshot!(said(&servers, async |server| server.get("/health").await).await, @"200");
}

#[tokio::test]
async fn another_content_type_is_refused_by_name() {
    let servers = both().await;
    let text = async |server: &Server| send(server, "/control/worlds", "text/plain", "{}").await;
    assert_snapshot!(said(&servers, text).await, @"415 content-type Content-Type");
    let none = async |server: &Server| server.send(server.request(Method::POST, "/control/clock").body("{}")).await;
    assert_snapshot!(said(&servers, none).await, @"415 content-type Content-Type");
    let json = async |server: &Server| send(server, "/login", JSON, "{}").await;
    assert_snapshot!(said(&servers, json).await, @"415 page");
}

#[tokio::test]
async fn what_is_not_json_is_refused_with_its_place() {
    let servers = both().await;
    let say = async |body: &'static [u8]| {
        said(&servers, async |server| send(server, "/control/clock", JSON, body).await).await
    };
    assert_snapshot!(say(b"").await, @"400 bad-request body");
    assert_snapshot!(say(b"{\"advance\": ").await, @"400 bad-request body");
    assert!(say(b"{\"advance\": 15}").await.starts_with("400 bad-request "));
    assert_snapshot!(say(b"{\"forward\": \"1m\"}").await, @"400 bad-request forward");
    assert_snapshot!(say(b"{\"advance\": \"\xff\"}").await, @"400 bad-request body");
    let deep = async |server: &Server| send(server, "/control/worlds", JSON, "[".repeat(100_000)).await;
    assert_snapshot!(said(&servers, deep).await, @"400 bad-request body");
}

#[tokio::test]
async fn a_bad_date_or_span_moves_no_clock() {
    let servers = both().await;
    let still = json!({ "name": "still", "seed": { "clock": { "frozen": "2024-09-02T09:00:00+03:00" } } });
    assert_eq!(said(&servers, async |server| server.post("/control/worlds", &still).await).await, "201");
    let order =
        async |body: Value| said(&servers, async |server| server.post("/w/still/control/clock", &body).await).await;
    assert!(order(json!({ "to": "31.02.2025" })).await.starts_with("400 bad-request "));
    assert_snapshot!(order(json!({ "to": "1999-01-01T00:00:00+03:00" })).await, @"400 bad-request clock");
    assert_snapshot!(order(json!({ "advance": "a while" })).await, @"400 bad-request advance");
    assert_snapshot!(order(json!({ "advance": "9999years" })).await, @"400 bad-request clock");
    assert_snapshot!(order(json!({ "advance": "1m", "to": "2099-01-01T00:00:00Z" })).await, @"400 bad-request to");
    assert_snapshot!(order(json!({})).await, @"400 bad-request advance");
    for server in &servers {
        assert_eq!(server.get("/w/still/control/timeline").await.ok(), json!([]), "something has happened");
    }
}

#[tokio::test]
async fn a_seed_with_a_mistake_makes_no_world_and_names_the_place() {
    let [idp, diary] = both().await;
    let make = async |server: &Server, seed: Value, told: &str| {
        let answer = server.post("/control/worlds", &json!({ "name": "wrong", "seed": seed })).await;
        assert_eq!((answer.status.as_u16(), answer.body.contains(told)), (400, true), "{told}: {}", answer.body);
        assert_eq!(server.get("/w/wrong/control/clock").await.status, 404, "a world was made");
    };
    let person = |field: &str, value: Value| {
        let mut person = json!({ "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14",
            "snils": "001-000-001 00" });
        person[field] = value;
        json!({ "gosuslugi": { "people": { "анна": person } } })
    };
    let right = json!({ "name": "right", "seed": person("about", json!("мать Вани")) });
    assert_eq!(idp.post("/control/worlds", &right).await.status, 201);
    make(&idp, json!({ "gosuslug": {} }), "gosuslug").await;
    make(&idp, json!({ "gosuslugi": { "peple": {} } }), "peple").await;
    make(&idp, person("nickname", json!("Аня")), "nickname").await;
    make(&idp, person("born", json!("1985-02-30")), "gosuslugi").await;
    make(&idp, person("snils", json!("112-233-445 00")), "контрольное число СНИЛС").await;
    make(&idp, json!({ "clock": { "frozen": "вчера" } }), "bad-request").await;

    let pupil = |field: &str, value: Value| {
        let mut pupil = json!({ "name": "Петров Иван Ильич", "born": "2013-05-20", "snils": "001-000-002 00" });
        pupil[field] = value;
        json!({ "diary": { "pupils": { "ваня": pupil } } })
    };
    let right = json!({ "name": "right", "seed": pupil("class", json!("7А")) });
    assert_eq!(diary.post("/control/worlds", &right).await.status, 201);
    make(&diary, json!({ "diary": { "pupil": {} } }), "pupil").await;
    make(&diary, pupil("klass", json!("7А")), "klass").await;
    make(&diary, pupil("born", json!("2013-02-30")), "diary").await;
    make(&diary, pupil("snils", json!("112-233-445 00")), "контрольное число СНИЛС").await;
    make(&diary, pupil("parents", json!(["никто"])), "никто").await;
}

#[tokio::test]
async fn a_wrong_snils_is_told_at_its_field() {
    let idp = Server::idp().await;
    let people = idp.get("/control/people").await.ok();
    let mut told = BTreeMap::new();
    for person in people.as_array().expect("people").iter().filter(|person| person["login"].is_string()) {
        let key = person["key"].as_str().expect("key");
        let session = idp.post(&format!("/control/people/{key}/session"), &json!({})).await.json(201);
        let session = session["session"].as_str().expect("session").to_owned();
        let card = json!({ "last": "Петров", "first": "Пётр", "middle": "Ильич", "gender": "M", "born": "2016-01-10",
            "series": "I-ОО", "number": "000777", "snils": "112-233-445 00" });
        let before = idp.get("/control/timeline?limit=1000").await.ok();
        let request = idp.request(Method::POST, "/lk/api/family").bearer_auth(session).json(&card);
        let answer = idp.send(request).await;
        assert!(answer.status != 400 || answer.body.contains("ожидалось 95, получено 00"), "{}", answer.body);
        told.entry(answer.outcome()).or_insert_with(|| key.to_owned());
        assert_eq!(idp.get("/control/timeline?limit=1000").await.ok(), before, "something has happened");
    }
    let told: Vec<_> = told.into_keys().collect();
    assert_snapshot!(told.join("\n"), @"400 bad-field snils");
}

#[tokio::test]
async fn an_unknown_world_or_name_of_the_server_is_not_served() {
    let servers = both().await;
    let get = async |path: &str, header: (&'static str, &str)| {
        said(&servers, async |server| server.send(server.request(Method::GET, path).header(header.0, header.1)).await)
            .await
    };
    let json = ("accept", JSON);
    assert_snapshot!(get("/w/nowhere/control/clock", json).await, @"404 no-world");
    assert_snapshot!(get("/w/nowhere/login", json).await, @"404 no-world");
    assert_snapshot!(get("/w/НЕТ/login", json).await, @"404 no-world");
    assert_snapshot!(get("/login", ("host", "nowhere.localhost")).await, @"404 page");
    assert_snapshot!(get("/control/worlds", ("host", "evil.example")).await, @"421 misdirected");
    assert_snapshot!(get("/control/worlds", ("sec-fetch-site", "cross-site")).await, @"403 foreign-page Sec-Fetch-Site");
    let misnamed = json!({ "name": "Not A Name" });
    let make = async |server: &Server| server.post("/control/worlds", &misnamed).await;
    assert!(said(&servers, make).await.starts_with("400 bad-request "));
}

#[tokio::test]
async fn an_unknown_client_or_redirect_never_redirects() {
    let idp = Server::idp().await;
    let clients = idp.get("/control/clients").await.ok();
    let known = clients[0]["mnemonic"].as_str().expect("the demo world has a client").to_owned();
    for (client, redirect) in [
        ("NOBODY", "http://127.0.0.1:1/callback"),
        (known.as_str(), "http://evil.example/callback"),
        (known.as_str(), "http://127.0.0.1.evil.example/callback"),
        (known.as_str(), "http://user@evil.example/127.0.0.1"),
        (known.as_str(), "//evil.example/"),
        (known.as_str(), "javascript:alert(1)"),
        (known.as_str(), "data:text/html,hello"),
        (known.as_str(), ""),
        ("", "http://127.0.0.1:1/callback"),
    ] {
        let query = [("client_id", client), ("redirect_uri", redirect), ("response_type", "code"), ("scope", "openid")];
        let answer = idp.send(idp.request(Method::GET, "/aas/oauth2/ac").query(&query)).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{client} {redirect}");
        let leaving = [("client_id", client), ("redirect_url", redirect)];
        let answer = idp.send(idp.request(Method::GET, "/idp/ext/Logout").query(&leaving)).await;
        assert!(!answer.header("location").contains("evil"), "{client} {redirect}: {}", answer.header("location"));
    }
    // A backslash is a slash for browsers and for us: this is a path at an address that is registered.
    let twisted = [("client_id", known.as_str()), ("redirect_uri", "http://127.0.0.1:1\\@evil.example/")];
    let answer = idp.send(idp.request(Method::GET, "/aas/oauth2/ac").query(&twisted)).await;
    let to = answer.header("location");
    assert!(to.is_empty() || to.starts_with("http://127.0.0.1:1/@"), "{to}");
    let next = idp.get("/login?next=http://evil.example/").await;
    assert!(!next.header("location").contains("evil"));
}

/// Arbitrary values, the same in every run (xorshift64*).
struct Junk(u64);

impl Junk {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap_or(0) % below
    }

    fn word(&mut self) -> String {
        const WORDS: [&str; 18] = [
            "",
            "0",
            "-1",
            "18446744073709551615",
            "99999999999999999999999",
            "1e400",
            "null",
            "main",
            "Ваня",
            "\u{0}",
            "../../etc/passwd",
            "%00",
            "%ff",
            "';drop table world;--",
            "<script>",
            "2025-02-30",
            "001-000-001 00",
            "🙂",
        ];
        let word = WORDS[self.next(WORDS.len())];
        if self.next(12) == 0 { word.repeat(300) } else { word.to_owned() }
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.next(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(self.next(2) == 0),
            2 => json!(f64::from(u32::try_from(self.next(9999)).unwrap_or(0)) - 0.5),
            3 | 4 => json!(self.word()),
            5 => (0..self.next(4)).map(|_| self.value(depth - 1)).collect(),
            _ => (0..self.next(4)).map(|_| (self.word(), self.value(depth - 1))).collect(),
        }
    }

    /// A value that nearly is what a schema asks for.
    fn nearly(&mut self, schema: &Value, document: &Value) -> Value {
        if self.next(6) == 0 {
            return self.value(2);
        }
        if let Some(name) = schema["$ref"].as_str() {
            let found = document.pointer(name.trim_start_matches('#')).cloned().unwrap_or_default();
            return self.nearly(&found, document);
        }
        let Some(properties) = schema["properties"].as_object() else { return self.value(1) };
        let mut object = serde_json::Map::new();
        for (name, property) in properties {
            if self.next(8) > 0 {
                object.insert(name.clone(), self.nearly(property, document));
            }
        }
        Value::Object(object)
    }
}

/// Operations of a server's OpenAPI document: method, path, schema of the body.
fn endpoints(document: &Value) -> Vec<(Method, String, Value)> {
    let mut endpoints = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, described) in methods.as_object().expect("methods") {
            if let Ok(method) = method.to_uppercase().parse() {
                let body = described["requestBody"]["content"][JSON]["schema"].clone();
                endpoints.push((method, path.clone(), body));
            }
        }
    }
    endpoints
}

/// Every byte as `%XX`, so that anything may stand in an address.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |escaped, byte| format!("{escaped}%{byte:02X}"))
}

/// The path with something in the place of each parameter.
fn filled(path: &str, junk: &mut Junk, keys: &[String]) -> String {
    let segments = path.split('/').map(|segment| {
        if !segment.starts_with('{') {
            return segment.to_owned();
        }
        let word = if junk.next(2) == 0 { junk.word() } else { keys[junk.next(keys.len())].clone() };
        escaped(&word)
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Sends junk to one endpoint, as nobody or as somebody.
async fn ask(server: &Server, endpoint: &(Method, String, Value), document: &Value, junk: &mut Junk, cast: &Cast) {
    let (method, path, schema) = endpoint;
    let mut url = filled(path, junk, &cast.keys);
    if junk.next(3) == 0 {
        let query = [(junk.word(), junk.word()), ("after".to_owned(), junk.word()), ("limit".to_owned(), junk.word())];
        let text = query.map(|(name, value)| format!("{}={}", escaped(&name), escaped(&value)));
        url = format!("{url}?{}", text.join("&"));
    }
    let mut request = server.request(method.clone(), &url);
    if junk.next(3) > 0 {
        request = request.bearer_auth(&cast.sessions[junk.next(cast.sessions.len())]);
    }
    let body = junk.nearly(schema, document);
    request = match junk.next(8) {
        0 => request.header(header::CONTENT_TYPE, JSON).body(vec![b'{', 0xff, 0]),
        1 => request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body("%%%=&&&=%ff"),
        2 => request,
        _ => request.json(&body),
    };
    // Only the head of the answer: a stream has no end.
    let response = request.send().await.expect("an answer");
    assert_ne!(response.status(), 500, "{method} {url} {body}");
    let told = response.headers().get(header::CONTENT_TYPE).and_then(|told| told.to_str().ok()).unwrap_or_default();
    // The protocols refuse in their own form: pages, and JSON of RFC 6749.
    let own_form = !["/control/", "/lk/api/", "/api/"].iter().any(|ours| path.starts_with(ours));
    let refused = response.status().is_client_error() && !own_form;
    assert!(!refused || told == "application/problem+json", "{method} {url} → {} as {told:?}", response.status());
}

/// Keys of people to ask for, and sessions to ask with.
struct Cast {
    keys: Vec<String>,
    sessions: Vec<String>,
}

async fn cast(server: &Server) -> Cast {
    let people = server.get("/control/people").await.ok();
    let people = people.as_array().expect("people");
    let keys: Vec<_> = people.iter().map(|person| person["key"].as_str().expect("a key")).collect();
    let mut sessions = Vec::new();
    for key in &keys {
        let answer = server.post(&format!("/control/people/{key}/session"), &json!({})).await;
        // Not everybody has an account.
        if answer.status == 404 {
            assert_eq!(answer.problem(404)["code"], "not-found", "{key}");
        } else {
            sessions.push(answer.json(201)["session"].as_str().expect("a session").to_owned());
        }
    }
    assert!(!sessions.is_empty(), "nobody can sign in");
    let keys = keys.into_iter().chain(["1", "2", "main"]).map(str::to_owned).collect();
    Cast { keys, sessions }
}

#[tokio::test]
async fn junk_at_any_described_endpoint_is_never_an_internal_error() {
    for server in both().await {
        let document = server.get("/control/openapi.json").await.ok();
        let endpoints = endpoints(&document);
        assert!(endpoints.len() > 20, "only {} endpoints are described", endpoints.len());
        let (mut junk, cast) = (Junk(20_240_902), cast(&server).await);
        for round in 0..12 {
            for endpoint in &endpoints {
                ask(&server, endpoint, &document, &mut junk, &cast).await;
            }
            assert_eq!(server.get("/health").await.status, 200, "after round {round}");
        }
    }
}

#[tokio::test]
async fn junk_at_the_protocol_endpoints_is_refused_in_their_own_form() {
    let idp = Server::idp().await;
    let mut junk = Junk(7);
    let names = ["client_id", "client_secret", "scope", "response_type", "state", "timestamp", "code", "grant_type"];
    for round in 0..200 {
        let fields: Vec<_> =
            (0..junk.next(9)).map(|_| (names[junk.next(names.len())].to_owned(), junk.word())).collect();
        let asked = idp.send(idp.request(Method::GET, "/aas/oauth2/ac").query(&fields)).await;
        assert_eq!((asked.status.as_u16(), asked.header("location")), (400, ""), "round {round}: {fields:?}");
        let token = idp.send(idp.request(Method::POST, "/aas/oauth2/te").form(&fields)).await;
        token.oauth_error(400);
        let person = idp.request(Method::GET, "/rs/prns/1000000001").bearer_auth(junk.word().replace('\0', "0"));
        let person = idp.send(person).await;
        let status = person.status.as_u16();
        assert!(matches!(status, 400..=404), "round {round}: {status}");
        assert!(person.json(status)["code"].is_string(), "{}", person.body);
    }
}
