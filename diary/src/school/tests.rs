//! Tests of the school's side.

use serde_json::json;

use crate::testing::{Rig, Script, mark, person};

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
    born-error">«2012-02-30» — такого дня нет в календаре
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
    // СНИЛС 001-000-005 00 belongs to another person of the same name; this one is new.
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
    let removed = olga.person("ольга").delete("/api/school/pupils/ваня/parents/родитель-4").await;
    assert_eq!(removed.outcome(), "204");
    assert_eq!(mark(&olga.page("/diary").await), "error-parent-not-on-card", "at once");
    assert_eq!(olga.sign_in().await, "refusal-parent-not-on-card");
    insta::assert_snapshot!(olga.timeline().await[3..6].join("\n"), @r#"
    Зуева Ольга Павловна добавляет в карточку ученика «Петров Иван Сергеевич» родителя: Серов Игорь Львович, СНИЛС 001-000-008 00
    Зуева Ольга Павловна: Серов Игорь Львович теперь активный пользователь
    Начат вход через портал Госуслуг
    "#);
}

/// Rig with a class teacher of 7А, an administrator of another school, and a teacher without access to cards.
async fn school() -> Rig {
    Rig::with(Script::default(), |seed| {
        let diary = &mut seed["diary"];
        diary["schools"] = json!({ "вторая": { "name": "Вторая школа" } });
        let staff = &mut diary["staff"];
        staff["ирина"] = json!({ "name": "Лебедева Ирина Олеговна", "snils": "001-000-010 00",
            "roles": ["class-teacher"], "classes": ["7А"] });
        staff["роза"] = json!({ "name": "Цаплина Роза Олеговна", "snils": "001-000-012 00", "school": "вторая" });
        staff["фёдор"] = json!({ "name": "Чижов Фёдор Ильич", "snils": "001-000-011 00", "roles": ["teacher"],
            "teaches": [{ "class": "7А", "subject": "Русский язык" }] });
    })
    .await
}

/// The names in a list.
async fn names(rig: &Rig, who: &str, path: &str) -> Vec<String> {
    let list = rig.person(who).get(path).await.ok();
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pupils_are_found_by_surname_and_class_among_those_whose_cards_are_open() {
    let rig = school().await;
    let all = names(&rig, "ольга", "/api/school/pupils").await;
    assert!(all.len() > 2 && all.is_sorted(), "{all:?}");
    let found = |surname: &str, class: &str| format!("/api/school/pupils?surname={surname}&class={class}");
    assert_eq!(names(&rig, "ольга", &found("", "5Б")).await, ["Петрова Мария Сергеевна"]);
    for typed in ["петров", "ПЕТРОВ", " Петров "] {
        let named: Vec<_> = all.iter().filter(|name| name.starts_with("Петров")).cloned().collect();
        assert_eq!(names(&rig, "ольга", &found(typed, "")).await, named, "{typed}");
    }
    assert_eq!(names(&rig, "ольга", &found("петрова", "7А")).await, Vec::<String>::new());
    for nobody in ["я", "123", "Петров-", "%00"] {
        assert_eq!(names(&rig, "ольга", &found(nobody, "")).await, Vec::<String>::new(), "{nobody}");
    }
    let after = "/api/school/pupils?after=Петров Иван Сергеевич&surname=Петров";
    assert!(!names(&rig, "ольга", after).await.contains(&"Петров Иван Сергеевич".to_owned()));
    assert_eq!(names(&rig, "ирина", "/api/school/pupils").await, ["Петров Иван Сергеевич"]);
    assert_eq!(names(&rig, "ирина", &found("", "5Б")).await, Vec::<String>::new(), "another's class");
    assert_eq!(names(&rig, "роза", "/api/school/pupils").await, Vec::<String>::new(), "another school");
    assert_eq!(names(&rig, "фёдор", &found("", "7А")).await, Vec::<String>::new(), "no cards");
}

#[test]
fn namesakes_stay_on_one_part_of_a_list() {
    let name = |number: usize| format!("Имя{} Имя", "а".repeat(number)).parse::<esia::FullName>().unwrap();
    let people: Vec<_> = (0..120).map(|at| (name(if (95..105).contains(&at) { 95 } else { at % 100 }), at)).collect();
    let (part, last) = super::api::listed(people.iter().map(|(name, at)| (name, *at)));
    assert_eq!((part.len(), last), (105, Some(name(95).to_string())), "all ten of one name");
    let (rest, last) = super::api::listed(people[105..].iter().map(|(name, at)| (name, *at)));
    assert_eq!((rest.len(), last), (15, None));
}

#[tokio::test]
async fn whoever_corrects_a_card_makes_its_parents_active_users_and_nobody_else() {
    let rig = school().await;
    let seen = rig.person("ирина").get("/api/school/parents").await.told();
    insta::assert_snapshot!(seen, @r#"200 [{"key":"пётр","name":"Петров Пётр Ильич","snils":"001-000-002 00","active":false,"children":[{"key":"ваня","name":"Петров Иван Сергеевич","class":"7А","school":"МБОУ «Школа № 43»"}]},{"key":"анна","name":"Петрова Анна Сергеевна","snils":"001-000-001 00","active":true,"children":[{"key":"ваня","name":"Петров Иван Сергеевич","class":"7А","school":"МБОУ «Школа № 43»"}]}]"#);
    assert_eq!(names(&rig, "ольга", "/api/school/parents?active=no&surname=пет").await, ["Петров Пётр Ильич"]);
    let put = async |who: &str, parent: &str, active: bool| {
        rig.person(who).put(&format!("/api/school/parents/{parent}"), &json!({ "active": active })).await.told()
    };
    let before = rig.timeline().await.len();
    for (who, parent) in [("роза", "пётр"), ("фёдор", "пётр"), ("ольга", "никто"), ("ольга", "ваня")]
    {
        assert!(put(who, parent, true).await.starts_with("404 "), "{who} {parent}");
    }
    assert!(put("анна", "пётр", true).await.starts_with("403 "));
    assert_eq!(rig.timeline().await.len(), before + 5, "only the sessions of those who asked");
    assert_eq!(put("ирина", "пётр", true).await, "204");
    assert_eq!(
        rig.timeline().await.last().unwrap(),
        "Лебедева Ирина Олеговна: Петров Пётр Ильич теперь активный пользователь"
    );
    assert_eq!(names(&rig, "ольга", "/api/school/parents?active=no").await, Vec::<String>::new());
    assert_eq!(rig.person("пётр").get("/api/diary/ваня").await.outcome(), "200", "at once");
    assert_eq!(put("ольга", "пётр", false).await, "204");
    rig.person("пётр").get("/api/diary/ваня").await.problem(403);
}

#[tokio::test]
async fn an_administrator_moves_a_pupil_and_says_who_a_parent_is() {
    let rig = school().await;
    let card = |class: &str| {
        json!({ "name": "Петров Иван Сергеевич", "born": "2012-05-10", "snils": "001-000-003 00",
        "series": "I-ОО", "number": "000101", "class": class })
    };
    let path = "/api/school/pupils/ваня";
    assert_eq!(rig.person("ирина").put(path, &card("5Б")).await.outcome(), "403 not-your-class class");
    assert_eq!(rig.person("ирина").put(path, &card("7А")).await.outcome(), "204", "her own class is no change");
    rig.person("ольга").put(path, &card(" ")).await.problem(400);
    assert_eq!(rig.person("ольга").put(path, &card("5Б")).await.outcome(), "204");
    assert_eq!(
        rig.timeline().await.last().unwrap(),
        "Зуева Ольга Павловна переводит ученика «Петров Иван Сергеевич» в класс 5Б"
    );
    assert_eq!(rig.person("ирина").get(path).await.outcome(), "404 not-found", "no longer her class");
    assert_eq!(
        names(&rig, "ольга", "/api/school/pupils?class=5Б").await,
        ["Петров Иван Сергеевич", "Петрова Мария Сергеевна"]
    );
    let parent = |relation: &str| json!({ "name": "Петрова Анна Сергеевна", "snils": "001-000-001 00", "active": true, "relation": relation });
    let on_card = format!("{path}/parents/анна");
    rig.person("ольга").put(&on_card, &parent("тётя")).await.problem(400);
    assert_eq!(rig.person("ольга").put(&on_card, &parent("mother")).await.outcome(), "204");
    let before = rig.timeline().await.len();
    assert_eq!(rig.person("ольга").put(&on_card, &parent("")).await.outcome(), "204");
    assert_eq!(rig.timeline().await.len(), before + 1, "her session, and no correction: it stays");
    let seen = rig.person("ольга").get(path).await.ok().to_string();
    assert!(seen.contains(r#""active":true,"relation":"mother""#), "{seen}");
    assert!(seen.contains("Было: ") || seen.contains(r#""before":"7А""#), "{seen}");
    // A choice stays selected when another field is faulty.
    let card = "/school/pupils/%D0%B2%D0%B0%D0%BD%D1%8F";
    rig.says(Script {
        person: person("Зуева Ольга Павловна", "01.01.1970", "001-000-007 00", true),
        ..Script::default()
    })
    .await;
    rig.sign_in().await;
    let wrong = [("name", "Петрова Анна Сергеевна"), ("snils", "1"), ("relation", "other"), ("active", "on")];
    let page = rig.post(card, &format!("{card}/parents/%D0%B0%D0%BD%D0%BD%D0%B0"), &wrong).await;
    assert!(page.text().await.unwrap().contains("<option value=\"other\" selected>"));
    let add = json!({ "name": "Новый Отец Иванович", "snils": "001-000-099 00", "relation": "father" });
    assert_eq!(rig.person("ольга").post(&format!("{path}/parents"), &add).await.outcome(), "204");
    assert_eq!(
        rig.timeline().await.last().unwrap(),
        "Зуева Ольга Павловна исправляет данные родителя: Новый Отец Иванович, СНИЛС 001-000-099 00, отец"
    );
}

#[tokio::test]
async fn the_school_is_closed_to_others_and_diaries_to_strangers() {
    let rig = Rig::start(Script::default()).await;
    rig.sign_in().await;
    assert_eq!(mark(&rig.page("/school").await), "error-not-staff");
    let card = "/api/school/pupils/ваня";
    rig.person("анна").get(card).await.problem(403);
    rig.person("анна").put(card, &json!({ "name": "", "born": "", "snils": "" })).await.problem(403);
    insta::assert_snapshot!(rig.person("ваня").get("/api/diary/маша").await.told(), @r#"404 {"status":404,"title":"Такого дневника у вас нет","code":"not-found"}"#);
    insta::assert_snapshot!(rig.person("анна").get("/api/diary/ваня").await.told(), @r#"200 {"pupil":{"key":"ваня","name":"Петров Иван Сергеевич","class":"7А"},"terms":[{"title":"1 четверть","from":"2024-09-01","to":"2024-10-26"},{"title":"2 четверть","from":"2024-11-05","to":"2024-12-28"},{"title":"3 четверть","from":"2025-01-09","to":"2025-03-22"},{"title":"4 четверть","from":"2025-03-31","to":"2025-05-31"}],"term":1,"marks":[{"subject":"Математика","marks":[{"date":"2024-09-02","mark":5,"weight":1}],"average":"5,00"}],"week":"2024-09-02","timetable":[{"date":"2024-09-02","day":"понедельник","lessons":[{"subject":"Математика","marks":[5]},{"subject":"Русский язык","missed":"late"}]},{"date":"2024-09-03","day":"вторник","lessons":[]},{"date":"2024-09-04","day":"среда","lessons":[]},{"date":"2024-09-05","day":"четверг","lessons":[]},{"date":"2024-09-06","day":"пятница","lessons":[]},{"date":"2024-09-07","day":"суббота","lessons":[]}],"attendance":[{"date":"2024-09-02","subject":"Русский язык","status":"late"}],"weeks":[{"week":"2024-09-02","lessons":2,"absent":0,"ill":0,"late":1}],"services":[]}"#);
    insta::assert_snapshot!(rig.person("пётр").get("/api/diary/ваня").await.told(), @r#"403 {"status":403,"title":"Вы не отмечены в электронном журнале как активный пользователь","code":"user-not-active","way_out":"Попросите администратора журнала отметить вас как активного пользователя."}"#);
    insta::assert_snapshot!(rig.person("ольга").get("/api/me").await.told(), @r#"200 {"name":"Зуева Ольга Павловна","is_staff":true,"pupils":[]}"#);
    insta::assert_snapshot!(rig.person("ольга").get(card).await.told(), @r#"200 {"key":"ваня","name":"Петров Иван Сергеевич","born":"2012-05-10","snils":"001-000-003 00","series":"I-ОО","number":"000101","class":"7А","parents":[{"key":"анна","name":"Петрова Анна Сергеевна","snils":"001-000-001 00","active":true},{"key":"пётр","name":"Петров Пётр Ильич","snils":"001-000-002 00","active":false}],"history":[]}"#);
    let stranger = rig.control().post("/control/people/никто/session", &json!({})).await.problem(404);
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
