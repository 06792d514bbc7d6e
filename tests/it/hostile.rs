//! The hostile list: what once opened, hung or bloated a server, and what held, against the built program over loopback.

use std::{net::SocketAddr, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Program, ReadAnswer, Server, esia_stand};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Longer than any answer takes, and than a head may take to come.
const PATIENCE: Duration = Duration::from_secs(45);

fn address(server: &Server) -> SocketAddr {
    server.url.trim_start_matches("http://").parse().expect("an address")
}

async fn both() -> [Server; 2] {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    [idp, diary]
}

/// Sends bytes and reads until the server closes the connection.
async fn raw(server: &Server, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(address(server)).await.expect("a connection");
    let _ = stream.write_all(sent).await;
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server does not close");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of what raw bytes are answered with; 0 for none.
async fn status(server: &Server, sent: &str) -> u16 {
    let answer = raw(server, sent.as_bytes()).await;
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// Session of a person, by the control API.
async fn session(server: &Server, key: &str) -> String {
    let answer = server.post(&format!("/control/people/{key}/session"), &json!({})).await;
    answer.json(201)["session"].as_str().expect("a session").to_owned()
}

/// Some person who has an account here.
async fn somebody(server: &Server) -> String {
    let people = server.get("/control/people").await.ok();
    let known = people.as_array().expect("people").iter().find(|person| person["login"].is_string());
    known.expect("somebody with an account")["key"].as_str().expect("a key").to_owned()
}

async fn asked(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> ReadAnswer {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = server.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.send(request).await
}

#[tokio::test]
async fn an_empty_control_token_is_none_wherever_it_is_given() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("stand.yaml");
    let settings = "idp: {control-token: ''}\ndiary: {control-token: '  '}\nserve: {control-token: ''}\n";
    std::fs::write(&file, settings).expect("file");
    let file = file.to_str().expect("its name");
    for command in ["idp", "diary", "serve"] {
        let listen = if command == "serve" { "--idp-listen" } else { "--listen" };
        let plain = [command, listen, "0.0.0.0:0"];
        for (more, variable) in [
            (&["--control-token", ""][..], None),
            (&["--control-token", " "], None),
            (&["--control-token", "\t"], Some("a-token-that-would-do")),
            (&[], Some("")),
            (&[], Some("  ")),
            (&["--config", file], None),
            (&["--config", file], Some("")),
        ] {
            let environment: Vec<_> = variable.map(|value| ("ESIA_STAND_CONTROL_TOKEN", value)).into_iter().collect();
            let args = [&plain[..], more].concat();
            let ended = Program::start_as(&esia_stand(), &args, &environment).ended().await;
            assert_eq!(ended.code, Some(2), "{args:?} {variable:?}: {}", ended.err);
            assert!(ended.err.contains("--control-token"), "{args:?} {variable:?}: {}", ended.err);
        }
    }
}

#[tokio::test]
async fn variables_set_to_nothing_count_as_unset() {
    let names = [
        "CONFIG",
        "LOG",
        "LISTEN",
        "DATA",
        "DIARY",
        "IDP",
        "PUBLIC_URL",
        "SEED",
        "CLIENT",
        "CONTROL_TOKEN",
        "PROFILE",
        "PROTOCOL",
        "TAGS",
        "JOBS",
        "JUNIT",
        "JSON",
        "COVERAGE",
        "BROWSER",
        "SCREENSHOTS",
        "KEEP",
        "IDP_LISTEN",
        "DIARY_LISTEN",
    ];
    for blank in ["", "  "] {
        let names = names.map(|name| format!("ESIA_STAND_{name}"));
        let environment: Vec<_> = names.iter().map(|name| (name.as_str(), blank)).collect();
        for server in ["idp", "diary"] {
            let args = [server, "--listen", "127.0.0.1:0", "--log", "error"];
            let server = Server::ready(Program::start_as(&esia_stand(), &args, &environment)).await;
            assert_eq!(server.get("/control/worlds").await.status, 200);
        }
        let checked = Program::start_as(&esia_stand(), &["check"], &environment).ended().await;
        assert_eq!(checked.code, Some(0), "{}", checked.err);
        let run = ["run", "--tags", "@no-such-tag"];
        let run = Program::start_as(&esia_stand(), &run, &environment).ended().await;
        assert!(run.code == Some(2) && run.err.contains("ни у одного сценария"), "{}", run.err);
    }
}

#[tokio::test]
async fn on_the_network_people_and_tools_are_seen_with_the_token_alone() {
    const TOKEN: &str = "a-token-of-some-length";
    for server in ["idp", "diary"] {
        let args = [server, "--listen", "0.0.0.0:0", "--control-token", TOKEN, "--log", "error"];
        let server = Server::start(&args).await;
        let page = server.get("/").await;
        assert!(page.status == 200 && page.body.contains("data-test=\"control-token\""), "{}", page.body);
        assert!(!page.body.contains("data-test=\"people\"") && !page.body.contains("data-test=\"tools\""));
        for authorization in ["", "Bearer", "Bearer ", "Bearer x", "Basic Og=="] {
            let refused = asked(&server, "GET", "/control/people", &[("authorization", authorization)]).await;
            assert_eq!(refused.status, 401, "{authorization:?}");
        }
        assert_eq!(server.get("/control/people").await.status, 401);

        let csrf = page.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let form = format!("csrf={}&token={TOKEN}", csrf.split_once('=').expect("a value").1);
        let enter = server.request(Method::POST, "/control/console/enter").header("cookie", &csrf);
        let enter = enter.header("content-type", "application/x-www-form-urlencoded").body(form);
        let entered = server.send(enter).await;
        let cookie = entered.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        assert_eq!((entered.status.as_u16(), entered.header("location")), (303, "/"));
        let inside = asked(&server, "GET", "/", &[("cookie", &cookie)]).await;
        assert!(inside.body.contains("data-test=\"tools\""), "{}", inside.body);
        for path in ["/control/people", "/control/console/requests", "/control/console/timeline", "/control/worlds"] {
            assert_eq!(asked(&server, "GET", path, &[("cookie", &cookie)]).await.status, 200, "{path}");
            let foreign = [("cookie", cookie.as_str()), ("origin", "http://127.0.0.1:9")];
            assert_eq!(asked(&server, "GET", path, &foreign).await.status, 403, "{path}");
        }
    }
}

#[tokio::test]
async fn no_page_of_another_origin_acts_for_whoever_is_signed_in() {
    let [idp, diary] = both().await;
    let cases = [
        (&idp, "/lk/api/consents/requests/1/grant"),
        (&idp, "/lk/api/consents/requests/1/refuse"),
        (&idp, "/lk/api/family/1/check"),
        (&idp, "/lk/api/account/email/again"),
        (&idp, "/lk/api/window/close"),
        (&idp, "/aas/oauth2/api/login/next-step"),
        (&idp, "/control/people/x/session"),
        (&diary, "/api/school/applications/1/accept"),
        (&diary, "/api/messages/1/read"),
        (&diary, "/control/people/x/session"),
    ];
    for (server, path) in cases {
        let own = server.url.as_str();
        for headers in [
            &[("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "same-site")][..],
            &[("origin", "http://localhost")],
            &[("origin", "http://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
        ] {
            let headers = [headers, &[("cookie", "idp_session_main=x; session_main=x")]].concat();
            let refused = asked(server, "POST", path, &headers).await;
            assert_eq!(refused.problem(403)["code"], "foreign-page", "{path} {headers:?}");
        }
        let let_in = asked(server, "POST", path, &[("origin", own), ("sec-fetch-site", "same-origin")]).await;
        assert_ne!(let_in.status, 403, "{path}: {}", let_in.body);
    }
}

#[tokio::test]
async fn a_return_address_never_leads_away() {
    let idp = Server::idp().await;
    let people = idp.get("/control/people").await.ok();
    let person = people.as_array().expect("people").iter().find(|person| person["login"].is_string());
    let person = person.expect("somebody with an account");
    let text = |name: &str| person[name].as_str().expect("text").to_owned();
    for (next, expected) in [
        ("/\t/evil.example", "/lk"),
        ("/\r\n/evil.example", "/lk"),
        ("/\\evil.example", "/lk"),
        ("/..//evil.example", "/lk"),
        ("/\u{b}/evil.example", "/lk"),
        ("/lk\u{1f}", "/lk"),
        ("https://evil.example/", "/lk"),
        ("/lk/family", "/lk/family"),
    ] {
        let page = idp.get("/login").await;
        let cookie = page.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let csrf = cookie.split_once('=').expect("a value").1.to_owned();
        let form =
            [("csrf", csrf), ("login", text("login")), ("password", text("password")), ("next", next.to_owned())];
        let signed_in = idp.send(idp.request(Method::POST, "/login").header("cookie", cookie).form(&form)).await;
        assert_eq!(signed_in.status, 303, "{next:?}: {}", signed_in.body);
        let location = signed_in.header("location");
        let wanted = location == expected || location.starts_with("/login/");
        assert!(wanted && !location.contains("evil"), "{next:?}: {location}");
    }
}

#[tokio::test]
async fn a_connection_that_sends_nothing_whole_ends_and_keeps_nobody_out() {
    let server = Server::idp().await;
    let begun = std::time::Instant::now();
    tokio::join!(
        raw(&server, b""),
        raw(&server, b"GET /hea"),
        raw(&server, b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx-one: 1\r\n"),
        raw(&server, b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"),
    );
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    assert_eq!(server.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_thousand_half_requests_leave_the_server_answering() {
    let program = esia_stand();
    let program = program.to_str().expect("a path");
    let script = format!("ulimit -n 256 && exec {program} idp --listen 127.0.0.1:0 --log error");
    let server = Server::ready(Program::start_as("/bin/sh".as_ref(), &["-c", &script], &[])).await;
    let mut half = Vec::new();
    for _ in 0..600 {
        let mut stream = TcpStream::connect(address(&server)).await.expect("a connection");
        let _ = stream.write_all(b"GET /health HTTP/1.1\r\nhost").await;
        half.push(stream);
    }
    for _ in 0..5 {
        let answer = timeout(Duration::from_secs(10), server.get("/health")).await.expect("the server is deaf");
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn what_is_no_http_or_not_for_this_server_is_refused_and_harms_nobody() {
    let servers = both().await;
    for server in &servers {
        for (sent, expected) in [
            ("GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nhost: evil@127.0.0.1\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nhost: 127.0.0.1:99999\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nhost: evil.example\r\n\r\n", 421),
            ("GET http://evil.example/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", 421),
            ("GET http://127.0.0.1/health HTTP/1.1\r\nhost: evil.example\r\n\r\n", 200),
            ("GET /health HTTP/1.1\r\nhost: LOCALHOST\r\n\r\n", 200),
            ("GET /health HTTP/1.1\r\nhost: localhost.\r\n\r\n", 200),
            ("GET /\0 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx: a\r\n b\r\n\r\n", 400),
            ("POST /login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400),
            ("POST /login HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
            ("\x16\x03\x01\x02\0\x01\0\x01\u{7f}\x03\x03", 400),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ] {
            let closing = sent.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
            let got = status(server, &closing).await;
            assert!(got == expected || (expected == 400 && got == 0), "{sent:?}: {got}");
        }
        let long = format!("GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx: {}\r\n\r\n", "a".repeat(1_000_000));
        assert!(matches!(status(server, &long).await, 431 | 0));
        assert_eq!(server.get("/health").await.status, 200);
    }
}

#[tokio::test]
async fn a_journal_is_bounded_in_bytes_and_so_is_its_answer() {
    let server = Server::idp().await;
    let header = "a".repeat(50_000);
    for number in 0..400 {
        let path = format!("/login?number={number}");
        assert_eq!(asked(&server, "GET", &path, &[("x-large", &header)]).await.status, 200);
    }
    let journal = server.get("/control/requests?limit=1000").await;
    assert!(journal.body.len() < 20 * 1024 * 1024, "{}", journal.body.len());
    let all = journal.ok();
    assert_eq!(all[0]["target"], "/login?number=399");
    let longest = all.as_array().expect("entries").iter().map(|entry| entry.to_string().len()).max();
    assert!(longest.expect("entries") < 64 * 1024, "{longest:?}");
}

#[tokio::test]
async fn nobody_keeps_personal_data_and_programs_may_keep_keys() {
    let [idp, diary] = both().await;
    let session_of_idp = session(&idp, &somebody(&idp).await).await;
    let bearer = format!("Bearer {session_of_idp}");
    for path in ["/lk/api/me", "/lk/api/family", "/lk/api/consents"] {
        let answer = asked(&idp, "GET", path, &[("authorization", &bearer)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{path}");
    }
    for path in ["/api/me", "/api/school/pupils", "/control/people"] {
        assert_eq!(diary.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    for path in ["/oidc/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        assert_eq!(idp.get(path).await.header("cache-control"), "public, max-age=300", "{path}");
    }
}

/// Endpoints that programs call, also from the pages of other origins.
const FOR_PROGRAMS: [&str; 14] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/oidc/jwks",
    "/oidc/token",
    "/oidc/userinfo",
    "/oidc/revoke",
    "/oidc/introspect",
    "/oidc/consent-requests",
    "/aas/oauth2/te",
    "/aas/oauth2/v2/te",
    "/aas/oauth2/v3/te",
    "/rs/prns/1000000001",
    "/esia-rs/api/public/v4/prns/1000000001",
    "/public/RSA_TESIA.pem",
];

/// A header: its name and its value.
type Header = (&'static str, &'static str);

/// The origin of somebody's page.
const ORIGIN: Header = ("origin", "https://spa.example");

#[tokio::test]
async fn every_endpoint_for_programs_answers_a_preflight() {
    let server = Server::idp().await;
    for path in FOR_PROGRAMS {
        let wanted = [
            ORIGIN,
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type,x-of-a-library"),
        ];
        let preflight = asked(&server, "OPTIONS", path, &wanted).await;
        assert!(preflight.status.is_success(), "{path}: {}", preflight.status);
        assert_eq!(preflight.header("access-control-allow-origin"), "*", "{path}");
        assert!(preflight.header("access-control-allow-headers").contains("x-of-a-library"), "{path}");
        assert_eq!(preflight.header("set-cookie"), "", "{path}");
    }
}

#[tokio::test]
async fn every_endpoint_for_programs_can_be_read_by_a_page_of_another_origin() {
    let server = Server::idp().await;
    for path in FOR_PROGRAMS {
        for method in ["GET", "POST"] {
            let answer = asked(&server, method, path, &[ORIGIN]).await;
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {path}");
            assert_eq!(answer.header("set-cookie"), "", "{method} {path}");
            assert_ne!(answer.header("content-type"), "", "{method} {path}");
            assert!(!answer.header("content-type").contains("html"), "{method} {path}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn another_method_at_an_endpoint_for_programs_is_refused_with_a_verdict() {
    let server = Server::idp().await;
    for path in FOR_PROGRAMS {
        let answer = asked(&server, "PATCH", path, &[ORIGIN]).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.body);
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_ne!(answer.header("allow"), "", "{path}");
        assert!(!answer.header("content-type").contains("html"), "{path}: {}", answer.body);
        assert!(answer.header("x-esia-stand-verdict").contains("method-wrong=PATCH"), "{path}");
    }
}

#[tokio::test]
async fn endpoints_for_people_answer_no_preflight() {
    let server = Server::idp().await;
    for path in ["/oidc/authorize", "/lk/api/me", "/aas/oauth2/ac", "/control/worlds", "/login"] {
        let wanted = [ORIGIN, ("access-control-request-method", "GET")];
        let closed = asked(&server, "OPTIONS", path, &wanted).await;
        assert_eq!(closed.header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn an_address_nobody_serves_names_the_one_that_was_meant() {
    let server = Server::idp().await;
    for (path, near) in [
        ("/aas/oauth2/v3/ac", "/aas/oauth2/v2/ac"),
        ("/aas/oauth2/ac/", "/aas/oauth2/ac"),
        ("/aas//oauth2/te", "/aas/oauth2/te"),
        ("/my-world/oidc/token", "/oidc/token"),
        ("/oidc/tokens", "/oidc/token"),
        ("/oidc/.well-known/openid-configuration", "/.well-known/openid-configuration"),
    ] {
        let answer = server.get(path).await;
        let problem = answer.problem(404);
        assert_eq!(problem["code"], "unknown-address", "{path}");
        assert_eq!(problem["way_out"], format!("Ближайший: {near}"), "{path}");
        assert!(answer.header("x-esia-stand-verdict").starts_with("failed address; unknown-address"), "{path}");
    }
    let lost = server.get("/w/nosuch/oidc/token").await;
    assert!(lost.header("x-esia-stand-verdict").contains("unknown-world"), "{}", lost.body);
}

#[tokio::test]
async fn lists_pass_for_objects_nowhere() {
    let [idp, diary] = both().await;
    let list = async |server: &Server, path: &str, body: Value| {
        let answer = server.post(path, &body).await;
        (answer.status, answer.body)
    };
    for (server, path, body) in [
        (&idp, "/lk/api/recovery", json!([])),
        (&idp, "/lk/api/recovery", json!(["+7 999 000-00-01"])),
        (&idp, "/control/worlds", json!(["made"])),
        (&idp, "/control/worlds", json!({ "name": "made", "seed": [] })),
        (&idp, "/control/clock", json!(["15m"])),
        (&diary, "/api/login", json!(["a", "b"])),
        (&diary, "/control/worlds", json!({ "name": "made", "seed": [] })),
    ] {
        let (status, text) = list(server, path, body.clone()).await;
        assert_eq!(status, 400, "{path} {body}: {text}");
        assert!(text.contains("объект") && !text.contains("invalid type"), "{path} {body}: {text}");
    }
    assert_eq!(idp.get("/w/made/health").await.status, 404);
}
