//! A stand that teams share: each sees and changes what it may, and nothing of the others.

use super::*;
use crate::{Rights, Team, Teams};

const OPERATOR: &str = "the-token-of-the-operator";

fn team(name: &str, may: Rights) -> Team {
    let token = ControlToken::new(&token_of(name)).unwrap();
    Team {
        name: name.parse().unwrap(),
        token,
        may,
        worlds: Some(2),
        people: Some(3),
        bytes: Some(1 << 20),
        requests: Some(5),
    }
}

fn token_of(name: &str) -> String {
    format!("the-token-of-team-{name}")
}

async fn shared() -> Router {
    let teams = vec![team("alpha", Rights::Own), team("beta", Rights::Own), team("all", Rights::All)];
    let teams = Teams::new([teams, vec![team("eyes", Rights::Read)]].concat()).unwrap();
    server(|settings| (settings.control_token, settings.teams) = (ControlToken::new(OPERATOR), teams)).await
}

/// What a team is answered: the status, and the code of a refusal.
async fn asks(server: &Router, token: &str, method: &str, path: &str, body: &Value) -> String {
    let request = request(method, path).header("authorization", format!("Bearer {token}"));
    let request = match method {
        "GET" | "DELETE" => request.body(Body::empty()),
        _ => request.header("content-type", "application/json").body(Body::from(body.to_string())),
    };
    let answer = send(server, request.unwrap()).await;
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        status.to_string()
    } else {
        format!("{status} {}", answer.json()["code"].as_str().unwrap())
    }
}

async fn make(server: &Router, team: &str, name: &str) -> String {
    asks(server, &token_of(team), "POST", "/control/worlds", &json!({ "name": name })).await
}

#[tokio::test]
async fn a_team_makes_worlds_under_its_name_alone_and_so_many() {
    let server = shared().await;
    assert_eq!(make(&server, "alpha", "alpha-1").await, "201");
    for foreign in ["beta-1", "alpha", "alphabet-1", "x"] {
        assert_eq!(make(&server, "alpha", foreign).await, "403 not-your-world", "{foreign}");
    }
    assert_eq!(make(&server, "eyes", "eyes-1").await, "403 read-only");
    assert_eq!(make(&server, "all", "anything").await, "201");
    let (alpha, fork) = (token_of("alpha"), json!({ "name": "alpha-2" }));
    assert_eq!(asks(&server, &alpha, "POST", "/control/worlds/main/fork", &fork).await, "201");
    assert_eq!(make(&server, "alpha", "alpha-3").await, "403 team-limit");
    assert_eq!(asks(&server, &alpha, "DELETE", "/control/worlds/alpha-1", &json!({})).await, "204");
    let crowd = |count: u64| json!({ "name": "alpha-3", "seed": { "gosuslugi": { "people": { "a": {}, "generate": count } } } });
    assert_eq!(asks(&server, &alpha, "POST", "/control/worlds", &crowd(3)).await, "403 team-limit");
    // This server has no people: a seed that the team may use goes on to it.
    assert_eq!(asks(&server, &alpha, "POST", "/control/worlds", &crowd(2)).await, "400 bad-seed");
}

#[tokio::test]
async fn a_team_sees_and_changes_its_own_worlds_and_reads_main() {
    let server = shared().await;
    assert_eq!(
        (make(&server, "alpha", "alpha-1").await, make(&server, "beta", "beta-1").await),
        ("201".into(), "201".into())
    );
    let (alpha, eyes, all) = (token_of("alpha"), token_of("eyes"), token_of("all"));
    let stop = json!({ "advance": "1m" });
    for (method, path, by_own, by_reader) in [
        ("GET", "/w/alpha-1/control/clock", "200", "200"),
        ("POST", "/w/alpha-1/control/clock", "200", "403 read-only"),
        ("GET", "/control/clock", "200", "200"),
        ("POST", "/control/clock", "403 not-your-world", "403 read-only"),
        ("GET", "/w/beta-1/control/clock", "403 not-your-world", "200"),
        ("POST", "/w/beta-1/control/clock", "403 not-your-world", "403 read-only"),
        ("GET", "/control/worlds/beta-1", "403 not-your-world", "200"),
        ("GET", "/control/worlds/beta-1/export", "403 not-your-world", "200"),
        ("GET", "/control/worlds/%62eta-1/export", "403 not-your-world", "200"),
        ("POST", "/control/worlds/beta-1/reset", "403 not-your-world", "403 read-only"),
        ("DELETE", "/control/worlds/beta-1", "403 not-your-world", "403 read-only"),
        ("DELETE", "/control/worlds/%62eta-1", "403 not-your-world", "403 read-only"),
        ("DELETE", "/w/alpha-1/control/worlds/beta-1", "403 not-your-world", "403 read-only"),
        ("GET", "/metrics", "403 not-your-world", "200"),
    ] {
        assert_eq!(asks(&server, &alpha, method, path, &stop).await, by_own, "{method} {path}");
        assert_eq!(asks(&server, &eyes, method, path, &stop).await, by_reader, "{method} {path}");
    }
    let fork = json!({ "name": "alpha-2" });
    assert_eq!(asks(&server, &alpha, "POST", "/control/worlds/beta-1/fork", &fork).await, "403 not-your-world");
    assert_eq!(asks(&server, &all, "DELETE", "/control/worlds/beta-1", &json!({})).await, "204");
    assert_eq!(asks(&server, "somebody-else-s-token", "GET", "/control/worlds", &json!({})).await, "401 control-token");
}

#[tokio::test]
async fn a_list_holds_what_the_team_may_see_and_it_is_told_who_it_is() {
    let server = shared().await;
    make(&server, "alpha", "alpha-1").await;
    make(&server, "beta", "beta-1").await;
    let get = async |team: &str, path: &str| {
        let bearer = format!("Bearer {}", if team == "operator" { OPERATOR.to_owned() } else { token_of(team) });
        send(&server, request("GET", path).header("authorization", bearer).body(Body::empty()).unwrap()).await.json()
    };
    let names = async |team: &str| {
        let list = get(team, "/control/worlds").await;
        list.as_array()
            .unwrap()
            .iter()
            .map(|world| world["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(names("alpha").await, "alpha-1 main");
    assert_eq!(names("eyes").await, "alpha-1 beta-1 main");
    assert_eq!(names("operator").await, "alpha-1 beta-1 main");
    let mut alpha = get("alpha", "/control/team").await;
    assert!(alpha["bytes"].take().as_u64() > Some(100));
    assert_snapshot!(alpha, @r#"{"team":"alpha","may":"own","prefix":"alpha-","most_worlds":2,"worlds":1,"most_bytes":1048576,"bytes":null,"most_requests":5,"most_people":3}"#);
    assert_snapshot!(get("operator", "/control/team").await, @r#"{"may":"all","prefix":""}"#);
}

#[tokio::test]
async fn a_team_whose_worlds_have_grown_makes_no_further_one() {
    let heavy = Team { worlds: None, bytes: Some(20_000), ..team("alpha", Rights::Own) };
    let teams = Teams::new(vec![heavy, Team { bytes: None, ..team("beta", Rights::Own) }]).unwrap();
    let server =
        server(|settings| (settings.control_token, settings.teams) = (ControlToken::new(OPERATOR), teams)).await;
    let large = json!({ "name": "alpha-1", "seed": { "title": "x".repeat(2_000) } });
    assert_eq!(asks(&server, &token_of("alpha"), "POST", "/control/worlds", &large).await, "201");
    assert_eq!(make(&server, "alpha", "alpha-2").await, "403 team-limit");
    let fork = json!({ "name": "alpha-3" });
    let alpha = token_of("alpha");
    assert_eq!(asks(&server, &alpha, "POST", "/control/worlds/alpha-1/fork", &fork).await, "403 team-limit");
    assert_eq!(asks(&server, &alpha, "POST", "/control/worlds/alpha-1/reset", &json!({})).await, "200");
    assert_eq!(make(&server, "beta", "beta-1").await, "201");
    // Whoever makes it: the worlds are the team's.
    assert_eq!(
        asks(&server, OPERATOR, "POST", "/control/worlds", &json!({ "name": "alpha-2" })).await,
        "403 team-limit"
    );
    assert_eq!(asks(&server, &alpha, "DELETE", "/control/worlds/alpha-1", &json!({})).await, "204");
    assert_eq!(make(&server, "alpha", "alpha-2").await, "201");
}

#[tokio::test]
async fn requests_at_one_instant_pass_no_limit_together() {
    let server = shared().await;
    let names = (1..=8).map(|number| format!("alpha-{number}"));
    let made = futures::future::join_all(names.map(async |name| make(&server, "alpha", &name).await)).await;
    assert_eq!(made.iter().filter(|answer| *answer == "201").count(), 2, "{made:?}");
    assert_eq!(made.iter().filter(|answer| *answer == "403 team-limit").count(), 6, "{made:?}");
}

#[tokio::test]
async fn the_journal_of_a_team_keeps_as_many_requests_as_it_may() {
    let server = shared().await;
    make(&server, "alpha", "alpha-1").await;
    let kept = async |world: &str| {
        for _ in 0..9 {
            send(&server, request("GET", &format!("{world}/form")).body(Body::empty()).unwrap()).await;
        }
        let path = format!("{world}/control/requests");
        let asked = request("GET", &path).header("authorization", format!("Bearer {OPERATOR}"));
        send(&server, asked.body(Body::empty()).unwrap()).await.json().as_array().unwrap().len()
    };
    assert_eq!((kept("/w/alpha-1").await, kept("").await), (5, 3));
}

#[test]
fn teams_without_a_token_of_the_operator_are_refused() {
    let teams = || Teams::new(vec![team("alpha", Rights::Own)]).unwrap();
    let alone = Settings { teams: teams(), ..Settings::on("127.0.0.1:0".parse().unwrap()) };
    assert!(alone.check().unwrap_err().to_string().starts_with("teams need --control-token"));
    let same = Settings { control_token: ControlToken::new(&token_of("alpha")), ..alone.clone() };
    assert_eq!(same.check().unwrap_err().to_string(), "the team «alpha» has the token of --control-token");
    assert!(Settings { control_token: ControlToken::new(OPERATOR), ..alone }.check().is_ok());
}
