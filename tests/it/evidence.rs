//! Folders of evidence, as a run leaves them.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tests::{Program, Server, client, esia_stand};

const FEATURE: &str = "# language: ru\nФункция: своя\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    Когда Нина входит в \
                       дневник\n    И Нина нажимает «Предоставить»\n    Тогда Нина видит «слон»\n  Сценарий: вход виден\n    Дано мир \
                       «взрослые»\n    Когда Нина открывает страницу входа в дневник\n    Тогда Нина видит «Вход в электронный \
                       дневник»\n";

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

fn json_of(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).expect("a file")).expect("JSON")
}

#[tokio::test]
async fn a_failure_leaves_a_folder_that_explains_it_and_plays_it_again() {
    let folder = tempfile::tempdir().expect("folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("own.feature"), FEATURE).expect("feature");
    let args = ["run", &at("own.feature"), "--evidence", &at("evidence"), "--html", &at("report.html")];
    let ended = Program::run(&args).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    assert_eq!(names(&folder.path().join("evidence")), ["own-слона-нет"], "nothing of what has passed");
    let own = folder.path().join("evidence/own-слона-нет");
    let expected =
        ["page-нина.html", "replay.sh", "requests.har", "story.txt", "timeline.json", "verdicts.json", "world.json"];
    assert_eq!(names(&own), expected);
    assert!(fs::read_to_string(own.join("page-нина.html")).expect("page").contains("Орлова"));
    let timeline = json_of(&own.join("timeline.json"));
    for server in ["idp", "diary"] {
        assert!(timeline[server].as_array().expect("events").len() > 2, "{timeline}");
    }
    let har = json_of(&own.join("requests.har"));
    let urls: Vec<_> =
        har["log"]["entries"].as_array().expect("entries").iter().map(|e| &e["request"]["url"]).collect();
    assert!(urls.iter().any(|url| url.as_str().expect("a URL").contains("/aas/oauth2/")), "{urls:?}");
    let text = har.to_string();
    assert!(!text.contains("eyJ") && text.contains("[скрыто-"), "{text}");
    let verdicts = json_of(&own.join("verdicts.json"));
    assert!(verdicts[0]["verdict"][0]["rule"].is_string(), "{verdicts}");
    let report = fs::read_to_string(at("report.html")).expect("report");
    assert!(report.contains("href=\"evidence/own-%D1%81"), "{report}");
    comes_back(&json_of(&own.join("world.json"))).await;
    plays_again(&own).await;
}

/// Both servers take their worlds in again.
async fn comes_back(worlds: &Value) {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    for (server, url) in [("idp", &idp.url), ("diary", &diary.url)] {
        let body = json!({ "name": "evidence", "export": worlds[server] });
        let answer = client().post(format!("{url}/control/worlds/import")).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 201, "{server}: {}", answer.text().await.unwrap_or_default());
    }
}

#[expect(clippy::disallowed_methods, reason = "a shell finds the program by this test's own PATH")]
async fn plays_again(own: &Path) {
    let program = esia_stand();
    let path = format!("{}:{}", program.parent().expect("its folder").display(), std::env::var("PATH").expect("PATH"));
    let mut script = tokio::process::Command::new(own.join("replay.sh"));
    let output = script.env("PATH", path).env("LC_ALL", "C.UTF-8").output().await.expect("a script");
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("на странице нет «слон»") && out.contains("1 сценарий"), "{out}");
}

#[tokio::test]
async fn evidence_of_what_passes_now_is_taken_away() {
    let folder = tempfile::tempdir().expect("folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let run = async |text: &str| {
        fs::write(at("own.feature"), text).expect("feature");
        Program::run(&["run", &at("own.feature"), "--evidence", &at("evidence")]).await.code
    };
    assert_eq!(run(FEATURE).await, Some(1));
    assert_eq!(names(&folder.path().join("evidence")).len(), 1);
    assert_eq!(run(&FEATURE.replace("«слон»", "«Дневник»")).await, Some(0));
    assert_eq!(names(&folder.path().join("evidence")), Vec::<String>::new());
}
