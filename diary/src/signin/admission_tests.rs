//! Decisions about sign-ins, without a server.

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use serde_json::json;
use worlds::{Domain, SeedDocument, WorldRng};

use super::admission::{Arrival, Decision, Outcome, admit};
use crate::{event::DiaryEvent, register::Presented, signin::Refusal, state::Diary};

fn now() -> DateTime<Utc> {
    "2024-09-02T06:00:00Z".parse().unwrap()
}

fn diary(strangers: &str) -> Diary {
    let mut seed = crate::testing::seed("http://127.0.0.1:1");
    seed["diary"]["profile"] = json!({ "strangers": strangers });
    let seed: SeedDocument = serde_json::from_value(seed).unwrap();
    Diary::genesis(&seed, now()).unwrap()
}

fn vanya() -> Presented {
    Presented {
        oid: Oid::new(1),
        name: "Петров Иван Сергеевич".parse().ok(),
        snils: "001-000-003 00".parse().ok(),
        born: "2012-05-10".parse().ok(),
        certificates: vec!["I-ОО 000101".parse().unwrap()],
        phones: Vec::new(),
        has_document: false,
        has_verified_document: false,
        is_trusted: true,
        is_child_account: false,
    }
}

fn decide(diary: &Diary, arrival: &Arrival) -> Decision {
    admit(diary, arrival, now(), &mut WorldRng::new(7, 0))
}

fn person(person: Presented) -> Arrival {
    Arrival::Person { person: Box::new(person), sid: Some("sid".to_owned()) }
}

#[test]
fn a_pupil_of_the_register_gets_a_session_of_three_hours() {
    let Decision { events, checks, outcome } = decide(&diary("refuse"), &person(vanya()));
    let Outcome::Admitted { session, home } = outcome else { panic!("{outcome:?}") };
    assert_eq!(home, "/diary");
    assert!(!checks.is_empty() && checks.iter().all(|check| check.same));
    let Some(DiaryEvent::SignedIn { who, sid, session: opened, expires_at, stranger, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!((who.pupil.as_deref(), sid.as_deref(), opened), (Some("ваня"), Some("sid"), &session));
    assert_eq!((*expires_at, stranger), (now() + TimeDelta::hours(3), &None));
}

#[test]
fn somebody_whom_the_register_does_not_know_reads_a_refusal_with_what_differs() {
    let other = Presented { certificates: Vec::new(), ..vanya() };
    let Decision { events, checks, outcome } = decide(&diary("refuse"), &person(other));
    assert!(checks.iter().any(|check| !check.same));
    let [DiaryEvent::Refused { refusal, oid, compared, id, .. }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((refusal, *oid, compared), (&Refusal::ChildNotFound, Some(Oid::new(1)), &checks));
    assert_eq!(outcome, Outcome::Refused { id: id.clone() });
}

#[test]
fn the_same_person_comes_to_the_desk_where_the_profile_has_one() {
    let other = Presented { certificates: Vec::new(), ..vanya() };
    let Decision { events, outcome, .. } = decide(&diary("desk"), &person(other.clone()));
    assert!(matches!(outcome, Outcome::Admitted { home: "/desk", .. }), "{outcome:?}");
    let [DiaryEvent::SignedIn { stranger: Some(stranger), .. }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&stranger.person, &stranger.refusal), (&other, &Refusal::ChildNotFound));
}

#[test]
fn a_refusal_of_the_provider_is_compared_with_nothing() {
    let arrival = Arrival::Refused { refusal: Refusal::ConsentNeeded, oid: None };
    let Decision { events, checks, outcome } = decide(&diary("desk"), &arrival);
    assert!(checks.is_empty());
    let [DiaryEvent::Refused { refusal: Refusal::ConsentNeeded, oid: None, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
}
