//! Console pages of clients and their ready settings, in English for a reader who asks for it.

use serde_json::{Value, json};

use crate::{
    protocols::esia::testing::section,
    testing::{Rig, russian_on},
};

const TITLES: [&str; 2] = ["Мой сайт", "Школа"];

/// Registers clients that differ in their key and in their authentication in OpenID Connect.
async fn clients() -> (Rig, Vec<String>) {
    let rig = Rig::new(section()).await;
    let mut names = Vec::new();
    for (kind, oidc) in [
        ("rsa", json!({ "secret": "x", "auth-method": "client_secret_basic" })),
        ("rsa", json!({ "secret": "x", "auth-method": "client_secret_post" })),
        ("rsa", json!({ "auth-method": "private_key_jwt" })),
        ("rsa", json!({ "auth-method": "none" })),
        ("gost", json!({ "secret": "x" })),
    ] {
        let name = format!("CLIENT-{}", names.len());
        let mut spec = json!({ "mnemonic": name, "title": TITLES[0], "organisation": TITLES[1],
            "scopes": ["openid", "fullname", "own_thing"], "oidc": oidc });
        spec["oidc"]["redirect-uris"] = json!(["http://127.0.0.1:3000/callback"]);
        assert_eq!(rig.control().put(&format!("/control/clients/{name}"), &spec).await.status, 201);
        let key = rig.control().post(&format!("/control/clients/{name}/key"), &json!({ "key": kind })).await;
        assert_eq!(key.status, 201, "{}", key.body);
        names.push(name);
    }
    (rig, names)
}

#[tokio::test]
async fn every_ready_setting_is_told_in_english_to_whoever_asks_in_english() {
    let (rig, names) = clients().await;
    let mut kinds = std::collections::BTreeSet::new();
    for name in names {
        let path = format!("/control/clients/{name}/settings");
        let [russian, english] = [rig.control().get(&path).await, rig.control().get(&format!("{path}?lang=en")).await];
        let (russian, english) = (russian.ok(), english.ok());
        let (russian, english) = (russian.as_array().unwrap(), english.as_array().unwrap());
        assert_eq!(russian.len(), english.len());
        for (russian, english) in russian.iter().zip(english) {
            let told = english.to_string();
            assert_eq!(russian_on(&told, &[]), "", "{told}");
            assert_eq!(russian["note"].is_null(), english["note"].is_null(), "{told}");
            let note = russian["note"].as_str().unwrap_or("и");
            assert_ne!(russian_on(note, &[]), "", "{note}");
            kinds.insert(format!("{} {}", english["protocol"], english["library"]));
        }
    }
    assert_eq!(kinds.len(), 24, "{kinds:#?}");
}

#[tokio::test]
async fn the_pages_of_clients_are_english_to_whoever_asks_in_english() {
    let (rig, names) = clients().await;
    rig.control().post("/control/clock", &json!({ "mode": "frozen" })).await;
    let all = rig.control().get("/control/clients").await.ok();
    let of_all = |name: &str| -> Vec<String> {
        all.as_array().unwrap().iter().map(|one: &Value| one[name].as_str().unwrap().to_owned()).collect()
    };
    let values = [of_all("title"), of_all("organisation")].concat();
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    let mut paths = vec!["/control/console/clients".to_owned(), "/control/console/clients/new".to_owned()];
    paths.extend(names.iter().map(|name| format!("/control/console/clients/{name}")));
    for path in paths {
        let page = rig.anyone().page(&format!("{path}?lang=en")).await;
        assert_eq!(
            (page.status.as_u16(), russian_on(&page.body, &values)),
            (200, String::new()),
            "{path}: {}",
            page.body
        );
        assert!(page.body.contains(r#"<html lang="en">"#) && page.body.contains("По-русски"), "{path}");
        let page = rig.anyone().page(&path).await.body;
        assert!(page.contains(r#"<html lang="ru">"#) && page.contains("In English"), "{path}");
    }
}

#[tokio::test]
async fn a_newcomer_connects_a_client_in_english() {
    let rig = Rig::new(section()).await;
    let session = rig.session("анна").await;
    let mut fields: Vec<_> = [
        ("mnemonic", "MY-SITE"),
        ("title", TITLES[0]),
        ("redirect-uri", "http://127.0.0.1:3000/callback"),
        ("scope", "openid"),
        ("access-ttl-s", "soon"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .collect();
    for (typed, status, told) in
        [("soon", 400, "«soon» is no number of seconds"), ("60", 201, "The private key is shown once")]
    {
        typed.clone_into(&mut fields[4].1);
        let page = rig.person(&session).form("/control/console/clients/new?lang=en", &fields).await;
        assert_eq!(page.status, status, "{}", page.body);
        assert!(page.body.contains(told), "{}", page.body);
        assert_eq!(russian_on(&page.body, &TITLES), "", "{}", page.body);
    }
}
