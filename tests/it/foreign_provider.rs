//! The documented suite at a provider of another language (`tests/foreign_provider`), which a file describes, with our diary and
//! with a foreign one: what is possible there passes, what is not is told beforehand; recordings of it are compared.

mod compared;
mod keystone;
mod wrong;

use std::fs;

use keystone::Keystone;
use serde_json::Value;

use crate::foreign_diary::{Ended as How, Reported, notebook::Notebook, reported};

fn ended(scenarios: &[Reported], how: How) -> Vec<&str> {
    scenarios.iter().filter(|scenario| scenario.ended == how).map(|scenario| scenario.name.as_str()).collect()
}

#[tokio::test]
async fn the_documented_suite_passes_at_a_provider_in_python_as_far_as_it_is_possible_there() {
    let keystone = Keystone::start("").await;
    let listed = keystone.run(&["--list", "--json"]).await;
    let run = keystone.run(&["--json", &keystone.at("r.json"), "--junit", &keystone.at("r.xml")]).await;
    assert_eq!(run.code, Some(0), "{}\n{}", run.out, run.err);
    let report: Value = serde_json::from_str(&keystone.read("r.json")).expect("JSON");
    let scenarios = reported(&report);
    assert_eq!(ended(&scenarios, How::Failed), Vec::<&str>::new());
    let passed = ended(&scenarios, How::Passed);
    assert!(passed.len() >= 10, "{passed:#?}");
    // What is not possible was said before, and the other reports say it too.
    let list: Value = serde_json::from_str(&listed.out).expect("a list");
    let beforehand = list.as_array().expect("scenarios").iter().filter(|one| one.get("not-possible").is_some());
    let not_possible = ended(&scenarios, How::NotPossible).len();
    assert_eq!(beforehand.count(), not_possible);
    assert_eq!(keystone.read("r.xml").matches("type=\"not-possible\"").count(), not_possible);
    for reason in [
        "на стенде поставщика нет людей мира «петровы» (worlds)",
        "часы поставщика не переводятся",
        "в описании нет, как это названо у поставщика (words)",
        "на стенде поставщика нет учётной записи «Глеб» (people)",
    ] {
        assert!(run.out.contains(reason), "{reason}\n{}", run.out);
    }
}

#[tokio::test]
async fn a_diary_in_python_signs_people_in_at_a_provider_in_python_and_neither_is_ours() {
    let keystone = Keystone::start_with(&[("RETURN", "/stand/back")]).await;
    let notebook = Notebook::start("").await;
    // The diary is registered at that provider under the name that the environment says; its own file names none.
    notebook.describe("client: NOTEBOOK\n", "");
    let sides = ["--relying-party", &notebook.at("notebook.yaml"), "--json", &keystone.at("r.json")];
    let run = keystone.run(&sides).await;
    assert_eq!(run.code, Some(0), "{}\n{}", run.out, run.err);
    let scenarios = reported(&serde_json::from_str(&keystone.read("r.json")).expect("JSON"));
    assert_eq!(ended(&scenarios, How::Failed), Vec::<&str>::new());
    let passed = ended(&scenarios, How::Passed);
    for played in [
        "parent.feature: Родитель нескольких учеников выбирает, чей дневник открыть",
        "parent.feature: Неподтверждённая учётная запись дневник не открывает",
        "session.feature: Выход из дневника — выход и с Госуслуг",
    ] {
        assert!(passed.contains(&played), "{passed:#?}");
    }
    // What either side lacks is told.
    for reason in ["у дневника нет страниц сотрудников (staff)", "у поставщика нет управляющего API"]
    {
        assert!(run.out.contains(reason), "{reason}\n{}", run.out);
    }
    // A bug of the diary is found there as well.
    let broken = Notebook::start("wrong-wall").await;
    let name = "Неподтверждённая учётная запись дневник не открывает";
    let run = keystone.run(&["--relying-party", &broken.at("notebook.yaml"), "--name", name]).await;
    assert_eq!(run.code, Some(1), "{}\n{}", run.out, run.err);
}

#[tokio::test]
async fn a_recording_has_every_request_of_person_and_diary_and_no_secret() {
    let keystone = Keystone::start("").await;
    let run = keystone.run(&["--name", "Все три условия выполнены", "--record", &keystone.at("r")]).await;
    assert_eq!(run.code, Some(0), "{}\n{}", run.out, run.err);
    let file = fs::read_dir(keystone.at("r")).expect("a folder").next().expect("an archive").expect("a file").path();
    let text = fs::read_to_string(file).expect("an archive");
    let archive: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(archive["log"]["version"], "1.2");
    let entries = archive["log"]["entries"].as_array().expect("entries");
    let asked = |asker: &str, part: &str| {
        entries.iter().any(|entry| {
            entry["_asker"] == asker && entry["request"]["url"].as_str().is_some_and(|url| url.contains(part))
        })
    };
    for (asker, part) in [
        ("person", "/login/gosuslugi"),
        ("person", "/sso/authorize?"),
        ("person", "/sso/who"),
        ("person", "/callback?"),
        ("diary", "/sso/.well-known/openid-configuration"),
        ("diary", "/sso/token"),
        ("diary", "/sso/userinfo"),
    ] {
        assert!(asked(asker, part), "{asker} {part}\n{text}");
    }
    let token = entries.iter().find(|entry| entry["_tokens"]["id_token"].is_object()).expect("a token");
    assert_eq!(token["_tokens"]["id_token"]["claims"]["sub"], "1000000023");
    for secret in ["key-of-1000000023", "test-only-secret", "eyJ"] {
        assert!(!text.contains(secret), "{secret}\n{text}");
    }
}
