//! Addresses that nobody serves, wrong methods and preflights: each has its verdict, and says the way out.

use super::*;

async fn asked(server: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(server, request.body(Body::empty()).unwrap()).await
}

fn verdict(answer: &Answer) -> &str {
    let line = answer.headers.get("x-esia-stand-verdict").map_or("none", |line| line.to_str().unwrap());
    line.split("; see").next().unwrap()
}

#[tokio::test]
async fn an_address_nobody_serves_names_the_nearest_one() {
    let server = plain().await;
    for (path, nearest) in [
        ("/prog/v3/ac", "/prog/v2/ac"),
        ("/prog/v2/ac/", "/prog/v2/ac"),
        ("/prog//v2/ac", "/prog/v2/ac"),
        ("//prog/v2/ac", "/prog/v2/ac"),
        ("/prog/token/", "/prog/token"),
        ("/prog/Token", "/prog/token"),
        ("/prog/tokens", "/prog/token"),
        ("/test-1/prog/token", "/prog/token"),
        ("/esia/prog/v2/ac", "/prog/v2/ac"),
        ("/PROG/v2/ac", "/prog/v2/ac"),
        ("/v2/ac", "/prog/v2/ac"),
        ("/W/two/prog/token", "/prog/token"),
    ] {
        let answer = asked(&server, "POST", path, &[]).await;
        assert_eq!(answer.problem(), "404 unknown-address -", "{path}");
        assert_eq!(verdict(&answer), "failed address; unknown-address", "{path}");
        assert_eq!(answer.json()["way_out"], format!("Ближайший: {nearest}"), "{path}");
        assert!(answer.headers.get("set-cookie").is_none(), "{path}");
    }
    let far = asked(&server, "GET", "/prog/something/else/altogether", &[]).await;
    assert_eq!((far.problem().as_str(), verdict(&far)), ("404 unknown-address -", "failed address; unknown-address"));
    let entry = format!("/control/requests/{}", far.headers["x-esia-stand-request"].to_str().unwrap());
    assert_eq!(ask(&server, &entry).await.json()["verdict"][0]["mistakes"], json!(["unknown-address"]));
    for method in ["GET", "POST"] {
        let nowhere = asked(&server, method, "/nowhere", &[("accept", "*/*")]).await;
        assert_eq!((nowhere.status.as_u16(), verdict(&nowhere)), (404, "failed address; unknown-address"), "{method}");
    }
    let by_browser = [("accept", "*/*"), ("sec-fetch-dest", "script")];
    assert_eq!(verdict(&asked(&server, "GET", "/nowhere", &by_browser).await), "none");
    let person = asked(&server, "GET", "/prog/v3/ac", &[("accept", "text/html,*/*")]).await;
    assert!(person.body.contains("Ближайший: /prog/v2/ac") && person.body.contains("<h1>"), "{}", person.body);
    let icon = asked(&server, "GET", "/favicon.ico", &[]).await;
    assert_eq!((icon.status.as_u16(), verdict(&icon)), (404, "none"), "what browsers ask for by themselves");
}

#[tokio::test]
async fn a_world_that_is_not_there_is_told_in_the_journal_of_main() {
    let server = plain().await;
    for path in ["/w/nosuch/prog/token", "/w/prog/token"] {
        let answer = asked(&server, "POST", path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(verdict(&answer), "failed address; unknown-world", "{path}");
        let id = answer.headers["x-esia-stand-request"].to_str().unwrap();
        let entry = ask(&server, &format!("/control/requests/{id}")).await.json();
        assert_eq!(entry["target"], path);
    }
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones_in_words_and_in_allow() {
    let server = plain().await;
    for (method, path, allow, message) in [
        ("PUT", "/", "GET,HEAD,POST", "Метод PUT здесь не поддерживается; можно GET и POST"),
        ("DELETE", "/lk/api/act", "POST,PUT", "Метод DELETE здесь не поддерживается; можно POST и PUT"),
        ("GET", "/prog/token", "POST", "Метод GET здесь не поддерживается; можно POST"),
        ("PATCH", "/data/1", "GET,HEAD", "Метод PATCH здесь не поддерживается; можно GET"),
        ("POST", "/control/requests", "GET,HEAD", "Метод POST здесь не поддерживается; можно GET"),
        ("BREW", "/control/worlds/main", "GET,HEAD,DELETE", "Метод BREW здесь не поддерживается; можно GET и DELETE"),
        ("POST", "/health", "GET,HEAD", "Метод POST здесь не поддерживается; можно GET"),
    ] {
        let answer = asked(&server, method, path, &[("accept", "application/json")]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        let mut said: Vec<_> = answer.headers["allow"].to_str().unwrap().split(',').collect();
        let mut expected: Vec<_> = allow.split(',').collect();
        said.sort_unstable();
        expected.sort_unstable();
        assert_eq!(said, expected, "{method} {path}");
        assert_eq!(answer.json()["title"], message, "{method} {path}");
        if !path.starts_with("/control") && path != "/health" {
            assert_eq!(verdict(&answer), format!("failed method; method-wrong={method}"), "{method} {path}");
        }
    }
    let page = asked(&server, "PUT", "/", &[]).await;
    assert!(page.body.contains("можно GET и POST") && page.headers.contains_key("allow"), "{}", page.body);
}

#[tokio::test]
async fn programs_in_browsers_may_ask_before_they_ask_and_read_every_answer() {
    let server = plain().await;
    let origin = ("origin", "https://spa.example");
    for path in ["/prog/token", "/prog/keys", "/data/7"] {
        let wanted = [
            origin,
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type,x-requested-with"),
        ];
        let preflight = asked(&server, "OPTIONS", path, &wanted).await;
        assert!(preflight.status.is_success(), "{path}: {}", preflight.line());
        assert_eq!(preflight.headers["access-control-allow-origin"], "*", "{path}");
        assert!(preflight.headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
        assert_eq!(preflight.headers["access-control-allow-headers"], "authorization,content-type,x-requested-with");
        assert!(!preflight.headers.contains_key("set-cookie"), "{path}");
        assert!(!preflight.headers.contains_key("access-control-allow-credentials"), "{path}");
        assert_eq!(verdict(&preflight), "ok", "{path}");
        for method in ["GET", "POST", "DELETE"] {
            for path in [path.to_owned(), format!("/w/nosuch{path}")] {
                let answer = asked(&server, method, &path, &[origin]).await;
                assert_eq!(answer.headers["access-control-allow-origin"], "*", "{method} {path}");
                assert!(!answer.headers.contains_key("set-cookie"), "{method} {path}");
            }
        }
    }
    let large = request("POST", "/prog/token").header("origin", "https://spa.example");
    let large = send(&server, large.body(Body::from(vec![0; 70_000])).unwrap()).await;
    assert_eq!((large.status.as_u16(), large.headers["access-control-allow-origin"].to_str().unwrap()), (413, "*"));
}

#[tokio::test]
async fn everything_else_is_closed_to_other_sites_scripts() {
    let server = plain().await;
    let preflight = [("origin", "https://spa.example"), ("access-control-request-method", "POST")];
    for path in ["/", "/lk/api/act", "/prog/v2/ac", "/control/worlds", "/health"] {
        let answer = asked(&server, "OPTIONS", path, &preflight).await;
        assert!(!answer.status.is_success(), "{path}: {}", answer.line());
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
    }
    let closed = asked(&server, "OPTIONS", "/lk/api/act", &preflight).await;
    assert_eq!(closed.problem(), "405 preflight-closed -");
    assert_eq!(verdict(&closed), "failed preflight; preflight-closed");
    let read = asked(&server, "GET", "/", &[("origin", "https://spa.example")]).await;
    assert!(!read.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn health_says_who_answers() {
    let server = plain().await;
    for path in ["/health", "/health/ready", "/health/live"] {
        assert_eq!(ask(&server, path).await.line(), r#"200 {"status":"ok","server":"toy"}"#, "{path}");
    }
    assert_eq!(ask(&server, "/health/other").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn metrics_count_what_was_answered_and_are_the_testers_alone() {
    let server = plain().await;
    assert_eq!(ask(&server, "/nothing").await.status, StatusCode::NOT_FOUND);
    asked(&server, "POST", "/prog/token", &[]).await;
    ask(&server, "/control/worlds").await;
    let answer = ask(&server, "/metrics").await;
    assert_eq!(answer.headers["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let has = |line: &str| assert!(answer.body.lines().any(|found| found == line), "{line}\n{}", answer.body);
    has(r#"esia_stand_requests_total{server="toy",kind="page",status="4"} 1"#);
    has(r#"esia_stand_requests_total{server="toy",kind="control",status="2"} 1"#);
    has(r#"esia_stand_worlds{server="toy",state="kept"} 1"#);
    has(r#"esia_stand_request_seconds_count{server="toy"} 3"#);
    assert!(answer.body.contains(r#"kind="program""#) && answer.body.ends_with("# EOF\n"), "{}", answer.body);
    let resident = answer.body.lines().find(|line| line.starts_with("esia_stand_resident_memory_bytes{")).unwrap();
    assert!(resident.rsplit(' ').next().unwrap().parse::<u64>().unwrap() > 1 << 20, "{resident}");
    let closed = self::server(|settings| settings.control_token = ControlToken::new("s3cret")).await;
    assert_eq!(ask(&closed, "/metrics").await.problem(), "401 control-token Authorization");
    let opened = asked(&closed, "GET", "/metrics", &[("authorization", "Bearer s3cret")]).await;
    assert_eq!(opened.status, StatusCode::OK);
}
