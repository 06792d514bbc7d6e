//! Worlds of one seed, and copies of a world: a session of one is not valid in another.

use std::collections::BTreeSet;

use serde_json::json;

use crate::testing::{Rig, Script};

async fn session(rig: &Rig, world: &str) -> String {
    rig.session_at(&format!("/w/{world}"), "анна").await
}

async fn opens(rig: &Rig, world: &str, session: &str) -> bool {
    let me = rig.bearer(session).get(&format!("/w/{world}/api/me")).await;
    assert!(matches!(me.outcome().as_str(), "200" | "401 not-signed-in"), "{}", me.outcome());
    me.status == 200
}

#[tokio::test]
async fn what_opens_a_world_opens_no_other_of_the_same_seed_and_none_of_its_copies() {
    let rig = Rig::start(Script::default()).await;
    let main = rig.control().get("/control/worlds/main/export").await.ok();
    let seed = &main["genesis"]["seed"];
    for name in ["a", "b"] {
        let mut seed = seed.clone();
        seed["random"] = json!(7);
        rig.control().post("/control/worlds", &json!({ "name": name, "seed": seed })).await.json(201);
    }
    let prepared = session(&rig, "a").await;
    rig.control().post("/control/worlds/a/fork", &json!({ "name": "f" })).await.json(201);
    let export = rig.control().get("/control/worlds/a/export").await.ok();
    rig.control().post("/control/worlds/import", &json!({ "name": "i", "export": export })).await.json(201);
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
