//! The school's side.

use reqwest::Method;
use serde_json::{Value, json};

use crate::tests::{Rig, Script, mark, person};

const VANYA: &str = "/school/pupils/%D0%B2%D0%B0%D0%BD%D1%8F";

async fn administrator() -> Rig {
    let olga = person("Зуева Ольга Павловна", "01.01.1970", "001-000-007 00", true);
    let rig = Rig::start(Script { person: olga, ..Script::default() }).await;
    assert_eq!(rig.sign_in().await, "school");
    rig
}

#[tokio::test]
async fn an_administrator_corrects_a_card_and_sees_it_saved() {
    let rig = administrator().await;
    let page = rig.page(VANYA).await;
    assert!(page.contains("value=\"001-000-003 00\"") && page.contains("Петрова Анна Сергеевна"), "{page}");
    let fields = [
        ("name", " Петров  Иван Сергеевич "),
        ("born", "2012-05-11"),
        ("snils", "00100000800"),
        ("series", "I-ОО"),
        ("number", "000102"),
    ];
    let saved = rig.post(VANYA, VANYA, &fields).await;
    assert_eq!(
        (saved.status().as_u16(), &saved.headers()["location"]),
        (303, &format!("{VANYA}?saved=1").parse().unwrap())
    );
    insta::assert_snapshot!(rig.timeline().await.last().unwrap(), @"Зуева Ольга Павловна исправляет карточку ученика «Петров Иван Сергеевич»: Петров Иван Сергеевич, 11.05.2012, СНИЛС 001-000-008 00, свидетельство I-ОО 000102");
    assert!(rig.page(&format!("{VANYA}?saved=1")).await.contains("Сохранено"));
    let again = rig.timeline().await.len();
    rig.post(VANYA, VANYA, &fields).await;
    assert_eq!(rig.timeline().await.len(), again, "nothing changed, nothing happened");
}

#[tokio::test]
async fn every_wrong_field_is_told_at_its_place_and_nothing_changes() {
    let rig = administrator().await;
    let before = rig.timeline().await.len();
    let fields =
        [("name", "Петров"), ("born", "2012-02-30"), ("snils", "112-233-445 96"), ("series", "МЮ"), ("number", "1")];
    let response = rig.post(VANYA, VANYA, &fields).await;
    assert_eq!(response.status().as_u16(), 400);
    let page = response.text().await.unwrap();
    let errors: Vec<_> =
        page.split("class=\"error\" id=\"").skip(1).map(|rest| rest.split("</p>").next().unwrap()).collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    name-error">имя: нужно заполнить
    born-error">дата записывается ГГГГ-ММ-ДД и должна быть в календаре
    snils-error">контрольное число СНИЛС не сходится: ожидалось 95, получено 96
    number-error">номер свидетельства состоит из 6 цифр
    "#);
    assert!(page.contains("value=\"112-233-445 96\""), "what was typed stays");
    let taken = [("name", "Петров Иван Сергеевич"), ("born", "2012-05-10"), ("snils", "001-000-004 00")];
    let page = rig.post(VANYA, VANYA, &taken).await.text().await.unwrap();
    assert!(page.contains("СНИЛС 001-000-004 00 в журнале уже у другого человека"));
    assert_eq!(rig.timeline().await.len(), before);
}

#[tokio::test]
async fn the_three_conditions_of_a_parent_are_met_one_by_one() {
    let rig = administrator().await;
    let igor = person("Серов Игорь Львович", "01.01.1980", "001-000-008 00", true);
    let igor = || Script { person: igor.clone(), ..Script::default() };
    let add = [("name", "Серов Игорь Львович"), ("snils", "001-000-008 00")];
    // СНИЛС 001-000-005 00 is another's of the same name; this one is new.
    assert_eq!(rig.post(VANYA, &format!("{VANYA}/parents"), &add).await.status().as_u16(), 303);
    let twice = rig.post(VANYA, &format!("{VANYA}/parents"), &add).await.text().await.unwrap();
    assert!(twice.contains("Этот родитель уже в карточке ученика"));
    let key = "%D1%80%D0%BE%D0%B4%D0%B8%D1%82%D0%B5%D0%BB%D1%8C-4";
    let parent = format!("{VANYA}/parents/{key}");
    let active = [add[0], add[1], ("active", "on")];
    assert_eq!(rig.post(VANYA, &parent, &active).await.status().as_u16(), 303);
    let page = rig.page(VANYA).await;
    assert!(page.contains("data-test=\"parent-родитель-4\""), "{page}");
    let olga = rig;
    olga.says(igor()).await;
    assert_eq!(olga.sign_in().await, "diary");
    let removed = olga.api("ольга", Method::DELETE, "/school/pupils/ваня/parents/родитель-4", Value::Null).await;
    assert_eq!(removed, "204");
    assert_eq!(mark(&olga.page("/diary").await), "error-parent-not-on-card", "at once");
    assert_eq!(olga.sign_in().await, "refusal-parent-not-on-card");
    insta::assert_snapshot!(olga.timeline().await[3..6].join("\n"), @r#"
    Зуева Ольга Павловна добавляет в карточку ученика «Петров Иван Сергеевич» родителя: Серов Игорь Львович, СНИЛС 001-000-008 00
    Зуева Ольга Павловна: Серов Игорь Львович теперь активный пользователь
    Начат вход через портал Госуслуг
    "#);
}

#[tokio::test]
async fn the_school_is_closed_to_others_and_diaries_to_strangers() {
    let rig = Rig::start(Script::default()).await;
    rig.sign_in().await;
    assert_eq!(mark(&rig.page("/school").await), "error-not-staff");
    let card = "/school/pupils/ваня";
    assert!(rig.api("анна", Method::GET, card, Value::Null).await.starts_with("403 "));
    assert!(
        rig.api("анна", Method::PUT, card, json!({ "name": "", "born": "", "snils": "" })).await.starts_with("403 ")
    );
    insta::assert_snapshot!(rig.api("ваня", Method::GET, "/diary/маша", Value::Null).await, @r#"404 {"status":404,"title":"Такого дневника у вас нет","code":"not-found"}"#);
    insta::assert_snapshot!(rig.api("анна", Method::GET, "/diary/ваня", Value::Null).await, @r#"200 {"pupil":{"key":"ваня","name":"Петров Иван Сергеевич","class":"7А"},"terms":[{"title":"1 четверть","from":"2024-09-01","to":"2024-10-26"},{"title":"2 четверть","from":"2024-11-05","to":"2024-12-28"},{"title":"3 четверть","from":"2025-01-09","to":"2025-03-22"},{"title":"4 четверть","from":"2025-03-31","to":"2025-05-31"}],"term":1,"marks":[{"subject":"Математика","marks":[{"date":"2024-09-02","mark":5,"weight":1}],"average":"5,00"}],"week":"2024-09-02","timetable":[{"date":"2024-09-02","day":"понедельник","lessons":[{"subject":"Математика","marks":[5]},{"subject":"Русский язык"}]}],"attendance":[{"date":"2024-09-02","subject":"Русский язык","status":"late"}],"services":[]}"#);
    insta::assert_snapshot!(rig.api("пётр", Method::GET, "/diary/ваня", Value::Null).await, @r#"403 {"status":403,"title":"Вы не отмечены в электронном журнале как активный пользователь","code":"user-not-active","way_out":"Попросите администратора журнала отметить вас как активного пользователя."}"#);
    insta::assert_snapshot!(rig.api("ольга", Method::GET, "/me", Value::Null).await, @r#"200 {"name":"Зуева Ольга Павловна","is_staff":true,"pupils":[]}"#);
    insta::assert_snapshot!(rig.api("ольга", Method::GET, card, Value::Null).await, @r#"200 {"key":"ваня","class":"7А","name":"Петров Иван Сергеевич","born":"2012-05-10","snils":"001-000-003 00","series":"I-ОО","number":"000101","parents":[{"key":"анна","name":"Петрова Анна Сергеевна","snils":"001-000-001 00","active":true},{"key":"пётр","name":"Петров Пётр Ильич","snils":"001-000-002 00","active":false}],"history":[]}"#);
    let stranger = rig.control(Method::POST, "/people/никто/session", Value::Null).await;
    insta::assert_snapshot!(stranger, @r#"{"status":404,"title":"В журнале нет ключа «никто»","code":"not-found","field":"key","way_out":"Кто в нём есть: GET /control/people"}"#);
}

#[tokio::test]
async fn feedback_is_taken_and_kept() {
    let rig = Rig::start(Script::default()).await;
    let empty = rig.post("/feedback", "/feedback", &[("text", " "), ("contact", "")]).await;
    assert_eq!(empty.status().as_u16(), 400);
    assert!(empty.text().await.unwrap().contains("Напишите, что случилось"));
    let page = rig.post("/feedback", "/feedback", &[("text", "Не пускает <b>"), ("contact", "")]).await.text().await;
    assert!(page.unwrap().contains("Обращение принято"));
    assert_eq!(rig.timeline().await, ["Обращение в школу: Не пускает <b>"]);
}
