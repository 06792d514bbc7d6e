//! The front over a toy world: a counter that anybody may add to.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Request, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use esia::language::tr;
use insta::assert_snapshot;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use worlds::{
    Decided, Domain, Due, FakeWall, Limits, SeedDocument, SeedError, WorldName, WorldRng, Worlds, store::MemoryStore,
};

use crate::{
    Acting, Addresses, Checks, ControlToken, Form, Frame, Front, InWorld, Json, LinkSession, OutboxMessage, People,
    PersonView, Problem, Settings, Site, WorldUrl, no_person, see_other,
};

mod addresses;
mod connections;
mod documents;
mod english;
mod guards;
mod insiders;
mod limits;
mod reset;
mod teams;
mod tls;
mod wire;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Counter(u64);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Counted {
    Added { by: u64 },
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    start: u64,
}

impl Domain for Counter {
    const STATE_VERSION: u32 = 1;

    type Event = Counted;

    fn genesis(seed: &SeedDocument, _: DateTime<Utc>) -> Result<Self, SeedError> {
        Ok(Self(seed.gosuslugi::<Section>()?.start))
    }

    fn apply(&mut self, _: DateTime<Utc>, Counted::Added { by }: &Counted) {
        self.0 += by;
    }

    fn has_credentials(&self) -> bool {
        false
    }

    fn forget_credentials(&mut self) {}

    fn next_due(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn due(&self, _: DateTime<Utc>) -> Option<Due<Counted>> {
        None
    }

    fn tell(&self, Counted::Added { by }: &Counted) -> String {
        format!("Прибавлено {by}")
    }
}

impl People for Counter {
    const SESSION_COOKIE: &'static str = "toy_session";

    fn people(&self, _: DateTime<Utc>) -> Vec<PersonView> {
        Vec::new()
    }

    fn open_session(&self, key: &str, _: DateTime<Utc>, _: &mut WorldRng) -> Result<Decided<Counted, String>, Problem> {
        Err(no_person(tr!("Нет никого, и «{key}» тоже", "There is nobody, and no «{key}» either")))
    }

    fn acting(&self, _: &str, _: DateTime<Utc>) -> Option<Acting> {
        None
    }

    fn take_over(&self, _: &str, _: DateTime<Utc>) -> Option<Decided<Counted, LinkSession>> {
        None
    }

    fn outbox(&self) -> impl DoubleEndedIterator<Item = OutboxMessage> {
        std::iter::empty()
    }
}

#[derive(Debug, Deserialize)]
struct Add {
    by: u64,
}

async fn add(world: &worlds::World<Counter>, by: u64) -> Result<u64, Problem> {
    Ok(world.act(|state, _, _| Ok::<_, Problem>((vec![Counted::Added { by }], state.0 + by))).await?)
}

async fn total(InWorld { world, .. }: InWorld<Counter>, checks: Checks) -> Result<String, Problem> {
    let total = world.read(|state, _| state.0).await?;
    checks.expect(("even", "this test"), "even", total.to_string(), total % 2 == 0);
    Ok(total.to_string())
}

async fn add_form(InWorld { world, world_url }: InWorld<Counter>, Form(form): Form<Add>) -> Result<Response, Problem> {
    add(&world, form.by).await?;
    Ok(see_other(&world_url, "/"))
}

async fn add_json(InWorld { world, .. }: InWorld<Counter>, Json(body): Json<Add>) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "total": add(&world, body.by).await? })))
}

async fn form_page(frame: Frame) -> axum::response::Html<String> {
    axum::response::Html(frame.csrf)
}

async fn url(world_url: WorldUrl) -> String {
    world_url.url("/x")
}

async fn refused(InWorld { world, .. }: InWorld<Counter>, checks: Checks) -> Result<String, Problem> {
    let total = world.read(|state, _| state.0).await?;
    checks.expect(("even", "this test"), "even", total.to_string(), total % 2 == 0);
    Err(Problem::conflict("odd", "Нечётно"))
}

async fn boom() -> String {
    panic!("as asked")
}

static SITE: Site = Site::new(
    Addresses {
        uploads: &["/upload"],
        programs: &["/prog/token", "/prog/keys", "/data/*"],
        arrivals: &["/prog/v2/ac"],
    },
    "toy",
    "Игрушка",
    "МОК",
    "",
);

/// What somebody has sent, counted.
async fn length(body: Bytes) -> String {
    body.len().to_string()
}

async fn keys() -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(json!({ "keys": [] }))).into_response()
}

async fn start(frame: Frame) -> String {
    format!("insider: {}", frame.is_insider)
}

async fn server(change: impl FnOnce(&mut Settings)) -> Router {
    over(Router::new(), change).await
}

/// The toy server with some more pages.
async fn over(more: Router, change: impl FnOnce(&mut Settings)) -> Router {
    let wall = Arc::new(FakeWall::at("2024-09-02T06:00:00Z".parse().unwrap()));
    let mut settings = Settings::on("127.0.0.1:0".parse().unwrap());
    change(&mut settings);
    let limits = Limits { journal: 3, quotas: settings.teams.quotas(), ..Limits::default() };
    let worlds = Worlds::<Counter>::new("toy", Arc::new(MemoryStore::default()), wall, limits);
    worlds.create(WorldName::main(), SeedDocument::default()).await.unwrap();
    let pages = Router::new()
        .route("/", get(total).post(add_form))
        .route("/api/add", post(add_json))
        .route("/form", get(form_page))
        .route("/url", get(url))
        .route("/boom", get(boom))
        .route("/refused", get(refused))
        .route("/upload", post(length))
        .route("/length", post(length))
        .route("/control/length", post(length))
        .route("/start", get(start))
        .route("/lk/api/act", post(length).put(length))
        .route("/prog/token", post(length))
        .route("/prog/keys", get(keys))
        .route("/prog/v2/ac", get(url).post(length))
        .route("/data/{id}", get(url));
    let pages = pages.merge(more);
    Front::new(&SITE, settings, Arc::new(worlds), pages, utoipa_axum::router::OpenApiRouter::new()).into_router()
}

async fn plain() -> Router {
    server(|_| {}).await
}

struct Answer {
    status: StatusCode,
    headers: header::HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn line(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.body)
    }

    fn problem(&self) -> String {
        let body = self.json();
        format!("{} {} {}", self.status.as_u16(), body["code"].as_str().unwrap(), body["field"].as_str().unwrap_or("-"))
    }
}

async fn send(server: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = server.clone().oneshot(request).await.unwrap().into_parts();
    let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("host", "127.0.0.1:80")
}

async fn ask(server: &Router, path: &str) -> Answer {
    send(server, request("GET", path).body(Body::empty()).unwrap()).await
}

async fn post_json(server: &Router, path: &str, body: &Value) -> Answer {
    let request = request("POST", path).header("content-type", "application/json");
    send(server, request.body(Body::from(body.to_string())).unwrap()).await
}

async fn make(server: &Router, name: &str, start: u64) -> Answer {
    post_json(server, "/control/worlds", &json!({ "name": name, "seed": { "gosuslugi": { "start": start } } })).await
}

#[tokio::test]
async fn a_world_is_found_at_the_root_by_path_and_by_host_name() {
    let server = plain().await;
    assert_eq!(make(&server, "w", 7).await.status, StatusCode::CREATED);
    assert_eq!(ask(&server, "/").await.body, "0");
    assert_eq!(ask(&server, "/w/w/").await.body, "7");
    assert_eq!(ask(&server, "/w/w").await.body, "7");
    let by_host = Request::builder().uri("/").header("host", "w.localhost:80").body(Body::empty()).unwrap();
    assert_eq!(send(&server, by_host).await.body, "7");
}

#[tokio::test]
async fn every_url_stays_inside_the_way_it_was_asked() {
    let server = plain().await;
    make(&server, "w", 0).await;
    assert_snapshot!(ask(&server, "/url").await.body, @"http://127.0.0.1:80/x");
    assert_snapshot!(ask(&server, "/w/w/url").await.body, @"http://127.0.0.1:80/w/w/x");
    let by_host = Request::builder().uri("/url").header("host", "w.localhost:80").body(Body::empty()).unwrap();
    assert_snapshot!(send(&server, by_host).await.body, @"http://w.localhost:80/x");
    let behind_proxy = self::server(|s| s.public_url = Some("https://mock.example".parse().unwrap())).await;
    make(&behind_proxy, "w", 0).await;
    assert_snapshot!(ask(&behind_proxy, "/w/w/url").await.body, @"https://mock.example/w/w/x");
}

#[tokio::test]
async fn an_unknown_world_a_bad_name_and_a_foreign_host_are_refused_by_name() {
    let server = plain().await;
    let json = |path: &str| request("GET", path).header("accept", "application/json").body(Body::empty()).unwrap();
    assert_snapshot!(send(&server, json("/w/nowhere/")).await.problem(), @"404 no-world -");
    assert_snapshot!(send(&server, json("/w/NO/")).await.problem(), @"404 no-world -");
    assert!(ask(&server, "/w/nowhere/").await.body.contains("data-test=\"error-no-world\""));
    let rebound = Request::builder().uri("/health/rs").header("host", "evil.example").body(Body::empty()).unwrap();
    assert_snapshot!(send(&server, rebound).await.problem(), @"421 misdirected -");
    let headless = Request::builder().uri("/api/x").body(Body::empty()).unwrap();
    assert_snapshot!(send(&server, headless).await.problem(), @"400 bad-request host");
}

#[tokio::test]
async fn a_form_needs_the_token_of_its_own_page() {
    let server = plain().await;
    let page = ask(&server, "/form").await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly; SameSite=Lax") && cookie.starts_with("toy_csrf_main="), "{cookie}");
    let pair = cookie.split(';').next().unwrap().to_owned();
    let form = |token: &str, cookie: &str, site: &str| {
        let request = request("POST", "/").header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("cookie", cookie).header("sec-fetch-site", site);
        request.header("accept", "application/json").body(Body::from(format!("csrf={token}&by=2"))).unwrap()
    };
    assert_snapshot!(send(&server, form("", &pair, "same-origin")).await.problem(), @"403 csrf csrf");
    assert_snapshot!(send(&server, form(&page.body, "", "same-origin")).await.problem(), @"403 csrf csrf");
    assert_snapshot!(send(&server, form(&page.body, &pair, "cross-site")).await.problem(), @"403 foreign-page Sec-Fetch-Site");
    assert_eq!(ask(&server, "/").await.body, "0");
    let good = send(&server, form(&page.body, &pair, "same-origin")).await;
    assert_eq!((good.status.as_u16(), good.headers["location"].to_str().unwrap()), (303, "/"));
    assert_eq!(ask(&server, "/").await.body, "2");
}

#[tokio::test]
async fn bad_bodies_are_refused_and_change_nothing() {
    let server = server(|settings| settings.body_limit = 20).await;
    let typed = |content_type: &str, body: &str| {
        request("POST", "/api/add").header("content-type", content_type).body(Body::from(body.to_owned())).unwrap()
    };
    assert_snapshot!(send(&server, typed("text/plain", "{\"by\":1}")).await.problem(), @"415 content-type Content-Type");
    assert_snapshot!(send(&server, typed("application/json", "{")).await.problem(), @"400 bad-request body");
    assert_snapshot!(send(&server, typed("application/json", "{}")).await.problem(), @"400 bad-request by");
    assert_snapshot!(send(&server, typed("application/json", &"x".repeat(21))).await.problem(), @"413 too-large -");
    assert_eq!(ask(&server, "/").await.body, "0");
    assert_snapshot!(send(&server, typed("application/json", "{\"by\":1}")).await.line(), @r#"200 {"total":1}"#);
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_server_goes_on() {
    let server = plain().await;
    assert_snapshot!(ask(&server, "/boom").await.problem(), @"500 internal -");
    assert_eq!(ask(&server, "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn refusals_are_pages_for_people_and_documents_for_programs() {
    let server = plain().await;
    let page = ask(&server, "/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("data-test=\"error-not-found\"") && page.body.contains("МОК"), "{}", page.body);
    assert_snapshot!(ask(&server, "/api/nothing").await.problem(), @"404 not-found -");
    assert_snapshot!(ask(&server, "/api/add").await.problem(), @"405 method-not-allowed -");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = plain().await;
    for path in ["/", "/nothing", "/health", "/control/worlds", "/w/none/"] {
        let headers = ask(&server, path).await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"), "{path}");
    }
    assert_eq!(ask(&server, "/control/openapi/").await.status, StatusCode::OK);
    assert_snapshot!(ask(&server, "/health").await.line(), @r#"200 {"status":"ok","server":"toy"}"#);
}

#[tokio::test]
async fn the_journal_keeps_requests_with_their_verdicts_and_is_bounded() {
    let server = plain().await;
    post_json(&server, "/api/add", &json!({ "by": 3 })).await;
    let answer = ask(&server, "/?secret=x").await;
    let id = answer.headers["x-esia-stand-request"].to_str().unwrap();
    let line = answer.headers["x-esia-stand-verdict"].to_str().unwrap();
    assert_eq!(line, format!("failed even; see http://127.0.0.1:80/control/console/requests/{id}"));
    let nothing_was_looked_at = ask(&server, "/health").await;
    assert_eq!(nothing_was_looked_at.headers.get("x-esia-stand-verdict"), None);
    let entry = ask(&server, &format!("/control/requests/{id}")).await.json();
    assert_eq!((entry["target"].as_str(), entry["status"].as_u64()), (Some("/?secret=x"), Some(200)));
    assert_snapshot!(entry["verdict"], @r#"[{"rule":"even","source":"this test","expected":"even","got":"3","outcome":"failed"}]"#);
    for _ in 0..3 {
        ask(&server, "/").await;
    }
    assert_snapshot!(ask(&server, &format!("/control/requests/{id}")).await.problem(), @"404 not-found -");
    let all = ask(&server, "/control/requests").await.json();
    let ids: Vec<_> = all.as_array().unwrap().iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [5, 4, 3]);
    make(&server, "other", 0).await;
    assert_eq!(ask(&server, "/w/other/control/requests").await.json(), json!([]));
}

#[tokio::test]
async fn worlds_are_made_forked_exported_imported_and_dropped() {
    let server = plain().await;
    assert_snapshot!(make(&server, "a", 1).await.line(), @r#"201 {"name":"a","title":"","url":"http://127.0.0.1:80/w/a","now":"2024-09-02T06:00:00Z","seq":0}"#);
    assert_snapshot!(make(&server, "a", 1).await.problem(), @"409 world-exists name");
    assert_snapshot!(make(&server, "Ы", 1).await.problem(), @"400 bad-request name");
    post_json(&server, "/w/a/api/add", &json!({ "by": 1 })).await;
    assert_eq!(post_json(&server, "/control/worlds/a/fork", &json!({ "name": "b" })).await.status, StatusCode::CREATED);
    post_json(&server, "/w/b/api/add", &json!({ "by": 10 })).await;
    let export = ask(&server, "/control/worlds/b/export").await.json();
    let imported = post_json(&server, "/control/worlds/import", &json!({ "name": "c", "export": export })).await;
    assert_eq!(imported.status, StatusCode::CREATED, "{}", imported.body);
    let totals = [ask(&server, "/w/a/").await.body, ask(&server, "/w/b/").await.body, ask(&server, "/w/c/").await.body];
    assert_eq!(totals, ["2", "12", "12"]);
    let delete = |name: &str| request("DELETE", &format!("/control/worlds/{name}")).body(Body::empty()).unwrap();
    assert_eq!(send(&server, delete("b")).await.status, StatusCode::NO_CONTENT);
    assert_snapshot!(send(&server, delete("b")).await.problem(), @"404 no-world -");
    assert_snapshot!(send(&server, delete("main")).await.problem(), @"409 main-world -");
    let names: Vec<_> =
        ask(&server, "/control/worlds").await.json().as_array().unwrap().iter().map(|w| w["name"].clone()).collect();
    assert_eq!(names, ["a", "c", "main"]);
}

#[tokio::test]
async fn a_seed_with_an_unknown_field_is_refused_by_the_fields_name() {
    let server = plain().await;
    let seed = |seed: Value| json!({ "name": "s", "seed": seed });
    let outer = post_json(&server, "/control/worlds", &seed(json!({ "titel": "x" }))).await;
    assert_snapshot!(outer.problem(), @"400 bad-request seed.titel");
    let inner = post_json(&server, "/control/worlds", &seed(json!({ "gosuslugi": { "start": 1, "stop": 2 } }))).await;
    assert_snapshot!(inner.problem(), @"400 bad-seed gosuslugi.stop");
    assert!(inner.body.contains("stop"), "{}", inner.body);
    assert_eq!(ask(&server, "/w/s/").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_clock_is_read_and_moved_forward_only() {
    let server = plain().await;
    let order = |body: Value| post_json_owned(&server, "/control/clock", body);
    assert_snapshot!(ask(&server, "/control/clock").await.line(), @r#"200 {"now":"2024-09-02T06:00:00Z","mode":"real"}"#);
    assert_snapshot!(order(json!({ "advance": "15m" })).await.line(), @r#"200 {"now":"2024-09-02T06:15:00Z","mode":"offset"}"#);
    assert_snapshot!(order(json!({ "to": "2024-09-03T09:00:00+03:00", "mode": "frozen" })).await.line(), @r#"200 {"now":"2024-09-03T06:00:00Z","mode":"frozen"}"#);
    assert_snapshot!(order(json!({ "to": "2024-09-01T09:00:00+03:00" })).await.problem(), @"400 bad-request clock");
    assert_snapshot!(order(json!({ "advance": "soon" })).await.problem(), @"400 bad-request advance");
    assert_snapshot!(order(json!({})).await.problem(), @"400 bad-request advance");
    assert_snapshot!(order(json!({ "forward": 1 })).await.problem(), @"400 bad-request forward");
}

async fn post_json_owned(server: &Router, path: &str, body: Value) -> Answer {
    post_json(server, path, &body).await
}

#[tokio::test]
async fn the_timeline_is_listed_and_streamed() {
    let server = plain().await;
    post_json(&server, "/api/add", &json!({ "by": 4 })).await;
    assert_snapshot!(ask(&server, "/control/timeline").await.line(), @r#"200 [{"seq":1,"at":"2024-09-02T06:00:00Z","recorded_at":"2024-09-02T06:00:00Z","request":1,"text":"Прибавлено 4","event":{"type":"added","by":4}}]"#);
    assert_snapshot!(ask(&server, "/control/timeline?after=1").await.line(), @"200 []");
    let stream =
        server.clone().oneshot(request("GET", "/control/timeline/stream").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut body = stream.into_body().into_data_stream();
    let mut next = async || {
        use futures::StreamExt as _;
        String::from_utf8(body.next().await.unwrap().unwrap().to_vec()).unwrap()
    };
    let seen = next().await;
    assert!(seen.contains("Прибавлено 4") && seen.contains("id: 1"), "{seen}");
    post_json(&server, "/api/add", &json!({ "by": 5 })).await;
    assert!(next().await.contains("Прибавлено 5"));
}

#[tokio::test]
async fn the_control_api_asks_for_its_token_and_keeps_foreign_pages_out() {
    let server = server(|settings| settings.control_token = ControlToken::new("s3cret")).await;
    assert_snapshot!(ask(&server, "/control/worlds").await.problem(), @"401 control-token Authorization");
    let with =
        |token: &str| request("GET", "/control/worlds").header("authorization", token).body(Body::empty()).unwrap();
    assert_eq!(send(&server, with("Bearer wrong")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&server, with("Bearer s3cret")).await.status, StatusCode::OK);
    let foreign = request("GET", "/control/worlds").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_snapshot!(send(&plain().await, foreign).await.problem(), @"403 foreign-page Sec-Fetch-Site");
}

#[test]
fn a_server_on_the_network_does_not_start_without_a_control_token() {
    let open = Settings::on("0.0.0.0:0".parse().unwrap());
    assert!(open.check().is_err());
    for none in ["", " ", "\t", "\u{a0}"] {
        assert!(Settings { control_token: ControlToken::new(none), ..open.clone() }.check().is_err(), "{none:?}");
    }
    assert!(Settings { control_token: ControlToken::new("t"), ..open }.check().is_ok());
    assert!(Settings::on("127.0.0.1:0".parse().unwrap()).check().is_ok());
}

#[tokio::test]
async fn the_openapi_document_describes_the_control_api() {
    let server = plain().await;
    let document = ask(&server, "/control/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_snapshot!(document["info"]["title"], @r#""Игрушка""#);
    assert!(document["info"].get("contact").is_none(), "the product's own, not a library's");
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    assert_snapshot!(paths.join("\n"), @r"
    /control/ca.pem
    /control/clock
    /control/outbox
    /control/people
    /control/people/{key}/session
    /control/requests
    /control/requests/{id}
    /control/team
    /control/timeline
    /control/timeline/stream
    /control/tls
    /control/worlds
    /control/worlds/import
    /control/worlds/{name}
    /control/worlds/{name}/export
    /control/worlds/{name}/fork
    /control/worlds/{name}/reset
    ");
}

#[tokio::test]
async fn the_console_shows_timeline_requests_verdicts_and_moves_the_clock() {
    let server = plain().await;
    post_json(&server, "/api/add", &json!({ "by": 3 })).await;
    let id = ask(&server, "/?x=a%20b'&y").await.headers["x-esia-stand-request"].to_str().unwrap().to_owned();
    let page = ask(&server, "/control/console/timeline").await;
    assert!(page.body.contains("Прибавлено 3"), "{}", page.body);
    let list = ask(&server, "/control/console/requests").await.body;
    assert!(list.contains(&format!("/control/console/requests/{id}?")) && list.contains("отказ"), "{list}");
    let entry = ask(&server, &format!("/control/console/requests/{id}")).await.body;
    assert!(entry.contains("неверно") && entry.contains("this test") && entry.contains("&#39;&#38;y"), "{entry}");
    let json = request("GET", &format!("/control/console/requests/{id}")).header("accept", "application/json");
    let json = send(&server, json.body(Body::empty()).unwrap()).await.json();
    assert_eq!(json["verdict"][0]["rule"], "even", "the page is JSON for whoever accepts that alone");
    let page = ask(&server, "/control/console/worlds").await;
    assert!(page.body.contains("main"), "{}", page.body);
    let gone = ask(&server, "/control/console/requests/999").await;
    assert!(gone.status == StatusCode::NOT_FOUND && gone.body.contains("error-not-found"));
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let token = cookie.split('=').nth(1).unwrap().to_owned();
    let form = request("POST", "/control/console/clock").header("content-type", "application/x-www-form-urlencoded");
    let form = form.header("cookie", cookie).body(Body::from(format!("csrf={token}&advance=15m"))).unwrap();
    assert_eq!(send(&server, form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ask(&server, "/control/clock").await.json()["now"], "2024-09-02T06:15:00Z");
}

#[tokio::test]
async fn requests_are_filtered_and_those_without_checks_hidden_until_asked_for() {
    let server = server(|_| {}).await;
    ask(&server, "/form").await;
    let odd = {
        post_json(&server, "/api/add", &json!({ "by": 3 })).await;
        ask(&server, "/?odd=1").await.headers["x-esia-stand-request"].to_str().unwrap().to_owned()
    };
    let list = async |query: &str| ask(&server, &format!("/control/console/requests{query}")).await.body;
    assert!(!list("").await.contains("/api/add") && list("?verdict=any").await.contains("/api/add"));
    assert!(list("?verdict=failed").await.contains(&format!("requests/{odd}?")));
    assert!(!list("?verdict=ok").await.contains(&format!("requests/{odd}?")));
    assert!(list("?verdict=failed&lang=en").await.contains(">refused<"));
    let ids = async |query: &str| {
        let found = ask(&server, &format!("/control/requests{query}")).await.json();
        found.as_array().unwrap().iter().map(|entry| entry["id"].to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids("?verdict=failed").await, odd);
    assert_eq!(ids("?verdict=even").await, odd);
    assert_eq!(ids("?verdict=none").await, "2 1");
    assert_eq!(ids("?after=1&before=3").await, "2");
    assert_eq!(ids("?client=NOBODY").await, "");
}

#[tokio::test]
async fn a_page_that_refuses_carries_a_strip_for_testers() {
    let server = plain().await;
    let unchecked = ask(&server, "/refused").await.body;
    assert!(unchecked.contains("запрос клиента не проверялся") && !unchecked.contains("even"), "{unchecked}");
    post_json(&server, "/api/add", &json!({ "by": 3 })).await;
    let page = ask(&server, "/refused").await;
    let id = page.headers["x-esia-stand-request"].to_str().unwrap();
    let strip = page.body.split("data-test=\"tester\"").nth(1).unwrap();
    assert!(strip.contains(&format!("href=\"/control/console/requests/{id}\"")) && strip.contains("even"), "{strip}");
    assert!(page.body.find("</main>") < page.body.find("data-test=\"tester\""));
}
