//! The document against the routes: each is described, and each answers as it is described.

use std::{collections::BTreeSet, fs, path::Path};

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;
use utoipa::openapi::HttpMethod;

use super::{
    address::{Address, FORM, HTML},
    document::document,
    esia, oidc,
};
use crate::testing::{Answer, Rig, family};

/// Prefixes of pages for people and testers.
const PAGES: [&str; 8] = [
    "/child-account/email",
    "/control/console/",
    "/lk",
    "/login",
    "/logout",
    "/recovery",
    "/registration",
    // Variant of an address with a slash at the end.
    "/aas/oauth2/api/login/",
];

fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("tests.rs") {
            found.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// The addresses of all `.route("…"` in the crate.
fn routes() -> BTreeSet<String> {
    let mut all = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let rest = all.split(concat!(".rou", "te(")).skip(1);
    let path = |rest: &str| Some(rest.trim_start().strip_prefix('"')?.split('"').next()?.to_owned());
    rest.filter_map(path).collect()
}

async fn described(rig: &Rig) -> Value {
    rig.control().get("/control/openapi.json").await.ok()
}

fn is_page(route: &str) -> bool {
    route == "/"
        || PAGES.iter().any(|page| route == *page || route.starts_with(&format!("{}/", page.trim_end_matches('/'))))
}

#[tokio::test]
async fn every_address_that_is_no_page_is_described() {
    let rig = Rig::new(family()).await;
    let document = described(&rig).await;
    let paths = document["paths"].as_object().unwrap();
    let routes = routes();
    assert!(routes.contains("/oidc/token") && routes.len() > 60, "{routes:?}");
    for route in &routes {
        // A wildcard is described by the addresses that it stands for.
        let prefix = route.split("{*").next().unwrap().split("{version}").next().unwrap();
        let is_described = paths.keys().any(|path| path == route || (prefix != route && path.starts_with(prefix)));
        let is_api = is_page(route) && !paths.contains_key(route);
        assert!(is_described || is_api, "{route} is neither a page nor described");
    }
}

/// Builds a request from its description.
fn request(address: &Address, method: &HttpMethod) -> Request<Body> {
    let mut path = address.path.to_owned();
    let (mut query, mut form, mut body) = (Serializer::new(String::new()), Serializer::new(String::new()), json!({}));
    for field in address.fields {
        let place = format!("{{{}}}", field.name);
        if path.contains(&place) {
            path = path.replace(&place, field.example);
        } else if field.is_required {
            query.append_pair(field.name, field.example);
            form.append_pair(field.name, field.example);
            body[field.name] = field.value();
        }
    }
    if *method == HttpMethod::Get {
        return Request::get(format!("{path}?{}", query.finish())).body(Body::empty()).unwrap();
    }
    let sent = if address.body == FORM { form.finish() } else { body.to_string() };
    Request::post(path).header("content-type", address.body).body(Body::from(sent)).unwrap()
}

fn content_type(answer: &Answer) -> String {
    let value = answer.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_described_address_answers_as_it_is_described() {
    let rig = Rig::new(family()).await;
    // Pages between an authorization request and its redirect need a browser that has made the steps before.
    let first = |answers: &[super::address::Answer]| answers.first().map(|answer| answer.about);
    let is_asked = |address: &&Address| first(address.answers) != first(super::address::PAGE);
    for address in esia::ADDRESSES.iter().chain(oidc::ADDRESSES).filter(is_asked) {
        for method in address.methods {
            let answer = rig.send(request(address, method)).await;
            let status = answer.status.as_u16().to_string();
            let described = address.answers.iter().find(|one| one.status == status);
            let described =
                described.unwrap_or_else(|| panic!("{}: {status} is not described: {}", address.path, answer.body));
            let said = described.content_types;
            let sent = content_type(&answer);
            assert!(said.is_empty() || said.split(' ').any(|one| one == sent), "{}: {sent}, not {said}", address.path);
            assert!(said != HTML || answer.body.contains("<html"), "{}", address.path);
        }
    }
}

#[test]
fn every_form_of_the_document_has_an_example_of_what_it_requires() {
    let document = serde_json::to_value(document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (name, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                let example = content["example"].as_object().unwrap_or_else(|| panic!("{method} {path} {name}"));
                for required in content["schema"]["required"].as_array().into_iter().flatten() {
                    assert!(example.contains_key(required.as_str().unwrap()), "{method} {path}: {required}");
                }
            }
        }
    }
}

/// Every body of the document with its example: method, address, content type, example.
fn bodies(document: &Value) -> Vec<(String, String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (name, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                found.push((method.clone(), path.clone(), name.clone(), content["example"].clone()));
            }
        }
    }
    found
}

#[tokio::test]
async fn every_body_has_an_example_that_is_read() {
    let rig = Rig::new(family()).await;
    let bodies = bodies(&described(&rig).await);
    assert!(bodies.len() > 40, "{}", bodies.len());
    let session = rig.session("анна").await;
    for (method, path, content_type, example) in bodies {
        assert!(!example.is_null(), "{method} {path} has no example");
        if content_type != "application/json" || !path.contains("/control/") && !path.starts_with("/lk/api/") {
            continue;
        }
        let filled = path
            .replace("{name}", "main")
            .replace("{mnemonic}", "MY-SITE")
            .replace("{key}", "%D0%B0%D0%BD%D0%BD%D0%B0")
            .replace("{agency}", "zags")
            .replace("{paper}", "inn")
            .replace("{id}", "1");
        let answer = rig.person(&session).call(&method.to_uppercase(), &filled, &example).await;
        let is_read = !answer.body.contains("не читается") && answer.status != 415 && answer.status != 422;
        assert!(is_read && answer.status != 405, "{method} {path}: {} {}", answer.status, answer.body);
    }
}
