//! The timeline is in English for requests that ask for English; the history on pages stays Russian.

use std::collections::BTreeSet;

use answers_for_tests::russian_in;
use chrono::DateTime;
use esia::language::{Language, speaking};
use serde_json::{Value, json};
use worlds::{Domain as _, SeedDocument};

use crate::{
    event::DiaryEvent,
    state::Diary,
    testing::{NOW, Rig, Script, person, seed},
};

/// Names of people in the events below.
const NAMES: [&str; 3] = ["Зуева Ольга Павловна", "Петров Иван Сергеевич", "Петрова Анна Сергеевна"];

fn diary() -> Diary {
    let seed: SeedDocument = serde_json::from_value(seed("http://127.0.0.1:9")).unwrap();
    Diary::genesis(&seed, DateTime::from_timestamp(NOW, 0).unwrap()).unwrap()
}

fn event(event: &Value) -> DiaryEvent {
    serde_json::from_value(event.clone()).unwrap_or_else(|error| panic!("{event}: {error}"))
}

fn of_sign_in() -> Vec<Value> {
    let at = "2024-09-02T06:00:00Z";
    let who = json!({ "name": NAMES[1], "pupil": "ваня" });
    let compared = json!([
        { "what": "snils", "expected": "001-000-033 00", "got": "001-000-003 00", "same": false },
        { "what": "document", "expected": "есть", "got": "нет", "same": false },
    ]);
    let signed_in = |way: &str| json!({ "type": "signed-in", "who": who, "oid": 1000, "way": way, "session": "s", "expires-at": at });
    let over = |is_lost: bool| json!({ "type": "session-over", "session": "s", "name": NAMES[1], "id": "i", "expires-at": at, "is-lost": is_lost });
    let left =
        |sessions: Value| json!({ "type": "left-gosuslugi", "jti": "j", "sessions": sessions, "expires-at": at });
    let asked = |status: &str, guardians: u32| json!({ "type": "consent-asked", "oid": 1000, "status": status, "guardians": guardians });
    let refused = |refusal: Value, name: &str| json!({ "type": "refused", "refusal": refusal, "oid": 1000, "name": name, "compared": compared, "id": "i", "expires-at": at });
    let mut stranger = signed_in("gosuslugi");
    stranger["stranger"] = json!({ "refusal": "adult-not-found", "person": { "oid": 1000, "name": null, "snils": null,
        "born": null, "certificates": [], "is-trusted": true, "is-child-account": false } });
    let mut all = vec![
        json!({ "type": "signin-started", "state": "s" }),
        json!({ "type": "signin-returned", "state": "s", "token-state": "t", "system-state": "u", "expires-at": at }),
        json!({ "type": "signin-failed", "state": "s", "reason": "нет связи", "reason-in-english": "no connection" }),
        asked("requested", 1),
        asked("requested", 2),
        asked("no-guardian", 0),
        asked("granted", 0),
        refused(json!("child-not-found"), ""),
        signed_in("gosuslugi"),
        signed_in("password"),
        signed_in("control"),
        stranger,
        json!({ "type": "link-opened", "session": "s", "name": NAMES[1] }),
        json!({ "type": "account-took-over", "key": "анна", "name": NAMES[2], "oid": 1000, "session": "s" }),
        json!({ "type": "password-missed", "key": "анна" }),
        json!({ "type": "signed-out", "session": "s", "name": NAMES[1] }),
        json!({ "type": "access-renewed", "oid": 1000, "state": "s" }),
        over(false),
        over(true),
        left(json!([])),
        left(json!([["s", NAMES[1]]])),
        json!({ "type": "consent-ended", "session": "s", "name": NAMES[1], "id": "i", "expires-at": at }),
        json!({ "type": "password-forgotten", "login": "anna", "to": "anna@example.test", "secret": "s", "expires-at": at }),
        json!({ "type": "password-made", "login": "anna", "secret": "s", "password": "p" }),
        json!({ "type": "feedback-left", "text": "Не пускает", "contact": "" }),
    ];
    let refusals = [
        json!({ "consent-of-guardian-needed": { "guardians": 1 } }),
        json!("consent-needed"),
        json!("consent-revoked"),
        json!("session-over"),
        json!("session-lost"),
        json!("parent-not-on-card"),
        json!("user-not-active"),
        json!("account-not-confirmed"),
        json!("no-guardian-bound"),
        json!({ "data-missing": { "faults": [] } }),
        json!("phone-differs"),
        json!("no-relation"),
    ];
    all.extend(refusals.into_iter().map(|refusal| refused(refusal, NAMES[1])));
    all
}

fn of_the_school() -> Vec<Value> {
    let (by, snils) = (NAMES[0], "001-000-001 00");
    let record = json!({ "name": NAMES[1], "born": "2012-05-10", "snils": "001-000-003 00" });
    let parent = |relation: &str| json!({ "type": "parent-corrected", "by": by, "parent": "анна", "name": NAMES[2], "snils": snils, "relation": relation });
    let mut all: Vec<_> = ["mother", "father", "representative", "other"].map(parent).to_vec();
    all.extend([
        json!({ "type": "pupil-corrected", "by": by, "pupil": "ваня", "record": record }),
        json!({ "type": "pupil-moved", "by": by, "pupil": "никто", "class": "5Б" }),
        json!({ "type": "parent-added", "by": by, "pupil": "ваня", "parent": "анна", "name": NAMES[2], "snils": snils }),
        json!({ "type": "parent-activated", "by": by, "parent": "анна", "active": true }),
        json!({ "type": "parent-activated", "by": by, "parent": "анна", "active": false }),
        json!({ "type": "parent-removed", "by": by, "pupil": "ваня", "parent": "анна" }),
        json!({ "type": "register-imported", "by": by, "pupils": [] }),
    ]);
    all
}

fn of_the_desks() -> Vec<Value> {
    let (by, snils) = (NAMES[0], "001-000-001 00");
    let request = json!({ "relation": "mother", "child": NAMES[1], "born": "2012-05-10" });
    let paper = json!({ "name": NAMES[2], "snils": snils, "relation": "mother", "signed-on": "2024-09-02" });
    let begun = |side: &str, family: Value| json!({ "type": "thread-begun", "by": by, "thread": 1, "side": side, "pupil": "ваня", "family": family, "teacher": "ольга", "topic": "О школе", "text": "т" });
    let access = [
        json!({ "type": "pupil-sought-in-vain", "by": by, "child": NAMES[1], "born": "2012-05-10" }),
        json!({ "type": "application-filed", "id": 1, "applicant": { "name": NAMES[2], "snils": snils }, "request": request, "pupil": "ваня" }),
        json!({ "type": "application-accepted", "by": by, "id": 1, "parent": "анна" }),
        json!({ "type": "application-declined", "by": by, "id": 1, "reason": "нет такого" }),
        json!({ "type": "consent-taken", "by": by, "id": 1, "pupil": "ваня", "parent": "анна", "paper": paper }),
        json!({ "type": "consent-withdrawn", "by": by, "id": 1 }),
        json!({ "type": "phone-given", "by": by, "pupil": "ваня", "phone": null }),
    ];
    let messages = [
        begun("family", json!({ "parent": "анна" })),
        begun("school", json!({ "parent": "анна" })),
        begun("school", json!({ "pupil": "ваня" })),
        json!({ "type": "message-written", "by": by, "thread": 1, "side": "family", "text": "т" }),
        json!({ "type": "messages-read", "by": by, "thread": 1, "side": "family" }),
    ];
    let access = access.map(|event| json!({ "type": "access", "event": event }));
    access.into_iter().chain(messages.map(|event| json!({ "type": "messages", "event": event }))).collect()
}

fn of_lessons() -> Vec<Value> {
    let by = NAMES[0];
    let lesson = json!({ "school": "", "class": "7А", "subject": "Математика", "date": "2024-09-02" });
    let (five, four) = (json!({ "mark": 5, "weight": 1 }), json!({ "mark": 4, "weight": 3, "work": "диктант" }));
    let change = |kind: &str, before: &Value, after: &Value| json!({ "type": kind, "by": by, "lesson": lesson, "pupil": "ваня", "before": before, "after": after });
    let homework = |before: Value, after: Value| json!({ "type": "homework-set", "by": by, "lesson": lesson, "before": before, "after": after });
    let all = [
        change("mark-set", &Value::Null, &four),
        change("mark-set", &five, &four),
        change("mark-set", &four, &Value::Null),
        change("attendance-set", &Value::Null, &json!("late")),
        change("attendance-set", &json!("absent"), &json!("ill")),
        homework(Value::Null, json!("№ 1")),
        homework(json!("№ 1"), json!("№ 2")),
        homework(json!("№ 1"), Value::Null),
    ];
    all.map(|event| json!({ "type": "teaching", "event": event })).to_vec()
}

#[test]
fn every_event_is_told_in_either_language() {
    let diary = diary();
    let events = [of_sign_in(), of_the_school(), of_the_desks(), of_lessons()].concat();
    let mut kinds = BTreeSet::new();
    for one in &events {
        let told = event(one);
        let told = [Language::Russian, Language::English].map(|language| speaking(language, || diary.tell(&told)));
        assert!(
            !russian_in(&told[0], &NAMES).is_empty() && russian_in(&told[1], &NAMES).is_empty(),
            "{one}: {told:#?}"
        );
        assert!(told[1].contains(|sign: char| sign.is_ascii_lowercase()), "{one}: {told:#?}");
        kinds.insert(one["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds.len(), 27, "{kinds:#?}");
}

#[test]
fn what_a_card_remembers_is_russian_whoever_has_caused_it() {
    let mut diary = diary();
    let at = DateTime::from_timestamp(NOW, 0).unwrap();
    let events = [of_the_school(), of_the_desks()].concat();
    let mut beside = diary.clone();
    for one in events.iter().map(event) {
        speaking(Language::English, || diary.apply(at, &one));
        speaking(Language::Russian, || beside.apply(at, &one));
    }
    assert_eq!(diary.history, beside.history);
    let corrections = &diary.history["ваня"];
    assert!(corrections.len() > 8, "{corrections:#?}");
    assert!(corrections.iter().all(|one| !russian_in(&one.text, &NAMES).is_empty()), "{corrections:#?}");
}

#[tokio::test]
async fn the_timeline_is_told_in_the_language_that_is_asked_for() {
    let stranger = person("Петрова Анна Сергеевна", "01.01.1980", "001-000-009 00", true);
    let rig = Rig::start(Script { person: stranger, ..Script::default() }).await;
    assert_eq!(rig.sign_in().await, "refusal-adult-not-found");
    let record = json!({ "name": "Петрова Мария Сергеевна", "born": "2014-01-21", "snils": "001-000-006 00" });
    assert_eq!(rig.person("ольга").put("/api/school/pupils/маша", &record).await.status, 204);
    let lines = rig.control().get("/control/timeline?limit=1000&lang=en").await.ok();
    let told: Vec<_> = lines.as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    A sign-in through Gosuslugi has begun
    The visitor has come back from Gosuslugi
    Петрова Анна Сергеевна: was not let in: nobody in the register has such data; snils: «001-000-001 00» in the register, «001-000-009 00» at Gosuslugi
    Зуева Ольга Павловна: signed in without a password by the control API
    Зуева Ольга Павловна corrects the card of pupil «Петрова Мария Сергеевна»: Петрова Мария Сергеевна, 21.01.2014, SNILS 001-000-006 00
    ");
    let page = rig.page("/control/console/timeline?lang=en").await;
    assert!(page.contains("The visitor has come back from Gosuslugi") && !page.contains("Посетитель"), "{page}");
    let russian = rig.timeline().await;
    assert_eq!((russian.len(), russian[1].as_str()), (told.len(), "Посетитель вернулся с портала Госуслуг"));
}

#[tokio::test]
async fn the_history_on_a_page_of_the_diary_stays_russian() {
    let rig = Rig::start(Script::default()).await;
    let record = json!({ "name": "Петрова Мария Сергеевна", "born": "2014-01-21", "snils": "001-000-006 00" });
    let path = "/api/school/pupils/маша";
    assert_eq!(rig.person("ольга").put(&format!("{path}?lang=en"), &record).await.status, 204);
    let card = rig.person("ольга").get(&format!("{path}?lang=en")).await.ok();
    let told = card["history"].to_string();
    assert!(told.contains("исправляет карточку ученицы «Петрова Мария Сергеевна»") && told.contains("СНИЛС"), "{told}");
}
