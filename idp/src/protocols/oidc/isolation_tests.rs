//! No credential of one world opens another at this protocol either.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::testing::{Rp, rig, section};
use crate::testing::{Rig, family_worlds};

/// Credentials that open something in a world.
struct Keys {
    code: String,
    tokens: Value,
    /// A system's own token.
    system: String,
}

async fn keys(rig: &Rig) -> Keys {
    let rp = Rp::default();
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let own = rp.authenticated(vec![("grant_type", "client_credentials".to_owned())]);
    let system = rig.post("/oidc/token", &own).await.ok()["access_token"].as_str().unwrap().to_owned();
    Keys { code: rig.oidc_code(&rp, "анна").await, tokens, system }
}

/// The names of credentials that open something in a world.
async fn open(rig: &Rig, keys: &Keys) -> Vec<&'static str> {
    let rp = Rp::default();
    let active = async |token: &str| {
        let fields = rp.authenticated(vec![("token", token.to_owned())]);
        let answer = rig.post("/oidc/introspect", &fields).await.ok();
        assert!(answer["active"].is_boolean(), "{answer}");
        answer["active"] == json!(true)
    };
    let text = |name: &str| keys.tokens[name].as_str().unwrap();
    let mut open = Vec::new();
    let mut note = |name, is_open| {
        if is_open {
            open.push(name);
        }
    };
    note("access", active(text("access_token")).await);
    note("userinfo", rig.userinfo(&keys.tokens).await.status.is_success());
    note("refresh-active", active(text("refresh_token")).await);
    note("system", active(&keys.system).await);
    note("refresh", rig.post("/oidc/token", &rp.by_refresh(text("refresh_token"))).await.status.is_success());
    note("code", rig.post("/oidc/token", &rp.by_code(&keys.code)).await.status.is_success());
    open
}

#[tokio::test]
async fn what_opens_a_world_opens_no_other_of_the_same_seed_and_none_of_its_copies() {
    let main = rig().await;
    let [a, b] = family_worlds(&main, section(), ["a", "b"]).await;
    let prepared = keys(&a).await;
    let (forked, imported) = (a.fork("f").await, a.import("i").await);
    let of = [&a, &b, &forked, &imported];
    for world in &of[1..] {
        assert_eq!(open(world, &prepared).await, [""; 0], "{}", world.world);
    }
    let mut all = Vec::new();
    for world in of {
        all.push((world, keys(world).await));
    }
    // An id token names its issuer; neither its `sid` nor a token's `jti` is ever the same in two worlds.
    let jwks = main.jwks().await;
    let mut ids = BTreeSet::new();
    for (_, keys) in &all {
        for name in ["access_token", "id_token"] {
            let claims = super::testing::claims(&jwks, keys.tokens[name].as_str().unwrap());
            ids.extend(
                ["jti", "sid", "iss"].map(|claim| claims[claim].to_string()).into_iter().filter(|id| id != "null"),
            );
        }
    }
    assert_eq!(ids.len() % 4, 0, "{ids:?}");
    assert!(ids.len() >= 8, "{ids:?}");
    for (world, _) in &all {
        for (other, keys) in all.iter().filter(|(other, _)| other.world != world.world) {
            let opened = open(world, keys).await;
            assert!(opened.is_empty(), "{opened:?} of {} open {}", other.world, world.world);
        }
    }
    let everything = ["access", "userinfo", "refresh-active", "system", "refresh", "code"];
    for (world, keys) in &all {
        assert_eq!(open(world, keys).await, everything, "{}", world.world);
    }
}
