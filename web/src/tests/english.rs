//! Refusals of the control API in the language of whoever asks: each that there is, in English and in Russian.

use std::{fs, path::Path, time::Duration};

use answers_for_tests::russian_in;
use esia::language::both;
use worlds::Check;

use super::*;
use crate::{Rights, Team, Teams};

const OPERATOR: &str = "the-token-of-the-operator";
const TEAM: &str = "the-token-of-team-alpha";
const EYES: &str = "the-token-of-team-eyes";

/// A request that is refused, and the code of the refusal.
struct Refused(&'static str, axum::http::request::Builder, Body);

fn refused(code: &'static str, method: &str, path: &str, body: &Value) -> Refused {
    let request = request(method, path).header("authorization", format!("Bearer {OPERATOR}"));
    Refused(code, request.header("content-type", "application/json"), Body::from(body.to_string()))
}

fn refused_to(code: &'static str, token: &str, method: &str, path: &str, body: &Value) -> Refused {
    let request = request(method, path).header("authorization", format!("Bearer {token}"));
    Refused(code, request.header("content-type", "application/json"), Body::from(body.to_string()))
}

fn with_a_header(refused: Refused, name: &str, value: &str) -> Refused {
    let Refused(code, request, body) = refused;
    Refused(code, request.header(name, value), body)
}

async fn small() -> Router {
    let team = |name: &str, token: &str, may| Team {
        name: name.parse().unwrap(),
        token: ControlToken::new(token).unwrap(),
        may,
        worlds: Some(1),
        people: Some(1),
        bytes: None,
        requests: None,
    };
    let teams = Teams::new(vec![team("alpha", TEAM, Rights::Own), team("eyes", EYES, Rights::Read)]).unwrap();
    server(|settings| {
        (settings.control_token, settings.teams) = (ControlToken::new(OPERATOR), teams);
        settings.control_body_limit = 4096;
        settings.body_patience = Duration::from_millis(200);
    })
    .await
}

/// Every refusal that a request can bring about at this server.
fn refusals() -> Vec<Refused> {
    [of_the_control_api(), of_the_front(), of_the_clock()].into_iter().flatten().collect()
}

/// What is not there, or is said wrongly.
fn of_the_control_api() -> Vec<Refused> {
    let none = json!({});
    let mut all = vec![
        refused("no-world", "GET", "/w/nowhere/control/clock", &none),
        refused("no-world", "GET", "/w/NO/control/clock", &none),
        refused("no-world", "GET", "/control/worlds/nowhere", &none),
        refused("world-exists", "POST", "/control/worlds", &json!({ "name": "main" })),
        refused("main-world", "DELETE", "/control/worlds/main", &none),
        refused("method-not-allowed", "PUT", "/control/worlds", &none),
        refused("method-not-allowed", "PATCH", "/control/ca.pem", &none),
        refused("not-found", "GET", "/control/requests/7", &none),
        refused("not-found", "GET", "/control/ca.pem", &none),
        refused("not-found", "GET", "/control/no-such-thing", &none),
        refused("not-found", "GET", "/control/docs/ru/no-such-page.md", &none),
        refused("not-found", "POST", "/control/people/nobody/session", &none),
        refused("bad-request", "GET", "/control/requests/seven", &none),
        refused("bad-request", "GET", "/control/timeline?limit=many", &none),
        refused("bad-request", "GET", "/control/timeline?limits=1", &none),
        refused(
            "bad-seed",
            "POST",
            "/control/worlds",
            &json!({ "name": "a", "seed": { "gosuslugi": { "start": "x" } } }),
        ),
        refused(
            "bad-request",
            "POST",
            "/control/worlds",
            &json!({ "name": "a", "seed": { "clock": { "frozen": "99999-01-01T00:00:00Z" } } }),
        ),
        refused("too-large", "POST", "/control/length", &json!("x".repeat(5000))),
    ];
    for name in ["", "A", "-a"] {
        all.push(refused("bad-request", "POST", "/control/worlds", &json!({ "name": name })));
    }
    all
}

/// Who asks, from where, and how.
fn of_the_front() -> Vec<Refused> {
    let none = json!({});
    let crowd = json!({ "name": "alpha-2", "seed": { "gosuslugi": { "people": { "generate": 2 } } } });
    vec![
        refused_to("control-token", "not-this-one", "GET", "/control/worlds", &none),
        refused_to("not-your-world", TEAM, "POST", "/control/worlds", &json!({ "name": "beta-1" })),
        refused_to("not-your-world", TEAM, "GET", "/metrics", &none),
        refused_to("team-limit", TEAM, "POST", "/control/worlds", &crowd),
        refused_to("read-only", EYES, "POST", "/control/worlds", &json!({ "name": "eyes-1" })),
        with_a_header(refused("bad-request", "GET", "/control/worlds", &none), "host", "twice.example"),
        Refused(
            "foreign-page",
            request("POST", "/control/worlds").header("origin", "https://evil.example"),
            Body::from("{}"),
        ),
        Refused(
            "misdirected",
            Request::builder().method("GET").uri("/control/worlds").header("host", "evil.example"),
            Body::empty(),
        ),
        Refused(
            "content-type",
            token("POST", "/control/worlds").header("content-type", "text/plain"),
            Body::from("{}"),
        ),
        Refused(
            "csrf",
            token("POST", "/control/console/clock").header("content-type", "application/x-www-form-urlencoded"),
            Body::from("advance=15m"),
        ),
        Refused(
            "too-late",
            token("POST", "/control/length"),
            Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()),
        ),
    ]
}

/// What a clock does not take.
fn of_the_clock() -> Vec<Refused> {
    let bodies = [
        "{",
        "[]",
        "{\"by\": 1",
        "null",
        "{\"advance\": 15}",
        "{\"advance\": \"soon\"}",
        "{\"mode\": \"fast\"}",
        "{\"xyz\": 1}",
        "{\"to\": \"yesterday\"}",
        "{\"to\": \"2024-02-30\"}",
        "{\"to\": \"2001-01-01\"}",
        "{\"advance\": \"500000days\"}",
        "{\"advance\": \"1h\", \"to\": \"2030-01-01\"}",
        "{}",
        "{\"advance-working-days\": 0}",
        "{\"mode\": \"frozen\", \"mode\": \"frozen\"}",
    ];
    let clock = |body: &'static str| {
        let request = token("POST", "/control/clock").header("content-type", "application/json");
        Refused("bad-request", request, Body::from(body))
    };
    bodies.map(clock).into()
}

fn token(method: &str, path: &str) -> axum::http::request::Builder {
    request(method, path).header("authorization", format!("Bearer {OPERATOR}"))
}

fn said(problem: &Value) -> String {
    let part = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    [part("title"), part("way_out")].join(" ")
}

/// The problem that a request brings, asked for in a language.
async fn told(server: &Router, Refused(code, request, body): Refused, language: &str) -> (String, String) {
    let request = request.header("accept", "application/json").header("accept-language", language);
    let answer = send(server, request.body(body).unwrap()).await;
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{problem}");
    let content_language = answer.headers.get("content-language").and_then(|value| value.to_str().ok());
    (said(&problem), content_language.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn every_refusal_of_the_control_api_is_told_in_english_to_whoever_asks_for_it() {
    let server = small().await;
    let made = token("POST", "/control/worlds").header("content-type", "application/json");
    let made = send(&server, made.body(Body::from("{\"name\": \"alpha-1\"}")).unwrap()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    for refused in refusals() {
        let code = refused.0;
        let (said, language) = told(&server, refused, "en-GB, en;q=0.9").await;
        assert_eq!((russian_in(&said, &[]).as_str(), language.as_str()), ("", "en"), "{code}: {said}");
    }
}

#[tokio::test]
async fn whoever_asks_for_no_language_is_told_in_russian() {
    let server = small().await;
    let asked = refused("no-world", "GET", "/control/worlds/nowhere", &json!({}));
    let (said, language) = told(&server, asked, "de").await;
    assert_eq!((said.as_str(), language.as_str()), ("мира «nowhere» нет Создайте мир: POST /control/worlds", "ru"));
    let asked = refused("no-world", "GET", "/control/worlds/nowhere?lang=en", &json!({}));
    assert_eq!(told(&server, asked, "ru").await.1, "en", "what the address asks for wins");
}

#[tokio::test]
async fn the_sites_speak_russian_to_everybody() {
    let server = plain().await;
    let english =
        |path: &str| request("GET", path).header("accept-language", "en").header("accept", "application/json");
    let refused = send(&server, english("/w/nowhere/api/act").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (refused.headers["content-language"].to_str().unwrap(), russian_in(&said(&refused.json()), &[]).is_empty()),
        ("ru", false)
    );
}

/// A page that refuses, and says in both languages why.
async fn refusing(checks: Checks) -> Result<String, Problem> {
    let got = both!("часы отстают на {} мин", "the clock is {} min behind", 5);
    let check = Check::failed(("time", "RFC 9110 §5.6.7"), both!("время сейчас", "the time now"), got);
    checks.record(check.mistakes(["clock-behind=5m"]).detail("Подпишите время", "09:00"));
    Err(Problem::conflict("odd", "Нечётно"))
}

/// The strip of a page that refuses, and the page without it.
fn strip_of(answer: &Answer) -> (String, String) {
    let (before, rest) = answer.body.split_once("<aside class=\"tester").unwrap();
    let (strip, after) = rest.split_once("</aside>").unwrap();
    (strip.to_owned(), format!("{before}{after}"))
}

#[tokio::test]
async fn a_verdict_is_told_in_the_language_of_whoever_reads_it() {
    let server = over(Router::new().route("/told", get(refusing)), |_| {}).await;
    let page = ask(&server, "/told").await;
    let id = page.headers["x-esia-stand-request"].to_str().unwrap().to_owned();
    let read = async |path: &str, language: &str| {
        let request = request("GET", path).header("accept-language", language).header("accept", "application/json");
        send(&server, request.body(Body::empty()).unwrap()).await.json()
    };
    for path in [format!("/control/requests/{id}"), format!("/control/console/requests/{id}")] {
        let russian = read(&path, "ru").await["verdict"].to_string();
        let english = read(&path, "en").await["verdict"].to_string();
        assert!(russian.contains("часы отстают на 5 мин") && !russian.contains("english"), "{path}: {russian}");
        assert!(english.contains("the clock is 5 min behind") && english.contains("the time now"), "{path}: {english}");
        assert!(english.contains("Write the time as") && russian_in(&english, &[]).is_empty(), "{path}: {english}");
        assert_eq!(read(&format!("{path}?lang=en"), "ru").await["verdict"].to_string(), english, "{path}");
    }
    let list = read("/control/requests?lang=en", "ru").await[0]["verdict"].to_string();
    assert!(russian_in(&list, &[]).is_empty() && list.contains("the time now"), "{list}");
    let html = |language: &'static str| {
        let request = request("GET", &format!("/control/console/requests/{id}")).header("accept-language", language);
        request.header("accept", "text/html").body(Body::empty()).unwrap()
    };
    let (russian, english) = (send(&server, html("ru")).await.body, send(&server, html("en")).await.body);
    assert!(russian.contains("часы отстают на 5 мин") && russian.contains("Подпишите время"), "{russian}");
    assert!(english.contains("the clock is 5 min behind") && english.contains("Write the time as"), "{english}");
}

#[tokio::test]
async fn the_strip_for_testers_speaks_english_to_whoever_has_chosen_it_and_the_page_does_not() {
    let server = over(Router::new().route("/told", get(refusing)), |_| {}).await;
    let asked = async |path: &str, name: &str, value: &str| {
        send(&server, request("GET", path).header(name, value).body(Body::empty()).unwrap()).await
    };
    let russian = ask(&server, "/told").await;
    let (strip, page) = strip_of(&russian);
    assert!(strip.contains("часы отстают на 5 мин") && strip.contains("Почему так?"), "{strip}");
    for english in [asked("/told?lang=en", "x", "y").await, asked("/told", "cookie", "esia_stand_lang=en").await] {
        let (strip, same) = strip_of(&english);
        assert!(strip.contains("the clock is 5 min behind") && strip.contains("lang=\"en\""), "{strip}");
        assert_eq!((russian_in(&strip, &[]).as_str(), same.as_str()), ("", page.as_str()), "{strip}");
        let line = |answer: &Answer| {
            let line = answer.headers["x-esia-stand-verdict"].to_str().unwrap();
            line.split_once("; see").unwrap().0.to_owned()
        };
        assert_eq!(line(&english), line(&russian), "the line is the same in every language");
    }
    let preferring = asked("/told", "accept-language", "en").await;
    assert!(strip_of(&preferring).0.contains("часы отстают"), "a browser that prefers English has chosen nothing");
}

/// Codes of refusals that no request to this small server brings about: what they wait for.
const ELSEWHERE: [(&str, &str); 16] = [
    ("internal", "a mistake of the server's own; see the test of problems of a store"),
    ("busy", "another replica; see there"),
    ("store-busy", "a store; see there"),
    ("full", "a thousand worlds"),
    ("other-server", "the other server of a stand"),
    ("nothing-due", "a form of the console"),
    ("link-over", "a page of the site, which is Russian"),
    ("preflight-closed", "a preflight, which asks for no language"),
    ("unknown-address", "an address of a protocol"),
    ("odd", "this test's own"),
    ("already-redeemed", "an example in a comment"),
    ("store-full", "a store; see there"),
    ("store-lost", "a store; see there"),
    ("store-read-only", "a store; see there"),
    ("store-damaged", "a store; see there"),
    ("store-failed", "a store; see there"),
];

/// Every text in a folder of sources that stands where a problem has its code.
fn codes_in(folder: &Path, found: &mut std::collections::BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            codes_in(&entry, found);
        } else if entry.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&entry).unwrap();
            let starts = ["Problem::new(", "Self::new(", "conflict(", "code: "].into_iter();
            for (start, rest) in starts.flat_map(|start| {
                text.match_indices(start).map(|(at, _)| (start, &text[at + start.len()..])).collect::<Vec<_>>()
            }) {
                let within = if start.ends_with('(') {
                    rest.split(");").next().unwrap_or_default()
                } else {
                    rest.lines().next().unwrap_or_default()
                };
                let code = within.split('"').nth(1).unwrap_or_default();
                let is_code = code.len() > 2 && code.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'-');
                found.extend(is_code.then(|| code.to_owned()));
            }
        }
    }
}

#[test]
fn no_code_of_a_refusal_is_passed_over() {
    let mut found = std::collections::BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 15, "{found:?}");
    let walked: Vec<_> = refusals().iter().map(|refused| refused.0).chain(ELSEWHERE.map(|(code, _)| code)).collect();
    let missed: Vec<_> = found.iter().filter(|code| !walked.contains(&code.as_str())).collect();
    assert!(missed.is_empty(), "a request for each of these belongs into `refusals`: {missed:?}");
}
