//! Tests of the whole diary: its OpenAPI document, pages and worlds.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use web::{Bound, Settings};
use worlds::{SystemWall, store::MemoryStore};

use crate::{
    Options, server,
    testing::{Rig, Script, mark, new_browser},
};

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
        let opened = rig.control().post("/control/people/ольга/session", &json!({})).await;
        (opened.headers["set-cookie"].to_str().unwrap().to_owned(), opened.json(201))
    };
    let (cookie, told) = open().await;
    let session = told["session"].as_str().unwrap();
    assert_eq!(cookie, format!("session_main={session}; Path=/; HttpOnly; SameSite=Lax"));
    assert!(told["link_expires_at"].is_string(), "the shape is the provider's: {told}");
    let path = |told: &Value| told["link"].as_str().unwrap().strip_prefix(rig.url()).unwrap().to_owned();
    let first = rig.get(&path(&told)).await;
    assert_eq!((first.status().as_u16(), first.headers()["location"].to_str().unwrap()), (303, "/school"));
    assert!(rig.page("/school").await.contains(r#"data-test="school""#), "the browser is signed in");
    assert_eq!(rig.get(&path(&told)).await.status(), 410, "once");
    let (_, told) = open().await;
    let elsewhere = rig.get(&format!("{}?next=/school/parents", path(&told))).await;
    assert_eq!(elsewhere.headers()["location"], "/school/parents");
    let (_, told) = open().await;
    let outside = rig.get(&format!("{}?next=//evil.example/", path(&told))).await;
    assert_eq!(outside.headers()["location"], "/school");
    let (_, told) = open().await;
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
    assert_eq!(rig.person("ольга").post("/api/school/pupils/маша/parents", &add).await.outcome(), "204");
    let update = json!({ "name": "Петрова Анна Ильинична", "snils": "001-000-001 00", "active": false });
    assert_eq!(rig.person("ольга").put("/api/school/pupils/маша/parents/анна", &update).await.outcome(), "204");
    assert_eq!(rig.person("ольга").delete("/api/school/pupils/ваня/parents/пётр").await.outcome(), "204");
    let export = rig.control().get("/control/worlds/main/export").await.ok();
    rig.control().post("/control/worlds/import", &json!({ "name": "copy", "export": export.clone() })).await.json(201);
    let told = async |prefix: &str| {
        let lines = rig.person("ольга").get(&format!("{prefix}/control/timeline")).await.ok();
        let count = export["records"].as_array().unwrap().len();
        let kept = lines.as_array().unwrap().iter().take(count);
        kept.map(|line| (line["seq"].clone(), line["at"].clone(), line["text"].clone())).collect::<Vec<_>>()
    };
    let kept = told("").await;
    assert!(kept.len() > 5, "{kept:?}");
    assert_eq!(kept, told("/w/copy").await);
    for path in ["/api/school/pupils", "/api/school/pupils/ваня", "/api/school/pupils/маша"] {
        let read = async |path: &str| rig.person("ольга").get(path).await.ok();
        assert_eq!(read(path).await, read(&format!("/w/copy{path}")).await, "{path}");
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
    let document = rig.control().get("/control/openapi.json").await.ok();
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
    let document = rig.control().get("/control/openapi.json").await.ok();
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
                let path = path.replace("{pupil}", "ваня").replace("{parent}", "анна");
                let path = path.replace("{id}", "1").replace("{date}", "2024-09-02").replace(['{', '}'], "");
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let answer = rig.person("ольга").call(method, &path, example).await;
                let is_read = !answer.body.contains("не читается") && answer.status != 415 && answer.status != 422;
                assert!(is_read, "{path}: {} {}", answer.status, answer.body);
            }
        }
    }
    assert!(count > 15, "{count}");
}

/// Each page, and the JSON endpoint with the same effect.
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

/// Addresses without a JSON counterpart: the start page, making a password visible, the redirects to and from the
/// provider, and the endpoint that only the provider calls.
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
    let document = rig.control().get("/control/openapi.json").await.ok();
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
