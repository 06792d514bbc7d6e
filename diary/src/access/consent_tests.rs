//! Tests of the secretary's desk.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::testing::{Rig, Script, mark, new_browser, person};

const DESK: &str = "/api/school/pupils/ваня/consents";

fn script() -> Script {
    let egor = person("Кротов Егор Ильич", "01.01.1980", "001-000-009 00", true);
    Script { person: egor, granted: "openid fullname birthdate snils mobile", ..Script::default() }
}

/// Rig with a parent who is not attached, and a secretary.
async fn desk() -> Rig {
    let rig = Rig::with(script(), |seed| {
        seed["diary"]["profile"] = json!("kaliningrad");
        seed["diary"]["schools"] = json!({ "вторая": { "name": "Школа № 2" } });
        let roza = json!({ "name": "Цаплина Роза Олеговна", "snils": "001-000-011 00", "roles": ["secretary"] });
        seed["diary"]["staff"]["роза"] = roza;
        let other = json!({ "name": "Уварова Фаина Львовна", "snils": "001-000-010 00", "school": "вторая",
            "roles": ["secretary"] });
        seed["diary"]["staff"]["фаина"] = other;
    })
    .await;
    assert_eq!(rig.sign_in().await, "desk");
    rig
}

fn paper(change: &Value) -> Value {
    let mut paper = json!({ "name": "Кротов Егор Ильич", "snils": "001-000-009 00", "relation": "father",
        "signed_on": "2024-09-01" });
    paper.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    paper
}

#[tokio::test]
async fn a_consent_attaches_and_withdrawn_it_detaches() {
    let rig = desk().await;
    assert!(!rig.page("/desk").await.contains("diary-icon"));
    assert_eq!(rig.person("роза").post(DESK, &paper(&json!({}))).await.outcome(), "204");
    assert!(rig.page("/desk").await.contains("diary-icon"));
    assert_eq!(rig.sign_in().await, "diary");
    insta::assert_snapshot!(rig.person("роза").post(DESK, &paper(&json!({}))).await.told(), @r#"409 {"status":409,"title":"Согласие этого представителя уже принято","code":"consent-in-force","field":"snils"}"#);
    assert_eq!(rig.person("роза").delete(&format!("{DESK}/1")).await.outcome(), "204");
    insta::assert_snapshot!(rig.person("роза").delete(&format!("{DESK}/1")).await.told(), @r#"409 {"status":409,"title":"Это согласие уже отозвано","code":"already-withdrawn"}"#);
    assert_eq!(mark(&rig.page("/diary").await), "error-parent-not-on-card", "at once");
    let page = rig.page("/desk").await;
    assert!(!page.contains("diary-icon") && page.contains("no-icon-parent-not-on-card"), "{page}");
    insta::assert_snapshot!(rig.person("роза").get(DESK).await.told(), @r#"200 {"pupil":"Петров Иван Сергеевич","class":"7А","phone":"","consents":[{"id":1,"name":"Кротов Егор Ильич","snils":"001-000-009 00","relation":"отец","signed_on":"2024-09-01","taken_by":"Цаплина Роза Олеговна","taken_at":"2024-09-02T06:00:00Z","withdrawn_at":"2024-09-02T06:00:00Z","withdrawn_by":"Цаплина Роза Олеговна"}]}"#);
    assert_eq!(rig.person("роза").post(DESK, &paper(&json!({}))).await.outcome(), "204", "a new paper attaches again");
    let told = rig.timeline().await;
    let told: Vec<_> = told.iter().filter(|line| line.contains("согласие от") || line.contains("отозвано")).collect();
    insta::assert_snapshot!(told.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n"), @r#"
    Цаплина Роза Олеговна принимает согласие от 01.09.2024: Кротов Егор Ильич, СНИЛС 001-000-009 00, отец ученика «Петров Иван Сергеевич»
    Цаплина Роза Олеговна отмечает, что согласие отозвано: Кротов Егор Ильич, ученик «Петров Иван Сергеевич»
    Цаплина Роза Олеговна принимает согласие от 01.09.2024: Кротов Егор Ильич, СНИЛС 001-000-009 00, отец ученика «Петров Иван Сергеевич»
    "#);
}

#[tokio::test]
async fn each_wrong_paper_has_its_own_answer_and_attaches_nobody() {
    let rig = desk().await;
    let mut answers = Vec::new();
    for change in [
        json!({ "name": "Егор" }),
        json!({ "snils": "112-233-445 96" }),
        json!({ "relation": "other" }),
        json!({ "signed_on": "вчера" }),
        json!({ "signed_on": "2024-09-03" }),
        json!({ "signed_on": "2012-05-09" }),
        json!({ "snils": "001-000-003 00" }),
        json!({ "snils": "001-000-001 00" }),
    ] {
        answers.push(rig.person("роза").post(DESK, &paper(&change)).await.told());
    }
    insta::assert_snapshot!(answers.join("\n"), @r#"
    400 {"status":400,"title":"имя: нужно заполнить","code":"bad-request","field":"name"}
    400 {"status":400,"title":"контрольное число СНИЛС не сходится: ожидалось 95, получено 96","code":"bad-request","field":"snils"}
    400 {"status":400,"title":"выберите, кем приходится ученику: мать, отец или законный представитель","code":"bad-request","field":"relation"}
    400 {"status":400,"title":"«вчера» — не дата: пишут ДД.ММ.ГГГГ или ГГГГ-ММ-ДД, например 23.11.2012 или 2012-11-23","code":"bad-request","field":"signed_on"}
    400 {"status":400,"title":"«2024-09-03» — этот день ещё не наступил","code":"bad-request","field":"signed_on"}
    400 {"status":400,"title":"согласие не могли подписать до рождения ученика","code":"bad-request","field":"signed_on"}
    400 {"status":400,"title":"Это СНИЛС самого ученика, а нужен СНИЛС представителя","code":"bad-request","field":"snils"}
    409 {"status":409,"title":"СНИЛС 001-000-001 00 в журнале уже у другого человека","code":"snils-taken","field":"snils"}
    "#);
    assert!(rig.person("роза").get(DESK).await.ok().to_string().contains("\"consents\":[]"));
    assert!(!rig.page("/desk").await.contains("diary-icon"));
}

#[tokio::test]
async fn the_desk_is_the_secretarys_of_that_school_alone_and_only_where_the_profile_has_one() {
    let rig = desk().await;
    rig.person("ольга").post(DESK, &paper(&json!({}))).await.problem(403);
    rig.person("анна").get(DESK).await.problem(403);
    rig.person("фаина").post(DESK, &paper(&json!({}))).await.problem(404);
    let correct = json!({ "name": "Петров Иван Сергеевич", "born": "2012-05-10", "snils": "001-000-003 00" });
    rig.person("роза").put("/api/school/pupils/ваня", &correct).await.problem(403);
    let elsewhere = Rig::with(Script::default(), |seed| {
        seed["diary"]["staff"]["ольга"]["roles"] = json!(["secretary"]);
    })
    .await;
    insta::assert_snapshot!(elsewhere.person("ольга").post(DESK, &paper(&json!({}))).await.told(), @r#"409 {"status":409,"title":"Здесь согласие дают на Госуслугах, а не у секретаря школы","code":"no-consents-at-school"}"#);
}

#[tokio::test]
async fn the_phone_of_a_child_account_is_noted_and_kept_in_the_history() {
    let rig = desk().await;
    let phone = |phone: &str| json!({ "phone": phone });
    let put = async |body| rig.person("роза").put("/api/school/pupils/ваня/phone", &body).await.told();
    insta::assert_snapshot!(put(phone("7")).await, @r#"400 {"status":400,"title":"номер телефона начинается с +7 или с 8","code":"bad-request","field":"phone"}"#);
    assert_eq!(put(phone("+7(000)0000001")).await, "204");
    assert_eq!(put(phone("8 000 000-00-02")).await, "204");
    assert_eq!(put(phone("+7(000)0000002")).await, "204");
    let card = rig.person("ольга").get("/api/school/pupils/ваня").await.ok().to_string();
    let history = card.split("\"history\":").nth(1).unwrap();
    insta::assert_snapshot!(history, @r#"[{"at":"2024-09-02T06:00:00Z","text":"Цаплина Роза Олеговна: телефон детской учётной записи ученика «Петров Иван Сергеевич» — +7(000)0000002","before":"+7(000)0000001"},{"at":"2024-09-02T06:00:00Z","text":"Цаплина Роза Олеговна: телефон детской учётной записи ученика «Петров Иван Сергеевич» — +7(000)0000001"}]}"#);
}

#[tokio::test]
async fn of_the_same_paper_at_once_one_is_taken_and_withdrawn_once() {
    let rig = desk().await;
    let session = rig.session("роза").await;
    let at_once = async |method: Method, path: &str| {
        let mut all = JoinSet::new();
        for _ in 0..6 {
            let request = new_browser().request(method.clone(), format!("{}{path}", rig.url()));
            let request = request.bearer_auth(&session).json(&paper(&json!({})));
            all.spawn(async move { request.send().await.unwrap().status().as_u16() });
        }
        let mut outcomes = all.join_all().await;
        outcomes.sort_unstable();
        outcomes
    };
    assert_eq!(at_once(Method::POST, DESK).await, [204, 409, 409, 409, 409, 409]);
    assert_eq!(at_once(Method::DELETE, &format!("{DESK}/1")).await, [204, 409, 409, 409, 409, 409]);
}
