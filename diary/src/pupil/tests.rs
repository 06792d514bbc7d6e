//! Pages of a diary as a family sees them.

use serde_json::json;

use crate::testing::{Rig, Script};

/// Splits a page into the parts that follow `begin`.
fn pieces<'p>(page: &'p str, begin: &str) -> Vec<&'p str> {
    page.split(begin).skip(1).collect()
}

#[tokio::test]
async fn a_week_has_all_its_days_with_what_was_set_got_and_missed_on_them() {
    let rig = Rig::start(Script::default()).await;
    let page = rig.person("анна").page("/diary/ваня").await.body;
    let days = pieces(&page, r#"<article class="day""#);
    let names: Vec<_> =
        days.iter().map(|day| day.split("</span>").next().unwrap().rsplit('>').next().unwrap()).collect();
    assert_eq!(
        names,
        ["понедельник, 02.09", "вторник, 03.09", "среда, 04.09", "четверг, 05.09", "пятница, 06.09", "суббота, 07.09"]
    );
    assert!(
        days[0].contains(r#"aria-current="date""#) && days[0].contains(r#"<span class="badge">5</span>"#),
        "{page}"
    );
    assert!(days[0].contains("опоздал") && !days[0].contains("опоздала"), "{}", days[0]);
    assert!(days[1].contains("уроков нет"), "{}", days[1]);
    let page = rig.person("анна").page("/diary/ваня?week=2024-10-28").await.body;
    assert!(pieces(&page, r#"<article class="day""#).iter().all(|day| day.contains("каникулы")), "{page}");
}

#[tokio::test]
async fn a_girl_is_told_of_as_a_girl() {
    let late = json!({ "pupil": "маша", "date": "2024-09-02", "subject": "Чтение", "status": "late" });
    let rig = Rig::with(Script::default(), |seed| seed["diary"]["attendance"] = json!([late])).await;
    let page = rig.person("анна").page("/diary/маша").await.body;
    assert!(page.contains("опоздала"), "{page}");
    let letter = rig.person("анна").page("/messages/new?pupil=маша").await.body;
    assert!(letter.contains("<h1>Мария, 5Б: написать учителю</h1>") && letter.contains("Ученица:"), "{letter}");
}

#[tokio::test]
async fn children_are_tabs_and_the_one_that_is_shown_is_named_once() {
    let rig = Rig::start(Script::default()).await;
    let page = rig.person("анна").page("/diary/ваня").await.body;
    let main = page.split("<main").nth(1).unwrap();
    assert_eq!(main.matches("Петров Иван Сергеевич").count(), 1, "{main}");
    let tabs = main.split(r#"data-test="children""#).nth(1).unwrap().split("</nav>").next().unwrap();
    assert_eq!((tabs.matches("<a ").count(), tabs.matches("aria-current").count()), (2, 1), "{tabs}");
    let choice = rig.person("анна").page("/diary").await.body;
    assert!(choice.contains("Выберите ребёнка") && !choice.contains("data-test=\"timetable\""), "{choice}");
}

#[tokio::test]
async fn marks_are_drawn_with_what_they_are_in_words_and_stand_in_a_table() {
    let mark = |date: &str, mark: u8, weight: u8| json!({ "pupil": "ваня", "subject": "Математика", "date": date, "mark": mark, "weight": weight, "work": "" });
    let marks = [mark("2024-09-02", 5, 1), mark("2024-09-09", 3, 3)];
    let rig = Rig::with(Script::default(), |seed| {
        seed["clock"]["frozen"] = json!("2024-09-12T09:00:00+03:00");
        seed["diary"]["marks"] = json!(marks);
    })
    .await;
    let page = rig.person("анна").page("/diary/ваня").await.body;
    let plot = pieces(&page, r#"<svg viewBox="0 0 200 58" role="img""#);
    assert_eq!(plot.len(), 1, "{page}");
    assert!(plot[0].contains("02.09 — 5, 09.09 — 3</desc>"), "{}", plot[0]);
    let table = page.split(r#"data-test="marks-table""#).nth(1).unwrap().split("</table>").next().unwrap();
    assert!(table.contains("<strong>3,50</strong>") && table.contains("×3"), "{table}");
    assert!(page.contains("Уроков 4, пропущено 0, из них по болезни 0; опозданий 1"), "{page}");
    assert!(!page.contains("style=") && !page.contains("<script"), "the policy of pages forbids both: {page}");
    assert!(page.len() < 60_000, "{} bytes", page.len());
}

#[tokio::test]
async fn the_menu_is_the_same_on_every_page() {
    let rig = Rig::with(Script::default(), |seed| {
        seed["diary"]["staff"]["вера"] = json!({ "name": "Смирнова Вера Ильинична", "snils": "001-000-011 00",
            "roles": ["class-teacher", "teacher"], "classes": ["7А"], "teaches": [{ "class": "7А", "subject": "Математика" }] });
    })
    .await;
    let menu = async |who: &str, path: &str| {
        let page = rig.person(who).page(path).await.body;
        let menu = page.split(r#"<nav class="menu""#).nth(1).unwrap().split("</nav>").next().unwrap();
        let entries = pieces(menu, "<a href").into_iter().map(|entry| {
            let text = entry.split("</a>").next().unwrap().rsplit('>').next().unwrap().to_owned();
            if entry.contains("aria-current") { format!("[{text}]") } else { text }
        });
        entries.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(menu("анна", "/diary/ваня").await, "[Дневник], Сообщения, Рабочее поле");
    assert_eq!(menu("анна", "/desk").await, "Дневник, Сообщения, [Рабочее поле]");
    assert_eq!(menu("анна", "/messages").await, "Дневник, [Сообщения], Рабочее поле");
    let school = "Журнал школы, Родители, Уроки, [Сообщения], Рабочее поле";
    assert_eq!(menu("вера", "/messages/families").await, school);
    assert!(
        rig.person("вера").page("/messages").await.body.contains(r#"<body class="diary member grey">"#),
        "the school's colour"
    );
    assert!(rig.person("анна").page("/messages").await.body.contains(r#"<body class="diary member ">"#));
}

#[tokio::test]
async fn a_parent_is_taken_off_a_card_after_a_page_that_asks() {
    let rig = Rig::start(Script::default()).await;
    let parents = async || {
        let card = rig.person("ольга").get("/api/school/pupils/ваня").await.ok().to_string();
        card.matches("Петров Пётр Ильич").count()
    };
    let asked = rig.person("ольга").page("/school/pupils/ваня/parents/пётр/remove").await.body;
    assert!(
        asked.contains("Убрать родителя из карточки?") && asked.contains("Петров Пётр Ильич — Петров Иван"),
        "{asked}"
    );
    assert!(parents().await > 0, "asking changes nothing");
    let of_nobody = rig.person("ольга").page("/school/pupils/маша/parents/пётр/remove").await.body;
    assert!(of_nobody.contains("Такого родителя в карточке ученика нет"), "{of_nobody}");
}
