//! A teacher's lessons, and their effect in a family's diary.

use serde_json::{Value, json};

use crate::testing::{ReadAnswer, Rig, Script, mark};

const LESSON: &str = "/api/school/lessons/7А/Математика/2024-09-02";
const EVERY_PUPIL: &str = "pupils.ваня.";

/// Rig: Вера teaches mathematics to Ваня's class, Глеб teaches it Russian; Лев works at another school with a class of
/// the same name, and Нина is its administrator.
async fn school() -> Rig {
    Rig::with(Script::default(), |seed| {
        let diary = &mut seed["diary"];
        diary["schools"] = json!({ "другая": { "name": "МБОУ «Школа № 7»",
            "classes": { "7А": { "timetable": { "понедельник": ["Математика"] } } } } });
        let teacher = |name: &str, snils: &str, subject: &str| {
            json!({ "name": name, "snils": snils, "roles": ["teacher"], "teaches": [{ "class": "7А", "subject": subject }] })
        };
        diary["staff"]["вера"] = teacher("Смирнова Вера Ильинична", "001-000-011 00", "Математика");
        diary["staff"]["глеб"] = teacher("Чадов Глеб Ильич", "001-000-012 00", "Русский язык");
        diary["staff"]["лев"] = teacher("Котов Лев Ильич", "001-000-013 00", "Математика");
        diary["staff"]["лев"]["school"] = json!("другая");
        diary["staff"]["нина"] =
            json!({ "name": "Белых Нина Львовна", "snils": "001-000-014 00", "school": "другая" });
        diary["pupils"]["юра"] = json!({ "name": "Котов Юрий Львович", "born": "2012-03-03", "snils": "001-000-015 00",
            "class": "7А", "school": "другая" });
    })
    .await
}

async fn patch(rig: &Rig, who: &str, path: &str, body: Value) -> ReadAnswer {
    rig.person(who).patch(path, &body).await
}

/// Returns the status and the mark of a page for a person of the register.
async fn seen(rig: &Rig, who: &str, path: &str) -> String {
    let page = rig.person(who).page(path).await;
    format!("{} {}", page.status.as_u16(), mark(&page.body))
}

/// Returns a refusal as one line.
fn refusal(answer: &ReadAnswer) -> String {
    let problem = answer.problem(answer.status.as_u16());
    format!("{}: {}", answer.outcome(), problem["title"].as_str().unwrap())
}

#[tokio::test]
async fn a_mark_is_entered_changed_and_withdrawn_and_the_family_sees_each_at_once() {
    let rig = school().await;
    let marks = async || {
        let diary = rig.person("анна").get("/api/diary/ваня").await.ok();
        let subject = &diary["marks"][0];
        format!("{} {} {}", subject["average"], subject["marks"], diary["attendance"].as_array().unwrap().len())
    };
    assert_eq!(marks().await, r#""5,00" [{"date":"2024-09-02","mark":5,"weight":1}] 1"#);
    let row = |mark: Value, weight: u8, attendance: &str| json!({ "pupils": { "ваня": { "mark": mark, "weight": weight, "work": "диктант", "attendance": attendance } } });
    assert_eq!(patch(&rig, "вера", LESSON, row(json!(4), 3, "late")).await.outcome(), "204");
    assert_eq!(marks().await, r#""4,00" [{"date":"2024-09-02","mark":4,"weight":3,"work":"диктант"}] 2"#);
    let length = rig.timeline().await.len();
    assert_eq!(patch(&rig, "вера", LESSON, row(json!(4), 3, "late")).await.outcome(), "204");
    assert_eq!(rig.timeline().await.len(), length + 1, "a session, and nothing else: all is so already");
    assert_eq!(patch(&rig, "вера", LESSON, row(Value::Null, 1, "")).await.outcome(), "204");
    assert_eq!(marks().await, "null null 1");
    let page = rig.person("вера").get(LESSON).await.ok();
    let history: Vec<_> = page["history"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    insta::assert_snapshot!(history.join("\n"), @r"
    Смирнова Вера Ильинична снимает оценку 4 (вес 3, диктант) ученику «Петров Иван Сергеевич» (Математика, 7А, 02.09.2024)
    Смирнова Вера Ильинична отмечает посещаемость ученика «Петров Иван Сергеевич»: был на уроке, прежде — опоздал (Математика, 7А, 02.09.2024)
    Смирнова Вера Ильинична меняет оценку 5 на 4 (вес 3, диктант) ученику «Петров Иван Сергеевич» (Математика, 7А, 02.09.2024)
    Смирнова Вера Ильинична отмечает посещаемость ученика «Петров Иван Сергеевич»: опоздал, прежде — был на уроке (Математика, 7А, 02.09.2024)
    ");
    assert!(rig.timeline().await.iter().any(|line| line == history[0]), "the timeline tells the same");
    assert_eq!(page["history"][0]["at"], "2024-09-02T06:00:00Z");
}

#[tokio::test]
async fn homework_may_be_set_ahead_changed_and_taken_back() {
    let rig = school().await;
    let ahead = "/api/school/lessons/7А/Математика/2024-09-09";
    let homework = async || {
        let diary = rig.person("ваня").get("/api/diary/ваня?week=2024-09-09").await.ok();
        diary["timetable"][0]["lessons"][0]["homework"].as_str().map(str::to_owned)
    };
    for (text, shown) in [(" № 12 ", Some("№ 12")), ("№ 13", Some("№ 13")), ("", None)] {
        assert_eq!(patch(&rig, "вера", ahead, json!({ "homework": text })).await.outcome(), "204");
        assert_eq!(homework().await.as_deref(), shown);
    }
    let told = rig.timeline().await.into_iter().filter(|line| line.contains("№ 1")).collect::<Vec<_>>();
    insta::assert_snapshot!(told.join("\n"), @r"
    Смирнова Вера Ильинична задаёт на дом: «№ 12» (Математика, 7А, 09.09.2024)
    Смирнова Вера Ильинична меняет домашнее задание «№ 12» на «№ 13» (Математика, 7А, 09.09.2024)
    Смирнова Вера Ильинична снимает домашнее задание «№ 13» (Математика, 7А, 09.09.2024)
    ");
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name_and_nothing_changes() {
    let rig = school().await;
    let row = |row: Value| json!({ "homework": "не должно остаться", "pupils": { "ваня": row } });
    let long = "а".repeat(1001);
    let cases = [
        (LESSON, row(json!({ "mark": 0 }))),
        (LESSON, row(json!({ "mark": 6 }))),
        (LESSON, row(json!({ "mark": -1 }))),
        (LESSON, row(json!({ "mark": 5, "weight": 0 }))),
        (LESSON, row(json!({ "mark": 5, "weight": 11 }))),
        (LESSON, row(json!({ "mark": 5, "work": &long[..202] }))),
        (LESSON, row(json!({ "attendance": "asleep" }))),
        (LESSON, json!({ "homework": long })),
        (LESSON, json!({ "pupils": { "ваня": { "mark": 4 }, "маша": { "mark": 4 } } })),
        (LESSON, json!({ "pupils": { "юра": { "mark": 4 } } })),
        (LESSON, json!({ "pupils": { "никто": {} } })),
        ("/api/school/lessons/7А/Русский язык/2024-09-02", row(json!({ "mark": 4 }))),
        ("/api/school/lessons/5Б/Математика/2024-09-02", json!({ "pupils": { "маша": { "mark": 4 } } })),
        ("/api/school/lessons/7А/Математика/2024-09-03", row(json!({ "mark": 4 }))),
        ("/api/school/lessons/7А/Математика/2024-10-28", row(json!({ "mark": 4 }))),
        ("/api/school/lessons/7А/Математика/2024-09-09", row(json!({ "mark": 4 }))),
        ("/api/school/lessons/7А/Математика/2024-09-09", row(json!({ "attendance": "ill" }))),
        ("/api/school/lessons/7А/Математика/02.09.24", row(json!({ "mark": 4 }))),
    ];
    let before = rig.person("вера").get(LESSON).await.ok();
    let mut told = Vec::new();
    for (path, body) in cases {
        told.push(refusal(&patch(&rig, "вера", path, body).await));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    400 bad-request pupils.ваня.mark: Оценка — целое число от 1 до 5
    400 bad-request pupils.ваня.mark: Оценка — целое число от 1 до 5
    400 bad-request pupils.ваня.mark: Оценка — целое число от 1 до 5
    400 bad-request pupils.ваня.weight: Вес — целое число от 1 до 10
    400 bad-request pupils.ваня.weight: Вес — целое число от 1 до 10
    400 bad-request pupils.ваня.work: Не больше 100 знаков
    400 bad-request pupils.ваня.attendance: Выберите из списка: на уроке, отсутствие, болезнь или опоздание
    400 bad-request homework: Не больше 1000 знаков
    400 bad-request pupils.маша: В классе 7А такого ученика нет
    400 bad-request pupils.юра: В классе 7А такого ученика нет
    400 bad-request pupils.никто: В классе 7А такого ученика нет
    403 not-your-lesson: Предмет «Русский язык» в классе 7А ведёте не вы
    403 not-your-lesson: Предмет «Математика» в классе 5Б ведёте не вы
    404 no-such-lesson date: 03.09.2024 у 7А нет урока «Математика»
    404 no-such-lesson date: 28.10.2024 у 7А нет урока «Математика»
    400 bad-request pupils.ваня.mark: Этот урок ещё впереди: оценку можно поставить в день урока или позже
    400 bad-request pupils.ваня.attendance: Этот урок ещё впереди
    400 bad-request date: в дате «02.09.24» год нужно написать четырьмя цифрами, например 23.11.2012 или 2012-11-23
    ");
    assert_eq!(rig.person("вера").get(LESSON).await.ok(), before);
    let diary = rig.person("ваня").get("/api/diary/ваня").await.ok().to_string();
    assert!(!diary.contains("не должно остаться"), "{diary}");
}

#[tokio::test]
async fn the_page_of_a_lesson_takes_a_whole_class_in_one_form() {
    let rig = school().await;
    rig.says(Script { person: vera(), ..Script::default() }).await;
    assert_eq!(rig.sign_in().await, "school");
    let week = rig.page("/school/lessons").await;
    assert_eq!(mark(&week), "lessons");
    let path =
        week.split("<li>").nth(1).unwrap().split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let name = |field: &str| format!("{EVERY_PUPIL}{field}");
    let (grade, weight, work, attendance) = (name("mark"), name("weight"), name("work"), name("attendance"));
    let fields = |number: &'static str, homework: &'static str| {
        [("homework", homework), (&grade, number), (&weight, "2"), (&work, "опрос <b>"), (&attendance, "ill")]
    };
    let wrong = rig.post(&path, &path, &fields("отлично", "Параграф 1")).await;
    assert_eq!(wrong.status().as_u16(), 400);
    let wrong = wrong.text().await.unwrap();
    assert!(wrong.contains("id=\"pupils.ваня.mark-error\">Оценка — целое число от 1 до 5"), "{wrong}");
    assert!(wrong.contains("value=\"отлично\"") && wrong.contains(">Параграф 1</textarea>"), "what was typed stays");
    assert!(rig.page(&path).await.contains("Пока ничего"), "and nothing was entered");
    let saved = rig.post(&path, &path, &fields("3", "Параграф 1")).await;
    assert_eq!(saved.status().as_u16(), 303);
    let page = rig.page(saved.headers()["location"].to_str().unwrap()).await;
    assert!(page.contains("data-test=\"saved\"") && page.contains("меняет оценку 5 на 3 (вес 2, опрос"), "{page}");
    assert!(!page.contains("<b>"), "what was typed is text");
    let strange = rig.post(&path, &path, &[("pupils.ваня.rank", "1")]).await;
    assert_eq!(strange.status().as_u16(), 400);
    let other = rig.post(&path, &path, &[("pupils.маша.mark", "5")]).await.text().await.unwrap();
    assert!(other.contains("В классе 7А такого ученика нет"), "{other}");
    let ahead = path.replace("2024-09-02", "2024-09-09");
    assert!(rig.page(&ahead).await.contains("data-test=\"ahead\""));
}

fn vera() -> Value {
    crate::testing::person("Смирнова Вера Ильинична", "01.01.1980", "001-000-011 00", true)
}

/// Access rights: each line is a page and its JSON counterpart.
#[tokio::test]
async fn everybody_sees_what_is_theirs_and_nothing_else() {
    let rig = school().await;
    let diary = |pupil: &str| format!("/diary/{pupil}");
    let card = |pupil: &str| format!("/school/pupils/{pupil}");
    let (lessons, lesson) = ("/school/lessons".to_owned(), "/school/lessons/7А/Математика/2024-09-02".to_owned());
    let russian = "/school/lessons/7А/Русский язык/2024-09-02".to_owned();
    let cases = [
        ("анна", diary("ваня"), "200 diary", "200"),
        ("анна", diary("маша"), "200 diary", "200"),
        ("анна", diary("коля"), "404 error-not-found", "404"),
        ("анна", diary("юра"), "404 error-not-found", "404"),
        ("анна", lessons.clone(), "403 error-not-staff", "403"),
        ("анна", lesson.clone(), "403 error-not-staff", "403"),
        ("анна", card("ваня"), "403 error-not-staff", "403"),
        ("пётр", diary("ваня"), "403 error-user-not-active", "403"),
        ("игорь", diary("ваня"), "403 error-parent-not-on-card", "403"),
        ("ваня", diary("ваня"), "200 diary", "200"),
        ("ваня", diary("маша"), "404 error-not-found", "404"),
        ("ваня", lesson.clone(), "403 error-not-staff", "403"),
        ("ваня", card("ваня"), "403 error-not-staff", "403"),
        ("вера", lessons.clone(), "200 lessons", "200"),
        ("вера", lesson.clone(), "200 lesson", "200"),
        ("вера", russian.clone(), "403 error-not-your-lesson", "403"),
        ("вера", diary("ваня"), "403 error-no-diary", "403"),
        ("вера", card("ваня"), "404 error-not-found", "404"),
        ("глеб", lesson.clone(), "403 error-not-your-lesson", "403"),
        ("глеб", russian, "200 lesson", "200"),
        ("ольга", card("ваня"), "200 pupil-card", "200"),
        ("ольга", card("юра"), "404 error-not-found", "404"),
        ("ольга", lessons, "403 error-not-your-role", "403"),
        ("ольга", lesson.clone(), "403 error-not-your-role", "403"),
        ("ольга", diary("ваня"), "403 error-no-diary", "403"),
        ("нина", card("ваня"), "404 error-not-found", "404"),
        ("нина", card("юра"), "200 pupil-card", "200"),
    ];
    for (who, path, page, json) in cases {
        assert_eq!(seen(&rig, who, &path).await, page, "{who} {path}");
        let path = format!("/api{path}");
        let answer = rig.person(who).get(&path).await;
        assert_eq!(answer.told().split(' ').next().unwrap(), json, "{who} {path}: {}", answer.body);
        if path == LESSON {
            let entered = patch(&rig, who, &path, json!({ "homework": who })).await.told();
            assert_eq!(entered.split(' ').next().unwrap(), if json == "200" { "204" } else { json }, "{who} {path}");
        }
    }
    let of_vera = rig.person("вера").get(LESSON).await.ok().to_string();
    assert!(of_vera.contains(r#""homework":"вера""#), "only hers was entered: {of_vera}");
    // A class of the same name at another school is a different class.
    let of_lev = rig.person("лев").get(LESSON).await.ok().to_string();
    assert!(of_lev.contains("Котов Юрий") && !of_lev.contains("Петров Иван") && !of_lev.contains("вера"), "{of_lev}");
    assert_eq!(patch(&rig, "лев", LESSON, json!({ "pupils": { "юра": { "mark": 2 } } })).await.outcome(), "204");
    assert_eq!(
        refusal(&patch(&rig, "лев", LESSON, json!({ "pupils": { "ваня": { "mark": 2 } } })).await),
        "400 bad-request pupils.ваня: В классе 7А такого ученика нет"
    );
}

#[tokio::test]
async fn what_was_entered_comes_back_from_the_events() {
    let rig = school().await;
    let form = json!({ "homework": "№ 5", "pupils": { "ваня": { "mark": 3, "attendance": "absent" } } });
    assert_eq!(patch(&rig, "вера", LESSON, form).await.outcome(), "204");
    rig.import("copy").await;
    let read = async |prefix: &str| rig.person("вера").get(&format!("{prefix}{LESSON}")).await.ok();
    let kept = read("").await;
    assert_eq!((&kept["homework"], &kept["pupils"][0]["mark"]), (&json!("№ 5"), &json!(3)));
    assert_eq!(kept, read("/w/copy").await);
}

#[tokio::test]
async fn a_generated_teacher_has_a_week_of_lessons_and_marks_over_those_made_up() {
    let rig = Rig::with(Script::default(), |seed| {
        seed["clock"]["frozen"] = json!("2024-10-18T15:00:00+03:00");
        seed["diary"]["generate"] = json!({ "pupils": 60 });
    })
    .await;
    let who = "учитель-2А";
    let week = rig.person(who).get("/api/school/lessons").await.ok();
    let lessons: Vec<usize> =
        week["days"].as_array().unwrap().iter().map(|day| day["lessons"].as_array().unwrap().len()).collect();
    assert_eq!(lessons, [4, 4, 4, 4, 4, 0], "Saturday is a day of the week, and free");
    let first = &week["days"][0];
    let subject = first["lessons"][0]["subject"].as_str().unwrap();
    let path = format!("/api/school/lessons/2А/{subject}/{}", first["date"].as_str().unwrap());
    let lesson = rig.person(who).get(&path).await.ok();
    let pupils = lesson["pupils"].as_array().unwrap();
    assert_eq!(pupils.len(), 25);
    let graded = pupils.iter().find(|row| !row["mark"].is_null()).expect("somebody has a mark");
    let key = graded["key"].as_str().unwrap();
    assert_eq!(patch(&rig, who, &path, json!({ "pupils": { key: {} } })).await.outcome(), "204");
    let again = rig.person(who).get(&path).await.ok();
    let row = again["pupils"].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap();
    assert!(row["mark"].is_null(), "withdrawn: {row}");
    assert!(again["history"][0]["text"].as_str().unwrap().contains("снимает оценку"));
    let holidays = rig.person(who).get("/api/school/lessons?week=2024-10-30").await.ok().to_string();
    assert_eq!(holidays.matches(r#""lessons":[],"off":"каникулы""#).count(), 6, "{holidays}");
    // Marks end with today; later days of the term have none.
    let pupil = rig.person(key).get(&format!("/api/diary/{key}")).await.ok();
    let dates = pupil["marks"].as_array().unwrap().iter().flat_map(|subject| subject["marks"].as_array().unwrap());
    let dates: Vec<_> = dates.map(|mark| mark["date"].as_str().unwrap().to_owned()).collect();
    assert!(!dates.is_empty() && dates.iter().all(|date| date.as_str() <= "2024-10-18"), "{dates:?}");
}
