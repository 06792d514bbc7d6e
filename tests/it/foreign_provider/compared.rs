//! Two recordings of one provider, which differs on purpose in the second: each difference is found by its name.

use serde_json::{Value, json};
use tests::{Ended, Program};

use super::Keystone;

/// Every difference and the name under which it is found.
const ON_PURPOSE: [(&str, &str); 6] = [
    ("lifetime", "token.lifetime"),
    ("status", "authorization.status"),
    ("caching", "token.header.cache-control"),
    ("claim-type", "userinfo.body.account_level"),
    ("claim-missing", "userinfo.body.gender"),
    ("issuer", "answer.parameters"),
];

async fn recorded(differ: &str) -> Keystone {
    let keystone = Keystone::start(differ).await;
    let args = ["--name", "Все три условия", "--name", "Родитель нескольких учеников", "--record"];
    let ended = keystone.run(&[&args[..], &[&keystone.at("recording")]].concat()).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    keystone
}

async fn diff(one: &Keystone, other: &Keystone, args: &[&str]) -> Ended {
    let folders = ["diff", &one.at("recording"), &other.at("recording")];
    Program::run(&[&folders, args].concat()).await
}

fn known(ids: &[&str]) -> String {
    let told = |id: &&str| format!("- {{id: {id}, reason: так у них, owner: Анна, date: 2026-11-30}}\n");
    ids.iter().map(told).collect()
}

#[tokio::test]
async fn differences_put_in_on_purpose_are_found_by_name() {
    let all = ON_PURPOSE.map(|(differ, _)| differ).join(",");
    let (one, same, other) = tokio::join!(recorded(""), recorded(""), recorded(&all));
    let equal = diff(&one, &same, &[]).await;
    assert_eq!((equal.code, equal.out.contains("отличий неизвестных: 0")), (Some(0), true), "{}", equal.out);
    let found = diff(&one, &other, &["--json"]).await;
    assert_eq!(found.code, Some(1), "{}\n{}", found.out, found.err);
    let told: Value = serde_json::from_str(&found.out).expect("JSON");
    let unknown = told["unknown"].as_array().expect("differences");
    let ids: Vec<_> = unknown.iter().map(|one| one["id"].as_str().expect("an id")).collect();
    for (differ, id) in ON_PURPOSE {
        assert!(ids.contains(&id), "{differ}: {id}\n{ids:#?}");
    }
    let lifetime = unknown.iter().find(|one| one["id"] == "token.lifetime").expect("it is there");
    assert_eq!((&lifetime["left"], &lifetime["right"]), (&json!("3600 s"), &json!("900 s")));
    // All known: it passes. One unknown, or one that is not there any more: it does not.
    one.write("known.yaml", &known(&ids));
    let passes = diff(&one, &other, &["--known", &one.at("known.yaml")]).await;
    assert_eq!(passes.code, Some(0), "{}\n{}", passes.out, passes.err);
    one.write("known.yaml", &known(&ids[1..]));
    let unknown = diff(&one, &other, &["--known", &one.at("known.yaml")]).await;
    assert_eq!(unknown.code, Some(1), "{}", unknown.out);
    one.write("known.yaml", &known(&[&ids[..], &["token.body.gone"]].concat()));
    let vanished = diff(&one, &other, &["--known", &one.at("known.yaml")]).await;
    assert_eq!(vanished.code, Some(1), "{}", vanished.out);
    assert!(
        vanished.out.contains("Известны, но их больше нет: уберите из файла\n  token.body.gone\n"),
        "{}",
        vanished.out
    );
}

#[tokio::test]
async fn what_cannot_be_compared_is_a_wrong_command() {
    let ended = Program::run(&["diff", "none-1", "none-2"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(ended.err.contains("none-1: "), "{}", ended.err);
}
