//! Against the program: worlds, people, time, faults and verdicts; and the contract against its OpenAPI documents.

use std::{env, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_aux::serde_introspection::serde_introspect;
use serde_json::{Value, json};

use crate::{
    About, Error, Fault, FaultSpec, Filter, Line, Message, Outcome, Server, Session, Stand, World,
    clock::{ClockOrder, ClockView},
    contract::{
        Call, DROP_WORLD, FORK_WORLD, LIFT_FAULT, LIFT_FAULTS, LIST_FAULTS, LIST_PEOPLE, LIST_REQUESTS, MAKE_WORLD,
        MOVE_CLOCK, OPEN_SESSION, READ_CLOCK, READ_OUTBOX, READ_REQUEST, READ_TIMELINE, REGISTER, RESET_WORLD,
        SET_FAULT,
    },
    stand::{NewWorld, WorldView},
};

/// An authorization request of nobody.
const STRANGER: &str = "/aas/oauth2/ac?client_id=NOBODY";

/// The built program, beside the tests: `target/{profile}/esia-stand`.
fn program() -> PathBuf {
    let own = env::current_exe().unwrap();
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join("esia-stand"));
    let found = beside.into_iter().find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("there is no esia-stand beside {}: cargo build -p harness", own.display()))
}

async fn stand() -> Stand {
    Stand::builder().program(program()).start().await.unwrap()
}

async fn world() -> World {
    stand().await.world().await.unwrap()
}

async fn tells(world: &World, text: &str) -> bool {
    world.timeline().await.unwrap().iter().any(|line| line.text.contains(text))
}

#[tokio::test]
async fn what_is_done_in_a_world_is_seen_in_no_other_and_the_world_goes_with_its_value() {
    let stand = stand().await;
    let (world, other) = (stand.world().await.unwrap(), stand.world().await.unwrap());
    world.person("анна").open_session(Server::Idp).await.unwrap();
    assert!(tells(&world, "Анна").await);
    assert!(!tells(&other, "Анна").await);
    let beginning = "tests-what-is-done-in-a-world-is-seen-in";
    assert!(world.name().starts_with(beginning), "{}", world.name());

    let (name, idp) = (world.name().to_owned(), stand.control(Server::Idp).unwrap());
    drop(world);
    for server in [Server::Idp, Server::Diary] {
        let control = stand.control(server).unwrap();
        let gone = control.send::<Value>(control.request(Method::GET, &format!("/w/{name}/control/clock"))).await;
        assert!(matches!(&gone, Err(Error::Refused(refusal)) if refusal.status == 404), "{gone:?}");
    }
    let there = idp.send::<Value>(idp.request(Method::GET, &format!("/w/{}/control/clock", other.name()))).await;
    assert!(there.is_ok(), "{there:?}");
}

#[tokio::test]
async fn a_world_is_made_from_a_documented_seed_or_at_neither_server() {
    let stand = stand().await;
    let world = stand.seeded("две-школы").await.unwrap();
    assert_eq!(world.person("марина").about().await.unwrap().name, "Ершова Марина Сергеевна");
    let nobody = world.person("никто").about().await.unwrap_err().to_string();
    assert!(nobody.contains("is called «никто»; there are: ") && nobody.contains("марина"), "{nobody}");

    // The diary alone finds the mistake, when the world stands at Gosuslugi already.
    let wrong = stand.seeded(json!({ "diary": { "schools": "no list" } })).await.unwrap_err();
    assert!(matches!(&wrong, Error::Refused(refusal) if refusal.server == Server::Diary), "{wrong}");
    let idp = stand.control(Server::Idp).unwrap();
    let worlds: Value = idp.send(idp.request(Method::GET, "/control/worlds")).await.unwrap();
    assert!(!worlds.to_string().contains("or-at-neither-server"), "{worlds}");
    assert_eq!(worlds.to_string().matches("\"tests-a-world-is-made").count(), 1, "{worlds}");
}

#[tokio::test]
async fn both_clocks_are_moved() {
    let world = world().await;
    let before = world.clock.now().await.unwrap();
    let after = world.clock.advance("15m").await.unwrap();
    assert!(after - before >= TimeDelta::minutes(15), "{before} {after}");
    let stopped = world.clock.freeze().await.unwrap();
    for server in [Server::Idp, Server::Diary] {
        let control = world.control(server).unwrap();
        let told: Value = control.send(control.request(Method::GET, "/control/clock")).await.unwrap();
        assert_eq!(told["mode"], "frozen", "{server}");
        assert_eq!(told["now"].as_str().and_then(|now| now.parse().ok()), Some(stopped), "{server}");
    }
    let tuesday: DateTime<Utc> = "2035-01-09T06:00:00Z".parse().unwrap();
    assert_eq!(world.clock.to(tuesday).await.unwrap(), tuesday);
    assert_eq!(world.clock.advance_working_days(1).await.unwrap(), tuesday + TimeDelta::days(1));
    world.clock.run().await.unwrap();
    let back = world.clock.to(before).await.unwrap_err();
    assert!(matches!(back, Error::Refused(_)), "{back}");
}

#[tokio::test]
async fn a_person_is_signed_in_at_either_server_and_by_a_link() {
    let world = world().await;
    let anna = world.person("анна");
    let client = anna.sign_in().await.unwrap();
    let family = client.get(format!("{}/lk/family", world.url())).send().await.unwrap();
    assert_eq!((family.status(), family.url().path().ends_with("/lk/family")), (StatusCode::OK, true));

    let diary = world.control(Server::Diary).unwrap().url();
    let client = anna.sign_in_at(Server::Diary).await.unwrap();
    let home = client.get(format!("{diary}/diary")).send().await.unwrap().text().await.unwrap();
    assert!(home.contains("Выйти"), "{home}");

    let link = anna.open_session(Server::Idp).await.unwrap().link_to("/lk/family");
    let browser = reqwest::Client::builder().cookie_store(true).no_proxy().build().unwrap();
    let page = browser.get(link.clone()).send().await.unwrap();
    assert!(page.status().is_success() && page.url().path().ends_with("/lk/family"), "{}", page.url());
    world.clock.advance("6m").await.unwrap();
    let late = anna.open_session(Server::Idp).await.unwrap().link;
    world.clock.advance("6m").await.unwrap();
    assert_eq!(browser.get(late).send().await.unwrap().status(), StatusCode::GONE);
}

#[tokio::test]
async fn letters_are_kept_and_come_to_their_person() {
    let world = world().await;
    let anna = world.person("анна");
    assert!(anna.outbox().await.unwrap().is_empty());
    let idp = world.control(Server::Idp).unwrap();
    let login = json!({ "login": "anna@example.test" });
    idp.send::<Value>(idp.request(Method::POST, "/lk/api/recovery").json(&login)).await.unwrap();
    let letter = world.outbox.wait("", &anna.about().await.unwrap().contacts).await.unwrap();
    assert_eq!((letter.server, letter.to.as_str()), (Server::Idp, "anna@example.test"));
    assert!(letter.link.as_ref().is_some_and(|link| link.starts_with(world.url())), "{letter:?}");
    assert!(world.outbox.all(&["masha@example.test".to_owned()]).await.unwrap().is_empty());
    assert_eq!(anna.outbox().await.unwrap().len(), 1);
    let none = world.outbox.wait("no such text", &[letter.to]).await.unwrap_err().to_string();
    assert!(none.starts_with("no message with «no such text» within five seconds; there are others: «"), "{none}");
}

#[tokio::test]
async fn a_fault_plays_as_often_as_is_said_and_can_be_lifted() {
    let world = world().await;
    let once = FaultSpec { requests: Some(1), ..FaultSpec::from("te.500") };
    let set = world.faults.set(once).await.unwrap();
    assert_eq!((set.fault.as_str(), set.left), ("te.500", Some(1)));
    world.faults.set("claim.aud-other").await.unwrap();
    assert_eq!(world.faults.all().await.unwrap().len(), 2);
    world.faults.lift(&set).await.unwrap();
    world.faults.lift(&set).await.unwrap();
    assert_eq!(world.faults.all().await.unwrap().len(), 1);
    world.faults.clear().await.unwrap();
    assert!(world.faults.all().await.unwrap().is_empty());
    let unknown = world.faults.set("no-such-fault").await.unwrap_err();
    assert!(matches!(unknown, Error::Refused(_)), "{unknown}");
}

#[tokio::test]
async fn a_refused_request_tells_why() {
    let world = world().await;
    world.register("MY-SITE", json!({ "scopes": ["openid"] })).await.unwrap();
    let answer = reqwest::get(format!("{}{STRANGER}", world.url())).await.unwrap();
    let verdict = world.verdicts.of(&answer).await.unwrap();
    let failed: Vec<_> = verdict.with(Outcome::Failed).collect();
    assert_eq!(failed.len(), 1, "{verdict}");
    assert_eq!(world.verdicts.failed().await.unwrap().len(), 1);
    let of_site = Filter { client: Some("MY-SITE".to_owned()), ..Filter::default() };
    assert!(world.verdicts.all(&of_site).await.unwrap().is_empty());
    let story = world.story().await;
    assert!(story.contains("failed verdicts: 1") && story.contains(&failed[0].rule), "{story}");
    world.reset().await.unwrap();
    assert!(world.verdicts.failed().await.unwrap().is_empty(), "{story}");
}

#[tokio::test]
async fn a_program_that_is_not_there_or_does_not_start_is_told() {
    let nowhere = Stand::builder().program("/no/such/esia-stand").start().await.unwrap_err().to_string();
    assert!(nowhere.starts_with("/no/such/esia-stand: "), "{nowhere}");
    let wrong = Stand::builder().program(program()).arg("--no-such-option").start().await.unwrap_err().to_string();
    assert!(wrong.contains("--no-such-option"), "{wrong}");
}

#[tokio::test]
async fn a_token_opens_the_control_api() {
    let token = "a-token-of-sixteen-characters";
    let stand = Stand::builder().program(program()).control_token(token).start().await.unwrap();
    let world = stand.world().await.unwrap();
    let mut stranger = stand.clone();
    stranger.addresses.iter_mut().for_each(|address| address.token = None);
    let refused = stranger.world().await.unwrap_err().to_string();
    assert!(
        refused.ends_with("Set ESIA_STAND_CONTROL_TOKEN to the token that the stand was started with"),
        "{refused}"
    );
    drop(world);
}

#[tokio::test]
async fn a_stand_over_https_is_trusted_by_its_ca() {
    let stand = Stand::builder().program(program()).arg("--tls").start().await.unwrap();
    let world = stand.world().await.unwrap();
    assert!(world.url().starts_with("https://"), "{}", world.url());
    let client = world.person("анна").sign_in().await.unwrap();
    let family = client.get(format!("{}/lk/family", world.url())).send().await.unwrap();
    assert_eq!(family.status(), StatusCode::OK);
}

/// An operation with the fields that are sent and read.
struct Operation {
    call: Call,
    sends: Vec<String>,
    asks: &'static [&'static str],
    reads: &'static [&'static str],
    /// Whether the diary has it too.
    both: bool,
}

const fn operation(call: Call) -> Operation {
    Operation { call, sends: Vec::new(), asks: &[], reads: &[], both: true }
}

/// The fields that a value is written with.
fn fields(value: impl Serialize) -> Vec<String> {
    let value = serde_json::to_value(value).unwrap();
    value.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
}

/// A fault with everything said about it.
fn whole_fault() -> FaultSpec {
    FaultSpec {
        fault: String::new(),
        parameters: [("token".to_owned(), json!("id"))].into_iter().collect(),
        requests: Some(1),
        client: Some(String::new()),
        person: Some(String::new()),
        until: Some(DateTime::UNIX_EPOCH),
    }
}

/// Everything that this crate asks for. Of the answers about requests the document says no more than "an object".
fn contract() -> Vec<Operation> {
    let (world, fault) = (serde_introspect::<WorldView>(), serde_introspect::<Fault>());
    let orders = ClockOrder::each().iter().flat_map(fields).collect();
    vec![
        Operation { sends: fields(NewWorld { name: "", seed: None }), reads: world, ..operation(FORK_WORLD) },
        Operation {
            sends: fields(NewWorld { name: "", seed: Some(&json!({})) }),
            reads: world,
            ..operation(MAKE_WORLD)
        },
        operation(DROP_WORLD),
        operation(RESET_WORLD),
        Operation { reads: serde_introspect::<ClockView>(), ..operation(READ_CLOCK) },
        Operation { sends: orders, reads: serde_introspect::<ClockView>(), ..operation(MOVE_CLOCK) },
        Operation { reads: serde_introspect::<About>(), ..operation(LIST_PEOPLE) },
        Operation { reads: serde_introspect::<Session>(), ..operation(OPEN_SESSION) },
        Operation { reads: serde_introspect::<Message>(), ..operation(READ_OUTBOX) },
        Operation { reads: fault, both: false, ..operation(LIST_FAULTS) },
        Operation { sends: fields(whole_fault()), reads: fault, both: false, ..operation(SET_FAULT) },
        Operation { both: false, ..operation(LIFT_FAULT) },
        Operation { both: false, ..operation(LIFT_FAULTS) },
        Operation { asks: &["after", "limit"], reads: serde_introspect::<Line>(), ..operation(READ_TIMELINE) },
        Operation { asks: &["client", "verdict", "limit"], ..operation(LIST_REQUESTS) },
        operation(READ_REQUEST),
        Operation {
            sends: ["mnemonic", "title", "organisation"].map(str::to_owned).to_vec(),
            both: false,
            ..operation(REGISTER)
        },
    ]
}

/// The fields of an object, or of the items of a list, as a document describes them.
fn properties(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return properties(document, &document["components"]["schemas"][name]);
    }
    if schema["items"].is_object() {
        return properties(document, &schema["items"]);
    }
    let own = schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned());
    let parts = ["allOf", "oneOf"].into_iter().filter_map(|kind| schema[kind].as_array()).flatten();
    own.chain(parts.flat_map(|part| properties(document, part))).collect()
}

/// The schema of the one media type of a body.
fn body(described: &Value) -> &Value {
    let media = described["content"].as_object();
    media.and_then(|media| media.values().next()).map_or(&Value::Null, |one| &one["schema"])
}

/// What of an operation a document does not have.
fn missing(document: &Value, wanted: &Operation) -> Vec<String> {
    let Call { method, path } = &wanted.call;
    let operation = &document["paths"][path][method.as_str().to_lowercase()];
    if operation.is_null() {
        return vec![format!("{method} {path}")];
    }
    let answers = operation["responses"].as_object().into_iter().flatten();
    let success = answers.filter(|(status, _)| status.starts_with('2')).map(|(_, answer)| answer).next();
    let reads = success.map(|answer| properties(document, body(answer))).unwrap_or_default();
    let sends = properties(document, body(&operation["requestBody"]));
    let asks = operation["parameters"].as_array().into_iter().flatten();
    let asks: Vec<_> = asks.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect();
    let unknown = |fields: Vec<String>, known: &[String]| -> Vec<String> {
        fields
            .into_iter()
            .filter(|field| !known.contains(field))
            .map(|field| format!("{method} {path}: {field}"))
            .collect()
    };
    let named = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
    [unknown(wanted.sends.clone(), &sends), unknown(named(wanted.asks), &asks), unknown(named(wanted.reads), &reads)]
        .concat()
}

#[tokio::test]
async fn everything_that_is_asked_for_stands_in_the_documents_of_the_servers() {
    let stand = stand().await;
    for server in [Server::Idp, Server::Diary] {
        let control = stand.control(server).unwrap();
        let document: Value = control.send(control.request(Method::GET, "/control/openapi.json")).await.unwrap();
        let asked = contract().into_iter().filter(|operation| operation.both || server == Server::Idp);
        let lacking: Vec<_> = asked.flat_map(|operation| missing(&document, &operation)).collect();
        assert_eq!(lacking, [""; 0], "{server}");
        let wrong =
            Operation { sends: vec!["nmae".to_owned()], asks: &["ask"], reads: &["no"], ..operation(MAKE_WORLD) };
        assert_eq!(missing(&document, &wrong).len(), 3, "{server}");
    }
}
