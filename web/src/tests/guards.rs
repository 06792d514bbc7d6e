//! Who may change something: never a page of another site, and nobody by a header that says nothing.

use super::*;

fn posting(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = request("POST", path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from("{}")).unwrap()
}

#[tokio::test]
async fn a_foreign_page_acts_nowhere_and_own_pages_and_programs_do() {
    let server = plain().await;
    let foreign = [
        &[("origin", "http://127.0.0.1:8000"), ("sec-fetch-site", "same-site")][..],
        &[("origin", "http://evil.example")],
        &[("origin", "http://127.0.0.1:8000")],
        &[("origin", "https://127.0.0.1")],
        &[("origin", "http://127.0.0.1.evil.example")],
        &[("origin", "http://user@127.0.0.1:81")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "http://127.0.0.1"), ("origin", "http://evil.example")],
        &[("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "unheard-of")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("origin", "http://evil.example"), ("authorization", "Basic dGVzdA==")],
        &[("origin", "http://evil.example"), ("authorization", "Bearer")],
        &[("origin", "http://evil.example"), ("authorization", "Bearer ")],
    ];
    for path in ["/lk/api/act", "/control/length", "/w/w/lk/api/act"] {
        make(&server, "w", 0).await;
        for headers in foreign {
            let answer = send(&server, posting(path, headers)).await;
            assert!(answer.problem().starts_with("403 foreign-page "), "{path} {headers:?}: {}", answer.line());
        }
        let own = [
            &[][..],
            &[("origin", "http://127.0.0.1")],
            &[("origin", "http://127.0.0.1:80")],
            &[("origin", "http://127.0.0.1"), ("sec-fetch-site", "same-origin")],
            &[("origin", "https://127.0.0.1"), ("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://evil.example"), ("authorization", "bearer of-a-program")],
        ];
        for headers in own {
            let answer = send(&server, posting(path, headers)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {headers:?}: {}", answer.body);
        }
    }
    let by_cookie = [("origin", "http://127.0.0.1:9"), ("cookie", "session_main=abc"), ("sec-fetch-site", "same-site")];
    assert_eq!(send(&server, posting("/lk/api/act", &by_cookie)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_refused_page_has_its_verdict() {
    let server = plain().await;
    let answer = send(&server, posting("/lk/api/act", &[("origin", "http://evil.example")])).await;
    let line = answer.headers["x-esia-stand-verdict"].to_str().unwrap();
    assert!(line.starts_with("failed origin; foreign-page; see "), "{line}");
}

#[tokio::test]
async fn where_other_sites_lead_a_browser_their_forms_are_let_in() {
    let server = plain().await;
    let from_elsewhere = [("origin", "https://rp.example"), ("sec-fetch-site", "cross-site")];
    for path in ["/prog/v2/ac", "/prog/token"] {
        assert_eq!(send(&server, posting(path, &from_elsewhere)).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn reading_is_free_but_for_the_control_api() {
    let server = plain().await;
    let read = |path: &str| request("GET", path).header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(send(&server, read("/url")).await.status, StatusCode::OK);
    assert_eq!(send(&server, read("/control/worlds")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn behind_a_public_address_its_origin_is_ours() {
    let server = server(|settings| settings.public_url = Some("https://mock.example/esia".parse().unwrap())).await;
    let from = |origin: &str| posting("/lk/api/act", &[("origin", origin)]);
    assert_eq!(send(&server, from("https://mock.example")).await.status, StatusCode::OK);
    for other in ["https://mock.example:444", "http://mock.example", "https://mock.example.evil.example"] {
        assert_eq!(send(&server, from(other)).await.status, StatusCode::FORBIDDEN, "{other}");
    }
}

#[tokio::test]
async fn a_request_names_one_host_and_a_parser_reads_it() {
    let server = plain().await;
    let asked = |hosts: &[&str], target: &str| {
        let mut request = Request::builder().uri(target);
        for host in hosts {
            request = request.header("host", *host);
        }
        request.body(Body::empty()).unwrap()
    };
    for (hosts, target, status) in [
        (&["127.0.0.1:80"][..], "/url", 200),
        (&["LOCALHOST:80"], "/url", 200),
        (&["localhost."], "/url", 200),
        (&["LocalHost.:8080"], "/url", 200),
        (&["[::1]:80"], "/url", 200),
        (&["127.0.0.1:"], "/url", 200),
        (&["W.LOCALHOST:80"], "/url", 404),
        (&["127.0.0.1", "127.0.0.1"], "/url", 400),
        (&["127.0.0.1", "evil.example"], "/url", 400),
        (&["evil@127.0.0.1"], "/url", 400),
        (&["@127.0.0.1"], "/url", 400),
        (&["evil:pw@127.0.0.1:80"], "/url", 400),
        (&["127.0.0.1:99999"], "/url", 400),
        (&["127.0.0.1:0"], "/url", 400),
        (&["127.0.0.1:80:80"], "/url", 400),
        (&["127.0.0.1:http"], "/url", 400),
        (&["127.0.0.1/x"], "/url", 400),
        (&["127.0.0.1 evil"], "/url", 400),
        (&["127.0.0.1\t"], "/url", 400),
        (&["localhost.."], "/url", 400),
        (&["[::1"], "/url", 400),
        (&[""], "/url", 400),
        (&[], "/url", 400),
        (&["evil.example"], "/url", 421),
        (&["localhost.evil.example"], "/url", 421),
        (&["evil.example"], "/health", 421),
        (&["127.0.0.1", "127.0.0.1"], "/health", 400),
        // The target in absolute form outweighs `Host`, which must read all the same.
        (&["evil.example"], "http://127.0.0.1:80/url", 200),
        (&["127.0.0.1"], "http://evil.example/url", 421),
        (&["127.0.0.1"], "http://evil@127.0.0.1/url", 400),
        (&["a b"], "http://127.0.0.1/url", 400),
    ] {
        let answer = send(&server, asked(hosts, target)).await;
        assert_eq!(answer.status.as_u16(), status, "{hosts:?} {target}: {}", answer.body);
    }
    make(&server, "w", 0).await;
    for (host, base) in [
        ("LOCALHOST:8081", "http://localhost:8081"),
        ("localhost.:8081", "http://localhost:8081"),
        ("W.localhost:80", "http://w.localhost:80"),
        ("[0:0::1]:81", "http://[::1]:81"),
        ("127.1", "http://127.0.0.1"),
    ] {
        assert_eq!(send(&server, asked(&[host], "/url")).await.body, format!("{base}/x"), "{host}");
    }
    let absolute = asked(&["evil.example"], "http://w.localhost:7/url");
    assert_eq!(send(&server, absolute).await.body, "http://w.localhost:7/x");
}
