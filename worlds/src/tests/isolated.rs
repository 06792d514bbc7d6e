//! Worlds are worlds: what opens one opens no other, and what they have in common takes room once.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;

use super::ledger::{Ledger, file, frozen, in_memory, name, wall, worlds};
use crate::{Limits, SeedDocument, World, WorldError, WorldRng, Worlds, store::MemoryStore};

/// The credentials that a world draws next, one of each form.
async fn credentials(world: &World<Ledger>) -> [String; 3] {
    world.act(|_, _, rng| Ok::<_, ()>((vec![], [rng.uuid(), rng.hex::<16>(), rng.hex::<32>()]))).await.unwrap()
}

#[tokio::test]
async fn one_seed_gives_no_two_worlds_the_same_credentials() {
    let (idp, diary) =
        (Worlds::<Ledger>::new("idp", Arc::new(MemoryStore::default()), wall(), Limits::default()), in_memory());
    let mut all = BTreeSet::new();
    let mut marks = BTreeSet::new();
    for worlds in [&idp, &diary] {
        worlds.create(name("a"), frozen()).await.unwrap();
        worlds.create(name("b"), frozen()).await.unwrap();
        worlds.fork(&name("a"), name("fork-1")).await.unwrap();
        worlds.fork(&name("a"), name("fork-2")).await.unwrap();
        let export = worlds.export(&name("a")).await.unwrap();
        worlds.import(export, Some(name("import"))).await.unwrap();
        for text in ["a", "b", "fork-1", "fork-2", "import"] {
            let drawn = credentials(&worlds.get(&name(text)).await.unwrap()).await;
            marks.extend(drawn.iter().map(|drawn| drawn[..8].to_owned()));
            all.extend(drawn);
        }
    }
    assert_eq!((all.len(), marks.len()), (30, 10));
}

#[tokio::test]
async fn the_same_seed_name_and_script_give_the_same_credentials() {
    let mut drawn = BTreeSet::new();
    for _ in 0..2 {
        let worlds = in_memory();
        let a = worlds.create(name("a"), frozen()).await.unwrap();
        a.draw().await.unwrap();
        let fork = worlds.fork(&name("a"), name("fork")).await.unwrap();
        fork.draw().await.unwrap();
        drawn.insert((credentials(&a).await, credentials(&fork).await, fork.state().await));
        // And so does a world that went to another machine under its name.
        let there = in_memory().import(worlds.export(&name("fork")).await.unwrap(), None).await.unwrap();
        drawn.insert((credentials(&a).await, credentials(&there).await, there.state().await));
    }
    assert_eq!(drawn.len(), 1);
}

#[tokio::test]
async fn what_opened_a_world_opens_none_of_its_copies_and_they_say_whose_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path()).await;
    for worlds in [in_memory(), worlds(store.clone(), &wall())] {
        let parent = worlds.create(name("parent"), frozen()).await.unwrap();
        let code = parent.draw().await.unwrap();
        let fork = worlds.fork(&name("parent"), name("fork")).await.unwrap();
        let export = worlds.export(&name("parent")).await.unwrap();
        let import = worlds.import(export, Some(name("import"))).await.unwrap();
        for copy in [&fork, &import] {
            assert!(copy.state().await.codes.is_empty());
            let told = copy.tell(copy.timeline(1, 9).await.unwrap().last().unwrap());
            assert_eq!(told, "Мир скопирован с мира «parent»: сеансы, коды и маркеры того мира здесь не действуют");
        }
        assert_eq!(parent.state().await.codes, [code]);
        let [uuid, short, long] = credentials(&fork).await;
        for credential in [&uuid, &short, &long] {
            assert_eq!(parent.issuing_world(credential), Some(name("fork")));
            assert_eq!(fork.issuing_world(credential), None);
        }
        for nobodys in ["", "1", "zzzzzzzz", "00000000-0000-4000-8000-000000000000", "пароль пароль"] {
            assert_eq!(parent.issuing_world(nobodys), None);
        }
        worlds.delete(&name("fork")).await.unwrap();
        assert_eq!(parent.issuing_world(&uuid), None);
    }
    // After a restart too.
    let again = worlds(store, &wall());
    assert!(again.get(&name("import")).await.unwrap().state().await.codes.is_empty());
}

#[test]
fn a_secret_keeps_96_bits_that_nobody_knows() {
    let mut rng = WorldRng::of_world("idp", &name("a"), 7);
    let drawn: BTreeSet<String> = (0..1_000).map(|_| rng.hex::<16>()).collect();
    assert_eq!(drawn.iter().map(|drawn| &drawn[..8]).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(drawn.iter().map(|drawn| &drawn[8..]).collect::<BTreeSet<_>>().len(), 1_000);
    // Short ones are drawn whole.
    let short: BTreeSet<String> = (0..100).map(|_| rng.hex::<8>()[..8].to_owned()).collect();
    assert_eq!(short.len(), 100);
}

#[tokio::test]
async fn a_copy_shares_what_it_does_not_change() {
    let worlds = in_memory();
    let parent = worlds.create(name("parent"), frozen()).await.unwrap();
    parent.deposit(1).await.unwrap();
    let fork = worlds.fork(&name("parent"), name("fork")).await.unwrap();
    assert!(Arc::ptr_eq(parent.genesis(), fork.genesis()));
    assert!(parent.shares_state_with(&fork));
    fork.deposit(1).await.unwrap();
    assert!(!parent.shares_state_with(&fork));
    assert_eq!((parent.state().await.total, fork.state().await.total), (101, 102));
    // A log is shared as well; each goes on by itself.
    parent.deposit(5).await.unwrap();
    let second = worlds.fork(&name("parent"), name("second")).await.unwrap();
    assert_eq!((parent.timeline(0, 9).await.unwrap().len(), second.timeline(0, 9).await.unwrap().len()), (2, 3));
    assert_eq!((parent.state().await.total, second.state().await.total), (106, 106));
}

#[tokio::test]
async fn worlds_that_nobody_has_asked_for_are_closed_where_a_file_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { open: 8, ..Limits::default() };
    let in_file = Worlds::<Ledger>::new("diary", Arc::new(file(folder.path()).await), wall(), limits.clone());
    let in_memory = Worlds::<Ledger>::new("diary", Arc::new(MemoryStore::default()), wall(), limits);
    for (worlds, most) in [(&in_file, 9), (&in_memory, 21)] {
        worlds.create(name("main"), frozen()).await.unwrap();
        let held = worlds.create(name("w-0"), frozen()).await.unwrap();
        for number in 1..20 {
            worlds.create(name(&format!("w-{number}")), frozen()).await.unwrap().deposit(number).await.unwrap();
            assert!(Arc::ptr_eq(&held, &worlds.get(&name("w-0")).await.unwrap()));
            assert!(worlds.open_count() <= most, "{}", worlds.open_count());
        }
        // Nobody notices.
        for number in 1..20 {
            let world = worlds.get(&name(&format!("w-{number}"))).await.unwrap();
            assert_eq!(world.state().await.total, 100 + number);
        }
        held.deposit(1).await.unwrap();
        assert_eq!(worlds.list().await.unwrap().len(), 21);
    }
    assert_eq!(in_memory.open_count(), 21);
}

#[tokio::test]
async fn worlds_are_bounded_in_bytes_as_well() {
    let limits = Limits { bytes: 100_000, ..Limits::default() };
    let worlds = Worlds::<Ledger>::new("diary", Arc::new(MemoryStore::default()), wall(), limits);
    let big = || SeedDocument { title: "x".repeat(2_000), ..frozen() };
    let mut made = 0;
    let refused = loop {
        match worlds.create(name(&format!("w-{made}")), big()).await {
            Ok(_) => made += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, WorldError::Heavy(_)) && (2..10).contains(&made), "{made}: {refused}");
    // What copies share is counted once, and what is dropped not at all.
    worlds.delete(&name("w-0")).await.unwrap();
    for number in 0..20 {
        worlds.fork(&name("w-1"), name(&format!("fork-{number}"))).await.unwrap();
    }
    let grown = worlds.get(&name("w-1")).await.unwrap();
    while worlds.fork(&name("w-1"), name("one-more")).await.is_ok() {
        grown.deposit(1).await.unwrap();
        worlds.delete(&name("one-more")).await.unwrap();
    }
    assert!(json!(grown.seq()).as_u64() > Some(10));
}
