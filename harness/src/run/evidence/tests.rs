//! Folders of evidence from results that were not played.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use super::EvidenceFolder;
use crate::{
    control::Party,
    run::{
        Replay,
        results::Results,
        tests::{failed, passes_again},
    },
    scenario::{Dossier, JournaledRequest, KeptPage, KeptWorld},
};

fn dossier() -> Dossier {
    let world = |party, base: &str| KeptWorld {
        party,
        base: base.parse().unwrap(),
        timeline: vec![json!({ "seq": 1, "text": "вход", "event": { "code": "code-secret" } })],
        export: json!({ "name": "run-1", "secret": "code-secret" }),
    };
    let html = "<!DOCTYPE html><html><head lang=\"ru\"><title>Вход</title></head><body>слон</body></html>";
    Dossier {
        pages: vec![KeptPage {
            who: "Тётя Галя".to_owned(),
            url: "http://d/login?a=\"1\"&b".to_owned(),
            html: html.to_owned(),
            picture: Some(b"PNG".to_vec()),
        }],
        console: BTreeMap::from([("Тётя Галя".to_owned(), vec!["blocked".to_owned()])]),
        worlds: vec![world(Party::Idp, "http://i/w/run-1/"), world(Party::Diary, "http://d/w/run-1/")],
    }
}

fn request() -> JournaledRequest {
    let entry = json!({
        "id": 7, "at": "2024-09-02T06:00:00Z", "answered_at": "2026-11-29T12:00:01Z", "method": "POST",
        "target": "/te?x=1", "by_program": true,
        "request": {
            "headers": [["content-type", "application/x-www-form-urlencoded"], ["cookie", "sid=cookie-secret; a=bcd"]],
            "body": "code=code-secret&scope=openid",
        },
        "status": 302, "duration_us": 1_500_000,
        "response": { "headers": [["location", "https://d/cb?code=code-secret"]], "body": "" },
        "verdict": [{ "rule": "pkce", "source": "s", "expected": "e", "got": "code-secret", "outcome": "failed" }],
    });
    JournaledRequest { party: Party::Idp, entry: serde_json::from_value(entry).unwrap() }
}

fn with_evidence() -> Results {
    let mut results = failed();
    let record = results.features[0].scenarios[0].record.as_mut().unwrap();
    (record.evidence.journal, record.evidence.dossier) = (vec![request()], Some(Box::new(dossier())));
    results
}

fn folder(path: &Path) -> EvidenceFolder {
    let options = ["--profile", "my profile.yaml"].map(str::to_owned).to_vec();
    let replay = Replay { options, documented: false, folder: "/it's here".into() };
    EvidenceFolder { path: path.to_owned(), replay }
}

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_failure_has_a_folder_with_everything_in_it() {
    let at = tempfile::tempdir().unwrap();
    let results = with_evidence();
    folder(at.path()).keep(&results.features[0].scenarios[0]).unwrap();
    assert_eq!(names(at.path()), ["вход-мама-входит"]);
    let own = at.path().join("вход-мама-входит");
    insta::assert_snapshot!(names(&own).join("\n"), @"
    console.json
    page-тётя-галя.html
    page-тётя-галя.png
    replay.sh
    requests.har
    story.txt
    timeline.json
    verdicts.json
    world.json
    ");
    let read = |name: &str| fs::read_to_string(own.join(name)).unwrap();
    for name in ["requests.har", "verdicts.json", "timeline.json"] {
        let text = read(name);
        assert!(text.contains("[скрыто-") && !text.contains("code-secret"), "{name}: {text}");
    }
    let worlds: Value = serde_json::from_str(&read("world.json")).unwrap();
    assert_eq!(worlds["diary"]["secret"], "code-secret", "a world is whole, or no server takes it");
    assert!(read("story.txt").starts_with("✔ Дано мир «бабушка»"));
    insta::assert_snapshot!(read("page-тётя-галя.html"), @r#"<!DOCTYPE html><html><head lang="ru"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src 'none'"><base href="http://d/login?a=&quot;1&quot;&amp;b"><title>Вход</title></head><body>слон</body></html>"#);
    insta::assert_snapshot!(read("replay.sh"), @r#"
    #!/bin/sh
    # мама входит (my/вход.feature:8): тот же сценарий с тем же миром.
    # Папка, где шёл прогон; другую можно назвать: replay.sh ПАПКА
    folder='/it'\''s here'
    cd "${1:-$folder}" || exit 3
    exec esia-stand run my/вход.feature:8 --profile 'my profile.yaml'
    "#);
}

/// The only entry of the archive.
fn archived() -> Value {
    let at = tempfile::tempdir().unwrap();
    let results = with_evidence();
    folder(at.path()).keep(&results.features[0].scenarios[0]).unwrap();
    let text = fs::read_to_string(at.path().join("вход-мама-входит/requests.har")).unwrap();
    let har: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (har["log"]["version"].as_str(), har["log"]["creator"]["name"].as_str()),
        (Some("1.2"), Some("esia-stand"))
    );
    har["log"]["entries"][0].clone()
}

#[test]
fn requests_are_an_archive_of_har() {
    let mut entry = archived();
    let request = entry["request"].take();
    insta::assert_json_snapshot!(request, @r#"
    {
      "method": "POST",
      "url": "http://i/w/run-1/te?x=1",
      "httpVersion": "HTTP/1.1",
      "cookies": [
        {
          "name": "sid",
          "value": "[скрыто-1]"
        },
        {
          "name": "a",
          "value": "[скрыто-2]"
        }
      ],
      "headers": [
        {
          "name": "content-type",
          "value": "application/x-www-form-urlencoded"
        },
        {
          "name": "cookie",
          "value": "sid=[скрыто-1]; a=[скрыто-2]"
        }
      ],
      "queryString": [
        {
          "name": "x",
          "value": "1"
        }
      ],
      "headersSize": -1,
      "bodySize": 29,
      "postData": {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [
          {
            "name": "code",
            "value": "[скрыто-3]"
          },
          {
            "name": "scope",
            "value": "openid"
          }
        ],
        "text": "code=[скрыто-3]&scope=openid"
      }
    }
    "#);
}

#[test]
fn answers_stand_beside_their_requests_with_their_times() {
    let mut entry = archived();
    let response = entry["response"].take();
    insta::assert_json_snapshot!(response, @r#"
    {
      "status": 302,
      "statusText": "Found",
      "httpVersion": "HTTP/1.1",
      "cookies": [],
      "headers": [
        {
          "name": "location",
          "value": "https://d/cb?code=[скрыто-3]"
        }
      ],
      "content": {
        "size": 0,
        "mimeType": "application/octet-stream",
        "text": ""
      },
      "redirectURL": "https://d/cb?code=[скрыто-3]",
      "headersSize": -1,
      "bodySize": -1
    }
    "#);
    let told = |name: &str| entry[name].to_string();
    assert_eq!(told("startedDateTime"), "\"2026-11-29T11:59:59.500Z\"");
    assert_eq!((told("time"), told("timings")), ("1500.0".into(), r#"{"send":0,"wait":1500.0,"receive":0}"#.into()));
    assert_eq!((told("cache"), told("comment")), ("{}".into(), "\"idp 7: failed\"".into()));
}

#[test]
fn what_passes_after_all_has_no_folder_and_what_is_not_ours_stays() {
    let at = tempfile::tempdir().unwrap();
    let mut results = with_evidence();
    let evidence = folder(at.path());
    evidence.keep(&results.features[0].scenarios[0]).unwrap();
    passes_again(&mut results);
    evidence.keep(&results.features[0].scenarios[0]).unwrap();
    assert_eq!(names(at.path()), Vec::<String>::new());
    let foreign = at.path().join("вход-мама-входит");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("mine.txt"), "x").unwrap();
    evidence.keep(&results.features[0].scenarios[0]).unwrap();
    assert_eq!(names(&foreign), ["mine.txt"]);
}

#[test]
fn a_report_leads_to_a_folder_from_wherever_it_stands() {
    let at = tempfile::tempdir().unwrap();
    let results = with_evidence();
    let scenario = &results.features[0].scenarios[0];
    let evidence = folder(&at.path().join("a/eviden ce"));
    fs::create_dir(at.path().join("b")).unwrap();
    let link = |report: &str| evidence.link(&at.path().join(report), scenario);
    assert_eq!(link("report.html"), None, "there is none yet");
    evidence.keep(scenario).unwrap();
    let own = "%D0%B2%D1%85%D0%BE%D0%B4-%D0%BC%D0%B0%D0%BC%D0%B0-%D0%B2%D1%85%D0%BE%D0%B4%D0%B8%D1%82/";
    assert_eq!(link("report.html").unwrap(), format!("a/eviden%20ce/{own}"));
    assert_eq!(link("b/report.html").unwrap(), format!("../a/eviden%20ce/{own}"));
    assert_eq!(link("a/eviden ce/report.html").unwrap(), own);
}
