//! A server with a control token: who sees people and tools, and how a browser comes to.

use super::*;

const TOKEN: &str = "a-token-that-is-long-enough";

async fn guarded() -> Router {
    server(|settings| settings.control_token = ControlToken::new(TOKEN)).await
}

fn form(path: &str, cookie: &str, fields: &str) -> Request<Body> {
    let request = request("POST", path).header("content-type", "application/x-www-form-urlencoded");
    request.header("cookie", cookie).body(Body::from(fields.to_owned())).unwrap()
}

fn with(path: &str, name: &str, value: &str) -> Request<Body> {
    request("GET", path).header(name, value).body(Body::empty()).unwrap()
}

/// The CSRF cookie of a page, and its token.
fn csrf(page: &Answer) -> (String, String) {
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let token = cookie.split_once('=').unwrap().1.to_owned();
    (cookie, token)
}

#[tokio::test]
async fn without_the_token_nobody_is_an_insider_whatever_is_sent() {
    let server = guarded().await;
    assert_eq!(ask(&server, "/start").await.body, "insider: false");
    for authorization in ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", TOKEN, "Bearer a-token-that-is-long-enoug"]
    {
        let asked = with("/control/worlds", "authorization", authorization);
        assert_eq!(send(&server, asked).await.status, StatusCode::UNAUTHORIZED, "{authorization:?}");
    }
    for cookie in ["toy_control=", &format!("toy_control={TOKEN}"), "toy_control=00", "idp_control=00"] {
        assert_eq!(send(&server, with("/start", "cookie", cookie)).await.body, "insider: false", "{cookie}");
    }
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(send(&server, with("/start", "authorization", &bearer)).await.body, "insider: true");
    assert_eq!(send(&server, with("/control/worlds", "authorization", &bearer)).await.status, StatusCode::OK);
    assert_eq!(ask(&plain().await, "/start").await.body, "insider: true", "on loopback nothing is asked for");
}

#[tokio::test]
async fn a_person_gives_the_token_once_and_the_browser_opens_pages_and_api() {
    let server = guarded().await;
    let asked = ask(&server, "/control/console/timeline").await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(asked.body.contains("data-test=\"control-token\""), "{}", asked.body);
    let (cookie, token) = csrf(&asked);
    let enter = "/control/console/enter";

    let wrong = send(&server, form(enter, &cookie, &format!("csrf={token}&token=guess"))).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains("Маркер не подходит") && !wrong.headers.contains_key("set-cookie"), "{}", wrong.body);
    let forged = send(&server, form(enter, "", &format!("csrf={token}&token={TOKEN}"))).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let mut foreign = form(enter, &cookie, &format!("csrf={token}&token={TOKEN}"));
    foreign.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    assert_eq!(send(&server, foreign).await.status, StatusCode::FORBIDDEN);

    let entered = send(&server, form(enter, &cookie, &format!("csrf={token}&token={TOKEN}"))).await;
    assert_eq!((entered.status.as_u16(), entered.headers["location"].to_str().unwrap()), (303, "/"));
    let set = entered.headers["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("toy_control=") && set.contains("HttpOnly; SameSite=Strict"), "{set}");
    assert!(!set.contains(TOKEN), "the cookie does not tell the token");
    let opened = set.split(';').next().unwrap();
    assert_eq!(send(&server, with("/start", "cookie", opened)).await.body, "insider: true");
    for path in ["/control/console/timeline", "/control/worlds", "/control/openapi.json"] {
        assert_eq!(send(&server, with(path, "cookie", opened)).await.status, StatusCode::OK, "{path}");
    }

    let mut foreign = with("/control/worlds", "cookie", opened);
    foreign.headers_mut().insert("sec-fetch-site", "same-site".parse().unwrap());
    assert_eq!(send(&server, foreign).await.status, StatusCode::FORBIDDEN);
    let mut foreign = form("/control/length", opened, "x");
    foreign.headers_mut().insert("origin", "http://127.0.0.1:9".parse().unwrap());
    assert_eq!(send(&server, foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_cookie_of_one_server_or_token_opens_no_other() {
    let one = ControlToken::new("one").unwrap();
    let (own, of_other_site) = (one.cookie("idp"), one.cookie("diary"));
    assert!(one.is_cookie("idp", &own) && !one.is_cookie("idp", &of_other_site));
    assert!(!ControlToken::new("two").unwrap().is_cookie("idp", &own));
    assert_eq!(format!("{one:?}"), "[redacted]");
}
