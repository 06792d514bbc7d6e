//! SIGKILL in the middle of a stream of writes: after the restart on the same file every acknowledged one is there.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tests::{Server, client};
use tokio::sync::Notify;

/// Connections that write at once, of each kind.
const WRITERS: usize = 3;
/// Number of writes of each kind that are acknowledged before the kill.
const ENOUGH: usize = 10;

/// Writes that a server has acknowledged.
#[derive(Debug, Default)]
struct Acknowledged {
    worlds: BTreeSet<String>,
    clock: usize,
    latest: String,
    sessions: Vec<String>,
}

/// Counts acknowledged writes of one kind and tells when there are enough: one kind may be slower than another by far.
#[derive(Default)]
struct Progress {
    count: AtomicUsize,
    enough: Notify,
}

impl Progress {
    fn acknowledged(&self) {
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == ENOUGH {
            self.enough.notify_one();
        }
    }
}

/// One write; `None` once the server is gone.
async fn write(client: &Client, url: &str, path: &str, body: &Value) -> Option<(StatusCode, Value)> {
    let response = client.post(format!("{url}{path}")).json(body).send().await.ok()?;
    let status = response.status();
    // Half an answer is no acknowledgement.
    Some((status, response.json().await.ok()?))
}

async fn make_worlds(url: String, writer: usize, progress: Arc<Progress>) -> Acknowledged {
    let (client, mut acknowledged) = (client(), Acknowledged::default());
    for number in 0.. {
        let name = format!("w-{writer}-{number}");
        let Some((status, _)) = write(&client, &url, "/control/worlds", &json!({ "name": name })).await else { break };
        assert_eq!(status, StatusCode::CREATED);
        acknowledged.worlds.insert(name);
        progress.acknowledged();
    }
    acknowledged
}

async fn move_clock(url: String, progress: Arc<Progress>) -> Acknowledged {
    let (client, mut acknowledged) = (client(), Acknowledged::default());
    while let Some((status, clock)) = write(&client, &url, "/control/clock", &json!({ "advance": "1s" })).await {
        assert_eq!(status, StatusCode::OK);
        acknowledged.clock += 1;
        clock["now"].as_str().expect("now").clone_into(&mut acknowledged.latest);
        progress.acknowledged();
    }
    acknowledged
}

async fn sign_in(url: String, key: String, progress: Arc<Progress>) -> Acknowledged {
    let (client, mut acknowledged) = (client(), Acknowledged::default());
    let path = format!("/control/people/{key}/session");
    while let Some((status, session)) = write(&client, &url, &path, &json!({})).await {
        assert!(status.is_success(), "{status}");
        acknowledged.sessions.push(session["session"].as_str().expect("session").to_owned());
        progress.acknowledged();
    }
    acknowledged
}

/// Somebody who can be signed in.
async fn somebody(server: &Server) -> String {
    let people = server.get("/control/people").await.ok();
    let people = people.as_array().expect("people");
    let with_account = people.iter().find(|person| person.get("login").is_some_and(Value::is_string));
    with_account.or(people.first()).expect("the demo world has people")["key"].as_str().expect("key").to_owned()
}

/// The sequence numbers of the whole timeline of `main`.
async fn timeline(server: &Server) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let part = server.get(&format!("/control/timeline?after={}&limit=1000", all.len())).await.ok();
        match part.as_array().expect("a timeline").as_slice() {
            [] => return all,
            part => all.extend_from_slice(part),
        }
    }
}

/// Writes from many connections, kills the server in the middle, and answers what it had acknowledged.
async fn write_and_kill(server: Server) -> Acknowledged {
    let (worlds, clock, sessions) = <(Arc<Progress>, Arc<Progress>, Arc<Progress>)>::default();
    let key = somebody(&server).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(make_worlds(server.url.clone(), writer, Arc::clone(&worlds)));
        writers.spawn(move_clock(server.url.clone(), Arc::clone(&clock)));
        writers.spawn(sign_in(server.url.clone(), key.clone(), Arc::clone(&sessions)));
    }
    for kind in [&worlds, &clock, &sessions] {
        kind.enough.notified().await;
    }
    server.kill().await;
    let mut acknowledged = Acknowledged::default();
    for part in writers.join_all().await {
        acknowledged.worlds.extend(part.worlds);
        acknowledged.clock += part.clock;
        acknowledged.latest = acknowledged.latest.max(part.latest);
        acknowledged.sessions.extend(part.sessions);
    }
    acknowledged
}

async fn survives(command: &[&str], whoami: &str) {
    let folder = tempfile::tempdir().expect("folder");
    let data = format!("sqlite:{}", folder.path().join("worlds.db").display());
    let mut args = command.to_vec();
    args.extend(["--listen", "127.0.0.1:0", "--log", "error", "--data", &data]);

    let kept = write_and_kill(Server::start(&args).await).await;
    assert!(kept.worlds.len().min(kept.clock).min(kept.sessions.len()) >= ENOUGH, "{kept:?}");
    let server = Server::start(&args).await;

    let worlds = server.get("/control/worlds").await.ok();
    let names: BTreeSet<_> = worlds.as_array().expect("worlds").iter().filter_map(|w| w["name"].as_str()).collect();
    let lost: Vec<_> = kept.worlds.iter().filter(|name| !names.contains(name.as_str())).collect();
    assert_eq!(lost, Vec::<&String>::new(), "worlds are lost");

    let events = timeline(&server).await;
    let gaps: Vec<_> = events.iter().zip(1..).filter(|(event, seq)| event["seq"] != *seq).collect();
    assert_eq!(gaps, Vec::new(), "the timeline has gaps");
    let times: Vec<_> = events.iter().map(|event| event["at"].as_str().expect("at")).collect();
    assert!(times.is_sorted(), "time goes back in the timeline");
    let acknowledged = kept.clock + kept.sessions.len();
    assert!(events.len() >= acknowledged, "{} events, {acknowledged} acknowledged", events.len());
    let now = server.get("/control/clock").await.ok()["now"].as_str().expect("now").to_owned();
    assert!(now >= kept.latest, "it was {} already, and is {now}", kept.latest);

    for session in &kept.sessions {
        let answer = server.send(server.request(Method::GET, whoami).bearer_auth(session)).await;
        assert_eq!(answer.status, 200, "a session is lost: {}", answer.body);
    }
    assert_eq!(server.post("/control/clock", &json!({ "advance": "1s" })).await.status, 200);
    let later = timeline(&server).await;
    assert!(later.len() > events.len() && later.starts_with(&events), "the log goes on where it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_loses_nothing_that_it_has_acknowledged() {
    survives(&["idp"], "/lk/api/me").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_diary_loses_nothing_that_it_has_acknowledged() {
    survives(&["diary"], "/api/me").await;
}
