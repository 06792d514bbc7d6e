//! Worlds of one seed, and copies of a world: no credential of one opens another (ARCHITECTURE.md, *Worlds are
//! worlds*).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::testing::{Rp, rig, wide_section};
use crate::testing::{Answer, Rig, family_worlds};

/// Credentials that open something in a world.
struct Keys {
    session: String,
    code: String,
    access: String,
    refresh: String,
    /// A system's own token, about Глеб.
    system: String,
    /// A system's own token, for an organisation.
    organisation: String,
    /// A token without a session (`prm_chg`).
    consented: String,
}

fn offline() -> Rp {
    Rp { access_type: "offline", ..Rp::default() }
}

fn token(answer: &Answer) -> String {
    answer.ok()["access_token"].as_str().unwrap().to_owned()
}

async fn keys(rig: &Rig) -> Keys {
    let text = |tokens: &Value, name: &str| tokens[name].as_str().unwrap().to_owned();
    let tokens = rig.tokens(&offline(), "анна").await;
    let code = rig.code(&offline(), "анна").await;
    let gost = Rp::gost();
    let own = |scope: String| async move { token(&rig.v3_te(&Rp::gost().v3_by_itself(&scope)).await) };
    rig.tokens(&Rp { scope: "openid fullname", ..gost }, "анна").await;
    Keys {
        session: rig.session("анна").await,
        access: text(&tokens, "access_token"),
        refresh: text(&tokens, "refresh_token"),
        code,
        system: token(&rig.te(&Rp::default().by_itself(&format!("prm_req?oid={}", rig.oid("глеб").await))).await),
        organisation: own("org_shortname?org_oid=1000000111".to_owned()).await,
        consented: own(format!("prm_chg?oid={}", rig.oid("анна").await)).await,
    }
}

/// The names of credentials that open something in a world.
async fn open(rig: &Rig, keys: &Keys) -> Vec<&'static str> {
    let (anna, gleb) = (rig.oid("анна").await, rig.oid("глеб").await);
    let wanted = json!({ "purpose": "EDUCATION_DIARY", "scopes": ["fullname"] });
    let asks = format!("/rs/prns/{gleb}/permissions/requests");
    // A code and a refresh token last, since they are used up.
    let answers = [
        ("session", rig.person(&keys.session).get("/lk/api/me").await.status),
        ("access", rig.rs(&format!("/rs/prns/{anna}"), &keys.access).await.status),
        ("system", rig.system(&keys.system).post(&asks, &wanted).await.status),
        ("organisation", rig.rs("/rs/orgs/1000000111", &keys.organisation).await.status),
        ("consented", rig.rs(&format!("/rs/prns/{anna}"), &keys.consented).await.status),
        ("refresh", rig.te(&offline().by_refresh(&keys.refresh)).await.status),
        ("code", rig.te(&offline().by_code(&keys.code)).await.status),
    ];
    answers.into_iter().filter(|(_, status)| !status.is_client_error()).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn what_opens_a_world_opens_no_other_of_the_same_seed_and_none_of_its_copies() {
    let mut section = wide_section();
    section["organisations"] = json!({ "ромашка": { "oid": 1_000_000_111, "full-name": "ООО «Ромашка»",
        "short-name": "Ромашка", "type": "LEGAL", "ogrn": "1000000000000", "inn": "0000000000", "kpp": "000001001" } });
    let main = Rig::new(section.clone()).await;
    let [a, b] = family_worlds(&main, section, ["a", "b"]).await;
    let prepared = keys(&a).await;
    let forked = a.fork("f").await;
    let imported = a.import("i").await;
    let of = [&a, &b, &forked, &imported];
    for world in &of[1..] {
        assert!(open(world, &prepared).await.is_empty(), "{}: {:?}", world.world, open(world, &prepared).await);
    }
    // Every world goes through the same steps in the same order and at the same time.
    let mut all = Vec::new();
    for world in of {
        all.push((world, keys(world).await));
    }
    let drawn: BTreeSet<_> = all.iter().flat_map(|(_, k)| [&k.session, &k.code, &k.access, &k.refresh]).collect();
    assert_eq!(drawn.len(), 16);
    let systems: BTreeSet<_> = all.iter().flat_map(|(_, k)| [&k.system, &k.organisation, &k.consented]).collect();
    assert_eq!(systems.len(), 12);
    for (world, _) in &all {
        for (other, keys) in all.iter().filter(|(other, _)| other.world != world.world) {
            let opened = open(world, keys).await;
            assert!(opened.is_empty(), "{opened:?} of {} open {}", other.world, world.world);
        }
    }
    let everything = ["session", "access", "system", "organisation", "consented", "refresh", "code"];
    for (world, keys) in &all {
        assert_eq!(open(world, keys).await, everything, "{}", world.world);
    }
}

#[tokio::test]
async fn a_copy_keeps_the_people_and_the_consents() {
    let main = rig().await;
    let [a] = family_worlds(&main, super::testing::section(), ["a"]).await;
    a.tokens(&Rp::default(), "анна").await;
    let fork = a.fork("f").await;
    assert_eq!(a.oid("анна").await, fork.oid("анна").await);
    // Who consented once is not asked again: the code comes at once.
    let there = fork.arrive(&Rp::default(), &fork.session("анна").await).await;
    assert_eq!(there.status, 302);
}
