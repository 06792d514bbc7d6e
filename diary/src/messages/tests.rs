//! Messages, as seen by the family and by the school.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::model::{HOURLY_LIMIT, TEXT_LIMIT, THREAD_LIMIT, TOPIC_LIMIT};
use crate::testing::{ReadAnswer, Rig, Script, mark, read};

/// Rig with a family, two teachers of Ваня's class and one of another class; Анна is signed in.
async fn family() -> Rig {
    let rig = Rig::with(Script::default(), |seed| {
        let staff = &mut seed["diary"]["staff"];
        staff["ирина"] = json!({ "name": "Лебедева Ирина Олеговна", "snils": "001-000-010 00",
            "roles": ["class-teacher", "teacher"], "classes": ["7А"],
            "teaches": [{ "class": "7А", "subject": "Математика" }] });
        staff["фёдор"] = json!({ "name": "Чижов Фёдор Ильич", "snils": "001-000-011 00", "roles": ["teacher"],
            "teaches": [{ "class": "7А", "subject": "Русский язык" }] });
        staff["роза"] = json!({ "name": "Цаплина Роза Олеговна", "snils": "001-000-012 00", "roles": ["teacher"],
            "teaches": [{ "class": "6А", "subject": "Математика" }] });
        let (name, snils) = ("Юрьева Клара Львовна", "001-000-013 00");
        staff["клара"] = json!({ "name": name, "snils": snils, "roles": ["teacher"],
            "teaches": [{ "class": "9А", "subject": "Физика" }] });
        seed["diary"]["parents"]["клара"] = json!({ "name": name, "snils": snils, "active": true });
        seed["diary"]["pupils"]["клим"] = json!({ "name": "Юрьев Клим Ильич", "born": "2009-09-09",
            "snils": "001-000-014 00", "class": "9А", "parents": ["клара"] });
    })
    .await;
    assert_eq!(rig.sign_in().await, "diary");
    rig
}

fn letter(change: &Value) -> Value {
    let mut letter = json!({ "pupil": "ваня", "teacher": "ирина", "topic": "Контрольная", "text": "Когда она будет?" });
    letter.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    letter
}

async fn begin(rig: &Rig, who: &str, change: Value) -> ReadAnswer {
    rig.person(who).post("/api/messages", &letter(&change)).await
}

async fn get(rig: &Rig, who: &str, path: &str) -> Value {
    rig.person(who).get(&format!("/api{path}")).await.ok()
}

async fn answer(rig: &Rig, who: &str, id: u32, text: &str) -> ReadAnswer {
    rig.person(who).post(&format!("/api/messages/{id}"), &json!({ "text": text })).await
}

#[tokio::test]
async fn a_parent_writes_the_teacher_answers_and_each_sees_what_the_other_has_read() {
    let rig = family().await;
    assert!(rig.page("/messages").await.contains("Сообщений пока нет"));
    let new = "/messages/new?pupil=%D0%B2%D0%B0%D0%BD%D1%8F";
    let page = rig.page(new).await;
    assert!(page.contains("Лебедева Ирина Олеговна (классный руководитель, Математика)"), "{page}");
    assert!(page.contains("Чижов Фёдор Ильич (Русский язык)") && !page.contains("Цаплина"), "{page}");
    let fields = [("pupil", "ваня"), ("teacher", "ирина"), ("topic", "О <b>"), ("text", "Строка\r\n<script>два")];
    let sent = rig.post(new, "/messages/new", &fields).await;
    assert_eq!((sent.status().as_u16(), sent.headers()["location"].to_str().unwrap()), (303, "/messages/1"));
    let page = rig.page("/messages/1").await;
    assert_eq!(mark(&page), "thread");
    assert!(page.contains("Строка\n&#60;script&#62;два") && page.contains("Не прочитано"), "{page}");

    let seen = get(&rig, "ирина", "/messages").await;
    assert_eq!((&seen[0]["with"], &seen[0]["unread"]), (&json!("Петрова Анна Сергеевна"), &json!(1)));
    assert_eq!(get(&rig, "ирина", "/messages/unread").await["unread"], 1);
    assert_eq!(get(&rig, "ирина", "/messages/1").await["messages"][0]["read_at"], Value::Null, "JSON marks nothing");
    rig.advance("1h").await;
    assert_eq!(rig.person("ирина").post("/api/messages/1/read", &json!({})).await.outcome(), "204");
    assert_eq!(get(&rig, "ирина", "/messages/unread").await["unread"], 0);
    assert_eq!(answer(&rig, "ирина", 1, "В среду").await.outcome(), "204");

    assert!(rig.page("/diary").await.contains("Сообщения <span class=\"badge\">1</span>"));
    let page = rig.page("/messages").await;
    assert!(page.contains("data-test=\"thread-unread\"") && page.contains("Не прочитано: 1"), "{page}");
    let page = rig.page("/messages/1").await;
    assert!(page.contains("Прочитано 02.09.2024, 10:00") && page.contains("data-test=\"new\""), "{page}");
    assert!(page.find("два").unwrap() < page.find("В среду").unwrap(), "in the order of time");
    assert!(!rig.page("/diary").await.contains("class=\"badge\">1</span></a>"), "opened is read");
    assert_ne!(get(&rig, "ирина", "/messages/1").await["messages"][1]["read_at"], Value::Null);
    let told = rig.timeline().await;
    let told: Vec<_> = told.iter().filter(|line| line.contains("О <b>")).map(String::as_str).collect();
    assert_eq!(
        told,
        [
            "Петрова Анна Сергеевна пишет учителю: Лебедева Ирина Олеговна, ученик «Петров Иван Сергеевич», тема «О <b>»",
            "Лебедева Ирина Олеговна читает переписку «О <b>»",
            "Лебедева Ирина Олеговна отвечает в переписке «О <b>»",
            "Петрова Анна Сергеевна читает переписку «О <b>»",
        ]
    );
}

#[tokio::test]
async fn a_pupil_writes_too_and_the_parent_does_not_read_it() {
    let rig = family().await;
    assert_eq!(begin(&rig, "ваня", json!({ "teacher": "фёдор" })).await.told(), "201 {\"id\":1}");
    let seen = get(&rig, "фёдор", "/messages").await;
    assert_eq!((&seen[0]["with"], &seen[0]["class"]), (&json!("Петров Иван Сергеевич"), &json!("7А")));
    assert_eq!(mark(&rig.page("/messages/1").await), "error-not-found");
    begin(&rig, "ваня", json!({ "pupil": "маша" })).await.problem(404);
}

#[tokio::test]
async fn a_teacher_writes_first_to_a_pupil_of_the_own_class_or_to_a_parent() {
    let rig = family().await;
    let families = get(&rig, "фёдор", "/messages/families").await;
    // Пётр is on the card as well, but the diary is not open to him.
    insta::assert_snapshot!(families, @r#"[{"pupil":"ваня","name":"Петров Иван Сергеевич","class":"7А","reads":true,"parents":[{"key":"анна","name":"Петрова Анна Сергеевна"}]}]"#);
    let begin = async |who: &str, pupil: &str, parent: &str| {
        let letter = json!({ "pupil": pupil, "parent": parent, "topic": "Олимпиада", "text": "Будет в субботу" });
        rig.person(who).post("/api/messages/families", &letter).await.told()
    };
    assert_eq!(begin("фёдор", "ваня", "анна").await, r#"201 {"id":1}"#);
    assert_eq!(begin("ирина", "ваня", "").await, r#"201 {"id":2}"#);
    let seen = get(&rig, "анна", "/messages").await;
    assert_eq!(
        (&seen[0]["with"], &seen[0]["unread"], seen.as_array().unwrap().len()),
        (&json!("Чижов Фёдор Ильич"), &json!(1), 1)
    );
    assert_eq!(get(&rig, "ваня", "/messages").await[0]["with"], "Лебедева Ирина Олеговна");
    assert_eq!(answer(&rig, "анна", 1, "Придём").await.outcome(), "204");
    assert_eq!(get(&rig, "фёдор", "/messages/unread").await["unread"], 1);
    // A teacher of another class, an administrator, a parent; then a parent without a diary, one of another card, and
    // no one.
    let refused = [("роза", "ваня", "анна"), ("ольга", "ваня", "анна"), ("анна", "ваня", "анна")];
    let others =
        [("фёдор", "ваня", "пётр"), ("фёдор", "маша", "анна"), ("фёдор", "ваня", "никто"), ("фёдор", "никто", "")];
    for (who, pupil, parent) in refused.into_iter().chain(others) {
        let answer = begin(who, pupil, parent).await;
        assert!(answer.starts_with("404 ") && answer.contains("no-such-family"), "{who} {pupil} {parent}: {answer}");
    }
    assert_eq!(get(&rig, "роза", "/messages/families").await, json!([]));
    // A teacher whose child is in their class may write to the child, but not to themselves.
    assert!(begin("клара", "клим", "клара").await.starts_with("404 "));
    assert_eq!(begin("клара", "клим", "").await, r#"201 {"id":3}"#);
    let told = rig.timeline().await.into_iter().filter(|line| line.contains("Олимпиада")).collect::<Vec<_>>();
    assert_eq!(
        told[0],
        "Чижов Фёдор Ильич пишет родителю: Петрова Анна Сергеевна, ученик «Петров Иван Сергеевич», тема «Олимпиада»"
    );
    assert_eq!(told[1], "Лебедева Ирина Олеговна пишет ученику «Петров Иван Сергеевич», тема «Олимпиада»");
}

#[tokio::test]
async fn strangers_are_told_the_same_of_a_thread_as_of_none() {
    let rig = family().await;
    begin(&rig, "анна", json!({})).await.json(201);
    for who in ["ваня", "пётр", "коля", "фёдор", "ольга", "роза"] {
        for (method, end) in [(Method::GET, ""), (Method::POST, ""), (Method::POST, "/read")] {
            let body = if end.is_empty() && method == Method::POST { json!({ "text": "Я" }) } else { json!({}) };
            let real = rig.person(who).call(method.clone(), &format!("/api/messages/1{end}"), &body).await.told();
            let none = rig.person(who).call(method, &format!("/api/messages/9{end}"), &body).await.told();
            assert!(real.starts_with("404 ") && real == none, "{who}: {real}");
        }
        assert_eq!(get(&rig, who, "/messages").await, json!([]), "{who}");
    }
    assert_eq!(get(&rig, "анна", "/messages/1").await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn each_reason_not_to_take_a_message_has_its_name_and_field_and_changes_nothing() {
    let rig = family().await;
    begin(&rig, "анна", json!({})).await.json(201);
    let before = rig.timeline().await.into_iter().filter(|line| line.contains("пишет")).count();
    let long = |limit: usize| "я".repeat(limit + 1);
    for (change, code, field) in [
        (json!({ "pupil": "коля" }), "no-such-pupil", "pupil"),
        (json!({ "pupil": "нет" }), "no-such-pupil", "pupil"),
        (json!({ "teacher": "роза" }), "no-such-teacher", "teacher"),
        (json!({ "teacher": "ольга" }), "no-such-teacher", "teacher"),
        (json!({ "teacher": "" }), "no-such-teacher", "teacher"),
        (json!({ "topic": " \n" }), "topic-empty", "topic"),
        (json!({ "topic": long(TOPIC_LIMIT) }), "topic-too-long", "topic"),
        (json!({ "text": " \r\n\t\u{0}" }), "text-empty", "text"),
        (json!({ "text": long(TEXT_LIMIT) }), "text-too-long", "text"),
    ] {
        let refused = begin(&rig, "анна", change).await;
        assert!(refused.outcome().ends_with(&format!(" {code} {field}")), "{code}: {}", refused.outcome());
    }
    assert_eq!(answer(&rig, "ирина", 1, " ").await.outcome(), "400 text-empty text");
    assert_eq!(rig.timeline().await.into_iter().filter(|line| line.contains("пишет")).count(), before);
    assert_eq!(begin(&rig, "анна", json!({ "text": "я".repeat(TEXT_LIMIT) })).await.told(), "201 {\"id\":2}");

    let page = rig.post("/messages/1", "/messages/1", &[("text", " ")]).await;
    assert_eq!(page.status().as_u16(), 400);
    let page = page.text().await.unwrap();
    assert!(page.contains("data-test=\"error-text-empty\"") && page.contains("id=\"text-error\""), "{page}");
    let no_token = rig.browser.post(format!("{}/messages/1", rig.url())).form(&[("text", "x")]).send().await.unwrap();
    assert_eq!(no_token.status().as_u16(), 403);
    assert_eq!(get(&rig, "анна", "/messages/1").await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_parent_who_is_taken_off_the_card_or_is_no_longer_active_has_lost_the_thread() {
    for (method, path, body) in [
        (Method::DELETE, "/school/pupils/ваня/parents/анна", json!({})),
        (
            Method::PUT,
            "/school/pupils/ваня/parents/анна",
            json!({ "name": "Петрова Анна Сергеевна", "snils": "001-000-001 00", "active": false }),
        ),
    ] {
        let rig = family().await;
        begin(&rig, "анна", json!({})).await;
        assert_eq!(rig.person("ольга").call(method, &format!("/api{path}"), &body).await.outcome(), "204");
        assert_ne!(mark(&rig.page("/messages/1").await), "thread");
        answer(&rig, "анна", 1, "Ещё").await.problem(404);
        begin(&rig, "анна", json!({})).await.problem(404);
        let kept = get(&rig, "ирина", "/messages/1").await;
        assert_eq!((&kept["open"], kept["messages"].as_array().unwrap().len()), (&json!(false), 1));
        assert_eq!(answer(&rig, "ирина", 1, "Кому?").await.outcome(), "409 thread-closed");
    }
}

#[tokio::test]
async fn an_hour_and_a_thread_hold_so_many_messages_and_no_more() {
    let rig = family().await;
    begin(&rig, "анна", json!({})).await.json(201);
    for _ in 1..HOURLY_LIMIT {
        assert_eq!(answer(&rig, "анна", 1, "Ау").await.outcome(), "204");
    }
    assert_eq!(answer(&rig, "анна", 1, "Ау").await.outcome(), "429 too-many-messages");
    begin(&rig, "анна", json!({})).await.problem(429);
    assert_eq!(answer(&rig, "ирина", 1, "Тише").await.outcome(), "204", "the other side has its own hour");
    let mut written = HOURLY_LIMIT + 1;
    while written < THREAD_LIMIT {
        rig.advance("1h").await;
        let more = HOURLY_LIMIT.min(THREAD_LIMIT - written);
        for _ in 0..more {
            assert_eq!(answer(&rig, "анна", 1, "Ау").await.outcome(), "204");
        }
        written += more;
    }
    rig.advance("1h").await;
    assert_eq!(answer(&rig, "анна", 1, "Ау").await.outcome(), "409 thread-full");
    assert_eq!(begin(&rig, "анна", json!({})).await.told(), "201 {\"id\":2}", "another thread is open");
}

#[tokio::test]
async fn of_many_who_write_at_once_nobody_is_lost_and_the_newest_thread_is_first() {
    let rig = family().await;
    let (anna, vanya) = (rig.session("анна").await, rig.session("ваня").await);
    let mut both = JoinSet::new();
    for token in [anna.clone(), vanya, anna] {
        let request = rig.browser.post(format!("{}/api/messages", rig.url())).bearer_auth(token);
        both.spawn(async move { read(request.json(&letter(&json!({}))).send().await.unwrap()).await.told() });
    }
    let mut ids = both.join_all().await;
    ids.sort();
    assert_eq!(ids, ["201 {\"id\":1}", "201 {\"id\":2}", "201 {\"id\":3}"]);
    assert_eq!(answer(&rig, "ирина", 2, "Вот").await.outcome(), "204");
    let listed = get(&rig, "ирина", "/messages").await;
    let order: Vec<_> = listed.as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
    assert_eq!(order, [2, 3, 1]);
    let rest = get(&rig, "ирина", &format!("/messages?before={}", listed[0]["last"])).await;
    assert_eq!(rest.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn threads_brought_back_from_events_are_the_same() {
    let rig = family().await;
    begin(&rig, "анна", json!({})).await.json(201);
    begin(&rig, "ваня", json!({})).await.json(201);
    assert_eq!(rig.person("ирина").post("/api/messages/1/read", &json!({})).await.outcome(), "204");
    assert_eq!(answer(&rig, "ирина", 1, "Вот").await.outcome(), "204");
    rig.import("copy").await;
    for path in ["/api/messages", "/api/messages/1", "/api/messages/2", "/api/messages/unread"] {
        let read = async |path: &str| rig.person("ирина").get(path).await.ok();
        assert_eq!(read(path).await, read(&format!("/w/copy{path}")).await, "{path}");
    }
}
