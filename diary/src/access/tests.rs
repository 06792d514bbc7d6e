//! Applications, from the stranger's desk to the open diary.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::testing::{Rig, Script, mark, new_browser, person};

const CHILD: [(&str, &str); 5] = [
    ("relation", "father"),
    ("phone", ""),
    ("child", "Петров Иван Сергеевич"),
    ("born", "2012-05-10"),
    ("child_snils", ""),
];

fn script() -> Script {
    Script {
        person: person("Кротов Егор Ильич", "01.01.1980", "001-000-009 00", true), ..Script::default()
    }
}

/// Rig with a person unknown to the register, under a profile with applications.
async fn stranger() -> Rig {
    let rig = Rig::with(script(), |seed| {
        seed["diary"]["profile"] = json!("orenburg");
        seed["diary"]["schools"] = json!({ "вторая": { "name": "Школа № 2" } });
        seed["diary"]["staff"]["фаина"] =
            json!({ "name": "Уварова Фаина Львовна", "snils": "001-000-010 00", "school": "вторая" });
        seed["diary"]["staff"]["секретарь"] =
            json!({ "name": "Цаплина Роза Олеговна", "snils": "001-000-011 00", "roles": ["secretary"] });
    })
    .await;
    assert_eq!(rig.sign_in().await, "desk");
    rig
}

async fn file(rig: &Rig) -> String {
    let response = rig.post("/access/application", "/access/application", &CHILD).await;
    assert_eq!(response.status().as_u16(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn twenty_applications_of_one_person_wait_and_no_more() {
    let rig = Rig::with(script(), |seed| {
        seed["diary"]["profile"] = json!("orenburg");
        for number in 0..21 {
            seed["diary"]["pupils"][format!("ученик-{number}")] = json!({ "class": "1А", "born": "2017-01-01",
                "name": format!("Кротова Анна{} Егоровна", "а".repeat(number)), "snils": format!("001-000-{:03} 00", 100 + number) });
        }
    })
    .await;
    assert_eq!(rig.sign_in().await, "desk");
    let apply = async |number: usize| {
        let child = format!("Кротова Анна{} Егоровна", "а".repeat(number));
        let fields = [CHILD[0], CHILD[1], ("child", child.as_str()), ("born", "2017-01-01"), CHILD[4]];
        rig.post("/access/application", "/access/application", &fields).await
    };
    for number in 0..20 {
        assert_eq!(apply(number).await.status().as_u16(), 303, "{number}");
    }
    let page = apply(20).await.text().await.unwrap();
    assert!(page.contains("На рассмотрении уже 20 ваших заявлений"), "{page}");
}

#[tokio::test]
async fn an_accepted_application_opens_the_diary_in_the_same_session() {
    let rig = stranger().await;
    let path = file(&rig).await;
    assert_eq!((path.as_str(), mark(&rig.page(&path).await)), ("/access/applications/1", "application-waiting".into()));
    for (part, waits, decided) in [("", true, true), ("?after=5", true, false), ("?stage=decided&after=5", false, true)]
    {
        let page = rig.person("ольга").page(&format!("/school/applications{part}")).await.body;
        let has = |list: &str| page.contains(&format!("data-test=\"{list}\""));
        assert_eq!((has("waiting"), has("decided")), (waits, decided), "{part}");
    }
    let queue = rig.person("ольга").get("/api/school/applications").await.told();
    insta::assert_snapshot!(queue, @r#"200 [{"id":1,"child":"Петров Иван Сергеевич","school":"МБОУ «Школа № 43»","filed_at":"2024-09-02T06:00:00Z","stage":"waiting","applicant":"Кротов Егор Ильич","snils":"001-000-009 00","relation":"отец","born":"2012-05-10","pupil":"ваня","class":"7А","parents":["Петрова Анна Сергеевна","Петров Пётр Ильич"]}]"#);
    assert_eq!(rig.person("ольга").post("/api/school/applications/1/accept", &json!({})).await.outcome(), "204");
    assert_eq!(mark(&rig.page(&path).await), "application-accepted");
    assert_eq!(mark(&rig.page("/diary").await), "diary");
    assert_eq!(rig.sign_in().await, "diary");
    let card = rig.person("ольга").get("/api/school/pupils/ваня").await.ok().to_string();
    assert!(card.contains("Кротов Егор Ильич"), "{card}");
    let told = rig.timeline().await;
    let told: Vec<_> = told.iter().filter(|line| line.contains('№')).cloned().collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    Кротов Егор Ильич: подано заявление № 1 на доступ к дневнику ученика «Петров Иван Сергеевич»
    Зуева Ольга Павловна принимает заявление № 1 (Кротов Егор Ильич, ученик «Петров Иван Сергеевич»)
    "#);
}

#[tokio::test]
async fn a_declined_application_says_why_and_another_may_follow() {
    let rig = stranger().await;
    let path = file(&rig).await;
    let decline = |reason: &str| json!({ "reason": reason });
    let decide = async |body| rig.person("ольга").post("/api/school/applications/1/decline", &body).await.told();
    insta::assert_snapshot!(decide(decline(" ")).await, @r#"400 {"status":400,"title":"Напишите, почему заявление отклонено","code":"bad-request","field":"reason"}"#);
    insta::assert_snapshot!(decide(decline(&"я".repeat(501))).await, @r#"400 {"status":400,"title":"Не больше 500 знаков","code":"bad-request","field":"reason"}"#);
    assert_eq!(decide(decline("Принесите документ <b>")).await, "204");
    insta::assert_snapshot!(decide(decline("Ещё раз")).await, @r#"409 {"status":409,"title":"Решение по этому заявлению уже принято","code":"already-decided","way_out":"Откройте заявление заново, чтобы увидеть решение"}"#);
    let page = rig.page(&path).await;
    assert!(mark(&page) == "application-declined" && page.contains("Принесите документ &#60;b&#62;"), "{page}");
    assert_eq!(mark(&rig.page("/diary").await), "desk");
    assert_eq!(file(&rig).await, "/access/applications/2");
    let all = rig.person("ольга").get("/api/school/applications?stage=decided").await.ok().to_string();
    assert!(all.contains("\"decided_by\":\"Зуева Ольга Павловна\"") && !all.contains("\"id\":2"), "{all}");
}

#[tokio::test]
async fn each_reason_not_to_take_an_application_has_its_own_answer() {
    let rig = stranger().await;
    let ask = async |change: Value| {
        let mut form = json!({ "relation": "mother", "child": "Петров Иван Сергеевич", "born": "2012-05-10" });
        form.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        rig.visitor().post("/api/access/applications", &form).await.told()
    };
    let answers = [
        ask(json!({ "relation": "aunt" })).await,
        ask(json!({ "phone": "1" })).await,
        ask(json!({ "child": "Иван" })).await,
        ask(json!({ "born": "2012-02-30" })).await,
        ask(json!({ "born": "2024-09-03" })).await,
        ask(json!({ "child_snils": "1" })).await,
        ask(json!({ "child": "Петров Иван Сергеевичь" })).await,
        ask(json!({ "born": "2012-05-11" })).await,
        ask(json!({ "child_snils": "001-000-006 00" })).await,
        ask(json!({})).await,
        ask(json!({ "child_snils": "001-000-003 00" })).await,
    ];
    insta::assert_snapshot!(answers.join("\n"), @r#"
    400 {"status":400,"title":"выберите, кем вы приходитесь ребёнку: мать, отец или законный представитель","code":"bad-request","field":"relation"}
    400 {"status":400,"title":"номер телефона начинается с +7 или с 8","code":"bad-request","field":"phone"}
    400 {"status":400,"title":"имя: нужно заполнить","code":"bad-request","field":"child"}
    400 {"status":400,"title":"«2012-02-30» — такого дня нет в календаре","code":"bad-request","field":"born"}
    400 {"status":400,"title":"«2024-09-03» — этот день ещё не наступил","code":"bad-request","field":"born"}
    400 {"status":400,"title":"СНИЛС записывается как 000-000-000 00 или 11 цифрами подряд","code":"bad-request","field":"child_snils"}
    404 {"status":404,"title":"Ученик с указанными данными не найден","code":"pupil-not-found","way_out":"Проверьте фамилию, имя, отчество и дату рождения ребёнка: они должны быть такими, как в школе. Если всё верно, обратитесь в школу: возможно, ошибка в её журнале."}
    404 {"status":404,"title":"Ученик с указанными данными не найден","code":"pupil-not-found","way_out":"Проверьте фамилию, имя, отчество и дату рождения ребёнка: они должны быть такими, как в школе. Если всё верно, обратитесь в школу: возможно, ошибка в её журнале."}
    404 {"status":404,"title":"Ученик с указанными данными не найден","code":"pupil-not-found","way_out":"Проверьте фамилию, имя, отчество и дату рождения ребёнка: они должны быть такими, как в школе. Если всё верно, обратитесь в школу: возможно, ошибка в её журнале."}
    201 {"id":1}
    409 {"status":409,"title":"Заявление уже подано","code":"already-filed","way_out":"Дождитесь решения школы: оно появится на странице «Доступ к дневнику»."}
    "#);
    let told = rig.timeline().await;
    assert_eq!(told.iter().filter(|line| line.contains("для заявления не найден")).count(), 3, "{told:?}");
    assert_eq!(rig.person("ольга").post("/api/school/applications/1/accept", &json!({})).await.outcome(), "204");
    insta::assert_snapshot!(ask(json!({})).await, @r#"409 {"status":409,"title":"Доступ к дневнику этого ребёнка у вас уже есть","code":"has-access","way_out":"Откройте дневник с рабочего поля."}"#);
}

#[tokio::test]
async fn an_adult_pupil_may_not_apply_as_a_parent_to_oneself() {
    let kolya = person("Орлов Николай Иванович", "10.01.2006", "001-000-004 00", true);
    // The certificate in the register differs, so this adult is a stranger.
    let rig = Rig::with(Script { person: kolya, ..Script::default() }, |seed| {
        seed["diary"]["profile"] = json!("orenburg");
        seed["diary"]["pupils"]["коля"]["birth-certificate"] = json!({ "series": "I-ОО", "number": "000104" });
    })
    .await;
    assert_eq!(rig.sign_in().await, "desk");
    let own = [CHILD[0], CHILD[1], ("child", "Орлов Николай Иванович"), ("born", "2006-01-10"), CHILD[4]];
    let page = rig.post("/access/application", "/access/application", &own).await;
    assert_eq!(page.status().as_u16(), 400);
    assert!(page.text().await.unwrap().contains("Это ваши собственные данные, а нужны данные ребёнка"));
}

#[tokio::test]
async fn somebody_elses_snils_in_the_register_is_not_overwritten_by_accepting() {
    let rig = stranger().await;
    file(&rig).await;
    // Meanwhile the school gave the applicant's СНИЛС to another parent.
    let wrong = json!({ "name": "Петров Пётр Ильич", "snils": "001-000-009 00", "active": true });
    assert_eq!(rig.person("ольга").put("/api/school/pupils/ваня/parents/пётр", &wrong).await.outcome(), "204");
    insta::assert_snapshot!(rig.person("ольга").post("/api/school/applications/1/accept", &json!({})).await.told(), @r#"409 {"status":409,"title":"СНИЛС заявителя в журнале записан за другим человеком: Петров Пётр Ильич","code":"snils-taken","way_out":"Исправьте СНИЛС или имя этого родителя в журнале и вернитесь к заявлению"}"#);
    assert_eq!(mark(&rig.page("/diary").await), "desk", "nothing is open");
}

#[tokio::test]
async fn applications_are_for_the_administrator_of_the_childs_school_alone() {
    let rig = stranger().await;
    let path = file(&rig).await;
    insta::assert_snapshot!(rig.person("фаина").get("/api/school/applications").await.told(), @"200 []");
    for (method, path) in [(Method::GET, ""), (Method::POST, "/accept"), (Method::POST, "/decline")] {
        let body = if path == "/decline" { json!({ "reason": "нет" }) } else { json!({}) };
        rig.person("фаина").call(method, &format!("/api/school/applications/1{path}"), &body).await.problem(404);
    }
    insta::assert_snapshot!(rig.person("секретарь").post("/api/school/applications/1/accept", &json!({})).await.told(), @r#"403 {"status":403,"title":"Этот раздел открыт только администратору журнала","code":"not-your-role","way_out":"Ваши разделы — на странице «Журнал школы»"}"#);
    insta::assert_snapshot!(rig.person("анна").get("/api/access/applications/1").await.told(), @r#"404 {"status":404,"title":"Такого заявления нет","code":"not-found","way_out":"Все заявления — на странице со списком"}"#);
    insta::assert_snapshot!(rig.person("ваня").get("/api/access/applications").await.told(), @r#"403 {"status":403,"title":"Подать заявление на доступ к дневнику здесь нельзя","code":"no-applications","way_out":"Как открыть дневник, написано на странице «Рабочее поле»"}"#);
    assert_eq!(mark(&rig.page(&path).await), "application-waiting");
}

#[tokio::test]
async fn nobody_applies_where_the_profile_does_not_say_so() {
    let rig = Rig::start(Script::default()).await;
    rig.sign_in().await;
    assert_eq!(mark(&rig.page("/access").await), "error-no-applications");
    assert!(!rig.page("/desk").await.contains("to-access"));
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_wins() {
    let rig = stranger().await;
    file(&rig).await;
    let session = rig.session("ольга").await;
    let mut all = JoinSet::new();
    for number in 0..6 {
        let (url, session) = (rig.url().to_owned(), session.clone());
        all.spawn(async move {
            let (verb, body) =
                if number % 2 == 0 { ("accept", json!({})) } else { ("decline", json!({ "reason": "нет" })) };
            let request = new_browser().post(format!("{url}/api/school/applications/1/{verb}"));
            request.bearer_auth(session).json(&body).send().await.unwrap().status().as_u16()
        });
    }
    let mut outcomes = all.join_all().await;
    outcomes.sort_unstable();
    assert_eq!(outcomes, [204, 409, 409, 409, 409, 409]);
    let told = rig.timeline().await;
    assert_eq!(told.iter().filter(|line| line.contains("заявление № 1 (")).count(), 1, "{told:?}");
}

#[tokio::test]
async fn of_the_same_application_twice_at_once_one_is_filed() {
    let rig = stranger().await;
    let mut all = JoinSet::new();
    for _ in 0..6 {
        let (url, browser) = (rig.url().to_owned(), rig.browser.clone());
        all.spawn(async move {
            let form = json!({ "relation": "mother", "child": "Петров Иван Сергеевич", "born": "2012-05-10" });
            let request = browser.post(format!("{url}/api/access/applications"));
            request.json(&form).send().await.unwrap().status().as_u16()
        });
    }
    let mut outcomes = all.join_all().await;
    outcomes.sort_unstable();
    assert_eq!(outcomes, [201, 409, 409, 409, 409, 409]);
}
