//! Both servers speak English to whoever asks the control API in English, whatever is wrong with a request.

use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::{ReadAnswer, Server, russian_in};

async fn in_english(server: &Server, method: Method, path: &str, body: &Value) -> ReadAnswer {
    let request = server.request(method, path).header(header::ACCEPT_LANGUAGE, "en-US,en;q=0.9");
    server.send(request.json(body)).await
}

/// Sends what is refused, and sees that the words are English.
async fn refused(server: &Server, method: Method, path: &str, body: &Value) {
    let answer = in_english(server, method, path, body).await;
    assert!(answer.status.is_client_error(), "{path} {body}: {}", answer.status);
    let problem = answer.problem(answer.status.as_u16());
    let said = ["title", "way_out"].map(|name| problem[name].as_str().unwrap_or_default()).join(" ");
    assert_eq!(
        (russian_in(&said, &[]).as_str(), answer.header("content-language")),
        ("", "en"),
        "{path} {body}: {problem}"
    );
}

/// A seed that is wrong in one place.
fn seed(section: &str, value: &Value) -> Value {
    json!({ "name": "wrong", "seed": { section: value } })
}

fn person(change: &Value) -> Value {
    let mut person = json!({ "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14", "snils": "001-000-001 00",
        "account": { "email": "anna@family.test", "password": "a-secret-word", "level": "confirmed" } });
    for (name, value) in change.as_object().into_iter().flatten() {
        person[name] = value.clone();
    }
    json!({ "people": { "анна": person } })
}

#[tokio::test]
async fn gosuslugi_says_in_english_what_is_wrong_with_a_world_a_client_a_fault_or_a_key() {
    let server = Server::idp().await;
    let people = [
        json!({ "snils": "112-233-445 95" }),
        json!({ "snils": "1" }),
        json!({ "snils": 1 }),
        json!({ "born": "14.03.85" }),
        json!({ "born": "1985-02-30" }),
        json!({ "born": "2985-02-03" }),
        json!({ "born": "soon" }),
        json!({ "name": "Анна" }),
        json!({ "name": "Петрова Анна 2" }),
        json!({ "gender": "X" }),
        json!({ "colour": "red" }),
        json!({ "birth-certificate": "I-МЮ 123456" }),
        json!({ "birth-certificate": "123" }),
        json!({ "birth-certificate": "1-МЮ 123456" }),
        json!({ "passport": { "series": "6104", "number": "123456", "issued": "2005-04-01", "issued-by": "УМВД" } }),
        json!({ "passport": { "series": "00", "number": "123456", "issued": "2005-04-01", "issued-by": "УМВД" } }),
        json!({ "account": { "email": "anna@mail.ru", "password": "a-secret-word", "level": "confirmed" } }),
        json!({ "account": { "email": "anna", "password": "a-secret-word", "level": "confirmed" } }),
        json!({ "account": { "phone": "+79161234567", "password": "a-secret-word", "level": "confirmed" } }),
        json!({ "account": { "phone": "123", "password": "a-secret-word", "level": "confirmed" } }),
        json!({ "fault": "no-such-fault" }),
    ];
    for change in people {
        refused(&server, Method::POST, "/control/worlds", &seed("gosuslugi", &person(&change))).await;
    }
    for section in [
        json!({ "settings": { "consent-days": 0 } }),
        json!({ "people": { "generate": 1_000_001 } }),
        json!({ "families": [{ "guardian": "nobody", "child": { "name": "Петрова Анна Сергеевна" } }] }),
        json!({ "bindings": [{ "guardian": "nobody", "child": "nobody" }] }),
        json!({ "clients": [{ "mnemonic": "a" }] }),
        json!({ "clients": [{ "mnemonic": "ABC", "title": "x", "domains": ["http://a.test/b"] }] }),
        json!("words"),
    ] {
        refused(&server, Method::POST, "/control/worlds", &seed("gosuslugi", &section)).await;
    }
    refused(&server, Method::POST, "/control/worlds/import", &json!({ "export": {} })).await;
    for (method, path, body) in [
        (Method::POST, "/control/people/никто/session", json!({})),
        (Method::POST, "/control/people/никто/confirm", json!({ "by": "mfc" })),
        (Method::GET, "/control/clients/NOBODY", json!({})),
        (Method::PUT, "/control/clients/ABC", json!({ "mnemonic": "XYZ", "title": "x" })),
        (Method::PUT, "/control/clients/abc", json!({ "title": "x" })),
        (Method::PATCH, "/control/agencies/fns", json!({})),
        (Method::PATCH, "/control/agencies/zags", json!({ "pace": "quick" })),
        (Method::POST, "/control/faults", json!({ "fault": "hdr.alg-nome" })),
        (Method::POST, "/control/faults", json!({ "fault": "hdr.alg-none", "client": "NOBODY" })),
        (Method::POST, "/control/faults", json!({ "fault": "hdr.alg-none", "requests": 0 })),
        (Method::POST, "/control/faults", json!({ "fault": "net.tls-expired" })),
        (Method::DELETE, "/control/faults/99", json!({})),
        (Method::POST, "/control/keys", json!({ "do": "replace" })),
        (Method::POST, "/control/keys", json!({ "do": "remove" })),
        (Method::POST, "/control/keys", json!({ "do": "remove", "key": 99 })),
        (Method::POST, "/control/keys", json!({ "do": "make", "algorithm": "none" })),
    ] {
        refused(&server, method, path, &body).await;
    }
}

#[tokio::test]
async fn the_diary_says_in_english_what_is_wrong_with_a_world() {
    let server = Server::diary("http://127.0.0.1:9").await;
    let pupil = |change: Value| {
        let mut pupil = json!({ "name": "Петров Иван Петрович", "born": "2014-03-01", "snils": "001-000-002 01" });
        for (name, value) in change.as_object().into_iter().flatten() {
            pupil[name] = value.clone();
        }
        json!({ "pupils": { "ваня": pupil } })
    };
    for section in [
        pupil(json!({ "snils": "112-233-445 95" })),
        pupil(json!({ "parents": ["анна"] })),
        pupil(json!({ "school": "лицей" })),
        pupil(json!({ "born": "2984-01-01" })),
        pupil(json!({ "phone": "+79161234567" })),
        json!({ "profile": "moscow" }),
        json!({ "profile": { "scopes": ["openid"] } }),
        json!({ "provider": { "url": "ftp://a.test" } }),
        json!({ "provider": { "timeout-ms": 0 } }),
        json!({ "provider": { "certificate": "x" } }),
        json!({ "pupils": { "a b": {} } }),
        json!({ "attendance": [{ "pupil": "nobody", "date": "2024-09-02", "subject": "x", "status": "ill" }] }),
    ] {
        refused(&server, Method::POST, "/control/worlds", &seed("diary", &section)).await;
    }
    refused(&server, Method::POST, "/control/people/никто/session", &json!({})).await;
    refused(&server, Method::POST, "/control/clock", &json!({ "to": "2001-01-01" })).await;
}

/// A request of a client, and the verdict that a reader is told of it.
struct Asked<'s> {
    server: &'s Server,
    answer: ReadAnswer,
}

impl Asked<'_> {
    /// Texts of what failed, by the language of the reader: Russian and English.
    async fn told(&self) -> [String; 2] {
        let path = format!("/control/requests/{}", self.answer.header("x-esia-stand-request"));
        let read = async |query: &str| {
            let entry = self.server.get(&format!("{path}{query}")).await.ok();
            let checks = entry["verdict"].as_array().cloned().unwrap_or_default();
            let failed = checks.iter().find(|check| check["outcome"] == "failed").unwrap_or(&Value::Null);
            format!("{}: {}, {}", failed["rule"], failed["expected"], failed["got"])
        };
        [read("").await, read("?lang=en").await]
    }
}

async fn form<'s>(server: &'s Server, path: &str, fields: &[(&str, &str)], language: &str) -> Asked<'s> {
    let request = server.request(Method::POST, path).header(header::ACCEPT_LANGUAGE, language).form(fields);
    Asked { server, answer: server.send(request).await }
}

#[tokio::test]
async fn whoever_asks_in_english_reads_in_english_why_a_client_is_refused_and_the_client_hears_the_same_words() {
    let server = Server::idp().await;
    let of_esia = ("/aas/oauth2/te", [("client_id", "NOBODY"), ("grant_type", "authorization_code")]);
    let of_openid = ("/oidc/token", [("client_id", "NOBODY"), ("grant_type", "authorization_code")]);
    for (path, fields) in [of_esia, of_openid] {
        let [russian, english] = [form(&server, path, &fields, "ru").await, form(&server, path, &fields, "en").await];
        let told = english.told().await;
        assert_eq!(told, russian.told().await, "{path}: a verdict is the reader's, whoever has asked");
        assert!(!russian_in(&told[0], &[]).is_empty() && russian_in(&told[1], &[]).is_empty(), "{path}: {told:#?}");
        assert!(told[1].contains("this world"), "{path}: {told:#?}");
        let heard = |asked: &Asked| {
            let answer = &asked.answer;
            let line = answer.header("x-esia-stand-verdict").split("; see").next().unwrap_or_default().to_owned();
            // `state` of ЕСИА's refusals is made anew for each.
            let mut body: Value = serde_json::from_str(&answer.body).unwrap();
            body.as_object_mut().unwrap().remove("state");
            (answer.status, body, line)
        };
        assert_eq!(heard(&english), heard(&russian), "{path}");
    }
}

#[tokio::test]
async fn the_strip_of_a_page_that_refuses_is_english_to_whoever_has_chosen_it_and_the_page_stays_russian() {
    let server = Server::idp().await;
    for path in ["/aas/oauth2/v2/ac?client_id=NOBODY", "/oidc/authorize?client_id=NOBODY"] {
        let page = async |query: &str, language: &str| {
            let request =
                server.request(Method::GET, &format!("{path}{query}")).header(header::ACCEPT_LANGUAGE, language);
            let answer = server.send(request.header(header::ACCEPT, "text/html")).await;
            assert_eq!(answer.status, 400, "{path}{query}");
            let strip = answer.body.split("<aside class=\"tester").nth(1).unwrap_or_default().to_owned();
            (answer.body.split("<main").nth(1).unwrap_or_default().split("</main>").next().unwrap().to_owned(), strip)
        };
        let ((russian_page, russian), (page_in_english, english)) =
            (page("", "en").await, page("&lang=en", "ru").await);
        assert!(russian.contains("Почему так?"), "{path}: {russian}");
        assert!(
            english.contains("registered in this world") && russian_in(&english, &[]).is_empty(),
            "{path}: {english}"
        );
        assert_eq!(russian_page, page_in_english, "{path}");
    }
}

#[tokio::test]
async fn the_timeline_of_gosuslugi_is_told_in_the_language_that_is_asked_for() {
    let server = Server::idp().await;
    let made =
        server.post("/control/worlds", &json!({ "name": "told", "seed": { "gosuslugi": person(&json!({})) } })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let session = server.post("/w/told/control/people/анна/session", &json!({})).await;
    assert_eq!(session.status, 201, "{}", session.body);
    let last = async |query: &str| {
        let lines = server.get(&format!("/w/told/control/timeline{query}")).await.ok();
        lines.as_array().and_then(|lines| lines.last()).map(|line| line["text"].clone()).unwrap_or_default()
    };
    let told = [last("").await, last("?lang=en").await];
    assert_eq!(
        told,
        ["Петрова Анна Сергеевна: вход как частное лицо", "Петрова Анна Сергеевна: entered as a private person"]
    );
}
