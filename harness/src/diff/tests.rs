//! Recordings with one difference each: it is found by its name, and values that differ in every run are ignored.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Comparison, Judged, KnownDifference, Recording, as_text, compare};

fn headers(all: &[(&str, &str)]) -> Value {
    all.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn exchange(request: &Value, status: u16, body: &Value) -> Value {
    json!({ "comment": "idp", "request": request, "response": {
        "status": status,
        "headers": headers(&[("content-type", "application/json"), ("cache-control", "no-store"), ("date", "today")]),
        "content": { "text": body.to_string() },
        "redirectURL": "",
    } })
}

/// Sign-in at a provider with this base URL; all values that are new in each run are made from `salt`.
fn sign_in(base: &str, salt: u32) -> Value {
    let redirect = format!("http://127.0.0.1:9000/w/run-{salt}/callback?code=c{salt}&state=s{salt}");
    let authorization = json!({ "method": "GET", "url": format!("{base}/auth?state={salt}"), "headers": [],
        "queryString": headers(&[("response_type", "code"), ("client_id", "MINE")]) });
    let token = json!({ "method": "POST", "url": format!("{base}/te"), "headers": [],
        "postData": { "params": headers(&[("grant_type", "authorization_code"), ("code", &format!("c{salt}"))]) } });
    let userinfo = json!({ "method": "GET", "url": format!("{base}/userinfo"),
        "headers": headers(&[("Authorization", &format!("Bearer {salt}"))]) });
    let mut consent =
        exchange(&json!({ "method": "POST", "url": format!("{base}/consent/{salt}") }), 303, &Value::Null);
    consent["response"]["redirectURL"] = redirect.into();
    let answer = json!({ "access_token": format!("[hidden-{salt}]"), "token_type": "Bearer", "expires_in": 3600, "scope": "openid snils" });
    let mut tokens = exchange(&token, 200, &answer);
    tokens["_tokens"] = json!({ "id_token": { "header": { "alg": "RS256", "kid": salt.to_string() },
        "claims": { "iat": salt, "exp": salt + 300, "sub": salt.to_string() } } });
    let person =
        exchange(&userinfo, 200, &json!({ "sub": salt.to_string(), "birthdate": "1986-03-01", "trusted": true }));
    json!({ "log": { "_world": format!("run-{salt}"), "entries": [exchange(&authorization, 302, &Value::Null), consent, tokens, person] } })
}

fn written(folder: &Path, name: &str, archive: &Value) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(format!("{name}.har")), archive.to_string()).unwrap();
}

/// Compares a sign-in with a changed copy.
fn changed(change: impl FnOnce(&mut Value)) -> Comparison {
    let folder = TempDir::new().unwrap();
    let mut other = sign_in("https://other.test/sso", 2_000_007);
    change(&mut other["log"]["entries"]);
    written(&folder.path().join("a"), "one", &sign_in("http://127.0.0.1:8081/w/run-11/oidc", 11));
    written(&folder.path().join("b"), "one", &other);
    let [one, two] = ["a", "b"].map(|name| Recording::read(&folder.path().join(name)).unwrap());
    compare(&one, &two)
}

fn told(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let found = changed(change).differences.into_iter();
    found.map(|one| format!("{}: {} → {}", one.id, one.left, one.right)).collect()
}

#[test]
fn codes_times_ids_signatures_and_links_are_no_differences() {
    assert_eq!(told(|_| {}), Vec::<String>::new());
}

#[test]
fn each_difference_has_its_name() {
    assert_eq!(told(|all| all[0]["response"]["status"] = 303.into()), ["authorization.status: 302 → 303"]);
    let body = |value: Value| move |all: &mut Value| all[3]["response"]["content"]["text"] = value.to_string().into();
    assert_eq!(
        told(body(json!({ "sub": "1", "birthdate": "01.03.1986" }))),
        ["userinfo.body.birthdate: date YYYY-MM-DD → date DD.MM.YYYY", "userinfo.body.trusted: boolean → —"]
    );
    assert_eq!(
        told(|all| all[2]["_tokens"]["id_token"]["claims"]["exp"] = (2_000_007 + 600).into()),
        ["token.id_token.lifetime: 300 s → 600 s"]
    );
    assert_eq!(
        told(|all| all[2]["response"]["headers"][1]["value"] = "private".into()),
        ["token.header.cache-control: no-store → private"]
    );
    assert_eq!(
        told(|all| all[1]["response"]["redirectURL"] = "http://a/cb?error=access_denied&state=1".into()),
        ["answer.error: — → access_denied", "answer.parameters: code state → error state"]
    );
    let swapped = told(|all| all.as_array_mut().unwrap().swap(2, 3));
    assert_eq!(swapped, ["order.after-answer: token → userinfo"]);
}

#[test]
fn what_is_known_passes_and_a_known_one_that_is_gone_does_not() {
    let known = |id: &str| KnownDifference {
        id: id.to_owned(),
        reason: "так у них".to_owned(),
        owner: "Анна".to_owned(),
        date: "2026-11-30".to_owned(),
    };
    let differing = || changed(|all| all[0]["response"]["status"] = 303.into());
    assert!(!Judged::of(differing(), &[]).is_as_known());
    assert!(Judged::of(differing(), &[known("authorization.status")]).is_as_known());
    let gone = Judged::of(differing(), &[known("authorization.status"), known("token.lifetime")]);
    assert!(!gone.is_as_known());
    insta::assert_snapshot!(anstream::adapter::strip_str(&as_text(&gone)), @"
    Известные отличия
      authorization.status: 302 → 303
          one
          так у них (Анна, 2026-11-30)

    Известны, но их больше нет: уберите из файла
      token.lifetime
          так у них (Анна, 2026-11-30)

    Сравнено сценариев: 1; отличий неизвестных: 0, известных: 1, исчезнувших: 1
    ");
}

#[test]
fn a_folder_that_is_no_recording_says_why() {
    let folder = TempDir::new().unwrap();
    let told = |folder: &Path| {
        let error = Recording::read(folder).unwrap_err().to_string();
        error.rsplit_once('/').map(|(_, told)| told.to_owned()).unwrap_or(error)
    };
    assert!(told(&folder.path().join("none")).starts_with("none: "));
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert_eq!(
        told(&folder.path().join("empty")),
        "empty: здесь нет записей (*.har): их пишет esia-stand run --record ПАПКА"
    );
    fs::write(folder.path().join("a.har"), "{").unwrap();
    assert!(told(folder.path()).starts_with("a.har: это не HAR 1.2: "));
}
