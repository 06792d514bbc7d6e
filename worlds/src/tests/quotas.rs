//! What one owner of worlds may keep, over each store.

use std::sync::Arc;

use super::{
    checkpoints::{made, stores},
    ledger::{Ledger, frozen, name, wall},
};
use crate::{
    Limits, Quota, QuotaError, SeedDocument, WorldError, Worlds,
    store::{Size, Store},
};

fn quota(worlds: Option<usize>, bytes: Option<u64>) -> Quota {
    Quota { owner: name("alpha"), worlds, bytes, requests: None }
}

fn limited(store: &Arc<dyn Store>, quota: Quota) -> Worlds<Ledger> {
    // A checkpoint after every second event.
    let limits = Limits { quotas: vec![quota], checkpoint_events: 2, events: Some(1), ..Limits::default() };
    Worlds::new("diary", Arc::clone(store), wall() as _, limits)
}

#[tokio::test]
async fn an_owner_has_so_many_worlds_and_others_are_not_counted() {
    let (_folder, _server, stores) = stores().await;
    for (kind, store) in ["memory", "sqlite", "postgres"].into_iter().zip(&stores) {
        let worlds = limited(store, quota(Some(2), None));
        for free in ["alpha", "alpha0", "alphabet-1", "beta-1", "alpha-1", "alpha-2"] {
            worlds.create(name(free), frozen()).await.unwrap_or_else(|error| panic!("{kind} {free}: {error}"));
        }
        let refused = worlds.create(name("alpha-3"), frozen()).await.err().unwrap();
        let told = "У команды «alpha» уже столько миров, сколько ей можно: 2";
        assert_eq!(refused.to_string(), told, "{kind}");
        let forked = worlds.fork(&name("beta-1"), name("alpha-3")).await.err().unwrap();
        assert!(matches!(forked, WorldError::Quota(QuotaError::Worlds { most: 2, .. })), "{kind}: {forked}");
        let export = worlds.export(&name("beta-1")).await.unwrap();
        let imported = worlds.import(export, Some(name("alpha-3"))).await.err().unwrap();
        assert!(matches!(imported, WorldError::Quota(_)), "{kind}: {imported}");
        assert_eq!(worlds.size_of(&name("alpha")).await.unwrap().worlds, 2, "{kind}");
        // One that begins anew had its place already.
        worlds.reset(&name("alpha-1")).await.unwrap();
        worlds.delete(&name("alpha-1")).await.unwrap();
        worlds.create(name("alpha-3"), frozen()).await.unwrap();
    }
}

#[tokio::test]
async fn what_an_owner_takes_grows_and_shrinks_with_its_worlds() {
    let (_folder, _server, stores) = stores().await;
    for (kind, store) in ["memory", "sqlite", "postgres"].into_iter().zip(&stores) {
        let worlds = limited(store, quota(None, None));
        let taken = async || worlds.size_of(&name("alpha")).await.unwrap().bytes;
        assert_eq!(worlds.size_of(&name("alpha")).await.unwrap(), Size::default(), "{kind}");
        let world = worlds.create(name("alpha-1"), frozen()).await.unwrap();
        let small = taken().await;
        world.deposit(1).await.unwrap();
        let grown = taken().await;
        assert!(0 < small && small < grown, "{kind}: {small}, {grown}");
        let large = SeedDocument { title: "x".repeat(10_000), ..frozen() };
        worlds.create(name("alpha-2"), large).await.unwrap();
        let both = taken().await;
        assert!(both > grown + 10_000, "{kind}: {both}");
        worlds.fork(&name("alpha-1"), name("alpha-3")).await.unwrap();
        assert!(taken().await > both, "{kind}");
        worlds.create(name("beta-1"), frozen()).await.unwrap();
        worlds.delete(&name("alpha-2")).await.unwrap();
        worlds.delete(&name("alpha-3")).await.unwrap();
        assert_eq!(taken().await, grown, "{kind}");
        // Checkpoints are put in each other's place, and the events before them are forgotten.
        for _ in 0..60 {
            world.deposit(1).await.unwrap();
        }
        made(store, &world, 3).await;
        let kept = u64::try_from(world.timeline(0, usize::MAX).await.unwrap().len()).unwrap();
        let state = store.checkpoint(&name("alpha-1")).await.unwrap().unwrap().state.len() as u64;
        let (cut, most) = (taken().await, small + state + 64 + kept * (grown - small));
        assert!(small < cut && cut <= most && kept < 60, "{kind}: {cut} with {kept} events, {small}, {grown}, {state}");
        worlds.delete(&name("alpha-1")).await.unwrap();
        assert_eq!(taken().await, 0, "{kind}");
    }
}

#[tokio::test]
async fn an_owner_whose_worlds_are_large_makes_no_further_one() {
    let (_folder, _server, stores) = stores().await;
    for (kind, store) in ["memory", "sqlite", "postgres"].into_iter().zip(&stores) {
        let worlds = limited(store, quota(None, Some(10_000)));
        let large = SeedDocument { title: "x".repeat(10_000), ..frozen() };
        let small = worlds.create(name("alpha-0"), frozen()).await.unwrap();
        small.deposit(1).await.unwrap();
        worlds.create(name("alpha-1"), large).await.unwrap();
        let refused = worlds.create(name("alpha-2"), frozen()).await.err().unwrap();
        assert!(matches!(refused, WorldError::Quota(QuotaError::Bytes { taken: 10_000.., .. })), "{kind}: {refused}");
        assert!(refused.to_string().starts_with("Миры команды «alpha» занимают уже "), "{kind}: {refused}");
        // One that begins anew takes no more room than it had, whatever the others take.
        let again = worlds.reset(&name("alpha-0")).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(again.state().await.total, 100, "{kind}");
        worlds.create(name("beta-1"), frozen()).await.unwrap();
    }
}
