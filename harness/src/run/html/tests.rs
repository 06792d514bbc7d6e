//! HTML report from results that were not played.

use serde_json::json;

use super::{Told, page};
use crate::{
    control::Party,
    language::in_english,
    run::{
        Coverage, Replay,
        results::Results,
        tests::{failed, passes_again},
    },
    scenario::JournaledRequest,
    suite::NotPossible,
};

/// Token request that was refused.
fn request(id: u64) -> JournaledRequest {
    let entry = serde_json::from_value(json!({
        "id": id, "at": "2024-09-02T06:00:00Z", "answered_at": "2026-11-29T12:00:00Z", "method": "POST",
        "target": "/aas/oauth2/te?a=<b>", "by_program": true, "client": "DIARY<1>",
        "request": {"headers": [["cookie", "sid=cookie-secret"]], "body": "code=code-secret&scope=openid"},
        "status": 400, "response": {"headers": [["content-type", "application/json"]], "body": ""}, "duration_us": 1500,
        "verdict": [
            {"rule": "scope-openid", "source": "ESIA §1.2", "expected": "openid", "got": "openid", "outcome": "passed"},
            {"rule": "pkce", "source": "RFC 7636 §4.6", "expected": "хеш", "got": "code-secret<i>", "outcome": "failed",
             "mistakes": ["pkce-padded"]},
        ],
    }));
    JournaledRequest { party: Party::Idp, entry: entry.unwrap() }
}

fn told(results: &Results) -> String {
    let properties = [("idp", "own".to_owned()), ("browser", "http".to_owned())];
    let (rules, replay) = (&Coverage::default(), &Replay::default());
    let file = std::path::Path::new("report.html");
    page(results, &Told { rules, properties: &properties, replay, evidence: None, file }).unwrap()
}

fn with_journal() -> Results {
    let mut results = failed();
    let scenario = &mut results.features[0].scenarios[0];
    scenario.record.as_mut().unwrap().evidence.journal = vec![request(7), request(8)];
    scenario.title = "мама <b>входит</b>".to_owned();
    results
}

#[test]
fn a_failure_is_told_whole_and_every_arrow_leads_to_its_request() {
    let page = told(&with_journal());
    for said in [
        "Не прошло 1 из 2",
        "Тогда Нина видит «слон»",
        "на странице нет «слон»[U+000B]",
        "код обменян",
        "esia-stand run my/вход.feature:8",
        "дневник, /login",
        "POST /aas/oauth2/te → 400",
        "<dt>Получено</dt><dd>[скрыто-2]",
    ] {
        assert!(page.contains(said), "{said:?}: {page}");
    }
    let cause = worlds::mistakes::find("pkce-padded").unwrap().cause.ru;
    assert!(page.contains(cause), "{cause:?}: {page}");
    let anchors: Vec<_> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(anchors.iter().any(|anchor| anchor.ends_with("-idp-7")), "{anchors:?}");
    for anchor in anchors {
        assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
    }
}

#[test]
fn nothing_is_taken_as_html_and_no_credential_leaves() {
    let page = told(&with_journal());
    for never in ["<b>входит", "?a=<b>", "DIARY<1>", "<i>", "cookie-secret", "code-secret"] {
        assert!(!page.contains(never), "{never:?}: {page}");
    }
    assert!(page.contains("sid=[скрыто-1]") && page.contains("code=[скрыто-2]&#38;scope=openid"), "{page}");
}

#[test]
fn the_page_needs_no_other_file_and_has_nothing_inline() {
    let page = told(&with_journal());
    for never in ["http://", "https://", " src=", " style=", "@import", "url(", "onclick", "<link"] {
        assert!(!page.contains(never), "{never:?}: {page}");
    }
}

#[test]
fn one_that_passed_at_its_second_attempt_is_flaky_and_its_first_is_told() {
    let mut results = with_journal();
    passes_again(&mut results);
    let page = told(&results);
    assert!(page.contains("id=\"part-flaky\"") && !page.contains("id=\"part-failures\""), "{page}");
    assert!(page.contains("≈ неустойчиво: 1") && page.contains("на странице нет «слон»"), "{page}");
}

#[test]
fn what_is_not_possible_here_stands_by_what_is_lacking() {
    let mut results = with_journal();
    let why =
        NotPossible { lacks: "нет <часов>".to_owned(), step: "проходит 15 минут".to_owned() };
    results.features[0].scenarios[1].not_possible = Some(why);
    let page = told(&results);
    for said in ["Не прошло 1 из 1", "id=\"part-not-possible\"", "нет &#60;часов&#62;: 1", "проходит 15 минут"]
    {
        assert!(page.contains(said), "{said:?}: {page}");
    }
}

#[test]
fn the_page_is_in_the_language_of_the_run() {
    let page = in_english(|| told(&with_journal()));
    for said in ["<html lang=\"en\">", "1 of 2 failed", "Expected", "Requests with their checks", "[hidden-1]"] {
        assert!(page.contains(said), "{said:?}: {page}");
    }
    assert!(!page.contains("Ожидалось") && !page.contains("Шаги"), "{page}");
}
