//! Replicas of a server over one database.

use std::{sync::Arc, time::Duration};

use esia::language::{Language, both};
use futures::future::join_all;
use insta::assert_snapshot;
use postgres_for_tests::Postgres;
use sqlx::{AssertSqlSafe, PgPool};

use super::{PostgresStore, schema::name_of};
use crate::{
    ActError, Check, Entry, Limits, Message, WallClock as _, World, WorldError, Worlds,
    store::{FailureKind, StoreError},
    tests::ledger::{Ledger, frozen, name, wall, worlds},
};

/// How long is waited for what the database tells.
const SOON: Duration = Duration::from_secs(20);

async fn replica(server: &Postgres) -> Worlds<Ledger> {
    replica_by(&server.url()).await
}

async fn replica_by(url: &str) -> Worlds<Ledger> {
    worlds(PostgresStore::open(url, "diary").await.unwrap(), &wall())
}

async fn sql(server: &Postgres, text: String) {
    let pool = PgPool::connect(&server.url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
}

fn kind(error: StoreError) -> FailureKind {
    let StoreError::Medium(failure) = error else { panic!("{error}") };
    failure.kind
}

async fn total(worlds: &Worlds<Ledger>) -> i64 {
    worlds.get(&name("one")).await.unwrap().state().await.total
}

#[tokio::test]
async fn what_was_acknowledged_anywhere_is_seen_everywhere() {
    let server = Postgres::start();
    let replicas = [replica(&server).await, replica(&server).await, replica(&server).await];
    replicas[0].create(name("one"), frozen()).await.unwrap();
    for round in 1..=30 {
        let acting = replicas[round % 3].get(&name("one")).await.unwrap();
        acting.deposit(1).await.unwrap();
        for reading in &replicas {
            assert_eq!(total(reading).await, 100 + i64::try_from(round).unwrap());
        }
    }
    let list = replicas[2].list().await.unwrap();
    assert_eq!((list.len(), list[0].seq), (1, 30));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn acts_at_all_replicas_at_once_are_each_there_once() {
    let server = Postgres::start();
    let replicas = [replica(&server).await, replica(&server).await, replica(&server).await];
    replicas[0].create(name("one"), frozen()).await.unwrap();
    let mut tasks = Vec::new();
    for worlds in &replicas {
        let world = worlds.get(&name("one")).await.unwrap();
        for _ in 0..4 {
            let world: Arc<World<Ledger>> = Arc::clone(&world);
            tasks.push(tokio::spawn(async move {
                let mut acknowledged = 0;
                for _ in 0..25 {
                    acknowledged += i64::from(world.deposit(1).await.is_ok());
                }
                acknowledged
            }));
        }
    }
    let acknowledged: i64 = join_all(tasks).await.into_iter().map(Result::unwrap).sum();
    assert_eq!(acknowledged, 300);
    for worlds in &replicas {
        assert_eq!(total(worlds).await, 400);
    }
    let log = replicas[1].get(&name("one")).await.unwrap().timeline(0, usize::MAX).await.unwrap();
    assert!(log.iter().map(|record| record.seq).eq(1..=300));
}

#[tokio::test]
async fn a_world_made_anew_elsewhere_is_not_taken_for_the_old_one() {
    let server = Postgres::start();
    let (here, there) = (replica(&server).await, replica(&server).await);
    for acts in [0, 2] {
        let old = here.create(name("one"), frozen()).await.unwrap();
        there.delete(&name("one")).await.unwrap();
        let new = there.create(name("one"), frozen()).await.unwrap();
        for _ in 0..acts {
            old.deposit(1).await.unwrap_err();
            new.deposit(5).await.unwrap();
        }
        // The numbers of both logs are the same where nothing was done.
        assert!(matches!(old.deposit(1).await, Err(ActError::Store(StoreError::Gone(_)))));
        assert_eq!(total(&here).await, 100 + 5 * acts);
        assert_eq!(total(&there).await, 100 + 5 * acts);
        assert!(here.delete(&name("one")).await.unwrap());
        assert!(matches!(there.get(&name("one")).await, Err(StoreError::Gone(_))));
    }
}

#[tokio::test]
async fn a_world_that_cannot_begin_anew_stays_as_it_was_and_two_replicas_may_begin_it_at_once() {
    let server = Postgres::start();
    let (here, there) = (replica(&server).await, replica(&server).await);
    here.create(name("one"), frozen()).await.unwrap().deposit(1).await.unwrap();
    sql(&server, format!("alter table {}.world add constraint no check (false) not valid", name_of("diary"))).await;
    let Err(WorldError::Store(error)) = here.reset(&name("one")).await else { panic!("begun anew") };
    assert!(error.to_string().contains("violates check constraint"), "{error}");
    assert_eq!((total(&here).await, total(&there).await), (101, 101));
    sql(&server, format!("alter table {}.world drop constraint no", name_of("diary"))).await;
    for round in 0..20 {
        here.get(&name("one")).await.unwrap().deposit(1).await.unwrap();
        let one = name("one");
        let (first, second) = tokio::join!(here.reset(&one), there.reset(&one));
        assert!(first.is_ok() && second.is_ok(), "{round}: {:?} {:?}", first.err(), second.err());
        assert_eq!((total(&here).await, total(&there).await), (100, 100));
    }
}

#[tokio::test]
async fn who_waits_at_one_replica_hears_of_what_another_records() {
    let server = Postgres::start();
    let (here, there) = (replica(&server).await, replica(&server).await);
    here.create(name("one"), frozen()).await.unwrap();
    let waiting = there.get(&name("one")).await.unwrap();
    let mut news = waiting.subscribe();
    here.get(&name("one")).await.unwrap().deposit(7).await.unwrap();
    let seen = tokio::time::timeout(SOON, news.wait_for(|seq| *seq == 1)).await;
    assert_eq!(*seen.expect("it is told").unwrap(), 1);
    assert_eq!(waiting.timeline(0, 9).await.unwrap().len(), 1);
    here.delete(&name("one")).await.unwrap();
    let gone = tokio::time::timeout(SOON, news.wait_for(|seq| *seq == u64::MAX)).await;
    gone.expect("its end is told").unwrap();
}

#[tokio::test]
async fn a_lost_database_refuses_for_the_time_being_and_nothing_acknowledged_is_lost() {
    let mut server = Postgres::start();
    let worlds = replica(&server).await;
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    let mut news = world.subscribe();
    let mut acknowledged = 0;
    for _ in 0..5 {
        world.deposit(1).await.unwrap();
        acknowledged += 1;
    }
    server.kill();
    for _ in 0..3 {
        let Err(ActError::Store(lost)) = world.deposit(1).await else { panic!("acknowledged by nobody") };
        assert!(matches!(kind(lost), FailureKind::Unreachable | FailureKind::Busy));
        let unread = worlds.get(&name("one")).await.err().unwrap();
        assert!(matches!(kind(unread), FailureKind::Unreachable | FailureKind::Busy));
    }
    assert!(worlds.check().await.is_err());
    server.resume();
    // A connection may be broken and not be known for it yet.
    let mut tried = 0;
    while world.deposit(1).await.is_err() {
        tried += 1;
        assert!(tried < 20, "it does not come back");
    }
    acknowledged += 1;
    worlds.check().await.unwrap();
    assert_eq!(total(&worlds).await, 100 + acknowledged);
    assert_eq!(total(&replica(&server).await).await, 100 + acknowledged);
    // Whoever waits for events is told again, too.
    replica(&server).await.get(&name("one")).await.unwrap().deposit(1).await.unwrap();
    let last = world.seq().max(7);
    tokio::time::timeout(SOON, news.wait_for(|seq| *seq >= last)).await.expect("it listens again").unwrap();
}

#[tokio::test]
async fn servers_that_begin_at_once_make_the_tables_once_and_keep_apart() {
    let server = Postgres::start();
    let url = server.url();
    let opened =
        join_all((0..6).map(|number| PostgresStore::open(&url, if number < 3 { "idp" } else { "diary" }))).await;
    let [idp, diary] = [0, 5].map(|number| opened[number].as_ref().unwrap().clone());
    let (idp, diary) = (worlds(idp, &wall()), worlds(diary, &wall()));
    idp.create(name("one"), frozen()).await.unwrap();
    assert!(diary.list().await.unwrap().is_empty());
    let limits = Limits { worlds: 1, ..Limits::default() };
    let store = PostgresStore::open(&url, "idp").await.unwrap();
    let full = Worlds::<Ledger>::new("idp", Arc::new(store), wall() as _, limits).create(name("two"), frozen()).await;
    assert_snapshot!(full.err().unwrap(), @"миров уже 1: больше этот сервер не держит, удалите ненужные");
}

#[tokio::test]
async fn a_wrong_database_is_refused_with_the_reason() {
    let server = Postgres::start();
    let mut told = Vec::new();
    let mut note = async |url: &str| {
        let error = PostgresStore::open(url, "diary").await.unwrap_err();
        let text = error.to_string().replace(&server.port().to_string(), "PORT");
        told.push(format!("{}: {text}", kind(error).code()));
    };
    note("postgres://esia@127.0.0.1:not-a-port/postgres").await;
    note(&server.url().replace("/postgres", "/nowhere").replace("postgres:/nowhere", "postgres:/")).await;
    PostgresStore::open(&server.url(), "diary").await.unwrap();
    let schema = name_of("diary");
    sql(&server, format!("insert into {schema}._sqlx_migrations values (7, 'from tomorrow', now(), true, '', 0)"))
        .await;
    note(&server.url()).await;
    sql(&server, format!("delete from {schema}._sqlx_migrations where version = 7")).await;
    sql(&server, format!("update {schema}._sqlx_migrations set checksum = '\\x00'")).await;
    note(&server.url()).await;
    assert_snapshot!(told.join("\n"), @r#"
    store-failed: store: PostgreSQL: the address: error with configuration: invalid port number
    store-failed: store: PostgreSQL: database "nowhere" does not exist
    store-foreign: store: PostgreSQL: schema esia_stand_diary is of version 7, and this program knows 4: use a newer one
    store-foreign: store: PostgreSQL: schema esia_stand_diary: migration 1 was previously applied but has been modified
    "#);
}

#[tokio::test]
async fn a_value_that_somebody_else_has_written_is_named() {
    let server = Postgres::start();
    let world = replica(&server).await.create(name("one"), frozen()).await.unwrap();
    world.deposit(1).await.unwrap();
    let schema = name_of("diary");
    sql(&server, format!("update {schema}.event set at = 'noon'")).await;
    let error = replica(&server).await.get(&name("one")).await.err().unwrap();
    assert_snapshot!(error, @"store: world «one»: event 1: PostgreSQL: at: input contains invalid characters");
}

/// A request as a replica answers it, with the events that it decides.
async fn answered(worlds: &Worlds<Ledger>, target: &str) -> u64 {
    let world = worlds.get(&name("one")).await.unwrap();
    let id = world.journal().next_id();
    crate::answering(id, world.deposit(1)).await.unwrap();
    world.keep_request(Entry { id, target: target.to_owned(), answered_at: world.wall_now(), ..entry() });
    id
}

fn entry() -> Entry {
    let at = wall().now();
    let (request, response) = (Message::default(), Message::default());
    let check = Check::of(("client", "ESIA §1.2"), "DIARY", "DAIRY", false).mistakes(["client-unknown"]);
    Entry {
        id: 0,
        at,
        answered_at: at,
        method: "GET".to_owned(),
        target: String::new(),
        by_program: true,
        client: None,
        person: Some("Анна".to_owned()),
        request,
        status: 400,
        response,
        duration_us: 7,
        verdict: vec![check],
        faults: Vec::new(),
    }
}

#[tokio::test]
async fn a_request_that_was_kept_with_a_verdict_in_russian_alone_is_read() {
    let server = Postgres::start();
    let (here, there) = (replica(&server).await, replica(&server).await);
    let world = here.create(name("one"), frozen()).await.unwrap();
    let check = Check::of(("client", "ESIA §1.2"), both!("система", "a client"), both!("нет", "none"), false);
    let id = world.journal().next_id();
    world.keep_request(Entry { id, answered_at: world.wall_now(), verdict: vec![check], ..entry() });
    let found = async || there.get(&name("one")).await.unwrap().request(id).await.unwrap();
    let told = |entry: Entry, language| entry.told_in(language).verdict[0].got.to_string();
    let kept = found().await.unwrap();
    assert_eq!((told(kept.clone(), Language::Russian), told(kept, Language::English)), ("нет".into(), "none".into()));
    // As it was written before verdicts had English.
    let schema = name_of("diary");
    let before = r#"regexp_replace(document, '"english":\{[^}]*\},', '')"#;
    sql(&server, format!("update {schema}.request set document = {before}")).await;
    sql(
        &server,
        format!("do $$ begin assert not exists (select from {schema}.request where document like '%english%'); end $$"),
    )
    .await;
    let third = replica(&server).await;
    let kept = third.get(&name("one")).await.unwrap().request(id).await.unwrap().unwrap();
    assert_eq!((told(kept.clone(), Language::Russian), told(kept, Language::English)), ("нет".into(), "нет".into()));
}

#[tokio::test]
async fn a_request_is_found_at_whichever_replica_it_is_asked_for() {
    let server = Postgres::start();
    let (here, there) = (replica(&server).await, replica(&server).await);
    here.create(name("one"), frozen()).await.unwrap();
    let ids = [answered(&here, "/a").await, answered(&there, "/b").await, answered(&here, "/c").await];
    assert!(ids[0] != ids[1] && ids[0] + 1 == ids[2], "{ids:?}");
    for worlds in [&here, &there] {
        let world = worlds.get(&name("one")).await.unwrap();
        for (id, target) in ids.iter().zip(["/a", "/b", "/c"]) {
            let found = world.request(*id).await.unwrap().unwrap();
            assert_eq!((found.target.as_str(), found.verdict.clone()), (target, entry().verdict));
        }
        assert_eq!(world.request(ids[2] + 7).await.unwrap(), None);
        world.refresh_journal().await.unwrap();
        assert_eq!(world.journal().newest(9, |_| true).len(), 3, "each is there once");
        let requests: Vec<_> = (1..=3).map(|seq| world.recorded(seq).and_then(|recorded| recorded.request)).collect();
        assert_eq!(requests, ids.map(Some), "each event leads to its request");
    }
}
