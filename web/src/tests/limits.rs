//! What may come in and what goes out: one limit for each place, and nothing cut.

use std::time::Duration;

use futures::stream;

use super::*;

async fn sized(server: &Router, path: &str, bytes: usize) -> Answer {
    let request = request("POST", path).header("content-type", "application/json");
    send(server, request.body(Body::from(vec![b'x'; bytes])).unwrap()).await
}

#[tokio::test]
async fn each_place_has_one_limit_and_takes_what_is_just_below_it() {
    const ORDINARY: usize = 64 * 1024;
    const UPLOAD: usize = 2 * 1024 * 1024;
    const CONTROL: usize = 64 * 1024 * 1024;
    let server = plain().await;
    for (path, limit) in [
        ("/length", ORDINARY),
        ("/lk/api/act", ORDINARY),
        ("/prog/token", ORDINARY),
        ("/upload", UPLOAD),
        ("/control/length", CONTROL),
    ] {
        for bytes in [limit - 1, limit] {
            let answer = sized(&server, path, bytes).await;
            assert_eq!(answer.line(), format!("200 {bytes}"), "{path}");
        }
        let answer = sized(&server, path, limit + 1).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(answer.body.contains(&format!("Тело запроса больше {limit} байт")), "{path}: {}", answer.body);
    }
    let refused = sized(&server, "/lk/api/act", ORDINARY + 1).await;
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    let line = refused.headers["x-esia-stand-verdict"].to_str().unwrap();
    assert!(line.starts_with("failed body; body-too-large; "), "{line}");
}

#[tokio::test]
async fn a_world_of_many_megabytes_goes_out_and_comes_in_again() {
    let server = plain().await;
    make(&server, "long", 0).await;
    post_json(&server, "/w/long/api/add", &json!({ "by": 1 })).await;
    let seed = json!({ "title": "ы".repeat(1_200_000) });
    let made = post_json(&server, "/control/worlds", &json!({ "name": "titled", "seed": seed })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let mut export = ask(&server, "/control/worlds/long/export").await.json();
    let record = export["records"][0].clone();
    let numbered = |seq: u64| {
        let mut record = record.clone();
        record["seq"] = json!(seq);
        record
    };
    export["records"] = (1..=60_000).map(numbered).collect();
    let import = json!({ "name": "again", "export": export });
    assert!(import.to_string().len() > 2_500_000);
    let imported = post_json(&server, "/control/worlds/import", &import).await;
    assert_eq!(imported.status, StatusCode::CREATED, "{}", imported.body);
    assert_eq!(ask(&server, "/w/again/").await.body, "60000");
}

#[tokio::test]
async fn a_large_json_answer_is_whole() {
    async fn large() -> Json<Value> {
        Json(json!({ "text": "ы".repeat(35 * 1024 * 1024) }))
    }
    let pages = Router::new().route("/api/large", get(large));
    let server = over(pages, |_| {}).await;
    let answer = ask(&server, "/api/large").await;
    assert_eq!(answer.body.len(), 70 * 1024 * 1024 + 11);
}

#[tokio::test]
async fn a_body_that_does_not_end_is_not_waited_for() {
    let server = server(|settings| settings.body_patience = Duration::from_millis(50)).await;
    let endless = stream::pending::<Result<Bytes, std::io::Error>>();
    let asked = request("POST", "/lk/api/act").body(Body::from_stream(endless)).unwrap();
    assert_snapshot!(send(&server, asked).await.problem(), @"408 too-late -");
    let broken = stream::iter([Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("gone"))]);
    let asked = request("POST", "/lk/api/act").body(Body::from_stream(broken)).unwrap();
    assert_snapshot!(send(&server, asked).await.problem(), @"400 bad-request body");
}

#[tokio::test]
async fn nobody_keeps_what_is_no_asset() {
    let server = plain().await;
    for path in
        ["/", "/form", "/nothing", "/api/nothing", "/health", "/control/worlds", "/w/none/", "/control/openapi.json"]
    {
        assert_eq!(ask(&server, path).await.headers["cache-control"], "no-store", "{path}");
    }
    assert_eq!(post_json(&server, "/api/add", &json!({ "by": 2 })).await.headers["cache-control"], "no-store");
    assert_eq!(ask(&server, "/prog/keys").await.headers["cache-control"], "public, max-age=300");
    let css = ask(&server, SITE.css_path()).await;
    assert!(css.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let script = ask(&server, "/control/openapi/swagger-ui-bundle.js").await;
    assert_eq!(
        (script.status.as_u16(), script.headers["cache-control"].to_str().unwrap()),
        (200, "private, max-age=3600")
    );
}
