//! Worlds of one seed, and copies of a world: no session of one is any good in another.

use std::collections::BTreeSet;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::tests::{Rig, Script};

async fn session(rig: &Rig, world: &str) -> String {
    let asked =
        Client::new().post(format!("{}/w/{world}/control/people/анна/session", rig.url())).send().await.unwrap();
    asked.json::<Value>().await.unwrap()["session"].as_str().unwrap().to_owned()
}

async fn opens(rig: &Rig, world: &str, session: &str) -> bool {
    let me = Client::new().get(format!("{}/w/{world}/api/me", rig.url())).bearer_auth(session).send().await.unwrap();
    me.status().is_success()
}

#[tokio::test]
async fn what_opens_a_world_opens_no_other_of_the_same_seed_and_none_of_its_copies() {
    let rig = Rig::start(Script::default()).await;
    let main = rig.control(Method::GET, "/worlds/main/export", Value::Null).await;
    let seed = &main["genesis"]["seed"];
    for name in ["a", "b"] {
        let mut seed = seed.clone();
        seed["random"] = json!(7);
        rig.control(Method::POST, "/worlds", json!({ "name": name, "seed": seed })).await;
    }
    let prepared = session(&rig, "a").await;
    rig.control(Method::POST, "/worlds/a/fork", json!({ "name": "f" })).await;
    let export = rig.control(Method::GET, "/worlds/a/export", Value::Null).await;
    rig.control(Method::POST, "/worlds/import", json!({ "name": "i", "export": export })).await;
    for copy in ["b", "f", "i"] {
        assert!(!opens(&rig, copy, &prepared).await, "{copy}");
    }
    let mut all = vec![("a", prepared)];
    for world in ["a", "b", "f", "i"] {
        all.push((world, session(&rig, world).await));
    }
    assert_eq!(all.iter().map(|(_, session)| session).collect::<BTreeSet<_>>().len(), 5);
    for (of, session) in &all {
        for world in ["a", "b", "f", "i"] {
            assert_eq!(opens(&rig, world, session).await, *of == world, "{of} at {world}");
        }
    }
}
